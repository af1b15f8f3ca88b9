// test/maths · Bridge: known ratios of normalising constants, honest errors, and silence where ensembles do not meet.
import { describe, expect, test } from "vitest";
import { type Bridge, bridge, LEAST_INFORMATION } from "../../src/maths/bridge.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

/** exp(−k (x − mean)²/2): log Z = ½ log 2π/k. */
interface Oscillator {
  readonly mean: number;
  readonly k: number;
}

const logDensity = ({ mean, k }: Oscillator, x: number): number => (-k * (x - mean) ** 2) / 2;
const logZ = ({ k }: Oscillator): number => 0.5 * Math.log((2 * Math.PI) / k);
const drawn = ({ mean, k }: Oscillator, n: number, draws: Stream): Float64Array =>
  draws.normals(new Float64Array(n)).map((z) => mean + z / Math.sqrt(k));

function between(a: Oscillator, b: Oscillator, n: readonly [number, number], draws: Stream): Bridge | undefined {
  return bridge({
    forward: drawn(a, n[0], draws).map((x) => logDensity(b, x) - logDensity(a, x)),
    reverse: drawn(b, n[1], draws).map((x) => logDensity(a, x) - logDensity(b, x)),
  });
}

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

describe("Bennett's acceptance ratio", () => {
  test.each([
    ["a shifted mean", { mean: 0, k: 1 }, { mean: 1.5, k: 1 }, [500, 500]],
    ["a stiffer spring", { mean: 0, k: 1 }, { mean: 0, k: 9 }, [500, 500]],
    ["both, from unequal samples", { mean: 0, k: 1 }, { mean: 1, k: 4 }, [1500, 300]],
    ["a far mean", { mean: 0, k: 1 }, { mean: 3.5, k: 1 }, [1000, 1000]],
  ] as [string, Oscillator, Oscillator, [number, number]][])(
    "finds log Z1/Z0 with honest errors: %s",
    (name, a, b, n) => {
      const z = Array.from({ length: 300 }, (_, repeat) => {
        const { logRatio, se } = between(a, b, n, stream(11, `bridge: ${name}`, repeat))!;
        return (logRatio - (logZ(b) - logZ(a))) / se;
      });
      const [mean, sd] = meanAndSd(z);
      // Standard errors over 300 repeats: 0.058 of the mean and 0.041 of the spread.
      expect(Math.abs(mean)).toBeLessThan(0.2);
      expect(sd).toBeGreaterThan(0.87);
      expect(sd).toBeLessThan(1.13);
    },
  );

  test("solves the equation it states, to rounding", () => {
    const forward = [0.3, -2, 1.2, Number.NEGATIVE_INFINITY, -0.7];
    const reverse = [-0.4, 0.9, -3];
    const { logRatio, information } = bridge({ forward, reverse })!;
    const m = Math.log(3 / 5);
    const of1 = forward.map((w) => 1 / (1 + Math.exp(-(m + w - logRatio))));
    const of0 = reverse.map((w) => 1 / (1 + Math.exp(-(w - m + logRatio))));
    const sum = (values: readonly number[]): number => values.reduce((adding, value) => adding + value, 0);
    expect(sum(of1)).toBeCloseTo(sum(of0), 13);
    expect(information).toBeCloseTo(sum([...of1, ...of0].map((p) => p * (1 - p))), 12);
  });

  test("proportional densities give the ratio exactly, however large", () => {
    const found = bridge({ forward: [-2300, -2300, -2300], reverse: [2300, 2300] })!;
    expect(found.logRatio).toBeCloseTo(-2300, 9);
    expect(found.se).toBeLessThan(1e-6);
    expect(found.overlap).toBeCloseTo(1, 12);
  });

  test("a behaviour of chance 1e−12: ensemble 1 is ensemble 0 kept to it, met half-way by neither", () => {
    // q1 = q0 × 1[x ∈ A]: samples of 1 are possible under 0, hardly any of 0 under 1. With none there is no answer.
    const never = new Float64Array(1000).fill(Number.NEGATIVE_INFINITY);
    expect(bridge({ forward: never, reverse: new Float64Array(1000) })).toBeUndefined();
    // With h of n0 there, c is that share: log h/n0, and its error the binomial √((1 − p)/h).
    const some = never.map((value, i) => (i < 20 ? 0 : value));
    const found = bridge({ forward: some, reverse: new Float64Array(1000) })!;
    expect(found.logRatio).toBeCloseTo(Math.log(20 / 1000), 12);
    expect(found.se).toBeCloseTo(Math.sqrt((1 - 0.02) / 20), 12);
  });

  test("says nothing where less than a sample links the two", () => {
    const far = between({ mean: 0, k: 1 }, { mean: 30, k: 1 }, [2000, 2000], stream(2, "bridge: far"));
    expect(far).toBeUndefined();
    const near = between({ mean: 0, k: 1 }, { mean: 4, k: 1 }, [2000, 2000], stream(2, "bridge: near"))!;
    expect(near.information).toBeGreaterThan(LEAST_INFORMATION);
    expect(near.overlap).toBeLessThan(0.1);
  });

  test("every sample seen g times, at inefficiency g, is the sample seen once", () => {
    const draws = stream(3, "bridge: thrice");
    const [forward, reverse] = [draws.normals(new Float64Array(60)), draws.normals(new Float64Array(90))];
    const thrice = Float64Array.from({ length: 180 }, (_, i) => forward[Math.floor(i / 3)]!);
    const twice = Float64Array.from({ length: 180 }, (_, i) => reverse[Math.floor(i / 2)]!);
    const once = bridge({ forward, reverse })!;
    const again = bridge({ forward: thrice, reverse: twice, inefficiencies: [3, 2] })!;
    for (const key of ["logRatio", "se", "overlap", "information"] as const)
      expect(again[key]).toBeCloseTo(once[key], 9);
  });

  test("refuses what is not a log ratio", () => {
    expect(() => bridge({ forward: [], reverse: [0] })).toThrow(/got none forward/);
    expect(() => bridge({ forward: [0], reverse: [Number.NaN] })).toThrow(/reverse log ratios.*number 0 is NaN/);
    expect(() => bridge({ forward: [Number.POSITIVE_INFINITY], reverse: [0] })).toThrow(/forward log ratios/);
    expect(() => bridge({ forward: [0], reverse: [0], inefficiencies: [0, 1] })).toThrow(/positive, got 0/);
  });
});
