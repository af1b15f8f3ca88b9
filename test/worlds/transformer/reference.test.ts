import { describe, expect, test } from "vitest";
import { stream } from "../../../src/maths/random.ts";
import { StudyError } from "../../../src/terms/errors.ts";
import type { Batch } from "../../../src/worlds/transformer/model.ts";
import {
  initialWeights,
  logitsOf,
  referenceGradient,
  referenceLogProbs,
} from "../../../src/worlds/transformer/reference.ts";
import { attention, linear, rmsNorm, rotate, swiGlu } from "../../../src/worlds/transformer/reference-blocks.ts";
import { DEFAULT_SHAPE, layoutOf, type Shape } from "../../../src/worlds/transformer/shape.ts";
import { jaxDecoder } from "../../support/jax-decoder.ts";
import { ODD, SMALL, someCoefficients, someTokens, someWeights, worstTensorError } from "../../support/transformer.ts";

const normals = (length: number, seed: number): Float64Array =>
  stream(seed, "test rows").normals(new Float64Array(length));

const worstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

/** What referenceGradient differentiates. */
function objective(shape: Shape, weights: Float64Array, batch: Batch, coefficients: Float64Array): number {
  return referenceLogProbs(shape, weights, batch).reduce((sum, logProb, i) => sum + coefficients[i]! * logProb, 0);
}

/** Central differences at h and 2h, extrapolated (L. F. Richardson 1911): the error is of order h⁴. */
function slope(f: (x: number) => number, h: number): number {
  const central = (step: number): number => (f(step) - f(-step)) / (2 * step);
  return (4 * central(h) - central(2 * h)) / 3;
}

describe("the gradient of the reference", () => {
  test("is that of finite differences, in every entry of every tensor", () => {
    const weights = someWeights(SMALL, 1);
    const batch = someTokens(SMALL, 2, 9, 2);
    const coefficients = someCoefficients(batch, 3);
    const differences = weights.map((weight, i) => {
      const moved = weights.slice();
      return slope((step) => {
        moved[i] = weight + step;
        return objective(SMALL, moved, batch, coefficients);
      }, 1e-3);
    });
    const gradient = referenceGradient(SMALL, weights, batch, coefficients);
    // The issue asks for 1e-6; rounding (1e-16 · 50 nats / 1e-3) and h⁴ left 5.5e-11.
    expect(worstTensorError(SMALL, gradient, differences)).toBeLessThan(1e-9);
  });

  test("is that of finite differences at the default sizes, in directions through each tensor", () => {
    const weights = someWeights(DEFAULT_SHAPE, 4);
    const batch = someTokens(DEFAULT_SHAPE, 1, 33, 5);
    const coefficients = someCoefficients(batch, 6);
    const gradient = referenceGradient(DEFAULT_SHAPE, weights, batch, coefficients);
    const errors = layoutOf(DEFAULT_SHAPE).tensors.map(({ offset, size }) => {
      const direction = normals(size, offset);
      const along = direction.reduce((sum, d, i) => sum + d * gradient[offset + i]!, 0);
      const measured = slope((step) => {
        const moved = weights.map((w, i) => (i >= offset && i < offset + size ? w + step * direction[i - offset]! : w));
        return objective(DEFAULT_SHAPE, moved, batch, coefficients);
      }, 1e-4);
      return Math.abs(along / measured - 1);
    });
    // Measured 1.6e-9, where the slope along the direction is smallest.
    expect(Math.max(...errors)).toBeLessThan(1e-8);
  });

  test("does not feel the coefficients of first tokens", () => {
    const weights = someWeights(SMALL, 1);
    const batch = someTokens(SMALL, 2, 5, 2);
    const coefficients = someCoefficients(batch, 3);
    const others = coefficients.map((c, i) => (i % 5 === 0 ? c + 7 : c));
    expect(referenceGradient(SMALL, weights, batch, others)).toEqual(
      referenceGradient(SMALL, weights, batch, coefficients),
    );
  });

  test("of a batch is the sum of its rows'", () => {
    const weights = someWeights(SMALL, 1);
    const batch = someTokens(SMALL, 3, 7, 2);
    const coefficients = someCoefficients(batch, 3);
    const rows = [0, 1, 2].map((b) => {
      const [from, to] = [b * 7, b * 7 + 7];
      const row = { tokens: batch.tokens.slice(from, to), rows: 1, columns: 7 };
      return referenceGradient(SMALL, weights, row, coefficients.slice(from, to));
    });
    const sum = rows.reduce((total, row) => total.map((value, i) => value + row[i]!));
    expect(worstTensorError(SMALL, sum, referenceGradient(SMALL, weights, batch, coefficients))).toBeLessThan(1e-13);
  });
});

