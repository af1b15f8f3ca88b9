import { sharpened } from "../../src/explanations/sharpened.ts";
import { measured } from "../support/findings.ts";
import { judgedAsPart, judgedByShape } from "../support/rivals.ts";

const claimed = measured(1.5, { low: 1.4, high: 1.6 });
judgedByShape(sharpened, "alpha", claimed, measured(0.7, { low: 0.6, high: 0.8 }));
judgedAsPart(sharpened, "alpha", claimed);
