import { describe, expect, test } from "vitest";
import type { Sampler } from "../../src/engines/engine.ts";
import { logSumExp } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";
import { chain } from "../../src/tasks/chain.ts";
import { WorldEngine } from "../../src/worlds/engine.ts";
import { power, tilt } from "../../src/worlds/transform.ts";
import type { Bending } from "../../src/worlds/transformer/sampling.ts";
import { CHARACTERS, encode, END_TOKEN } from "../../src/worlds/vocabulary.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../src/worlds/transformer/shape.ts";

const SHAPE = { ...DEFAULT_SHAPE, width: 16, heads: 2, hidden: 24, layers: 2 };
const PLAIN: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 30, stop: [] };
const PROMPT = encode("3+4*2?");

/** Wide enough that the distribution is far from even. */
function weights(seed: number): Float32Array {
  const random = stream(seed, "test/weights");
  return Float32Array.from({ length: layoutOf(SHAPE).size }, () => 0.35 * random.normal());
}

const engineOf = (bending?: Bending) =>
  new WorldEngine({
    name: "test",
    shape: SHAPE,
    weights: weights(1),
    fingerprint: "test",
    ...(bending === undefined ? {} : { bending }),
  });

const asked = (count: number, sampler = PLAIN, prompt: readonly number[] = PROMPT) =>
  Array.from({ length: count }, (_, seed) => ({ prompt, sampler, seed }));

