import { longerOutputs } from "../../src/explanations/longer-outputs.ts";
import { judgedByShare } from "../support/rivals.ts";

judgedByShare(longerOutputs, "budget/share", "budget/gain/matched");