describe("against jax-js in float64", () => {
  test.each([
    ["a small decoder", SMALL, 3, 9],
    ["three layers and other widths", ODD, 2, 6],
  ] as const)("log-probs and gradient agree: %s", async (_, shape, rows, columns) => {
    const weights = someWeights(shape, 11);
    const batch = someTokens(shape, rows, columns, 12);
    const coefficients = someCoefficients(batch, 13);
    const jax = await jaxDecoder(shape, weights, batch, coefficients);
    const predicted = referenceLogProbs(shape, weights, batch).filter((__, i) => i % columns > 0);
    expect(worstDifference(predicted, jax.logProbs)).toBeLessThan(1e-13);
    const gradient = referenceGradient(shape, weights, batch, coefficients);
    expect(worstTensorError(shape, gradient, jax.gradient)).toBeLessThan(1e-13);
  });
});

describe("the reference decoder", () => {
  const weights = someWeights(SMALL, 21);
  const batch = someTokens(SMALL, 1, 12, 22);

  test("a later token never changes an earlier logit", () => {
    const logits = logitsOf(SMALL, weights, batch.tokens);
    for (let changed = 0; changed < 12; changed++) {
      const others = batch.tokens.with(changed, (batch.tokens[changed]! + 5) % SMALL.vocabulary);
      const changedLogits = logitsOf(SMALL, weights, others);
      const until = changed * SMALL.vocabulary;
      expect(changedLogits.subarray(0, until)).toEqual(logits.subarray(0, until));
      expect(worstDifference(changedLogits.subarray(until), logits.subarray(until))).toBeGreaterThan(1e-3);
    }
  });

  test("the probabilities of every next token sum to one", () => {
    for (let columns = 2; columns <= 12; columns++) {
      const tokens = Int32Array.from({ length: SMALL.vocabulary * columns }, (_, i) =>
        i % columns === columns - 1 ? Math.floor(i / columns) : batch.tokens[i % columns]!,
      );
      const all = referenceLogProbs(SMALL, weights, { tokens, rows: SMALL.vocabulary, columns });
      const total = all.reduce((sum, lp, i) => (i % columns === columns - 1 ? sum + Math.exp(lp) : sum), 0);
      expect(total).toBeCloseTo(1, 13);
    }
  });

  test("the log-prob of a first token is a placeholder of 0", () => {
    expect(referenceLogProbs(SMALL, weights, someTokens(SMALL, 3, 1, 1))).toEqual(new Float64Array(3));
  });

  test("without attention and feed-forward the logits are products of embeddings", () => {
    const idle = weights.slice();
    const { layers, finalNorm } = layoutOf(SMALL);
    for (const { output, down } of layers) {
      idle.fill(0, output, output + SMALL.width ** 2);
      idle.fill(0, down, down + SMALL.width * SMALL.hidden);
    }
    idle.fill(1, finalNorm, finalNorm + SMALL.width);
    const row = (id: number): Float64Array => idle.slice(id * SMALL.width, (id + 1) * SMALL.width);
    const wanted = [3, 7].flatMap((token) => {
      const x = row(token);
      const rms = Math.sqrt(x.reduce((sum, e) => sum + e * e, 0) / SMALL.width + SMALL.normEpsilon);
      return Array.from({ length: SMALL.vocabulary }, (_, v) =>
        row(v).reduce((sum, e, i) => sum + (e * x[i]!) / rms, 0),
      );
    });
    expect(worstDifference(logitsOf(SMALL, idle, [3, 7]), wanted)).toBeLessThan(1e-14);
  });

  test.each([
    ["world-token", [0, 12], "token id 12 at 1 is outside the vocabulary of 12"],
    ["world-token", [-1], "token id -1 at 0"],
    ["world-token", [1.5], "token id 1.5 at 0"],
    ["world-context", new Int32Array(13), "13 tokens do not fit a context of 12"],
  ])("refuses what it cannot read: %s", (code, tokens, what) => {
    const run = () => logitsOf(SMALL, weights, tokens);
    expect(run).toThrow(StudyError);
    expect(run).toThrow(expect.objectContaining({ code, what: expect.stringContaining(what) }));
  });

  test("refuses the weights of another shape", () => {
    expect(() => logitsOf(SMALL, weights.subarray(1), [0])).toThrow(
      expect.objectContaining({ code: "world-weights", what: expect.stringContaining(String(weights.length - 1)) }),
    );
  });
});