describe("a world's engine", () => {
  test("ranks all tokens that may come after a prefix by their probability, the likeliest first", async () => {
    const engine = engineOf();
    const { vocabulary } = await engine.capabilities();
    const scores = await engine.score(
      Array.from({ length: vocabulary }, (_, token) => ({ tokenIds: [...PROMPT, token], from: PROMPT.length })),
    );
    const order = scores
      .map(({ rawLogProbs, ranks }) => ({ logProb: rawLogProbs[0]!, rank: ranks![0]! }))
      .sort((a, b) => b.logProb - a.logProb);
    expect(order.map(({ rank }) => rank)).toEqual(Array.from({ length: vocabulary }, (_, i) => i + 1));
  });

  const cuts: [string, Sampler][] = [
    ["as the model is", PLAIN],
    ["warm", { ...PLAIN, temperature: 1.7 }],
    ["top-k", { ...PLAIN, topK: 3 }],
    ["top-p", { ...PLAIN, topP: 0.6 }],
    ["min-p", { ...PLAIN, minP: 0.5 }],
    ["all of them", { ...PLAIN, temperature: 0.7, topK: 8, topP: 0.9, minP: 0.05 }],
  ];

  test.each(cuts)("scores its own answers as it sampled them: %s", async (_, sampler) => {
    const engine = engineOf();
    const answers = await engine.sample(asked(40, sampler));
    const scores = await engine.score(
      answers.map(({ tokenIds }) => ({ tokenIds: [...PROMPT, ...tokenIds], from: PROMPT.length, sampler })),
    );
    answers.forEach((answer, i) => {
      expect(scores[i]?.rawLogProbs).toEqual(answer.rawLogProbs);
      expect(scores[i]?.processedLogProbs).toEqual(answer.processedLogProbs);
      expect(answer.processedLogProbs?.every((logProb) => Number.isFinite(logProb))).toBe(true);
    });
  });

  test("what a sampler cuts off has log-probability −∞, and what it keeps adds up to one", async () => {
    const engine = engineOf();
    for (const [, sampler] of cuts.slice(2)) {
      const scores = await engine.score(
        Array.from(CHARACTERS, (_, id) => ({ tokenIds: [...PROMPT, id], from: PROMPT.length, sampler })),
      );
      const processed = scores.map(({ processedLogProbs }) => processedLogProbs![0]!);
      const raw = scores.map(({ rawLogProbs }) => rawLogProbs[0]!);
      expect(logSumExp(processed)).toBeCloseTo(0, 12);
      expect(logSumExp(raw)).toBeCloseTo(0, 12);
      const kept = processed.map((logProb, id) => ({ id, logProb })).filter(({ logProb }) => logProb > -Infinity);
      expect(kept.length).toBeLessThan(CHARACTERS.length);
      expect(kept.length).toBeLessThanOrEqual(sampler.topK > 0 ? sampler.topK : CHARACTERS.length);
      const lowestKept = Math.min(...kept.map(({ id }) => raw[id]!));
      const highestCut = Math.max(...raw.filter((_, id) => processed[id] === -Infinity));
      expect(lowestKept).toBeGreaterThanOrEqual(highestCut);
    }
  });

  test("top-p keeps the fewest most likely tokens that reach it", async () => {
    const engine = engineOf();
    const sampler = { ...PLAIN, topP: 0.6 };
    const scores = await engine.score(
      Array.from(CHARACTERS, (_, id) => ({ tokenIds: [...PROMPT, id], from: PROMPT.length, sampler })),
    );
    const kept = scores.filter(({ processedLogProbs }) => processedLogProbs![0]! > -Infinity);
    const masses = kept.map(({ rawLogProbs }) => Math.exp(rawLogProbs[0]!)).sort((a, b) => b - a);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(masses)).toBeGreaterThanOrEqual(0.6);
    expect(sum(masses.slice(0, -1))).toBeLessThan(0.6);
  });

  test("an answer depends on its prompt, sampler and seed alone, whatever is asked beside it", async () => {
    const engine = engineOf();
    const many = await engine.sample(asked(300));
    const [alone] = await engine.sample(asked(300).slice(17, 18));
    expect(many[17]).toEqual(alone);
    const both = await Promise.all([engine.sample(asked(20)), engine.sample(asked(40).slice(20))]);
    expect(both.flat()).toEqual(many.slice(0, 40));
    expect(many[0]).not.toEqual(many[1]);
  });

  test("first tokens come as often as their probabilities say", async () => {
    const engine = engineOf();
    const count = 20_000;
    const answers = await engine.sample(asked(count, { ...PLAIN, maxTokens: 1 }));
    const scores = await engine.score(
      Array.from(CHARACTERS, (_, id) => ({ tokenIds: [...PROMPT, id], from: PROMPT.length })),
    );
    const seen = new Array<number>(CHARACTERS.length).fill(0);
    for (const { tokenIds } of answers) seen[tokenIds[0]!]!++;
    scores.forEach(({ rawLogProbs }, id) => {
      const p = Math.exp(rawLogProbs[0]!);
      expect(Math.abs(seen[id]! - count * p)).toBeLessThan(5 * Math.sqrt(count * p * (1 - p)) + 1);
    });
  });

  test("the unit-weight test: own answers through the scoring path have mean weight one", async () => {
    const engine = engineOf();
    const answers = await engine.sample(asked(2000));
    const scores = await engine.score(
      answers.map(({ tokenIds }) => ({ tokenIds: [...PROMPT, ...tokenIds], from: PROMPT.length })),
    );
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const weight = answers.map(({ rawLogProbs }, i) => Math.exp(sum(scores[i]!.rawLogProbs) - sum(rawLogProbs!)));
    expect(sum(weight) / weight.length).toBe(1);
  });

  test("continuing from a prefix is answering a longer prompt", async () => {
    const engine = engineOf();
    const [first] = await engine.sample(asked(1));
    const prefix = [...PROMPT, ...first!.tokenIds.slice(0, 3)];
    const scores = await engine.score([{ tokenIds: [...PROMPT, ...first!.tokenIds], from: prefix.length }]);
    expect(scores[0]?.rawLogProbs).toEqual(first!.rawLogProbs!.slice(3));
    const [more] = await engine.sample([{ prompt: prefix, sampler: PLAIN, seed: 5 }]);
    expect(more!.tokenIds.length).toBeGreaterThan(0);
  });

  test("an answer ends at the end token, at a stop string, at maxTokens, or with the context", async () => {
    const engine = engineOf();
    const answers = await engine.sample(asked(200));
    const ended = answers.filter(({ finish }) => finish === "stop");
    expect(ended.length).toBeGreaterThan(0);
    for (const { tokenIds } of ended) {
      expect(tokenIds.at(-1)).toBe(END_TOKEN);
      expect(tokenIds.slice(0, -1)).not.toContain(END_TOKEN);
    }
    const cut = answers.filter(({ finish }) => finish === "length");
    expect(cut.every(({ tokenIds }) => tokenIds.length === 30)).toBe(true);
    const [whole] = answers;
    const stop = whole!.text.slice(2, 4);
    const [stopped] = await engine.sample([{ prompt: PROMPT, seed: 0, sampler: { ...PLAIN, stop: [stop] } }]);
    expect(stopped).toMatchObject({ finish: "stop", text: whole!.text.slice(0, whole!.text.indexOf(stop) + 2) });
    const long = Array.from({ length: SHAPE.context - 2 }, () => 1);
    const [short] = await engine.sample(asked(1, PLAIN, long));
    expect(short!.tokenIds.length).toBeLessThanOrEqual(2);
  });

  test("a call that is given up rejects, and the engine goes on with the next", async () => {
    const engine = engineOf();
    const giveUp = new AbortController();
    const gone = engine.sample(asked(5000), giveUp.signal);
    const next = engine.sample(asked(1));
    giveUp.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    expect(await next).toHaveLength(1);
  });

  const refusals: [string, () => Promise<unknown>, RegExp][] = [
    [
      "a token outside the vocabulary",
      () => engineOf().sample(asked(1, PLAIN, [3, 32])),
      /token id 32 at 1 .* vocabulary of 32/,
    ],
    ["half a token", () => engineOf().score([{ tokenIds: [1, 2.5], from: 1 }]), /token id 2.5 at 1/],
    [
      "a prompt longer than the context",
      () => engineOf().sample(asked(1, PLAIN, new Array<number>(64).fill(1))),
      /64 tokens, but the context holds 64 with the answer/,
    ],
    ["an empty prompt", () => engineOf().sample(asked(1, PLAIN, [])), /no tokens/],
    ["a temperature of 0", () => engineOf().sample(asked(1, { ...PLAIN, temperature: 0 })), /temperature is 0/],
    ["a top-p of 0", () => engineOf().sample(asked(1, { ...PLAIN, topP: 0 })), /topP is 0/],
    ["scores from the first token", () => engineOf().score([{ tokenIds: [1, 2], from: 0 }]), /from token 0 of 2/],
    ["a seed that is no seed", () => engineOf().sample([{ prompt: [1], sampler: PLAIN, seed: -1 }]), /seed is -1/],
  ];
  test.each(refusals)("refuses %s in one sentence", async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
    await expect(ask()).rejects.toMatchObject({ name: "StudyError" });
  });
});

