// test/maths · MBAR: known normalising constants with honest errors, its two-state case, states without samples, and refusals.
import { describe, expect, test } from "vitest";
import { bridge } from "../../src/maths/bridge.ts";
import { logSumExp } from "../../src/maths/logspace.ts";
import { logRatioOf, mbar, symmetricEigen } from "../../src/maths/mbar.ts";
import { stream } from "../../src/maths/random.ts";

/** exp(offset − k (x − mean)²/2): log Z = offset + ½ log 2π/k. */
interface Oscillator {
  readonly mean: number;
  readonly k: number;
  readonly offset?: number;
}

const logDensity = ({ mean, k, offset = 0 }: Oscillator, x: number): number => offset - (k * (x - mean) ** 2) / 2;
const logZ = ({ k, offset = 0 }: Oscillator): number => offset + 0.5 * Math.log((2 * Math.PI) / k);

function simulated(states: readonly Oscillator[], counts: readonly number[], name: string, index = 0) {
  const draws = stream(17, name, index);
  const x = states.flatMap(({ mean, k }, s) =>
    Array.from({ length: counts[s]! }, () => mean + draws.normal() / Math.sqrt(k)),
  );
  const logDensities = new Float64Array(states.length * x.length);
  states.forEach((state, s) => x.forEach((at, n) => (logDensities[s * x.length + n] = logDensity(state, at))));
  return { logDensities, counts, x };
}

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

/** pymbar's own test system: springs of rising stiffness at rising distances; one state has no samples. */
const springs: Oscillator[] = [0, 1, 2, 3, 4].map((i) => ({ mean: i, k: [1, 2.25, 4, 9, 16][i]! }));
const shifted: Oscillator[] = [0, 1.2, 2.4, 3.6].map((mean, i) => ({ mean, k: 1, offset: 300 * i }));

