import { describe, expect, test } from "vitest";
import { StudyError } from "../../../src/terms/errors.ts";
import { choice, post, refused, sampled, serving, until } from "./asking.ts";

describe("a request that cannot be honoured", () => {
  const wrong: [string, Record<string, unknown>, string, RegExp][] = [
    ["no prompt", {}, "prompt", /missing/],
    ["an empty prompt", { prompt: "" }, "prompt", /empty/],
    ["no token ids", { prompt: [] }, "prompt", /empty/],
    ["an empty prompt among others", { prompt: ["3", ""] }, "prompt[1]", /empty/],
    ["a number for a prompt", { prompt: 3 }, "prompt", /prompt is 3/],
    ["half a token id", { prompt: [[1], [2, 3.5]] }, "prompt[1][1]", /is 3.5/],
    ["text among token ids", { prompt: [1, "2"] }, "prompt[1]", /is "2"/],
    [
      "a token id outside the vocabulary",
      {
        prompt: [
          [1, 2],
          [3, 32],
        ],
      },
      "prompt[1][1]",
      /is 32, outside the vocabulary of 32/,
    ],
    ["a negative token id", { prompt: [-1] }, "prompt[0]", /is -1, outside/],
    ["a character that is no token", { prompt: ["3", "3x"] }, "prompt[1]", /character "x" at 1/],
    [
      "a prompt longer than the context",
      { prompt: "3".repeat(65), max_tokens: 1 },
      "prompt",
      /maximum context length is 64 tokens, .* has 65 .* 66 in all/,
    ],
    [
      "an answer longer than the context",
      { prompt: "3".repeat(60), max_tokens: 5 },
      "max_tokens",
      /maximum context length is 64 tokens, .* has 60 .* 5 more, 65 in all/,
    ],
    ["n 0", { prompt: "3", n: 0 }, "n", /n is 0, but must be a whole number from 1 to 1024/],
    ["n above 1024", { prompt: "3", n: 1025 }, "n", /n is 1025/],
    [
      "too many choices",
      { prompt: Array.from({ length: 17 }, () => "3"), n: 1024 },
      "n",
      /17 prompts with n = 1024 .* 16384/,
    ],
    ["a best_of that is not n", { prompt: "3", n: 2, best_of: 3 }, "best_of", /best_of is 3, .* n, 2/],
    ["several greedy answers", { prompt: "3", n: 2, temperature: 0 }, "n", /greedy/],
    ["a negative temperature", { prompt: "3", temperature: -1 }, "temperature", /is -1/],
    ["a temperature that vLLM would raise", { prompt: "3", temperature: 0.001 }, "temperature", /from 0.01/],
    ["a string for a number", { prompt: "3", temperature: "1" }, "temperature", /is "1"/],
    ["a top_p of 0", { prompt: "3", top_p: 0 }, "top_p", /above 0/],
    ["a top_k of −2", { prompt: "3", top_k: -2 }, "top_k", /is -2/],
    ["a min_p above 1", { prompt: "3", min_p: 1.5 }, "min_p", /is 1.5/],
    ["a negative max_tokens", { prompt: "3", max_tokens: -1 }, "max_tokens", /is -1/],
    ["nothing to do", { prompt: "3", max_tokens: 0 }, "max_tokens", /neither echo nor prompt_logprobs/],
    ["five stop strings", { prompt: "3", stop: ["1", "2", "3", "4", "5"] }, "stop", /at most 4/],
    ["an empty stop string", { prompt: "3", stop: "" }, "stop", /none of them empty/],
    ["six log-probabilities a token", { prompt: "3", logprobs: 6 }, "logprobs", /0 to 5/],
    ["true for a number", { prompt: "3", logprobs: true }, "logprobs", /is true/],
    ["a whole vocabulary of them", { prompt: "3", prompt_logprobs: -1 }, "prompt_logprobs", /is -1/],
    ["a seed of 1.5", { prompt: "3", seed: 1.5 }, "seed", /1.5/],
    ["a stream", { prompt: "3", stream: true }, "stream", /does not stream/],
    ["a penalty", { prompt: "3", frequency_penalty: 0.5 }, "frequency_penalty", /cannot be honoured/],
    ["a repetition penalty of 0", { prompt: "3", repetition_penalty: 0 }, "repetition_penalty", /must be 1 or null/],
    ["a bias", { prompt: "3", logit_bias: { 3: 1 } }, "logit_bias", /cannot be honoured/],
    ["stop tokens", { prompt: "3", stop_token_ids: [3] }, "stop_token_ids", /cannot be honoured/],
    ["a field that nobody knows", { prompt: "3", temprature: 1 }, "temprature", /no field/],
    ["no model", { model: undefined, prompt: "3" }, "model", /model is missing/],
  ];
  test.each(wrong)("%s is refused with 400, the field and the value", async (_, body, param, message) => {
    const { server, engine } = await serving();
    const error = await refused(await post(server, body));
    expect(error).toMatchObject({ status: 400, type: "BadRequestError", code: 400, param });
    expect(error.message).toMatch(message);
    expect([engine.sampled, engine.scored, server.stats().served]).toEqual([[], [], 0]);
  });

  const malformed: [string, string, RegExp][] = [
    ["nothing", "", /not JSON/],
    ["half a body", '{"model": "tuned", "prompt": ', /not JSON/],
    ["NaN, as Python writes it", '{"model": "tuned", "prompt": "3", "temperature": NaN}', /not JSON/],
    ["a list", "[1, 2]", /must be a JSON object/],
    ["null", "null", /must be a JSON object/],
    [
      "a seed of more than 64 bits",
      '{"model": "tuned", "prompt": "3", "seed": 9223372036854775808}',
      /seed is 9223372036854775808/,
    ],
    ["a seed in floating point", '{"model": "tuned", "prompt": "3", "seed": 1e300}', /seed is "1e300"/],
    ["an endless temperature", '{"model": "tuned", "prompt": "3", "temperature": 1e999}', /temperature/],
  ];
  test.each(malformed)("%s is refused with 400", async (_, body, message) => {
    const { server } = await serving();
    const error = await refused(await post(server, body));
    expect(error).toMatchObject({ status: 400, type: "BadRequestError", code: 400 });
    expect(error.message).toMatch(message);
  });

  test("a model that is not there is 404, and those that are there are told", async () => {
    const { server } = await serving();
    const error = await refused(await post(server, { model: "gpt", prompt: "3" }));
    expect(error).toMatchObject({ status: 404, type: "NotFoundError", code: 404, param: "model" });
    expect(error.message).toBe('The model "gpt" does not exist; choose one of tuned');
  });

  test("fields that change nothing here, or say what is so anyway, are taken", async () => {
    const { server } = await serving();
    const { text } = await choice(server, { prompt: "3+4?", seed: 1 });
    const more = await choice(server, {
      prompt: "3+4?",
      seed: 1,
      user: "me",
      request_id: "1",
      cache_salt: "x",
      priority: 3,
      skip_special_tokens: false,
      n: 1,
      best_of: 1,
      stream: false,
      stream_options: null,
      suffix: "",
      frequency_penalty: 0,
      presence_penalty: 0.0,
      repetition_penalty: 1.0,
      logit_bias: {},
      stop_token_ids: [],
      stop: [],
      ignore_eos: false,
      min_tokens: 0,
      use_beam_search: false,
      response_format: { type: "text" },
      allowed_token_ids: null,
    });
    expect(more.text).toBe(text);
  });

  test("what an engine refuses is 400 and what breaks in it 500, and neither touches those beside it", async () => {
    const { server, engine } = await serving();
    engine.fails = (prompt) => {
      if (prompt === "1?") return new StudyError({ code: "stub", what: "1? is no problem", mend: "pose one" });
      return prompt === "2?" ? new Error("the kernel broke") : undefined;
    };
    const release = engine.hold();
    const before = post(server, { prompt: "4?" });
    await until(() => expect(server.stats().running).toBe(1));
    const together = ["1?", "2?", "3?"].map((prompt) => post(server, { prompt, seed: 1 }));
    await until(() => expect(server.stats().queued).toBe(3));
    release();
    const [bad, broken, good] = await Promise.all(together);
    expect(await refused(bad!)).toMatchObject({
      status: 400,
      type: "BadRequestError",
      message: "1? is no problem; pose one.",
    });
    expect(await refused(broken!)).toMatchObject({
      status: 500,
      type: "InternalServerError",
      code: 500,
      message: "The server failed: the kernel broke",
    });
    expect(await good!.json()).toMatchObject({ choices: [{ text: (await sampled("3?", 1)).text }] });
    expect((await before).status).toBe(200);
    expect(engine.sampled).toEqual([1, 3, 1, 1, 1]);
  });
});