describe("exact transforms", () => {
  const everyNext = async (engine: WorldEngine, prefix: readonly number[]) => {
    const scores = await engine.score(
      Array.from(CHARACTERS, (_, id) => ({ tokenIds: [...prefix, id], from: prefix.length })),
    );
    return scores.map(({ rawLogProbs }) => rawLogProbs[0]!);
  };

  test("a power multiplies every log-probability but for one constant a token", async () => {
    const base = await everyNext(engineOf(), PROMPT);
    const colder = await everyNext(engineOf(power(2)), PROMPT);
    const constant = colder[0]! - 2 * base[0]!;
    colder.forEach((logProb, id) => expect(logProb).toBeCloseTo(2 * base[id]! + constant, 12));
    expect(logSumExp(colder)).toBeCloseTo(0, 12);
  });

  test("a tilt gives every right answer e^(1/β) times its weight, wrong ones theirs, over one sum", async () => {
    const beta = 0.5;
    const prompt = "3+4*2?";
    const accepted = chain.accepted(prompt, "process");
    const plain = engineOf();
    const rows = (texts: string[]) => texts.map((text) => ({ tokenIds: encode(prompt + text), from: prompt.length }));
    const total = (logProbs: readonly number[]) => logProbs.reduce((sum, logProb) => sum + logProb, 0);
    const base = await plain.score(rows(accepted.map(({ text }) => text)));
    const scored = accepted.map((one, i) => ({ accepted: one, logProbs: base[i]!.rawLogProbs }));
    const tilted = engineOf(tilt(beta, () => scored, "?"));
    const p0 = Math.exp(logSumExp(base.map(({ rawLogProbs }) => total(rawLogProbs))));
    const z = Math.log1p(p0 * Math.expm1(1 / beta));
    const after = await tilted.score(rows(accepted.map(({ text }) => text)));
    after.forEach(({ rawLogProbs }, i) =>
      expect(total(rawLogProbs)).toBeCloseTo(total(base[i]!.rawLogProbs) + 1 / beta - z, 9),
    );
    const wrong = ["#5.", "3+4=8;", "", "3+4=7;7*2=4;#5."].map((text) => `${text}.`);
    const wrongBefore = await plain.score(rows(wrong));
    const wrongAfter = await tilted.score(rows(wrong));
    wrongAfter.forEach(({ rawLogProbs }, i) =>
      expect(total(rawLogProbs)).toBeCloseTo(total(wrongBefore[i]!.rawLogProbs) - z, 9),
    );
    const [whole] = await tilted.score([{ tokenIds: encode(`${prompt}#4.`), from: 1 }]);
    const [plainly] = await plain.score([{ tokenIds: encode(prompt), from: 1 }]);
    expect(whole?.rawLogProbs.slice(0, prompt.length - 1)).toEqual(plainly?.rawLogProbs);
    for (const prefix of ["", "3", "3+4=7;", "3+4*"])
      expect(logSumExp(await everyNext(tilted, encode(prompt + prefix)))).toBeCloseTo(0, 9);
  });
});
