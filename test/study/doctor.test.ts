import { describe, expect, test } from "vitest";
import type { Answer, Engine } from "../../src/engines/engine.ts";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { doctor, type DoctorOptions } from "../../src/study/doctor.ts";
import { unitWeightOf } from "../../src/study/doctor-weight.ts";
import { stream } from "../../src/maths/random.ts";
import type { Check, DoctorReport } from "../../src/terms/doctor.ts";
import { EngineError } from "../../src/terms/errors.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import { worldEngine } from "../support/served-world.ts";
import { type Illness, reanswering, resampling, rescoring, sick } from "../support/sick-engine.ts";

const SAMPLER = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 32, stop: [] };
const OPTIONS: DoctorOptions = { rollouts: 32, maxTokens: 12, sampler: SAMPLER, seed: 1 };
const PROMPTS = ["3+4?", "1*2-5?", "9-9+9*9?", "0?", "11+22?"];

const healthy = worldEngine();
const patient = (engine: Engine, name = "base") => ({ declared: { name, engine: "world" }, engine });

async function examined(
  engine: Engine,
  options: Partial<DoctorOptions> = {},
): Promise<DoctorReport["policies"][number]> {
  const report = await doctor([patient(engine)], PROMPTS, { ...OPTIONS, ...options });
  return report.policies[0]!;
}

const named = (checks: readonly Check[], kind: string): string[] =>
  checks.filter(({ outcome }) => outcome.kind === kind).map(({ name }) => name);
const found = (checks: readonly Check[], name: string): Check => checks.find((one) => one.name === name)!;

describe("a healthy engine", () => {
  test("passes every check, and its own rollouts weigh 1", async () => {
    const { checks, unitWeight, mismatch, server, lacks } = await examined(healthy);
    expect(named(checks, "passed")).toEqual([
      "reachable",
      "answers",
      "token-ids",
      "echo",
      "score-order",
      "unit-weight",
      "different-seeds",
      "same-seed",
      "temperature",
      "top-k",
      "top-p",
      "min-p",
      "told-cuts",
    ]);
    expect(checks).toHaveLength(13);
    expect(checks.flatMap(({ forbids }) => forbids)).toEqual([]);
    expect({ server, lacks }).toEqual({ server: "crucis-world", lacks: [] });
    expect(unitWeight!.value).toBeCloseTo(1, 4);
    expect(mismatch!.value).toBeLessThan(1e-5);
  });

  test("has a speed where there is a clock: tokens of its own rollouts by the time that they took", async () => {
    // Every look at the clock is 250 ms after the one before, so every batch takes that long.
    let at = 0;
    const batches: number[] = [];
    const counting = sick(healthy, (own) => ({
      score: (requests) => {
        batches.push(requests.reduce((sum, { tokenIds, from }) => sum + tokenIds.length - from, 0));
        return own.score(requests);
      },
    }));
    const { speed } = await examined(counting, { now: () => (at += 250) });
    // The last ones look at cut answers, not at its own rollouts.
    const rates = batches.map((_, i) => batches.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1) / 0.25);
    expect(rates.some((rate) => Math.abs(rate - speed!.scored!) < 1e-9)).toBe(true);
    // One batch of at most 32 × 12 tokens.
    expect(speed!.generated * 0.25).toBeCloseTo(Math.round(speed!.generated * 0.25), 9);
    expect(speed!.generated * 0.25).toBeLessThanOrEqual(32 * 12);
    expect((await examined(healthy)).speed).toBeUndefined();
    const away = new EngineError({
      code: "away",
      what: "nobody answers",
      mend: "wait",
      fault: "unreachable",
      retry: true,
    });
    const silent = await examined(
      sick(healthy, () => ({ sample: () => Promise.reject(away) })),
      { now: () => (at += 250) },
    );
    expect(silent.speed).toBeUndefined();
  });

  test("is asked the same, and found the same, under the same seed", async () => {
    expect(await examined(healthy)).toEqual(await examined(worldEngine()));
  });
});

const topPIgnored = resampling((request) => ({ ...request, sampler: { ...request.sampler, topP: 1 } }));
let asked = 0;

