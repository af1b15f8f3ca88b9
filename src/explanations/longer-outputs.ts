// explanations/ · Longer outputs: more tokens are allowed or used.
import { judgeEntry } from "./by-ledger.ts";
import { judgeShare } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";
import { budgetRemoves } from "./signs.ts";

export const longerOutputs: Explanation = {
  name: "longer-outputs",
  claim: "more tokens are allowed or used",
  sign: "the gain is gone at a matched token budget",
  moves: ["cut-offs"],
  onPaper: chance("cutOffs", (lack) => lack, 0),
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "longer-outputs", [budgetRemoves]) ??
    judgeShare(
      findings,
      limits,
      "budget/share",
      "budget/gain/matched",
      "the evidence does not say how long the rollouts are",
    ),
};
