import { describe, expect, test, vi } from "vitest";
import type { Answer, Engine, Score } from "../../src/engines/engine.ts";
import { vllm } from "../../src/engines/vllm.ts";
import { EngineError, type EngineFault } from "../../src/terms/errors.ts";
import type { PolicyDeclared } from "../../src/terms/study.ts";
import { PLAIN } from "../conformance/engine.ts";
import { type Act, badServer, type Bend, type GoodChoice, MODEL } from "../support/bad-server.ts";

/** Waits between tries are made short; how long they are is tested by itself. */
vi.mock(import("../../src/engines/http/retry.ts"), async (real) => ({ ...(await real()), backoff: () => 0.001 }));

const SICK = 7;
const WELL = [8, 9];

/** A server with one sick prompt among two that are well, and what became of the three. */
async function befallen(acts: Act[], declared: Partial<PolicyDeclared> = {}) {
  const server = await badServer();
  const waits: [string, number][] = [];
  const policy = { name: "tuned", engine: "vllm", url: `${server.url}/v1`, model: MODEL, ...declared };
  const engine = await vllm.open(policy, { retried: (why, seconds) => waits.push([why, seconds]) });
  await engine.capabilities();
  server.acts.set(SICK, acts);
  const prompts = [WELL[0]!, SICK, WELL[1]!].map((first) => [first, 1, 2]);
  return { server, engine, waits, prompts };
}

async function sampled(engine: Engine, prompts: readonly number[][]) {
  const answers = await engine.sample(prompts.map((prompt, seed) => ({ prompt, sampler: PLAIN, seed })));
  const [before, sick, after] = answers;
  expect([before, after].map((one) => one instanceof EngineError)).toEqual([false, false]);
  await engine.close?.();
  return sick!;
}

async function scored(engine: Engine, prompts: readonly number[][]) {
  const [before, sick, after] = await engine.score(prompts.map((tokenIds) => ({ tokenIds, from: 1 })));
  expect([before, after]).toEqual([{ rawLogProbs: [-1.125, -1.25] }, { rawLogProbs: [-1.125, -1.25] }]);
  await engine.close?.();
  return sick!;
}

const fault = (answer: Answer | Score) => {
  if (!(answer instanceof EngineError)) throw new Error(`no error, but ${JSON.stringify(answer)}`);
  return { fault: answer.fault, retry: answer.retry, message: answer.message };
};

const HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const many = (act: Act) => Array.from({ length: 10 }, () => act);
const first =
  (bend: (choice: GoodChoice) => unknown): Bend =>
  (reply) => ({ ...reply, choices: [bend(reply.choices[0])] });
const logprobs = (list: unknown): Bend =>
  first((choice) => ({ ...choice, logprobs: { ...choice.logprobs, token_logprobs: list } }));
const raw =
  (find: string, put: string): Bend =>
  (reply) =>
    JSON.stringify(reply).replace(find, put);

describe("what may pass is asked again, and then is as if nothing had been", () => {
  const passing: [string, Act[]][] = [
    ["429", [{ status: 429, text: '{"error":{"message":"slow down"}}' }]],
    ["429 with Retry-After", [{ status: 429, text: "", headers: { "retry-after": "0" } }]],
    ["500", [{ status: 500, text: '{"error":{"message":"CUDA error"}}' }]],
    ["502 with a page", [{ status: 502, text: HTML }]],
    [
      "503 twice",
      [
        { status: 503, text: "" },
        { status: 503, text: "" },
      ],
    ],
    ["a reset in mid-body", [{ reset: '{"id":"cmpl-x","choices":[]}' }]],
    ["half a JSON", [{ status: 200, text: '{"id":"cmpl-x","choices":[{"te' }]],
    ["five misfortunes in a row", [{ reset: "{}" }, ...many({ status: 500, text: "" }).slice(0, 4)]],
  ];
  test.each(passing)("%s", async (_, acts) => {
    const { server, engine, waits, prompts } = await befallen([...acts]);
    expect(await sampled(engine, prompts)).toMatchObject({
      text: "HIJ",
      finish: "stop",
      rawLogProbs: [-0.5, -0.5, -0.5],
    });
    expect(server.tries(SICK)).toBe(acts.length + 1);
    expect(waits).toHaveLength(acts.length);
  });
});