describe("a block of the reference", () => {
  test("a linear map is a matrix times each row", () => {
    const w = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect([...linear(Float64Array.of(1, 0, 2, 0, 1, 0), w, 3)]).toEqual([7, 16, 2, 5]);
  });

  test("a normed row has root mean square one, whatever its size", () => {
    const x = normals(8, 1);
    const gain = new Float64Array(8).fill(1);
    const y = rmsNorm(x, gain, 0);
    expect(y.reduce((sum, e) => sum + e * e, 0) / 8).toBeCloseTo(1, 14);
    const larger = x.map((e) => 40 * e);
    expect(worstDifference(rmsNorm(larger, gain, 0), y)).toBeLessThan(1e-15);
  });

  test("rotary products depend on the distance of the positions alone", () => {
    const [query, key] = [normals(8, 2), normals(8, 3)];
    // The same query and key at every position.
    const everywhere = (row: Float64Array): Float64Array =>
      rotate(
        Float64Array.from({ length: 80 }, (_, i) => row[i % 8]!),
        8,
        1,
        100,
        1,
      );
    const [queries, keys] = [everywhere(query), everywhere(key)];
    const product = (t: number, s: number): number =>
      query.reduce((sum, _, i) => sum + queries[8 * t + i]! * keys[8 * s + i]!, 0);
    for (let distance = 0; distance < 10; distance++)
      for (let t = distance; t < 10; t++) expect(product(t, t - distance)).toBeCloseTo(product(distance, 0), 12);
    expect(Math.abs(product(1, 0) - product(0, 0))).toBeGreaterThan(0.01);
  });

  test("a rotation turns pair i of head and position by position · base^(−2i / headWidth)", () => {
    // Two heads of two pairs: position 3 turns the pairs by 3 and 3 / 10, in both heads alike.
    const x = new Float64Array(32);
    for (const i of [24, 26, 28, 30]) x[i] = 1;
    const angles = [3, 0.3, 3, 0.3];
    const wanted = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    expect(worstDifference(rotate(x, 8, 2, 100, 1).subarray(24), wanted)).toBeLessThan(1e-15);
  });

  test("turning there and back changes nothing", () => {
    const x = normals(48, 4);
    expect(worstDifference(rotate(rotate(x, 8, 2, 100, 1), 8, 2, 100, -1), x)).toBeLessThan(1e-14);
  });

  test("attention to equal keys is the mean of the values so far", () => {
    const value = Float64Array.of(1, 10, 3, 20, 8, 60);
    const equal = { query: normals(6, 5), key: new Float64Array(6).fill(1), value };
    expect(worstDifference(attention(equal, 2, 2), [1, 10, 2, 15, 4, 30])).toBeLessThan(1e-14);
  });

  test("attention to one overwhelming key is its value", () => {
    const key = Float64Array.of(0, 0, 900, 0, 0, 0);
    const attended = { query: new Float64Array(6).fill(1), key, value: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(worstDifference(attention(attended, 2, 1), [1, 2, 3, 4, 3, 4])).toBeLessThan(1e-14);
  });

  test("the gate of SwiGLU closes far below zero and is the identity far above", () => {
    const y = swiGlu(Float64Array.of(-800, -1, 0, 1, 800), Float64Array.of(2, 2, 2, 2, 2));
    const e = Math.E;
    expect(worstDifference(y, [0, -2 / (1 + e), 0, (2 * e) / (1 + e), 1600])).toBeLessThan(1e-14);
  });
});

describe("initial weights", () => {
  test("gains are one, maps keep a row's size, and those to the residual stream are smaller by the root of 2 · layers", () => {
    const weights = initialWeights(DEFAULT_SHAPE, stream(1, "weights"));
    const expected = (name: string, inputs: number): number => 1 / (inputs * (/o_proj|down_proj/.test(name) ? 4 : 1));
    const outside = layoutOf(DEFAULT_SHAPE).tensors.filter(({ name, dimensions: [, inputs], offset, size }) => {
      const tensor = weights.subarray(offset, offset + size);
      if (inputs === undefined) return tensor.some((gain) => gain !== 1);
      const meanSquare = tensor.reduce((sum, w) => sum + w * w, 0) / size;
      // The mean square of so many normals has standard error √(2 / size).
      return !(Math.abs(meanSquare / expected(name, inputs) - 1) < 4 * Math.sqrt(2 / size));
    });
    expect(outside).toEqual([]);
  });

  test("begin near ignorance: a token costs the log of the vocabulary, and at most a nat more", () => {
    const batch = someTokens(DEFAULT_SHAPE, 4, 64, 1);
    const logProbs = referenceLogProbs(DEFAULT_SHAPE, initialWeights(DEFAULT_SHAPE, stream(1, "weights")), batch);
    const cost = -logProbs.reduce((sum, lp) => sum + lp, 0) / (4 * 63);
    expect(cost).toBeGreaterThan(Math.log(32) - 0.1);
    expect(cost).toBeLessThan(Math.log(32) + 1);
  });
});
