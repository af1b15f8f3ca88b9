// bench/ · Simulate: success counts of two policies whose gain kernel is known, from each listed shape and from none.
import { SHAPES } from "../src/maths/kernel-shapes.ts";
import { expit } from "../src/maths/logspace.ts";
import { type PairedCells, pairedCells } from "../src/maths/paired-cells.ts";
import { stream } from "../src/maths/random.ts";

/** Parameters of each shape, of the size seen on real pairs (DeepScaleR: δ 1.2, α 1.2). */
export const TRUTH: Readonly<Record<string, readonly number[]>> = {
  "nothing-changed": [],
  "reward-tilt": [1.3],
  sharpened: [1.6],
  "steadier-steps": [0.5],
  "tilt-and-sharpened": [1.25, 1],
  "strategy-mixture": [0.35, 0.5],
};
/** Scatter in logits and share of lost problems, on top of every shape. */
export const SCATTER = 0.4;
export const LOST = 0.02;

/** Half of the problems gain 3 logits, half lose 1: no listed shape. */
export const NONE = "none";

/** z0 ~ N(0.3, 2²): from rarely to nearly always right, as on mixed benchmarks. */
export function simulate(shape: string, problems: number, n: number, seed: number): PairedCells {
  const random = stream(seed, `simulate/${shape}/${problems}/${n}`);
  const theta = TRUTH[shape] ?? [];
  const listed = SHAPES.find(({ name }) => name === shape);
  const c0: number[] = [];
  const c1: number[] = [];
  const trials = new Array<number>(problems).fill(n);
  for (let i = 0; i < problems; i++) {
    const z0 = 0.3 + 2 * random.normal();
    let z1 = z0 + (random.uniform() < 0.5 ? 3 : -1);
    if (listed !== undefined) {
      let u = random.uniform();
      const branches = listed.branches(z0, theta);
      const taken = branches.find(({ weight }) => {
        u -= weight;
        return u < 0;
      });
      z1 = (taken ?? branches.at(-1)!).z1 + SCATTER * random.normal();
      if (random.uniform() < LOST) z1 = Number.NEGATIVE_INFINITY;
    }
    c0.push(random.binomial(n, expit(z0)));
    c1.push(random.binomial(n, expit(z1)));
  }
  return pairedCells({ c0, n0: trials, c1, n1: trials });
}

/** Trapezoid nodes of the standard normal law, weights summing to 1: exact to rounding for smooth functions. */
const NORMAL: readonly (readonly [x: number, w: number])[] = Array.from({ length: 321 }, (_, i) => {
  const x = -8 + i / 20;
  return [x, Math.exp(-0.5 * x * x) / 20 / Math.sqrt(2 * Math.PI)] as const;
});

/** The gain in pass@k, later − base, over all problems that `simulate` may draw, by quadrature. */
export function trueGain(shape: string, k: number): number {
  const listed = SHAPES.find(({ name }) => name === shape)!;
  const missed = (z: number): number => (1 - expit(z)) ** k;
  let gain = 0;
  for (const [x, w] of NORMAL) {
    const z0 = 0.3 + 2 * x;
    let later = LOST;
    for (const { weight, z1 } of listed.branches(z0, TRUTH[shape]!)) {
      for (const [y, v] of NORMAL) later += (1 - LOST) * weight * v * missed(z1 + SCATTER * y);
    }
    gain += w * (missed(z0) - later);
  }
  return gain;
}
