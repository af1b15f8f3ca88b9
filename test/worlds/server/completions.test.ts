import { describe, expect, test } from "vitest";
import { seedsOf } from "../../../src/worlds/server/completions.ts";
import { decode, encode, END_TOKEN } from "../../../src/worlds/vocabulary.ts";
import { IMPOSSIBLE, logProb, StubEngine } from "../../support/stub-engine.ts";
import { asked, choice, post, refused, sampled, serving } from "./asking.ts";

describe("a completion", () => {
  test("is what the engine answers to the same prompt, sampler and seed", async () => {
    const { server } = await serving();
    const reply = await asked(server, { prompt: "3+4?", seed: 7, return_token_ids: true, logprobs: 1 });
    const answer = await sampled("3+4?", 7);
    expect(reply).toMatchObject({ object: "text_completion", model: "tuned", system_fingerprint: "stub 1" });
    expect(reply.usage).toEqual({
      prompt_tokens: 4,
      completion_tokens: answer.tokenIds.length,
      total_tokens: 4 + answer.tokenIds.length,
    });
    expect(reply.choices).toMatchObject([
      {
        index: 0,
        text: answer.text,
        finish_reason: answer.finish,
        stop_reason: null,
        token_ids: answer.tokenIds,
        prompt_token_ids: encode("3+4?"),
        seed: 7,
      },
    ]);
    expect(reply.choices[0]!.logprobs!.token_logprobs).toEqual(answer.rawLogProbs);
  });

  test("takes a string, token ids, or a list of either, and answers prompt after prompt", async () => {
    const { server } = await serving();
    const texts = async (prompt: unknown) =>
      (await asked(server, { prompt, n: 2, seed: 5 })).choices.map(({ text }) => text);
    const both = await texts(["3+4?", "1*2?"]);
    expect(both).toHaveLength(4);
    expect(await texts([encode("3+4?"), encode("1*2?")])).toEqual(both);
    expect(await texts(encode("3+4?"))).toEqual(both.slice(0, 2));
    expect(await texts("3+4?")).toEqual(both.slice(0, 2));
    const seeds = seedsOf(5, 4);
    expect(both).toEqual([
      ...(await Promise.all(seeds.slice(0, 2).map(async (seed) => (await sampled("3+4?", seed)).text))),
      ...(await Promise.all(seeds.slice(2).map(async (seed) => (await sampled("1*2?", seed)).text))),
    ]);
  });

  test("sends every field of the sampler on", async () => {
    const { server } = await serving();
    const fields = { temperature: 0.7, top_p: 0.9, top_k: 5, min_p: 0.05, max_tokens: 20, stop: "3" };
    const { text } = await choice(server, { prompt: "3+4?", seed: 1, include_stop_str_in_output: true, ...fields });
    const sampler = { temperature: 0.7, topP: 0.9, topK: 5, minP: 0.05, maxTokens: 20, stop: ["3"] };
    expect(text).toBe((await sampled("3+4?", 1, sampler)).text);
  });

  test("at temperature 0 is drawn from the one most likely token, whatever the other cuts say", async () => {
    const { server } = await serving();
    const { text } = await choice(server, { prompt: "3+4?", temperature: 0, top_p: 0.5, min_p: 0.5, top_k: 7 });
    expect(text).toBe((await sampled("3+4?", 0, { topK: 1 })).text);
  });

  test("top_k −1 is 0, and null is what is not sent", async () => {
    const { server } = await serving();
    const { text } = await choice(server, { prompt: "3+4?", seed: 2 });
    expect(
      (await choice(server, { prompt: "3+4?", seed: 2, top_k: -1, temperature: null, stop: null, logprobs: null }))
        .text,
    ).toBe(text);
  });

  test("is cut before a stop string, but keeps its tokens; told to, it keeps the string", async () => {
    const { server } = await serving();
    const whole = await sampled("3+4?", 3);
    const stop = whole.text.slice(4, 6);
    const end = whole.text.indexOf(stop);
    const body = { prompt: "3+4?", seed: 3, stop: ["zz", stop], return_token_ids: true };
    const cut = await choice(server, body);
    expect(cut).toMatchObject({ text: whole.text.slice(0, end), finish_reason: "stop", stop_reason: stop });
    expect(cut.token_ids).toEqual(whole.tokenIds.slice(0, end + 2));
    const kept = await choice(server, { ...body, include_stop_str_in_output: true });
    expect(kept).toMatchObject({ text: whole.text.slice(0, end + 2), stop_reason: stop });
  });

  test("keeps the end token in its text", async () => {
    const { server } = await serving();
    const { choices } = await asked(server, { prompt: "3+4?", seed: 1, n: 64, max_tokens: 60, return_token_ids: true });
    const ended = choices.filter(({ finish_reason }) => finish_reason === "stop");
    expect(ended.length).toBeGreaterThan(0);
    for (const { text, token_ids, stop_reason } of ended) {
      expect([text.at(-1), token_ids!.at(-1), stop_reason]).toEqual([".", END_TOKEN, null]);
      expect(text).toBe(decode(token_ids!));
    }
    const cutOff = choices.filter(({ finish_reason }) => finish_reason === "length");
    expect(cutOff.length).toBe(64 - ended.length);
    for (const { token_ids } of cutOff) expect(token_ids).toHaveLength(60);
  });
});

