// worlds/ · Optimiser: AdamW, with a bound on the gradient's length and a rate that warms up and cools down.
//
// I. Loshchilov & F. Hutter (2019), "Decoupled weight decay regularization", arXiv 1711.05101, algorithm 2.

export interface OptimiserOptions {
  /** Largest rate; reached after the warm-up. */
  readonly learningRate: number;
  /** Steps over which the rate rises from 0, a straight line. */
  readonly warmupSteps: number;
  /** Share of the rate that is left at the last step, on a half cosine from the end of the warm-up; 1 keeps it. */
  readonly finalRate: number;
  readonly weightDecay: number;
  /** The gradient is shortened to this length. */
  readonly maxGradientNorm: number;
}

const BETA1 = 0.9;
const BETA2 = 0.98;
const EPSILON = 1e-8;

/** What a run can be taken up from. */
export interface Moments {
  /** Updates made. */
  readonly step: number;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export const noMoments = (size: number): Moments => ({
  step: 0,
  m: new Float32Array(size),
  v: new Float32Array(size),
});

/** The rate at update `step` (0 the first) of `steps`. */
export function rateAt(
  step: number,
  steps: number,
  { learningRate, warmupSteps, finalRate }: OptimiserOptions,
): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const done = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  return learningRate * (finalRate + (1 - finalRate) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
}

/** One update, in place on `weights` and the moments; `gradient` points uphill on the loss. */
export function update(
  weights: Float32Array,
  { step, m, v }: Moments,
  gradient: Float32Array,
  rate: number,
  { weightDecay, maxGradientNorm }: OptimiserOptions,
): Moments {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const scale = Math.min(1, maxGradientNorm / Math.sqrt(squares + 1e-30));
  const correction1 = 1 / (1 - BETA1 ** (step + 1));
  const correction2 = 1 / (1 - BETA2 ** (step + 1));
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i]! * scale;
    m[i] = BETA1 * m[i]! + (1 - BETA1) * g;
    v[i] = BETA2 * v[i]! + (1 - BETA2) * g * g;
    const towards = (m[i]! * correction1) / (Math.sqrt(v[i]! * correction2) + EPSILON);
    weights[i] = weights[i]! - rate * (towards + weightDecay * weights[i]!);
  }
  return { step: step + 1, m, v };
}
