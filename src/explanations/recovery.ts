// explanations/ · Recovery: slips are noticed and repaired.
import { judgeEntry } from "./by-ledger.ts";
import type { Explanation } from "./explanation.ts";
import { everyWay, towards } from "./on-paper.ts";
import { handoffHarmless, noLawOfTexts, repairsRose, slipsStayed } from "./signs.ts";
import { judgeUnseen } from "./unseen.ts";

export const recovery: Explanation = {
  name: "recovery",
  claim: "slips are noticed and repaired",
  sign: "the hazard of the first error unchanged, success after an error up",
  moves: ["repairs"],
  onPaper: {
    base: (usual, lack) => everyWay(usual, () => ({ repair: 0.2 * (1 - lack) })),
    tuned: (base, by) => everyWay(base, ({ repair }) => ({ repair: towards(repair, 1, by) })),
  },
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "recovery", [repairsRose, slipsStayed, handoffHarmless, noLawOfTexts]) ??
    judgeUnseen(findings, limits, "success counts do not show whether errors are repaired"),
};