describe("seeds", () => {
  test("a single choice has the request's own seed modulo 2³², all its 64 bits heeded", async () => {
    const { server } = await serving();
    const seedOf = async (seed: string) => {
      const response = await post(
        server,
        `{"model": "tuned", "prompt": "3?", "user": {"seed": 5}, "seed": ${seed}, "metadata": [{"seed": 6}]}`,
      );
      return ((await response.json()) as { choices: { seed: number }[] }).choices[0]!.seed;
    };
    expect(await seedOf("4294967295")).toBe(2 ** 32 - 1);
    expect(await seedOf("4294967296")).toBe(0);
    expect(await seedOf("-2")).toBe(2 ** 32 - 2);
    expect(await seedOf("9007199254740993")).toBe(1);
    expect(await seedOf("9223372036854775807")).toBe(2 ** 32 - 1);
    expect(await seedOf("-9223372036854775807")).toBe(1);
  });

  test("several choices have distinct seeds, and each sent alone gives its answer again", async () => {
    const { server } = await serving();
    const { choices } = await asked(server, { prompt: ["3+4?", "1*2?"], n: 8, seed: 7 });
    expect(choices.map(({ seed }) => seed)).toEqual(seedsOf(7, 16));
    expect(new Set(choices.map(({ seed }) => seed)).size).toBe(16);
    const again = await choice(server, { prompt: "1*2?", seed: choices[11]!.seed });
    expect(again.text).toBe(choices[11]!.text);
  });

  test("requests with neighbouring seeds share no choice, as they would if choices only counted on", () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seedsOf(seed, 64)).flat();
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });

  test("without a seed, or with −1, a fresh one is drawn and told", async () => {
    const { server } = await serving();
    const replies = await Promise.all(
      [undefined, undefined, -1, null].map((seed) => choice(server, { prompt: "3+4?", seed })),
    );
    expect(new Set(replies.map(({ seed }) => seed)).size).toBe(4);
    for (const { seed, text } of replies) expect((await choice(server, { prompt: "3+4?", seed })).text).toBe(text);
  });
});

