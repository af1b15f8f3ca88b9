import { formatLearned } from "../../src/explanations/format-learned.ts";
import { judgedByShare } from "../support/rivals.ts";

judgedByShare(formatLearned, "regrade/share", "regrade/gain/lenient");
