import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { Engine, Score, TokenAnswer } from "../../src/engines/engine.ts";
import { choose, processed, uniform } from "../../src/engines/llama/density.ts";
import { loadLlama } from "../../src/engines/llama/library.ts";
import { llama } from "../../src/engines/llama.ts";
import { stream } from "../../src/maths/random.ts";
import { StudyError } from "../../src/terms/errors.ts";
import { toGguf } from "../../src/worlds/files/gguf.ts";
import { logSoftmax, process } from "../../src/worlds/transformer/choice.ts";
import { referenceLogProbs } from "../../src/worlds/transformer/reference.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../src/worlds/transformer/shape.ts";
import { CHARACTERS, encode, END_TOKEN } from "../../src/worlds/vocabulary.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { someTokens } from "../support/transformer.ts";

const absent = await loadLlama().then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof StudyError) return error.message;
    throw error;
  },
);

const folder = mkdtempSync(join(tmpdir(), "crucis-llama-"));
afterAll(() => rmSync(folder, { recursive: true }));

function weights(spread: number): Float32Array {
  const random = stream(1, "test/weights");
  return Float32Array.from({ length: layoutOf(DEFAULT_SHAPE).size }, () => spread * random.normal());
}

/** A file as `crucis world export` writes it. */
function fileOf(spread: number): string {
  const path = join(folder, `${spread}.gguf`);
  const model = { shape: DEFAULT_SHAPE, weights: weights(spread), vocabulary: CHARACTERS, end: CHARACTERS[END_TOKEN]! };
  writeFileSync(path, toGguf({ ...model, name: "random" }));
  return path;
}

async function opened(spread = 0.2): Promise<Engine> {
  const engine = await llama.open({ name: "base", engine: "llama", path: fileOf(spread) });
  onTestFinished(() => engine.close?.());
  return engine;
}

if (absent === undefined)
  conforms({
    kind: llama,
    open: () => llama.open({ name: "base", engine: "llama", path: fileOf(0.2) }),
    prompts: ["3+4?", "1*2-5?", "9-9+9*9?", "0?"],
  });

describe.skipIf(absent !== undefined)(`llama${absent === undefined ? "" : ` (${absent})`}`, () => {
  // The bound is twice what the network costs in float32: the worlds' own float32 kernels are off by 2e-5 and 6e-3 here.
  test.each([
    [0.6, 1e-4, -14],
    [2, 2e-2, -150],
  ])(
    "gives the float64 reference's log-probabilities, weights spread by %d: within %d nats, down to %d",
    async (spread, within, lowest) => {
      const engine = await opened(spread);
      const batch = someTokens(DEFAULT_SHAPE, 4, DEFAULT_SHAPE.context, 3);
      const rows = Array.from({ length: batch.rows }, (_, row) =>
        Array.from(batch.tokens.subarray(row * batch.columns, (row + 1) * batch.columns)),
      );
      const scores = await engine.score(rows.map((tokenIds) => ({ tokenIds, from: 1 })));
      const got = scores.flatMap((one) => (one as Score).rawLogProbs);
      // The first token of a row is given.
      const wanted = referenceLogProbs(DEFAULT_SHAPE, Float64Array.from(weights(spread)), batch).filter(
        (_, i) => i % batch.columns > 0,
      );
      expect(got).toHaveLength(wanted.length);
      expect(Math.min(...wanted)).toBeLessThan(lowest);
      expect(Math.max(...got.map((one, i) => Math.abs(one - wanted[i]!)))).toBeLessThan(within);
    },
  );

  test("an answer may fill the context, and no more; nothing of its prompt is forgotten", async () => {
    const engine = await opened();
    const { context } = await engine.capabilities();
    expect(context).toBe(DEFAULT_SHAPE.context);
    const prompt = encode("1".repeat(context! - 1));
    const sampler = { ...PLAIN, maxTokens: 10 };
    const [full, over] = await engine.sample([
      { prompt, sampler, seed: 1 },
      { prompt: [...prompt, 1], sampler, seed: 1 },
    ]);
    expect(full).toMatchObject({ tokens: 1 });
    expect(over).toMatchObject({ fault: "cannot", retry: false, message: expect.stringContaining("64 tokens") });
    const { tokenIds, rawLogProbs } = full as TokenAnswer;
    const [score] = await engine.score([{ tokenIds: [...prompt, ...tokenIds], from: prompt.length }]);
    expect((score as Score).rawLogProbs[0]).toBeCloseTo(rawLogProbs![0]!, 4);
  });

  test("a token id outside the vocabulary fails in its place, and the others do not", async () => {
    const engine = await opened();
    const answers = await engine.score([
      { tokenIds: [1, 32], from: 1 },
      { tokenIds: [1, 31], from: 1 },
    ]);
    expect(answers).toMatchObject([{ fault: "cannot" }, { rawLogProbs: [expect.any(Number)] }]);
  });

  test("work that is given up half-way leaves the engine as it was", async () => {
    const engine = await opened();
    const request = { prompt: encode("3+4?"), sampler: { ...PLAIN, maxTokens: 40 }, seed: 3 };
    const before = await engine.sample([request]);
    const stop = new AbortController();
    const many = engine.sample(
      Array.from({ length: 400 }, (_, seed) => ({ ...request, seed })),
      stop.signal,
    );
    setImmediate(() => stop.abort(new Error("enough")));
    await expect(many).rejects.toThrow("enough");
    expect(await engine.sample([request])).toEqual(before);
  });

  test("another file is another fingerprint", async () => {
    const prints = [0.2, 0.3].map(async (spread) => (await (await opened(spread)).capabilities()).fingerprint);
    expect(new Set(await Promise.all(prints)).size).toBe(2);
  });

  test("a file that is no GGUF is refused by its name", async () => {
    const path = join(folder, "not.gguf");
    writeFileSync(path, "not a model");
    const engine = await llama.open({ name: "base", engine: "llama", path });
    await expect(engine.capabilities()).rejects.toThrow(`${path} cannot be loaded as GGUF`);
  });
});

