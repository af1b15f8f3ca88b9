// explanations/ · Weak baseline: the base was measured with a bad prompt, temperature or top-p.
import { judgeShare } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";

export const weakBaseline: Explanation = {
  name: "weak-baseline",
  claim: "the base was measured with a bad prompt, temperature or top-p",
  sign: "the base's best prompt and decoder close the gap",
  moves: ["baseline"],
  onPaper: chance("astray", (lack) => lack, 0),
  judge: (findings, limits) =>
    judgeShare(
      findings,
      limits,
      "sweep/share",
      "sweep/gain",
      "the base was seen under one prompt and one sampler only",
    ),
};