describe("what does not pass is an error in its request's place, after so many tries", () => {
  const lasting: [string, Act, EngineFault, boolean, number, RegExp][] = [
    ["429", { status: 429, text: "later" }, "too many requests", true, 6, /answered 429, "later", 6 times/],
    ["500", { status: 500, text: "" }, "server error", true, 6, /answered 500/],
    [
      "502 with a page",
      { status: 502, text: HTML },
      "server error",
      true,
      6,
      /502, " 502 Bad Gateway nginx "|502 Bad Gateway/,
    ],
    ["a reset", { reset: '{"a":1}' }, "reset", true, 6, /broke off/],
    ["half a JSON", { status: 200, text: '{"a":' }, "bad answer", true, 6, /half a JSON, "\{\\"a\\":"/],
    ["a page with 200", { status: 200, text: HTML }, "bad answer", false, 1, /no JSON, "<html>/],
    ["400", { status: 400, text: '{"error":{"message":"bad top_k"}}' }, "refused", false, 1, /400, "bad top_k"/],
    ["401", { status: 401, text: '{"error":"Unauthorized"}' }, "refused", false, 1, /401, "Unauthorized".*apiKeyEnv/],
    ["403", { status: 403, text: "" }, "refused", false, 1, /403/],
    ["404", { status: 404, text: '{"detail":"Not Found"}' }, "refused", false, 1, /404, "Not Found".*\/v1/],
    ["422", { status: 422, text: "" }, "refused", false, 1, /422/],
    ["a move", { status: 307, text: "", headers: { location: "http://elsewhere/" } }, "refused", false, 1, /307/],
  ];
  test.each(lasting)("%s", async (_, act, kind, retry, tries, message) => {
    const { server, engine, prompts } = await befallen(many(act));
    const sick = fault((await sampled(engine, prompts)) as Answer);
    expect(sick).toMatchObject({ fault: kind, retry });
    expect(sick.message).toMatch(message);
    expect(sick.message).toContain("policy tuned");
    expect(server.tries(SICK)).toBe(tries);
  });

  test("a hang: twice, each until the deadline", async () => {
    const { server, engine, prompts } = await befallen(many("hang"), { deadlineSeconds: 0.2 });
    expect(fault((await sampled(engine, prompts)) as Answer)).toMatchObject({
      fault: "timed out",
      retry: true,
      message: expect.stringContaining("did not answer within 0.2 s, 2 times"),
    });
    expect(server.tries(SICK)).toBe(2);
  });

  test("a Retry-After beyond the deadline: at once, and saying so", async () => {
    const late = { status: 429, text: "", headers: { "retry-after": "3600" } };
    const { server, engine, prompts } = await befallen([late]);
    const { message } = fault((await sampled(engine, prompts)) as Answer);
    expect(message).toContain("wants to be asked again only after 3600 s");
    expect(server.tries(SICK)).toBe(1);
  });
});

test("Retry-After is waited for, where it is longer than our own wait", async () => {
  const { engine, waits, prompts } = await befallen([{ status: 429, text: "", headers: { "retry-after": "1" } }]);
  expect(await sampled(engine, prompts)).toMatchObject({ text: "HIJ" });
  expect(waits).toEqual([[expect.stringContaining("429"), 1]]);
});

describe("an answer that is none is an error in its request's place, asked for once", () => {
  const bad: [string, Bend, RegExp][] = [
    ["no choices", (reply) => ({ ...reply, choices: [] }), /0 choices where one was asked/],
    ["no list of choices", (reply) => ({ ...reply, choices: undefined }), /gave nothing for choices/],
    ["two choices", (reply) => ({ ...reply, choices: [...reply.choices, ...reply.choices] }), /2 choices/],
    ["a choice that is null", (reply) => ({ ...reply, choices: [null] }), /gave null for a choice/],
    ["a list instead of an object", () => [1, 2], /gave nothing for choices/],
    ["null", () => "null", /gave nothing for choices/],
    ["no text", first((choice) => ({ ...choice, text: undefined })), /gave nothing for text/],
    ["an end of its own", first((choice) => ({ ...choice, finish_reason: "abort" })), /ended an answer with "abort"/],
    ["no end", first((choice) => ({ ...choice, finish_reason: null })), /ended an answer with null/],
    ["no token ids", first((choice) => ({ ...choice, token_ids: null })), /gave null for token_ids/],
    ["half a token id", first((choice) => ({ ...choice, token_ids: [1, 2.5, 3] })), /token_ids\[1\] = 2.5/],
    ["a negative token id", first((choice) => ({ ...choice, token_ids: [-1, 2, 3] })), /token_ids\[0\] = -1/],
    ["a token id of no vocabulary", first((choice) => ({ ...choice, token_ids: [1, 2, 2 ** 40] })), /= 1099511627776/],
    ["a text for a token id", first((choice) => ({ ...choice, token_ids: [1, "2", 3] })), /token_ids\[1\] = "2"/],
    [
      "more tokens than asked",
      first((choice) => ({ ...choice, token_ids: Array(13).fill(1), logprobs: null })),
      /13 tokens where 12/,
    ],
    [
      "another prompt's answer",
      first((choice) => ({ ...choice, prompt_token_ids: [7, 1, 3] })),
      /token 3 at 2 of prompt_token_ids, where 2 is/,
    ],
    [
      "a prompt with a token more",
      first((choice) => ({ ...choice, prompt_token_ids: [0, 7, 1, 2] })),
      /4 prompt_token_ids where there are 3/,
    ],
    [
      "log-probabilities of other tokens",
      first((choice) => ({ ...choice, token_ids: [1, 2, 3] })),
      /log-probabilities of \["token_id:72/,
    ],
    ["a log-probability too few", logprobs([-0.5, -0.5]), /2 token_logprobs for 3 tokens/],
    ["one too many", logprobs([-0.5, -0.5, -0.5, -0.5]), /4 token_logprobs for 3 tokens/],
    ["a probability above 1", logprobs([-0.5, 0.5, -0.5]), /token_logprobs\[1\] = 0.5/],
    ["NaN", raw("-0.5", "NaN"), /token_logprobs\[0\] = "NaN"/],
    ["+Infinity", raw("-0.5", "Infinity"), /token_logprobs\[0\] = Infinity/],
  ];
  test.each(bad)("%s", async (_, bend, message) => {
    const { server, engine, prompts } = await befallen([bend]);
    const sick = fault((await sampled(engine, prompts)) as Answer);
    expect(sick).toMatchObject({ fault: "bad answer", retry: false });
    expect(sick.message).toMatch(message);
    expect(server.tries(SICK)).toBe(1);
  });

  test("another model's answer", async () => {
    const { engine, prompts } = await befallen([(reply) => ({ ...reply, model: "base" })]);
    const sick = fault((await sampled(engine, prompts)) as Answer);
    expect(sick).toMatchObject({ fault: "wrong model", retry: false });
    expect(sick.message).toContain('model "step-100" was asked, and "base" answered');
  });

  test("an answer that another request had before", async () => {
    // The first of all answers is the one that capabilities asked for.
    const { engine, prompts } = await befallen([(reply) => ({ ...reply, id: "cmpl-0" })]);
    const sick = fault((await sampled(engine, prompts)) as Answer);
    expect(sick).toMatchObject({ fault: "bad answer", retry: false });
    expect(sick.message).toContain('gave answer "cmpl-0" to two requests');
  });
});

describe("a log-probability that is not told is not invented", () => {
  const untold: [string, Bend][] = [
    ["null in the list", logprobs([-0.5, null, -0.5])],
    ["−9999 in the list, as vLLM writes what it does not know", logprobs([-0.5, -9999, -0.5])],
    ["the lowest float, as llama.cpp writes an underflow", logprobs([-0.5, -3.4028235e38, -0.5])],
    ["null for the list", logprobs(null)],
    ["no log-probabilities at all", first((choice) => ({ ...choice, logprobs: null }))],
  ];
  test.each(untold)("%s: the whole list is absent, and the answer stands", async (_, bend) => {
    const { engine, prompts } = await befallen([bend]);
    const sick = await sampled(engine, prompts);
    expect(sick).toEqual({ text: "HIJ", finish: "stop", tokens: 3, tokenIds: [72, 73, 74] });
  });

  test("−Infinity is told: the token has probability zero", async () => {
    const { engine, prompts } = await befallen([raw("-0.5", "-Infinity")]);
    const sick = await sampled(engine, prompts);
    expect(sick).toMatchObject({ rawLogProbs: [Number.NEGATIVE_INFINITY, -0.5, -0.5] });
  });
});

describe("scores that are none are an error in their request's place", () => {
  const entries = (list: unknown): Bend => first((choice) => ({ ...choice, prompt_logprobs: list }));
  const told = (logprob: unknown) => [null, { "1": { logprob } }, { "2": { logprob: -1 } }];
  const bad: [string, Bend, RegExp][] = [
    ["prompt_logprobs silently ignored", entries(null), /gave null for prompt_logprobs, which it was asked for/],
    ["one too few", entries(told(-1).slice(1)), /2 prompt_logprobs for 3 tokens/],
    [
      "another token's",
      entries([null, { "5": { logprob: -1 } }, null]),
      /prompt_logprobs\[1\] = \{"5".*without token 1/,
    ],
    ["null", entries([null, null, { "2": { logprob: -1 } }]), /log-probability of the token at 1, but gave null/],
    ["−9999", entries(told(-9999)), /log-probability of the token at 1, but gave -9999/],
    ["NaN", raw('"1":{"logprob":-1.125}', '"1":{"logprob":NaN}'), /= "NaN"/],
    ["a positive one", entries(told(0.3)), /= 0.3/],
    ["another text's", first((choice) => ({ ...choice, prompt_token_ids: [7, 1, 9] })), /token 9 at 2/],
  ];
  test.each(bad)("%s", async (_, bend, message) => {
    const { engine, prompts } = await befallen([bend]);
    const sick = fault((await scored(engine, prompts)) as Score);
    expect(sick).toMatchObject({ fault: "bad answer", retry: false });
    expect(sick.message).toMatch(message);
  });

  test("−Infinity is a score: the policy never says this", async () => {
    const { engine, prompts } = await befallen([raw('"1":{"logprob":-1.125}', '"1":{"logprob":-Infinity}')]);
    expect(await scored(engine, prompts)).toEqual({ rawLogProbs: [Number.NEGATIVE_INFINITY, -1.25] });
  });
});
