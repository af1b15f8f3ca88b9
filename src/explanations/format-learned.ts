// explanations/ · Format learned: the answer became readable, or stops in time.
import { judgeEntry } from "./by-ledger.ts";
import { judgeShare } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";
import { lenientRemoves } from "./signs.ts";

export const formatLearned: Explanation = {
  name: "format-learned",
  claim: "the answer became readable, or stops in time",
  sign: "re-grading stored rollouts leniently removes the gain",
  moves: ["readable"],
  onPaper: chance("readable", (lack) => 1 - lack, 1),
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "format-learned", [lenientRemoves]) ??
    judgeShare(
      findings,
      limits,
      "regrade/share",
      "regrade/gain/lenient",
      "the rollouts at hand cannot be graded again",
    ),
};
