// explanations/ · Composition: known parts are joined.
import { judgeEntry } from "./by-ledger.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";
import { handoffHarmless, jumpAtTheJoin, noLawOfTexts } from "./signs.ts";
import { judgeUnseen } from "./unseen.ts";

export const composition: Explanation = {
  name: "composition",
  claim: "known parts are joined",
  sign: "a jump between one step and two, then the same slope",
  moves: ["joins"],
  onPaper: chance("joins", (lack) => 1 - lack, 1),
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "composition", [jumpAtTheJoin, handoffHarmless, noLawOfTexts]) ??
    judgeUnseen(findings, limits, "success counts do not show how success falls with the number of steps"),
};
