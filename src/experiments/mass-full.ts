// experiments/ · Mass full: what the base lacks with all of its tokens kept, beside what it lacks under the sampler in use.
//
// Answers drawn under a temperature or a cut are no sample of the model as it is, so they bound nothing there. What was scored does: the base
// is right at least as often as it says the different right answers, and wrong at least as often as it says the different wrong ones.
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Seen } from "../terms/seen.ts";
import { ROUNDING } from "./cross-means.ts";
import { plain, type Reading, readingsIn } from "./cross-read.ts";
import type { Limited } from "./mass-samples.ts";

export interface FullSupport {
  /** −log2 of the base's chance of a right answer, mean over problems. */
  readonly bits: Estimate;
  /** None where nothing was scored. */
  readonly problems: readonly Limited[];
}

/** @param inUse under the sampler in use: the same thing where that keeps all tokens as they are */
export function fullSupport(seen: Seen, inUse: FullSupport, level: number): FullSupport {
  const base = seen.policies[0]!;
  const own = seen.rollouts.filter(({ policy, experiment }) => policy === base && experiment === "paired-sampling");
  if (own.every(({ sampler }) => plain(sampler))) return inUse;
  const byProblem = Map.groupBy(readingsIn(seen, seen.policies.at(-1)!, "raw"), ({ rollout }) => rollout.problem);
  const problems = Array.from(byProblem, ([problem, list]): Limited => {
    const low = massOf(list, true);
    // In single precision what is left beside wrong answers may come out below what right ones have, or as nothing.
    return { problem, low, high: Math.max(low, 1 - massOf(list, false), ROUNDING) };
  });
  if (problems.length === 0) {
    const bits = refused(
      "rollouts were drawn under a temperature or a cut, and no log-probabilities of the model as it is were told for them",
      "score rollouts with an engine that tells raw log-probabilities, or draw at temperature 1 with all tokens kept",
    );
    return { bits, problems };
  }
  const mean = (of: (one: Limited) => number): number =>
    problems.reduce((sum, one) => sum - Math.log2(of(one)), 0) / problems.length;
  const high = mean((one) => one.low);
  const bits: Estimate = {
    kind: "bounded",
    low: mean((one) => one.high),
    ...(Number.isFinite(high) ? { high } : {}),
    level,
    method: `−log2 of the base's chance with all tokens kept, mean over ${problems.length} problems, between what it gives to different right answers and leaves beside different wrong ones that were scored; no chance is in it`,
  };
  return { bits, problems };
}

/** Σ over different answers. */
function massOf(list: readonly Reading[], right: boolean): number {
  const texts = new Map(
    list
      .filter((one) => one.right === right)
      .map(({ rollout, base }) => [(rollout.tokenIds ?? []).join(" "), base.reduce((a, b) => a + b, 0)]),
  );
  return [...texts.values()].reduce((sum, log) => sum + Math.exp(log), 0);
}
