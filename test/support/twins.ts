// Act and estimate, side by side: an experiment acts on behaviours drawn from a rival, its own estimator reads what came, and the exact value
// of what it estimates is known. Over many studies the place of the truth within the estimate's own error must be that of a draw from it.
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { PaperPolicy, type State } from "../../src/experiments/paper-policy.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import { normalCdf } from "../../src/maths/special.ts";
import { pairedWith, matchProblems } from "../../src/study/pair.ts";
import { drawFrom, type ImaginedProblem, lawOf, middlesOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";
import type { Finding } from "../../src/terms/finding.ts";
import { paperShares } from "./paper-truth.ts";

export interface Twin {
  readonly experiment: string;
  readonly finding: string;
  /** Names of rivals that the behaviours are drawn from, together. */
  readonly rivals: readonly string[];
  /** L, as often as they occur. */
  readonly steps: readonly number[];
  /** Exact over that pool of problems. Undefined where a study of the pool stands in, whose own error is then taken into account. */
  readonly truth?: (pool: readonly ImaginedProblem[]) => number;
}

const mean = <T>(list: readonly T[], of: (one: T) => number): number =>
  list.reduce((sum, one) => sum + of(one), 0) / list.length;
const success = (behaviour: Behaviour, steps: number): number => new PaperPolicy(behaviour, steps).success;
const sides = ({ behaviours }: ImaginedProblem): [Behaviour, Behaviour] => [behaviours[0]!, behaviours[1]!];
/** A right answer in any form counts. */
const leniently = (behaviour: Behaviour): Behaviour => ({ ...behaviour, readable: 1 });

/** P(right, with at most so many tokens). */
function rightWithin(policy: PaperPolicy, tokens: number): number {
  const known = new Map<string, number>();
  const from = (state: State, left: number): number => {
    if (state.moves.length === 0) return state.right;
    if (left === 0) return 0;
    const key = `${state.place} ${left}`;
    let value = known.get(key);
    if (value === undefined) {
      value = state.moves.reduce((sum, { logProb, next }) => sum + Math.exp(logProb) * from(next, left - 1), 0);
      known.set(key, value);
    }
    return value;
  };
  return from(policy.start, tokens);
}

const SHORT = [2, 3, 4, 6, 8];
const segment = (at: 0 | 1 | 2) => (pool: readonly ImaginedProblem[]) => mean(pool, (one) => paperShares(one)[at]);
const ratioAt = (length: number) => (pool: readonly ImaginedProblem[]) => {
  const rung = pool.filter(({ steps }) => steps === length);
  const [base, tuned] = [0, 1].map((at) => mean(rung, ({ behaviours, steps }) => success(behaviours[at]!, steps)));
  return tuned! / base!;
};

export const TWINS: readonly Twin[] = [
  {
    experiment: "paired-sampling",
    finding: "pass@1/base",
    rivals: ["steadier-steps"],
    steps: SHORT,
    truth: (pool) => mean(pool, ({ behaviours, steps }) => success(behaviours[0]!, steps)),
  },
  {
    experiment: "paired-sampling",
    finding: "pass@4/base",
    rivals: ["amplified-strategy", "recovery"],
    steps: SHORT,
    truth: (pool) => mean(pool, ({ behaviours, steps }) => 1 - (1 - success(behaviours[0]!, steps)) ** 4),
  },
  {
    experiment: "regrade",
    finding: "regrade/gain/lenient",
    rivals: ["format-learned", "steadier-steps"],
    steps: SHORT,
    truth: (pool) =>
      mean(pool, (one) => {
        const [base, tuned] = sides(one).map((side) => success(leniently(side), one.steps));
        return tuned! - base!;
      }),
  },
  {
    experiment: "budget",
    finding: "budget/gain/B=16",
    rivals: ["longer-outputs", "recovery"],
    steps: [9, 10, 11, 12],
    truth: (pool) =>
      mean(pool, (one) => {
        const [base, tuned] = sides(one).map((side) => rightWithin(new PaperPolicy(side, one.steps), 16));
        return tuned! - base!;
      }),
  },
  ...(["plan", "execution", "answer"] as const).map(
    (name, at): Twin => ({
      experiment: "handoff",
      finding: `handoff/${name}`,
      rivals: ["amplified-strategy", "steadier-steps", "format-learned"],
      steps: SHORT,
      truth: segment(at as 0 | 1 | 2),
    }),
  ),
  {
    experiment: "handoff",
    finding: "missing-bits/total",
    rivals: ["steadier-steps"],
    // Longer ones the base would solve never or always, and of those only a limit is told.
    steps: [2, 3],
    truth: (pool) => mean(pool, ({ behaviours, steps }) => -Math.log2(success(behaviours[0]!, steps))),
  },
  {
    experiment: "step-ladder",
    finding: "ladder/ratio/L=4",
    rivals: ["steadier-steps"],
    steps: SHORT,
    truth: ratioAt(4),
  },
  {
    experiment: "step-ladder",
    finding: "ladder/ratio/L=8",
    rivals: ["amplified-strategy", "composition"],
    steps: SHORT,
    truth: ratioAt(8),
  },
  {
    experiment: "strategy-census",
    finding: "strategy/stepwise/share/tuned",
    rivals: ["amplified-strategy", "sharpened"],
    steps: SHORT,
    truth: (pool) =>
      mean(pool, ({ behaviours, steps }) => Math.exp(new PaperPolicy(behaviours[1]!, steps).start.moves[0]!.logProb)),
  },
  { experiment: "cross-scoring", finding: "cross/top-share", rivals: ["steadier-steps"], steps: SHORT },
  { experiment: "cross-scoring", finding: "cross/slope", rivals: ["steadier-steps", "reward-tilt"], steps: SHORT },
];

export interface Placed {
  /** Of the truth within the estimate's own normal law, in (0, 1): uniform where estimate and error are right. */
  readonly place: number;
  /** (truth − value) / error. */
  readonly z: number;
  readonly covered: boolean;
}

const LEVEL = 0.95;
const Z = 1.959_963_984_540_054;

export interface Size {
  readonly problems: number;
  readonly rollouts: number;
}
const PARTS = 40;
const POOL_STUDY = 600;

/** One study with its truth. Undefined where the estimator refused. */
export function replicate(twin: Twin, seed: number, { problems, rollouts }: Size): Placed | undefined {
  const random = stream(seed, `twin/${twin.experiment}/${twin.finding}`);
  const rivals = twin.rivals.map((name) => EXPLANATIONS.find((one) => one.name === name)!);
  const law = lawOf(
    rivals,
    { steps: twin.steps, base: 0.3 + 0.2 * random.uniform(), gain: 0.1 + 0.2 * random.uniform() },
    random,
  );
  const lengths = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => twin.steps[i % twin.steps.length]!);
  const estimated = (count: number): { value: number; low: number; high: number } | undefined => {
    const found = findingOf(twin, drawFrom(law, lengths(count), random), rollouts, random.uint32());
    const estimate = found?.estimate;
    if (estimate?.kind !== "measured" || estimate.low === undefined || estimate.high === undefined) return undefined;
    return { value: estimate.value, low: estimate.low, high: estimate.high };
  };
  const one = estimated(problems);
  if (one === undefined) return undefined;
  // A pool that is studied is a sample too.
  let [truth, error] = [0, 0];
  if (twin.truth === undefined) {
    const whole = estimated(POOL_STUDY)!;
    [truth, error] = [whole.value, (whole.high - whole.low) / 2 / Z];
  } else truth = twin.truth(middlesOf(law, twin.steps, PARTS));
  const side = truth > one.value ? one.high - one.value : one.value - one.low;
  const z = (truth - one.value) / Math.hypot(side / Z, error);
  return { place: normalCdf(z), z, covered: Math.abs(z) <= Z };
}

function findingOf(
  twin: Twin,
  problems: readonly ImaginedProblem[],
  rollouts: number,
  seed: number,
): Finding | undefined {
  const { name, onEvidence, live } = EXPERIMENTS.find((one) => one.name === twin.experiment)!;
  const study = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts,
    scored: name === "cross-scoring" ? 8 : 0,
    experiments: live === undefined ? [] : [name],
    seed,
  });
  const options = { seed: 1, level: LEVEL, clusterByFamily: false, draws: 1000, passAt: [4] };
  const outcome =
    live === undefined
      ? onEvidence!.estimate(pairedWith(matchProblems(study.evidence), 1), options)
      : live.estimate(study.seen, options);
  return outcome.findings.find((one) => one.name === twin.finding);
}
