import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { measured } from "../support/findings.ts";
import { judgedAsPart, judgedByShape } from "../support/rivals.ts";

const claimed = measured(1.2, { low: 1.1, high: 1.3 });
judgedByShape(rewardTilt, "delta", claimed, measured(-1.2, { low: -1.3, high: -1.1 }));
judgedAsPart(rewardTilt, "delta", claimed);
