import { afterAll, describe, expect, test } from "vitest";
import { stream } from "../../../src/maths/random.ts";
import { noMoments, update } from "../../../src/worlds/optimiser.ts";
import { Crew } from "../../../src/worlds/transformer/crew.ts";
import { Model, type Batch } from "../../../src/worlds/transformer/model.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../../src/worlds/transformer/shape.ts";
import { END_TOKEN } from "../../../src/worlds/vocabulary.ts";

const shape = { ...DEFAULT_SHAPE, width: 32, heads: 2, hidden: 40, layers: 2 };
const size = layoutOf(shape).size;
const random = stream(1, "test/crew");
const weights = Float32Array.from({ length: size }, () => 0.2 * random.normal());

/** 21 rows of 5 to 30 tokens, the shortest first, as training lays them out. */
const lengths = Array.from({ length: 21 }, (_, row) => 5 + Math.floor((row * 25) / 20));
const batch: Batch = {
  tokens: Int32Array.from({ length: 21 * 30 }, () => random.integer(shape.vocabulary)),
  rows: 21,
  columns: 30,
  lengths,
};
const coefficients = batch.tokens.map((_, i) => (i % 30 < lengths[Math.floor(i / 30)]! ? 1 : 0));

describe("a crew", () => {
  const crews = [1, 2, 3].map((threads) => new Crew(shape, threads, 400, END_TOKEN));
  afterAll(() => Promise.all(crews.map((crew) => crew.close())));

  test("gives the same bits with one, two and three threads, and those of one model alone", () => {
    const model = new Model(shape);
    model.setWeights(weights);
    const alone = model.gradient(batch, coefficients);
    for (const crew of crews) {
      crew.setWeights(weights);
      const { gradient, logProbs } = crew.gradient(batch, coefficients);
      expect(gradient).toEqual(alone);
      expect(logProbs).toEqual(crew.logProbs(batch));
      expect(logProbs).toEqual(model.logProbs(batch));
    }
  });

  test("what stands behind the rows' ends does not matter", () => {
    const [crew] = crews;
    crew!.setWeights(weights);
    const { lengths: _, ...whole } = batch;
    const cut = crew!.gradient(batch, coefficients);
    const padded = crew!.gradient(whole, coefficients);
    for (const [row, length] of lengths.entries())
      expect(padded.logProbs.slice(row * 30, row * 30 + length)).toEqual(
        cut.logProbs.slice(row * 30, row * 30 + length),
      );
    const worst = Math.max(...cut.gradient.map((g, i) => Math.abs(g - padded.gradient[i]!)));
    expect(worst).toBeLessThan(1e-5 * Math.max(...cut.gradient.map(Math.abs)));
  });

  test("draws the same answers with one, two and three threads", () => {
    const prompts = Array.from({ length: 300 }, (_, i) => [1 + (i % 9), 10, 2]);
    const seeds = prompts.map((_, i) => i);
    const sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 20, stop: [] };
    const drawn = crews.map((crew) => {
      crew.setWeights(weights);
      const { tokens, lengths: ends, logProbs, ended } = crew.sample(prompts, seeds, sampler);
      return prompts.map((_, row) => {
        const [from, to] = [row * shape.context, row * shape.context + ends[row]!];
        return [[...tokens.subarray(from, to)], [...logProbs.subarray(from + 3, to)], ended[row]];
      });
    });
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).toEqual(drawn[0]);
  });

  test("twenty steps of training end at the same bits, run again and with more threads", () => {
    const trained = crews.map((crew) => {
      const own = Float32Array.from(weights);
      let moments = noMoments(size);
      const options = { learningRate: 1e-3, warmupSteps: 0, finalRate: 1, weightDecay: 0.01, maxGradientNorm: 1 };
      for (let step = 0; step < 20; step++) {
        crew.setWeights(own);
        moments = update(
          own,
          moments,
          crew.gradient(
            batch,
            coefficients.map((c) => -c),
          ).gradient,
          1e-3,
          options,
        );
      }
      return own;
    });
    expect(trained[1]).toEqual(trained[0]);
    expect(trained[2]).toEqual(trained[0]);
    expect(trained[0]).not.toEqual(weights);
  });

  test("a batch that is too large is refused, and the crew goes on", () => {
    const [crew] = crews;
    const tokens = new Int32Array(401 * 5);
    expect(() => crew!.logProbs({ tokens, rows: 401, columns: 5 })).toThrow(/room for 400 rows, got 401/);
    expect(crew!.logProbs(batch)).toHaveLength(21 * 30);
  });
});