describe("log-probabilities", () => {
  test("stand in OpenAI's older shape, the token's own only", async () => {
    const { server } = await serving();
    const { text, token_ids, logprobs } = await choice(server, {
      prompt: "3+4?",
      seed: 1,
      logprobs: 5,
      return_token_ids: true,
    });
    const all = [...encode("3+4?"), ...token_ids!];
    const expected = token_ids!.map((_, i) => logProb(all, 4 + i));
    expect(logprobs).toEqual({
      tokens: [...text],
      token_logprobs: expected,
      top_logprobs: expected.map((one, i) => ({ [text[i]!]: one })),
      text_offset: expected.map((_, i) => i),
    });
    expect((await choice(server, { prompt: "3+4?", seed: 1 })).logprobs).toBeNull();
    expect((await choice(server, { prompt: "3+4?", seed: 1, logprobs: 0 })).logprobs).toEqual(logprobs);
  });

  test("name tokens by their ids where asked", async () => {
    const { server } = await serving();
    const { token_ids, logprobs } = await choice(server, {
      prompt: "3+4?",
      seed: 1,
      logprobs: 1,
      return_token_ids: true,
      return_tokens_as_token_ids: true,
    });
    expect(logprobs!.tokens).toEqual(token_ids!.map((id) => `token_id:${id}`));
    expect(Object.keys(logprobs!.top_logprobs[0]!)).toEqual([`token_id:${token_ids![0]}`]);
    expect(logprobs!.text_offset).toEqual(token_ids!.map((_, i) => i));
  });

  test("echo puts the prompt first, whose first token has none", async () => {
    const { server } = await serving();
    const alone = await choice(server, { prompt: "3+4?", seed: 1, logprobs: 1 });
    const echo = await choice(server, { prompt: encode("3+4?"), seed: 1, logprobs: 1, echo: true });
    expect(echo.text).toBe(`3+4?${alone.text}`);
    expect(echo.logprobs!.tokens).toEqual([...echo.text]);
    expect(echo.logprobs!.token_logprobs).toEqual([
      null,
      ...[1, 2, 3].map((i) => logProb(encode("3+4?"), i)),
      ...alone.logprobs!.token_logprobs,
    ]);
    expect(echo.logprobs!.top_logprobs[0]).toBeNull();
    expect(echo.logprobs!.text_offset).toEqual([...echo.text].map((_, i) => i));
  });

  test("prompt_logprobs and max_tokens 0 score and generate nothing", async () => {
    const { server, engine } = await serving();
    const text = "3+4?3+4=7;#7.";
    const ids = encode(text);
    const reply = await asked(server, { prompt: [ids, ids.slice(0, 1)], max_tokens: 0, prompt_logprobs: 1 });
    const [scored, single] = reply.choices;
    expect(scored!.prompt_logprobs).toEqual(
      ids.map((id, i) => (i === 0 ? null : { [id]: { logprob: logProb(ids, i), decoded_token: text[i] } })),
    );
    expect(single!.prompt_logprobs).toEqual([null]);
    expect(scored).toMatchObject({ text: "", finish_reason: "length", logprobs: null, seed: null });
    expect(reply.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 0 });
    expect([engine.sampled, engine.scored]).toEqual([[], [2]]);
  });

  test("echo with max_tokens 0 scores too, and a prompt may then fill the whole context", async () => {
    const { server } = await serving();
    const prompt = "3".repeat(64);
    const { text, logprobs } = await choice(server, { prompt, max_tokens: 0, echo: true, logprobs: 1 });
    expect(text).toBe(prompt);
    expect(logprobs!.token_logprobs).toEqual([
      null,
      ...encode(prompt)
        .slice(1)
        .map((_, i) => logProb(encode(prompt), i + 1)),
    ]);
  });

  test("−∞ is −9999, as JSON has no word for it", async () => {
    const { server } = await serving();
    const { prompt_logprobs } = await choice(server, { prompt: [1, IMPOSSIBLE], max_tokens: 0, prompt_logprobs: 0 });
    expect(prompt_logprobs).toEqual([null, { [IMPOSSIBLE]: { logprob: -9999, decoded_token: "i" } }]);
  });

  test("a model that tells none, or scores nothing, says so", async () => {
    const { server } = await serving({}, new StubEngine({ rawLogProbs: false, scores: false }));
    expect((await choice(server, { prompt: "3?", seed: 1 })).seed).toBe(1);
    const untold = [{ logprobs: 1 }, { prompt_logprobs: 1 }, { echo: true, logprobs: 1 }];
    const errors = await Promise.all(
      untold.map(async (body) => refused(await post(server, { prompt: "3?", ...body }))),
    );
    expect(errors.map(({ status, param }) => [status, param])).toEqual([
      [400, "logprobs"],
      [400, "prompt_logprobs"],
      [400, "echo"],
    ]);
  });
});