test("a file that is not there is refused before anything is loaded", async () => {
  const missing = llama.open({ name: "base", engine: "llama", path: "/nowhere/model.gguf" });
  await expect(missing).rejects.toThrow('policy base names "/nowhere/model.gguf", where there is no file');
});

describe("the sampler's density", () => {
  const random = stream(5, "test/density");
  const row = (): Float64Array => {
    const logs = new Float64Array(40);
    // Whole logits make ties.
    logSoftmax(
      Float64Array.from(logs, () => Math.round(3 * random.normal())),
      0,
      40,
      logs,
    );
    return logs;
  };
  test.each([
    { temperature: 0.3 },
    { topK: 5 },
    { topP: 0.8 },
    { minP: 0.05 },
    { temperature: 2, topK: 20, topP: 0.9, minP: 0.01 },
  ])("is the one that the worlds draw from: %o", (change) => {
    const sampler = { ...PLAIN, ...change };
    for (let i = 0; i < 50; i++) {
      const raw = row();
      const wanted = raw.slice();
      process(wanted, sampler);
      const got = processed(raw, sampler);
      // Twice −∞ is the same.
      const apart = got.map((one, token) => (one === wanted[token] ? 0 : Math.abs(one - wanted[token]!)));
      expect(Math.max(...apart)).toBeLessThan(1e-12);
    }
  });

  test("is drawn from by counted numbers that are even over [0, 1)", () => {
    const draws = Array.from({ length: 20_000 }, (_, i) => uniform(i % 100, Math.floor(i / 100)));
    expect(new Set(draws).size).toBe(draws.length);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const tenths = Array.from({ length: 10 }, (_, t) => draws.filter((u) => Math.floor(10 * u) === t).length);
    const chiSquare = tenths.reduce((sum, seen) => sum + (seen - 2000) ** 2 / 2000, 0);
    // The 0.999 quantile at 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(27.9);
  });

  test("never gives a token that is cut off, even at the very end", () => {
    const logs = Float64Array.from([
      Math.log(0.5),
      Number.NEGATIVE_INFINITY,
      Math.log(0.5 - 1e-12),
      Number.NEGATIVE_INFINITY,
    ]);
    expect([0, 0.49, 0.51, 1 - 1e-16].map((at) => choose(logs, at))).toEqual([0, 0, 2, 2]);
  });
});
