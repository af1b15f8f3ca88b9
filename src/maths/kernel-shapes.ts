// maths/ · Kernel shapes: how each rival would carry a problem's log-odds z0 under the base to z1 under the later policy.
//
// DESIGN §5. A shape places z1 given z0 as one or two branches with weights; scatter (logit-normal, σ) and a share of lost
// problems (p1 = 0, λ) are common to all shapes and added by kernel-fit. Shapes map the atoms p = 0 and p = 1 too.
import { expit, log1mExp, logExpit } from "./logspace.ts";

export interface Parameter {
  /** As reported in findings: `kernel/parameter/<shape>/<name>`. */
  readonly name: string;
  /** Value at which the shape says "no change", or near it: where the search starts. */
  readonly start: number;
  /** Range of admissible values, open; the search runs on an unbounded scale. */
  readonly range: readonly [number, number];
}

export interface Branch {
  readonly weight: number;
  /** Logit of p1; ±∞ allowed. */
  readonly z1: number;
}

export interface Shape {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  branches(z0: number, theta: ArrayLike<number>): readonly Branch[];
}

const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const POSITIVE = [0, Number.POSITIVE_INFINITY] as const;
const SHARE = [0, 1] as const;

const scaled = (z0: number, by: number): number => (Number.isFinite(z0) ? by * z0 : z0);

/** z1 = z0 */
const nothingChanged: Shape = {
  name: "nothing-changed",
  parameters: [],
  branches: (z0) => [{ weight: 1, z1: z0 }],
};

/** z1 = z0 + δ: the odds of every problem by one factor e^δ. */
const rewardTilt: Shape = {
  name: "reward-tilt",
  parameters: [{ name: "delta", start: 0.1, range: ANY }],
  branches: (z0, [delta]: ArrayLike<number> & Iterable<number>) => [{ weight: 1, z1: z0 + delta! }],
};

/** z1 = α z0: the log-odds multiplied. */
const sharpened: Shape = {
  name: "sharpened",
  parameters: [{ name: "alpha", start: 1.1, range: POSITIVE }],
  branches: (z0, [alpha]: ArrayLike<number> & Iterable<number>) => [{ weight: 1, z1: scaled(z0, alpha!) }],
};

/** z1 = α z0 + δ */
const tiltAndSharpened: Shape = {
  name: "tilt-and-sharpened",
  parameters: [
    { name: "alpha", start: 1.05, range: POSITIVE },
    { name: "delta", start: 0.1, range: ANY },
  ],
  branches: (z0, [alpha, delta]: ArrayLike<number> & Iterable<number>) => [
    { weight: 1, z1: scaled(z0, alpha!) + delta! },
  ],
};

/** log p1 = γ log p0: every step's reliability raised alike. */
export const steadierSteps: Shape = {
  name: "steadier-steps",
  parameters: [{ name: "gamma", start: 0.9, range: POSITIVE }],
  branches: (z0, [gamma]: ArrayLike<number> & Iterable<number>) => {
    if (!Number.isFinite(z0)) return [{ weight: 1, z1: z0 }];
    const logP1 = gamma! * logExpit(z0);
    return [{ weight: 1, z1: logP1 - log1mExp(logP1) }];
  },
};

/** With share f: p1 = p0 + (1 − p0) q; else z1 = z0. A way of solving that helps some problems and leaves the rest. */
export const strategyMixture: Shape = {
  name: "strategy-mixture",
  parameters: [
    { name: "f", start: 0.2, range: SHARE },
    { name: "q", start: 0.4, range: SHARE },
  ],
  branches: (z0, [f, q]: ArrayLike<number> & Iterable<number>) => {
    // logit(p0 + (1−p0)q) = log(p0 + (1−p0)q) − log((1−p0)(1−q))
    const p0 = expit(z0);
    const z1 = z0 === Number.POSITIVE_INFINITY ? z0 : Math.log(p0 + (1 - p0) * q!) - logExpit(-z0) - Math.log1p(-q!);
    return [
      { weight: 1 - f!, z1: z0 },
      { weight: f!, z1 },
    ];
  },
};

/** From the simplest on; nested where parameters allow. */
export const SHAPES: readonly Shape[] = [
  nothingChanged,
  rewardTilt,
  sharpened,
  steadierSteps,
  tiltAndSharpened,
  strategyMixture,
];
