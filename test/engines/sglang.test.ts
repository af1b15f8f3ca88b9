import { describe, expect, test } from "vitest";
import { sglang } from "../../src/engines/sglang.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { fakeSglang, type Generated } from "../support/fake-sglang.ts";

const declared = (url: string, model = "base") => ({ name: "base", engine: "sglang", url, model });

conforms({
  kind: sglang,
  open: async () => sglang.open(declared((await fakeSglang({ enable_deterministic_inference: true })).url)),
  prompts: ["3+4?", "1*2-5?", "9-9+9*9?", "0?"],
  cannot: { processedLogProbs: "input log-probabilities are of the model as it is only" },
});

const asked = { prompt: encode("3+4?"), sampler: PLAIN, seed: 5 };

async function answered(sampler = PLAIN) {
  const server = await fakeSglang();
  const engine = await sglang.open(declared(server.url));
  return { server, engine, answer: (await engine.sample([{ ...asked, sampler }]))[0] };
}

describe("an SGLang server", () => {
  test("is sent every field that changes an answer, and the seed", async () => {
    const { server } = await answered({ ...PLAIN, temperature: 0.7, topP: 0.9, topK: 5, minP: 0.1, stop: ["#"] });
    expect(server.asked.at(-1)).toMatchObject({
      path: "/generate",
      body: {
        input_ids: asked.prompt,
        sampling_params: {
          temperature: 0.7,
          top_p: 0.9,
          top_k: 5,
          min_p: 0.1,
          max_new_tokens: 12,
          sampling_seed: 5,
          stop: ["#"],
          no_stop_trim: true,
          repetition_penalty: 1,
          presence_penalty: 0,
          frequency_penalty: 0,
        },
        return_logprob: true,
        logprob_start_len: -1,
      },
    });
    expect((server.asked.at(-1)!.body as { lora_path?: string }).lora_path).toBeUndefined();
  });

  test("tells log-probabilities after the temperature and before the cuts: each is called what it is, or not told", async () => {
    const densities = async (sampler: Partial<typeof PLAIN>) => {
      const { answer } = await answered({ ...PLAIN, ...sampler });
      return ["rawLogProbs", "processedLogProbs"].filter((one) => one in answer!);
    };
    expect(await densities({})).toEqual(["rawLogProbs", "processedLogProbs"]);
    expect(await densities({ topK: 5 })).toEqual(["rawLogProbs"]);
    expect(await densities({ temperature: 0.7 })).toEqual(["processedLogProbs"]);
    expect(await densities({ temperature: 0.7, topP: 0.9 })).toEqual([]);
  });

  test("is asked for scores from one token before the first, and without generating", async () => {
    const { server, engine } = await answered();
    await engine.score([{ tokenIds: encode("3+4?3+4=7;"), from: 4 }]);
    expect(server.asked.at(-1)!.body).toMatchObject({ logprob_start_len: 3, sampling_params: { max_new_tokens: 0 } });
  });

  test("is asked for an adapter by its name", async () => {
    const server = await fakeSglang();
    const engine = await sglang.open(declared(server.url, "step-100"));
    await engine.sample([asked]);
    expect(server.asked.at(-1)!.body).toMatchObject({ lora_path: "step-100" });
    expect((await engine.capabilities()).fingerprint).toContain("step-100");
  });

  test("promises seeds only where it says that it computes deterministically", async () => {
    const { engine } = await answered();
    const { seeds, lacks } = await engine.capabilities();
    expect(seeds).toBe(false);
    expect(lacks.join()).toContain("--enable-deterministic-inference");
  });

  test("whose weights change while it runs gives another model's answers, and they are not taken", async () => {
    const { server, engine } = await answered();
    server.weightVersion = "step-7";
    const [after] = await engine.sample([asked]);
    expect(after).toMatchObject({ fault: "wrong model", message: expect.stringMatching(/"default".*"step-7"/) });
  });

  const bad: [string, (reply: Generated) => unknown, RegExp][] = [
    ["several answers", (reply) => [reply, reply], /2 answers/],
    ["an abort", (reply) => meta(reply, { finish_reason: { type: "abort" } }), /ended an answer with "abort"/],
    ["no ids", (reply) => ({ ...reply, output_ids: undefined }), /gave nothing for output_ids/],
    [
      "a log-probability of another token",
      (reply) => meta(reply, { output_token_logprobs: [[-1, 99, null]] }),
      /output_token_logprobs/,
    ],
    ["bare numbers", (reply) => meta(reply, { output_token_logprobs: [-1] }), /output_token_logprobs\[0\] = -1/],
  ];
  const meta = (reply: Generated, fields: object) => ({ ...reply, meta_info: { ...reply.meta_info, ...fields } });
  test.each(bad)("that answers with %s gave a bad answer", async (_, bend, message) => {
    const { server, engine } = await answered();
    server.bend = bend;
    const [answer] = await engine.sample([asked]);
    expect(answer).toMatchObject({ fault: "bad answer", message: expect.stringMatching(message) });
  });

  test("that leaves scores out gave a bad answer; null for one is not told", async () => {
    const { server, engine } = await answered();
    const score = async () => (await engine.score([{ tokenIds: [1, 2, 3], from: 1 }]))[0];
    server.bend = (reply) => meta(reply, { input_token_logprobs: null });
    expect(await score()).toMatchObject({
      fault: "bad answer",
      message: expect.stringContaining("no input_token_logprobs"),
    });
    server.bend = (reply) =>
      meta(reply, {
        input_token_logprobs: [
          [null, 1],
          [null, 2],
          [-1, 3],
        ],
      });
    expect(await score()).toMatchObject({ fault: "bad answer", message: expect.stringContaining("the token at 1") });
  });
});
