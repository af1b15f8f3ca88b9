// explanations/ · Longer outputs: more tokens are allowed or used.
import { judgeEntry } from "./by-ledger.ts";
import { judgeShare } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance, towards } from "./on-paper.ts";
import { budgetRemoves } from "./signs.ts";

const ends = chance("cutOffs", (lack) => lack, 0);

export const longerOutputs: Explanation = {
  name: "longer-outputs",
  claim: "more tokens are allowed or used",
  sign: "the gain is gone at a matched token budget",
  moves: ["cut-offs"],
  onPaper: {
    base: ends.base,
    // Where it is known that work breaks off before its end, it goes on to it.
    tuned: (base, by) => ({
      ...ends.tuned(base, by),
      ...(base.breaksOff === undefined ? {} : { breaksOff: towards(base.breaksOff, 0, by) }),
    }),
  },
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
