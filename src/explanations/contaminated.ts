// explanations/ · Contaminated: the answers are recalled, not worked out.
import { judgeShare } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";

export const contaminated: Explanation = {
  name: "contaminated",
  claim: "the answers are recalled, not worked out",
  sign: "success without the chain; gone on perturbed or fresh twins",
  moves: ["recall"],
  onPaper: chance("recall", () => 0, 1),
  judge: (findings, limits) =>
    judgeShare(
      findings,
      limits,
      "recall/share",
      "recall/gain/twins",
      "nothing at hand tells recall from solving: no twins and no partial prompts were asked",
    ),
};
