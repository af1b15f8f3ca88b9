import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { measured } from "../support/findings.ts";
import { judgedByShape } from "../support/rivals.ts";

const claimed = measured(0.5, { low: 0.4, high: 0.6 });
judgedByShape(steadierSteps, "gamma", claimed, measured(1.5, { low: 1.4, high: 1.6 }));