describe("MBAR", () => {
  test.each([
    ["springs", springs, [400, 300, 0, 200, 300]],
    ["a chain of Gaussians with constants 300 nats apart", shifted, [300, 100, 200, 300]],
    ["harmonic oscillators around one point", [1, 4, 16, 64].map((k) => ({ mean: 0, k })), [250, 250, 250, 250]],
  ] as [string, Oscillator[], number[]][])("finds every log Z_k/Z_j with honest errors: %s", (name, states, counts) => {
    const repeats = 200;
    const pairs = states.flatMap((_, k) => Array.from({ length: k }, (_unused, j) => [k, j] as const));
    const z = pairs.map((): number[] => []);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const found = mbar(simulated(states, counts, name, repeat))!;
      pairs.forEach(([k, j], at) => {
        const { value, se } = logRatioOf(found, k, j);
        z[at]!.push((value - (logZ(states[k]!) - logZ(states[j]!))) / se);
      });
    }
    for (const list of z) {
      const [mean, sd] = meanAndSd(list);
      // Standard errors over 200 repeats: 0.07 of the mean and 0.05 of the spread; ten pairs at once.
      expect(Math.abs(mean)).toBeLessThan(0.22);
      expect(sd).toBeGreaterThan(0.85);
      expect(sd).toBeLessThan(1.15);
    }
  });

  test("solves eq. 11 for wild systems, with constants hundreds of nats apart, and misses no well-linked one", () => {
    let solved = 0;
    const z: number[] = [];
    for (let system = 0; system < 100; system++) {
      const draws = stream(18, "wild", system);
      const states = Array.from({ length: 2 + draws.integer(8) }, (_, i) => ({
        mean: 1.5 * i * (0.5 + draws.uniform()),
        k: Math.exp(0.7 * draws.normal()),
        offset: 200 * draws.normal(),
      }));
      const counts = states.map((_, i) => (i > 0 && draws.uniform() < 0.15 ? 0 : 20 + draws.integer(300)));
      const input = simulated(states, counts, "wild samples", system);
      const found = mbar(input);
      if (found === undefined) continue;
      solved++;
      const n = input.x.length;
      const logDenominators = input.x.map((_, row) =>
        logSumExp(
          states.map((_state, j) => input.logDensities[j * n + row]! - found.logZ[j]!),
          counts,
        ),
      );
      const masses = states.map((_, k) =>
        logSumExp(logDenominators.map((under, row) => input.logDensities[k * n + row]! - found.logZ[k]! - under)),
      );
      for (const mass of masses) expect(Math.abs(mass)).toBeLessThan(1e-10);
      const last = counts.findLastIndex((count) => count > 0);
      const { value, se } = logRatioOf(found, last, 0);
      if (last > 0) z.push((value - (logZ(states[last]!) - logZ(states[0]!))) / se);
    }
    const [mean, sd] = meanAndSd(z);
    expect(solved).toBeGreaterThan(60);
    expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(z.length));
    expect(Math.abs(sd - 1)).toBeLessThan(3 / Math.sqrt(2 * z.length));
  });

  test("of two states is Bennett's acceptance ratio: value, error and overlap", () => {
    const states = [
      { mean: 0, k: 1 },
      { mean: 2, k: 3, offset: -40 },
    ];
    const counts = [300, 120];
    const { logDensities, x } = simulated(states, counts, "two states");
    const work = x.map((at) => logDensity(states[1]!, at) - logDensity(states[0]!, at));
    const both = bridge({ forward: work.slice(0, 300), reverse: work.slice(300).map((w) => -w) })!;
    const found = mbar({ logDensities, counts })!;
    const { value, se } = logRatioOf(found, 1, 0);
    expect(Math.abs(value - both.logRatio)).toBeLessThan(1e-8);
    expect(Math.abs(se - both.se)).toBeLessThan(1e-8);
    expect(1 - found.secondEigenvalue!).toBeCloseTo(both.overlap, 9);
    expect(found.weakest!.information).toBeCloseTo(both.information, 7);
  });

  test("the covariance is the inverse Hessian's, written as D8 for samples by samples", () => {
    const counts = [12, 0, 9, 7];
    const input = simulated(
      [
        { mean: 0, k: 1 },
        { mean: 0.5, k: 1 },
        { mean: 1, k: 2 },
        { mean: 1.5, k: 1 },
      ],
      counts,
      "small",
    );
    const { logZ: l, covariance } = mbar(input)!;
    const n = 28;
    const w = (row: number, k: number): number => {
      const under = counts.reduce((sum, N, j) => sum + N * Math.exp(input.logDensities[j * n + row]! - l[j]!), 0);
      return Math.exp(input.logDensities[k * n + row]! - l[k]!) / under;
    };
    // 1 − W N Wᵀ has one null vector, the constant; plus 1 1ᵀ/n it is invertible, and D8's pseudo-inverse is that inverse less 1 1ᵀ/n.
    const middle = Array.from({ length: n }, (_, a) =>
      Array.from({ length: n }, (_unused, b) => {
        const linked = counts.reduce((sum, N, j) => sum + N * w(a, j) * w(b, j), 0);
        return (a === b ? 1 : 0) - linked + 1 / n;
      }),
    );
    const theta = (a: number, b: number): number => {
      const solved = solveDense(
        middle,
        Array.from({ length: n }, (_, row) => w(row, b)),
      );
      return solved.reduce((sum, value, row) => sum + value * w(row, a), 0) - 1 / n;
    };
    for (const [a, b] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [1, 3],
      [2, 3],
    ] as const)
      expect(covariance[a * 4 + b]).toBeCloseTo(theta(a, b) - theta(a, 0) - theta(0, b) + theta(0, 0), 9);
    expect(covariance.slice(0, 4)).toEqual(new Float64Array(4));
  });

  test("with one sampled state it is plain reweighting: log mean weight, variance (mean w²/mean² − 1)/n", () => {
    const states = [
      { mean: 0, k: 1 },
      { mean: 0.4, k: 1, offset: 5 },
    ];
    const input = simulated(states, [500, 0], "reweighting");
    const weights = input.x.map((x) => Math.exp(logDensity(states[1]!, x) - logDensity(states[0]!, x)));
    const mean = weights.reduce((sum, w) => sum + w, 0) / 500;
    const square = weights.reduce((sum, w) => sum + w * w, 0) / 500;
    const found = mbar(input)!;
    expect(found.logZ[1]).toBeCloseTo(Math.log(mean), 10);
    expect(found.covariance[3]).toBeCloseTo((square / mean ** 2 - 1) / 500, 10);
    expect(found.secondEigenvalue).toBeUndefined();
  });

  test("reaches a chance of 1e−10 through ladders of impossible regions", () => {
    // State k: uniform on [0, 10^−k]; Z_k/Z_0 = 10^−k. Samples of a wide state outside a narrow one are impossible there.
    const rungs = 10;
    const each = 1000;
    const draws = stream(4, "ladder");
    const x = Array.from({ length: (rungs + 1) * each }, (_, n) => draws.uniform() * 10 ** -Math.floor(n / each));
    const logDensities = Float64Array.from({ length: (rungs + 1) * x.length }, (_, at) =>
      x[at % x.length]! < 10 ** -Math.floor(at / x.length) ? 0 : Number.NEGATIVE_INFINITY,
    );
    const found = mbar({ logDensities, counts: new Array<number>(rungs + 1).fill(each) })!;
    const { value, se } = logRatioOf(found, rungs, 0);
    expect(Math.abs(value + rungs * Math.LN10)).toBeLessThan(3.5 * se);
    // Ten independent shares of 1/10 in samples of 1,000 or more: √(10 × 0.9/0.1/1000) = 0.3 at most.
    expect(se).toBeLessThan(0.3);
    expect(se).toBeGreaterThan(0.2);
  });

  test("says nothing where states do not hang together", () => {
    const apart = [
      { mean: 0, k: 1 },
      { mean: 1, k: 1 },
      { mean: 40, k: 1 },
      { mean: 41, k: 1 },
    ];
    expect(mbar(simulated(apart, [200, 200, 200, 200], "apart"))).toBeUndefined();
    const never = Number.NEGATIVE_INFINITY;
    // State 1 lies inside state 0, but no sample of 0 fell there; then a state no sample can be in.
    expect(mbar({ logDensities: Float64Array.of(0, 0, 0, 0, never, never, 0, 0), counts: [2, 2] })).toBeUndefined();
    expect(mbar({ logDensities: Float64Array.of(0, 0, never, never), counts: [2, 0] })).toBeUndefined();
  });

  test("names the weakest link", () => {
    const states = [0, 1, 4.5, 5.5, 6.5].map((mean) => ({ mean, k: 1 }));
    const { weakest, secondEigenvalue } = mbar(simulated(states, [500, 500, 500, 500, 500], "two groups"))!;
    const one = weakest!.states.length === 2 ? [0, 1] : [2, 3, 4];
    expect(weakest!.states).toEqual(one);
    expect(secondEigenvalue).toBeGreaterThan(0.9);
    expect(secondEigenvalue).toBeLessThan(1);
  });

  test("links states whose samples are all alike, whatever rounding does to their overlaps", () => {
    for (const draws of [2, 4, 16, 24])
      for (const logs of [
        [-1, -2, -4],
        [-1, -3.3, -7.7],
        [-0.51, -2.1, -3.17],
      ]) {
        const counts = [draws, 24, 24];
        const of = Float64Array.from(logs.flatMap((log) => Array<number>(draws + 48).fill(log)));
        const found = mbar({ logDensities: of, counts })!;
        logs.forEach((log, k) => expect(found.logZ[k]).toBeCloseTo(log - logs[0]!, 12));
        expect(found.weakest!.information).toBeGreaterThan(1);
      }
  });

  test("refuses broken matrices", () => {
    expect(() => mbar({ logDensities: new Float64Array(5), counts: [1, 1] })).toThrow(/2 states × 2 samples are not 5/);
    expect(() => mbar({ logDensities: Float64Array.of(Number.NaN), counts: [1] })).toThrow(/number 0 is NaN/);
    expect(() => mbar({ logDensities: new Float64Array(0), counts: [0] })).toThrow(/some above 0, got 0/);
    const swapped = Float64Array.of(Number.NEGATIVE_INFINITY, 0, 0, 0);
    expect(() => mbar({ logDensities: swapped, counts: [1, 1] })).toThrow(
      /sample 0 is impossible under its own state 0/,
    );
  });
});