// Each illness, the check that finds it, and what it says.
const ILLNESSES: readonly [string, Illness, string, RegExp][] = [
  [
    "scores that are off by one",
    (engine) => ({
      score: (requests) =>
        engine
          .score(requests.map(({ tokenIds, from }) => ({ tokenIds, from: from - 1 })))
          .then((scores) => scores.map(({ rawLogProbs }) => ({ rawLogProbs: rawLogProbs.slice(0, -1) }))),
    }),
    "unit-weight",
    /differ by \d+(\.\d+)? nats a token, where 0\.1 is the most/,
  ],
  [
    "scores at another temperature",
    rescoring(({ rawLogProbs, ...rest }) => ({ ...rest, rawLogProbs: rawLogProbs.map((one) => 1.3 * one) })),
    "unit-weight",
    /nats a token/,
  ],
  [
    "scores of zero probability for what it drew",
    rescoring((score) => ({ ...score, rawLogProbs: score.rawLogProbs.map((one, t) => (t > 0 ? one : -Infinity)) })),
    "unit-weight",
    /^32 of \d+ tokens that it drew have, drawn or scored, probability zero/,
  ],
  [
    "scores that depend on what was asked before",
    rescoring((score, _, i) => ({ ...score, rawLogProbs: score.rawLogProbs.map((one) => one - 0.01 * i) })),
    "score-order",
    /^asked in reverse, the same texts score 0\.\d+ nats a token apart, where 0\.02/,
  ],
  [
    "scores of one text, whatever it is given",
    rescoring((score) => ({ ...score, rawLogProbs: score.rawLogProbs.map((_, t) => -1 - t / 10) })),
    "echo",
    /it does not read what it scores$/,
  ],
  [
    "scores that are cut short",
    rescoring((score) => ({ ...score, rawLogProbs: score.rawLogProbs.slice(1) })),
    "echo",
    /^it gave \d+ scores for \d+ tokens$/,
  ],
  [
    "ids that are made of text again, doubles merged",
    (engine) => ({ encode: (text) => engine.encode(text.replace(/(.)\1/g, "$1")) }),
    "token-ids",
    /^the ids of "11\+22\?" say "1\+2\?"$/,
  ],
  [
    "prompts that get a blank in front when they are written out",
    (engine) => ({ decode: async (ids) => `~${await engine.decode(ids)}` }),
    "token-ids",
    /^"3\+4\?" has the ids \[3,10,4,14\], and what these say has \[19,3,/,
  ],
  [
    "answers whose ids are another text's",
    reanswering((answer) => ({ ...answer, tokenIds: answer.tokenIds.map((id) => (id + 1) % 32) })),
    "token-ids",
    /^an answer is ".+", and its token ids say ".+"$/,
  ],
  ["top-p that is ignored", topPIgnored, "top-p", /^under top-p 0\.000001, .* and \d+ % without it$/],
  [
    "top-k that is ignored",
    resampling((request) => ({ ...request, sampler: { ...request.sampler, topK: 0 } })),
    "top-k",
    /^under top-k 1/,
  ],
  [
    "min-p that is ignored",
    resampling((request) => ({ ...request, sampler: { ...request.sampler, minP: 0 } })),
    "min-p",
    /^under min-p 1/,
  ],
  [
    "cold that is raised to lukewarm",
    resampling((request) => ({
      ...request,
      sampler: { ...request.sampler, temperature: Math.max(1, request.sampler.temperature) },
    })),
    "temperature",
    /^under temperature 0\.01/,
  ],
  [
    "a seed that is ignored",
    resampling((request) => ({ ...request, seed: asked++ })),
    "same-seed",
    /^\d+ of 32 requests brought another answer/,
  ],
  [
    "one seed for all",
    resampling((request) => ({ ...request, seed: 5 })),
    "different-seeds",
    /^32 requests at temperature 2, each with a seed of its own, brought one answer a prompt/,
  ],
  [
    "scores under a sampler that are the model's",
    rescoring(({ rawLogProbs }) => ({ rawLogProbs, processedLogProbs: rawLogProbs })),
    "told-cuts",
    /under top-k 1, which leaves 0 for one and −∞ for all others$/,
  ],
];

describe("each illness is found by its own check, and by no other", () => {
  test.each(ILLNESSES)("%s", async (_, illness, by, said) => {
    const { checks } = await examined(sick(healthy, illness));
    expect(named(checks, "failed")).toEqual([by]);
    const { outcome } = found(checks, by);
    expect(outcome).toMatchObject({ why: expect.stringMatching(said) });
  });
});

describe("what cannot be examined is refused, and says what it forbids", () => {
  test("an engine that is away is one row; the others are examined all the same", async () => {
    const away = sick(healthy, () => ({
      capabilities: () =>
        Promise.reject(
          new EngineError({
            code: "x",
            what: "nobody answers at :8000",
            mend: "start it",
            fault: "unreachable",
            retry: true,
          }),
        ),
    }));
    const { policies, between } = await doctor([patient(away), patient(healthy, "tuned")], PROMPTS, OPTIONS);
    expect(policies[0]!.checks).toMatchObject([
      { name: "reachable", outcome: { kind: "failed", why: "nobody answers at :8000; start it." } },
    ]);
    expect(policies[0]!.checks[0]!.forbids).toContain("paired-sampling");
    expect(policies[0]).not.toHaveProperty("server");
    expect(named(policies[1]!.checks, "passed")).toHaveLength(13);
    expect(between).toEqual([]);
  });

  test("an engine without token ids and scores is examined as far as it goes", async () => {
    const texts = sick(healthy, (engine) => ({
      capabilities: async () => ({
        ...(await engine.capabilities()),
        tokenIds: false,
        scores: false,
        seeds: false,
        lacks: ["token ids: no hand-off"],
      }),
      sample: async (requests) => (await engine.sample(requests)).map(({ text, finish }): Answer => ({ text, finish })),
    }));
    const { checks, lacks } = await examined(texts);
    expect(lacks).toEqual(["token ids: no hand-off"]);
    expect(named(checks, "failed")).toEqual([]);
    expect(named(checks, "refused")).toEqual([
      "token-ids",
      "echo",
      "score-order",
      "unit-weight",
      "same-seed",
      "told-cuts",
    ]);
    expect(found(checks, "token-ids").forbids).toEqual(["handoff", "cross-scoring", "rare-mass", "power-sampling"]);
    expect(found(checks, "same-seed").forbids).toEqual([]);
  });

  test("some lost answers are told with their reason, and the rest is examined", async () => {
    const lost = new EngineError({
      code: "x",
      what: "it sent half a JSON",
      mend: "…",
      fault: "bad answer",
      retry: false,
    });
    const losing = sick(healthy, (engine) => ({
      sample: async (requests) =>
        (await engine.sample(requests)).map((one, i) =>
          i === 3 && requests.length === 32 && requests[0]!.sampler.temperature === 1 ? lost : one,
        ),
    }));
    const { checks } = await examined(losing);
    expect(named(checks, "failed")).toEqual(["answers"]);
    expect(found(checks, "answers")).toMatchObject({
      outcome: { why: "1 of 32 requests failed: it sent half a JSON" },
      forbids: [],
    });
  });

  test("a policy whose answers are certain shows nothing of its sampler", async () => {
    const greedy = resampling((request) => ({ ...request, sampler: { ...request.sampler, topK: 1 } }));
    const { checks } = await examined(sick(healthy, greedy));
    expect(named(checks, "failed")).toEqual(["different-seeds"]);
    expect(named(checks, "passed")).toEqual(["reachable", "answers", "token-ids", "same-seed"]);
    expect(found(checks, "echo").outcome).toMatchObject({ why: "all its answers to a prompt are the same" });
    expect(found(checks, "top-p").outcome).toMatchObject({ why: expect.stringContaining("hardly differ") });
  });

  test("settings that the study uses forbid everything that is drawn, others a sweep of decoders", async () => {
    const engine = sick(healthy, topPIgnored);
    expect(found((await examined(engine)).checks, "top-p").forbids).toEqual(["decoder-sweep"]);
    const used = await examined(engine, { sampler: { ...SAMPLER, topP: 0.95 } });
    expect(found(used.checks, "top-p").forbids).toContain("paired-sampling");
  });

  test("every forbidden experiment is one of the list", async () => {
    const ill = ILLNESSES.map(async ([, illness]) => (await examined(sick(healthy, illness))).checks);
    const forbidden = new Set((await Promise.all(ill)).flat().flatMap(({ forbids }) => forbids));
    const known = EXPERIMENTS.map(({ name }) => name);
    expect(forbidden.size).toBeGreaterThan(5);
    expect([...forbidden].filter((name) => !known.includes(name))).toEqual([]);
  });

  test("no prompt is a StudyError", async () => {
    await expect(doctor([patient(healthy)], [], OPTIONS)).rejects.toThrow("there is no prompt to ask");
  });

  test("an examination that is given up rejects with the signal's reason", async () => {
    const reason = new Error("given up");
    const signal = AbortSignal.abort(reason);
    await expect(doctor([patient(healthy)], PROMPTS, { ...OPTIONS, signal })).rejects.toBe(reason);
  });
});

describe("between policies", () => {
  test("the same tokenizer passes", async () => {
    const { between } = await doctor([patient(healthy), patient(worldEngine("other"), "tuned")], PROMPTS, OPTIONS);
    expect(between).toMatchObject([{ name: "tokenizer", policies: ["base", "tuned"] }]);
    expect(named(between, "passed")).toEqual(["tokenizer"]);
  });

  test("another template is found, with both readings, and forbids what crosses from one to the other", async () => {
    const chatting = sick(healthy, (engine) => ({
      encode: async (text) => [...encode("ab"), ...(await engine.encode(text)), ...encode("c")],
      sample: (requests) => engine.sample(requests),
    }));
    const declared = { name: "tuned", engine: "vllm", chat: true };
    const { policies, between } = await doctor([patient(healthy), { declared, engine: chatting }], PROMPTS, OPTIONS);
    expect(named(policies[1]!.checks, "failed")).toEqual([]);
    expect(between[0]!.outcome).toEqual({
      kind: "failed",
      why: '"3+4?" is [3,10,4,14] to one and [23,24,3,10,4,14,25] to the other',
    });
    expect(between[0]!.forbids).toContain("cross-scoring");
  });

  test("what one of them cannot read at all is no difference", async () => {
    // The worlds know no blank, so they cannot read a single probe.
    const reading = sick(healthy, (engine) => ({ encode: (text) => engine.encode(text.replace(/[^0-9+*?-]/g, "")) }));
    const { between } = await doctor([patient(healthy), patient(reading, "tuned")], PROMPTS, OPTIONS);
    expect(between[0]!.outcome).toEqual({ kind: "passed", seen: "5 texts" });
  });
});

describe("unit weights", () => {
  const random = stream(1, "test/unit-weight");
  const drawnWith = (spread: number, shift: number) =>
    Array.from({ length: 200 }, () => {
      const drawn = Array.from({ length: 50 }, () => -2 * random.uniform());
      return { drawn, scored: drawn.map((one) => one + shift + spread * random.normal()) };
    });

  test("small noise that is fair passes, and its size is the floor", () => {
    // E exp(N(−s²/2, s²)) = 1: the noise of two arithmetics over one density.
    const { outcome, mismatch, unitWeight } = unitWeightOf(drawnWith(0.02, -0.0002));
    expect(outcome.kind).toBe("passed");
    expect(mismatch!.value).toBeGreaterThan(0.0195);
    expect(mismatch!.value).toBeLessThan(0.0205);
    expect(unitWeight!.low).toBeLessThan(1);
    expect(unitWeight!.high).toBeGreaterThan(1);
  });

  test("a small shift that adds up over a rollout fails by its mean weight", () => {
    // exp(50 · 0.004) = 1.22.
    expect(unitWeightOf(drawnWith(0.01, 0.004)).outcome).toMatchObject({
      kind: "failed",
      why: expect.stringMatching(/^its own rollouts weigh 1\.2\d? ± 0\.00\d+ in the mean, not 1$/),
    });
  });
});
