import { weakBaseline } from "../../src/explanations/weak-baseline.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(weakBaseline);
