// explanations/ · Recovery: slips are noticed and repaired.
import { judgeEntry } from "./by-ledger.ts";
import type { Explanation } from "./explanation.ts";
import { handoffHarmless, repairsRose, slipsStayed } from "./signs.ts";
import { judgeUnseen } from "./unseen.ts";

export const recovery: Explanation = {
  name: "recovery",
  claim: "slips are noticed and repaired",
  sign: "the hazard of the first error unchanged, success after an error up",
  moves: ["repairs"],
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "recovery", [repairsRose, slipsStayed, handoffHarmless]) ??
    judgeUnseen(findings, limits, "success counts do not show whether errors are repaired"),
};