describe("Jacobi's rotations", () => {
  test("know the second difference matrix: eigenvalues 2 − 2 cos jπ/(n + 1)", () => {
    const n = 12;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const apart = Math.abs(Math.floor(at / n) - (at % n));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    const { values } = symmetricEigen(matrix, n);
    values.forEach((value, i) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 13));
  });

  test("give orthonormal vectors that the matrix only stretches, repeated and vanishing eigenvalues included", () => {
    const n = 9;
    const draws = stream(5, "symmetric-eigen");
    const half = draws.normals(new Float64Array(n * 4)); // rank 4: five eigenvalues are 0
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += half[Math.floor(at / n) * 4 + k]! * half[(at % n) * 4 + k]!;
      return sum;
    });
    const { values, vectors } = symmetricEigen(matrix, n);
    expect(values).toEqual(values.toSorted().toReversed());
    for (const none of values.subarray(4)) expect(none).toBeCloseTo(0, 13);
    for (let v = 0; v < n; v++) {
      for (let a = 0; a < n; a++) {
        let [stretched, inner] = [0, 0];
        for (let b = 0; b < n; b++) {
          stretched += matrix[a * n + b]! * vectors[b * n + v]!;
          inner += vectors[b * n + a]! * vectors[b * n + v]!;
        }
        expect(stretched).toBeCloseTo(values[v]! * vectors[a * n + v]!, 12);
        expect(inner).toBeCloseTo(a === v ? 1 : 0, 13);
      }
    }
  });

  test("leave a diagonal matrix as it is, and sort it", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(1, 0, 0, 3), 2);
    expect([...values]).toEqual([3, 1]);
    expect([...vectors]).toEqual([0, 1, 1, 0]);
  });
});

/** Gaussian elimination with pivots, for the check above only. */
function solveDense(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]!) > Math.abs(rows[best]![c]!) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / rows[c]![c]!;
      for (let k = c; k <= n; k++) rows[r]![k]! -= factor * rows[c]![k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
