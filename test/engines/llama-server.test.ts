import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/engines/engine.ts";
import { llamaServer } from "../../src/engines/llama-server.ts";
import { decode, encode } from "../../src/worlds/vocabulary.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { fakeLlamaServer } from "../support/fake-llama-server.ts";

const declared = (url: string) => ({ name: "base", engine: "llama-server", url });

conforms({
  kind: llamaServer,
  open: async () => llamaServer.open(declared((await fakeLlamaServer()).url)),
  prompts: ["3+4?", "1*2-5?", "9-9+9*9?", "0?"],
  cannot: {
    scores: "llama.cpp's server scores no given text (#27174)",
    processedLogProbs: "it tells those of the model as it is only",
    seeds: "its logits depend a little on what is asked beside",
  },
});

const asked = { prompt: encode("3+4?"), sampler: PLAIN, seed: 5 };

describe("llama.cpp's server", () => {
  test("is sent every sampler it knows, those that were not asked for switched off", async () => {
    const server = await fakeLlamaServer();
    const engine = await llamaServer.open(declared(server.url));
    const sampler = { ...PLAIN, temperature: 0.7, topP: 0.9, topK: 5, minP: 0.1, stop: ["#"] };
    await engine.sample([{ ...asked, sampler }]);
    expect(server.asked.at(-1)).toMatchObject({
      path: "/completion",
      body: {
        prompt: asked.prompt,
        samplers: ["temperature", "min_p", "top_k", "top_p"],
        temperature: 0.7,
        top_p: 0.9,
        top_k: 5,
        min_p: 0.1,
        n_predict: 12,
        seed: 5,
        stop: ["#"],
        repeat_penalty: 1,
        dry_multiplier: 0,
        xtc_probability: 0,
        cache_prompt: false,
        return_tokens: true,
      },
    });
  });

  test("never gets the seed that means any seed", async () => {
    const server = await fakeLlamaServer();
    const engine = await llamaServer.open(declared(server.url));
    await engine.sample([{ ...asked, seed: 2 ** 32 - 1 }]);
    expect(server.asked.at(-1)!.body).toMatchObject({ seed: 0 });
  });

  test("leaves out the log-probabilities of a stop string: then none are told, and the string is in the text", async () => {
    const engine = await llamaServer.open(declared((await fakeLlamaServer()).url));
    const several = Array.from({ length: 9 }, (_, seed) => ({ ...asked, seed }));
    const texts = (await engine.sample(several)).map((one) => (one as Answer).text);
    const seed = texts.findIndex(({ length }) => length > 6);
    const text = texts[seed]!;
    const [cut] = await engine.sample([{ ...asked, seed, sampler: { ...PLAIN, stop: [text.slice(2, 5)] } }]);
    expect(cut).toMatchObject({ finish: "stop", text: text.slice(0, 5) });
    expect(cut).not.toHaveProperty("rawLogProbs");
  });

  test("puts a prompt into its own template where chat is declared", async () => {
    const engine = await llamaServer.open({ ...declared((await fakeLlamaServer()).url), chat: true });
    expect(decode(await engine.encode("3+4?"))).toBe("a:3+4?b:");
  });

  test("tells its build, its file, its context and its vocabulary", async () => {
    const engine = await llamaServer.open(declared((await fakeLlamaServer()).url));
    expect(await engine.capabilities()).toMatchObject({
      server: "llama.cpp b7000-abcdef0",
      context: 64,
      vocabulary: 32,
      fingerprint: "llama.cpp b7000-abcdef0 tiny, weights /models/tiny.gguf",
    });
  });

  test("leaves an answer the room that the context has, and an error where it has none", async () => {
    const server = await fakeLlamaServer();
    const engine = await llamaServer.open(declared(server.url));
    const long = (tokens: number) => ({ ...asked, prompt: Array<number>(tokens).fill(1) });
    const [short, none] = await engine.sample([long(60), long(64)]);
    expect(server.asked.at(-1)!.body).toMatchObject({ n_predict: 4 });
    expect((short as Answer).tokenIds!.length).toBeLessThanOrEqual(4);
    expect(none).toMatchObject({
      fault: "cannot",
      message: expect.stringContaining("64 tokens, and the context holds 64"),
    });
  });
});
