// explanations/ · All: the list of rivals. A new rival is one file and one line here.
import { amplifiedStrategy } from "./amplified-strategy.ts";
import { composition } from "./composition.ts";
import { contaminated } from "./contaminated.ts";
import { formatLearned } from "./format-learned.ts";
import { longerOutputs } from "./longer-outputs.ts";
import { luckyGuess } from "./lucky-guess.ts";
import { nothingChanged } from "./nothing-changed.ts";
import { novelStrategy } from "./novel-strategy.ts";
import { recovery } from "./recovery.ts";
import { rewardTilt } from "./reward-tilt.ts";
import { sharpened } from "./sharpened.ts";
import { steadierSteps } from "./steadier-steps.ts";
import { verifierExploit } from "./verifier-exploit.ts";
import { weakBaseline } from "./weak-baseline.ts";
import type { Explanation } from "./explanation.ts";

export const EXPLANATIONS: readonly Explanation[] = [
  nothingChanged,
  novelStrategy,
  amplifiedStrategy,
  steadierSteps,
  recovery,
  composition,
  rewardTilt,
  sharpened,
  formatLearned,
  longerOutputs,
  weakBaseline,
  contaminated,
  luckyGuess,
  verifierExploit,
];
