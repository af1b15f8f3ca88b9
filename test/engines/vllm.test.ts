import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/engines/engine.ts";
import { vllm } from "../../src/engines/vllm.ts";
import { StudyError } from "../../src/terms/errors.ts";
import type { PolicyDeclared } from "../../src/terms/study.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { badServer, MODEL } from "../support/bad-server.ts";
import { fakeServer, NOT_FOUND } from "../support/fake-server.ts";
import { servedWorld, worldEngine } from "../support/served-world.ts";

conforms({
  kind: vllm,
  open: async () => vllm.open(await servedWorld("vllm")),
  prompts: ["3+4?", "1*2-5?", "9-9+9*9?", "0?"],
  cannot: { processedLogProbs: "prompt_logprobs are of the model as it is only" },
});

const declared = (url: string, fields: Partial<PolicyDeclared> = {}): PolicyDeclared => ({
  name: "tuned",
  engine: "vllm",
  url: `${url}/v1`,
  model: MODEL,
  ...fields,
});

async function opened(fields: Partial<PolicyDeclared> = {}, mode: "raw" | "processed" = "raw") {
  const server = await badServer(mode);
  return { server, engine: await vllm.open(declared(server.url, fields)) };
}

const asked = { prompt: [80, 1, 2], sampler: PLAIN, seed: 4_000_000_000 };

describe("a vLLM server", () => {
  test("is sent every field that changes an answer, whatever its checkpoint's defaults are", async () => {
    const { server, engine } = await opened();
    const sampler = { temperature: 0.7, topP: 0.9, topK: 5, minP: 0.1, maxTokens: 9, stop: ["#"] };
    await engine.sample([asked, { ...asked, sampler }]);
    const bodies = server.asked.slice(-2).map(({ body }) => body);
    const common = {
      model: MODEL,
      prompt: [80, 1, 2],
      n: 1,
      seed: 4_000_000_000,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      min_tokens: 0,
      ignore_eos: false,
      stop_token_ids: [],
      include_stop_str_in_output: true,
      skip_special_tokens: true,
      return_token_ids: true,
      stream: false,
    };
    expect(bodies).toMatchObject([
      { ...common, temperature: 1, top_p: 1, top_k: -1, min_p: 0, max_tokens: 12, stop: [] },
      { ...common, temperature: 0.7, top_p: 0.9, top_k: 5, min_p: 0.1, max_tokens: 9, stop: ["#"] },
    ]);
  });

  test("tells raw log-probabilities, which are the sampler's too only where it changes nothing", async () => {
    const { engine } = await opened();
    const [plain, warm] = await engine.sample([asked, { ...asked, sampler: { ...PLAIN, temperature: 0.7 } }]);
    expect(plain).toMatchObject({ rawLogProbs: [-0.5, -0.5, -0.5], processedLogProbs: [-0.5, -0.5, -0.5] });
    expect(warm).toMatchObject({ rawLogProbs: [-0.5, -0.5, -0.5] });
    expect(warm).not.toHaveProperty("processedLogProbs");
    expect((await engine.capabilities()).fingerprint).toContain("raw log-probabilities");
  });

  test("with --logprobs-mode processed_logprobs is found out, and tells the sampler's", async () => {
    const { engine } = await opened({}, "processed");
    const [plain, warm] = await engine.sample([asked, { ...asked, sampler: { ...PLAIN, temperature: 0.7 } }]);
    expect(plain).toMatchObject({ rawLogProbs: [-0.5, -0.5, -0.5], processedLogProbs: [-0.5, -0.5, -0.5] });
    expect(warm).toMatchObject({ processedLogProbs: [-0.5, -0.5, -0.5] });
    expect(warm).not.toHaveProperty("rawLogProbs");
    expect((await engine.capabilities()).fingerprint).toContain("processed log-probabilities");
  });

  test("says version, weights and context; it promises no seeds", async () => {
    const { engine } = await opened();
    const capabilities = await engine.capabilities();
    expect(capabilities).toMatchObject({ server: "vllm 0.11.0", context: 64, seeds: false });
    expect(capabilities.fingerprint).toBe(`vllm 0.11.0 ${MODEL}, weights /models/${MODEL}, raw log-probabilities`);
    expect(capabilities.lacks.join()).toContain("VLLM_BATCH_INVARIANT");
  });

  test("puts a prompt into its own template where chat is declared, and never without", async () => {
    const { engine } = await opened({ chat: true });
    expect(await engine.decode(await engine.encode("3+4?"))).toBe("<3+4?>");
    const { engine: plain } = await opened();
    expect(await plain.decode(await plain.encode("3+4?"))).toBe("3+4?");
  });

  test("encodes one text once, however often it is asked", async () => {
    const { server, engine } = await opened();
    await Promise.all([engine.encode("abc"), engine.encode("abc"), engine.encode("abd")]);
    await engine.sample([{ ...asked, prompt: "abc" }]);
    const texts = server.asked.filter(({ path }) => path === "/tokenize").map(({ body }) => body);
    expect(texts.filter((body) => (body as { prompt: string }).prompt === "abc")).toHaveLength(1);
    expect(server.asked.at(-1)!.body).toMatchObject({ prompt: [97, 98, 99] });
  });

  test("leaves an answer the room that the context has, and an error where it has none", async () => {
    const { server, engine } = await opened();
    const long = (tokens: number) => ({ ...asked, prompt: Array<number>(tokens).fill(80) });
    const [short, none] = await engine.sample([long(62), long(64)]);
    expect(server.asked.at(-1)!.body).toMatchObject({ max_tokens: 2 });
    expect((short as Answer).tokenIds).toHaveLength(2);
    expect(none).toMatchObject({ fault: "cannot", retry: false, message: expect.stringContaining("holds 64") });
  });

  test("raises temperatures below 0.01 in silence: such a sampler is a StudyError", async () => {
    const { engine } = await opened();
    const cold = engine.sample([{ ...asked, sampler: { ...PLAIN, temperature: 0.005 } }]);
    await expect(cold).rejects.toThrow(StudyError);
    await expect(cold).rejects.toThrow(/temperature is 0.005; temperature must be at least 0.01/);
  });
});

describe("a server that is not what was declared", () => {
  const listing = (...data: object[]) =>
    fakeServer(({ path }) => (path === "/v1/models" ? { json: { data } } : NOT_FOUND));
  const refusal = async (url: string, fields?: Partial<PolicyDeclared>) => {
    const engine = await vllm.open(declared(url, fields));
    return engine.sample([asked]).catch((error: unknown) => error);
  };

  test("SGLang, llama.cpp and strangers are named", async () => {
    for (const [owner, name] of [
      ["sglang", "SGLang"],
      ["llamacpp", "llama.cpp's server"],
      ["openai", 'a server whose models are owned by "openai"'],
    ]) {
      const { url } = await listing({ id: MODEL, owned_by: owner });
      const message = expect.stringContaining(`policy tuned: declared as vllm, but ${name} answers`);
      expect(await refusal(url)).toMatchObject({ fault: "refused", message });
    }
  });

  test("a model that it does not have is named, and those it has", async () => {
    const { url } = await badServer();
    expect(await refusal(url, { model: "step-400" })).toMatchObject({
      fault: "wrong model",
      retry: false,
      message:
        'policy tuned: there is no model "step-400", but "step-100", "base"; correct model, or start the server with it.',
    });
  });

  test("an adapter has its parent's context, and both are in the fingerprint", async () => {
    const server = await badServer();
    const adapter = await fakeServer(async ({ path, body, method }) => {
      if (path !== "/v1/models") {
        const reply = await fetch(server.url + path, {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: reply.status, text: await reply.text() };
      }
      const base = { id: "Qwen/Qwen2.5-3B", owned_by: "vllm", root: "Qwen/Qwen2.5-3B", max_model_len: 4096 };
      const lora = { id: MODEL, owned_by: "vllm", root: "/lora/100", parent: base.id, max_model_len: null };
      return { json: { data: [base, lora] } };
    });
    const engine = await vllm.open(declared(adapter.url));
    expect(await engine.capabilities()).toMatchObject({
      context: 4096,
      fingerprint: expect.stringContaining("weights /lora/100 on Qwen/Qwen2.5-3B"),
    });
  });

  test("one that ignores return_token_ids is too old", async () => {
    const server = await badServer();
    server.acts.set("The".codePointAt(0)!, [
      (reply) => ({ ...reply, choices: [{ ...reply.choices[0], token_ids: undefined }] }),
    ]);
    const message = expect.stringContaining("return_token_ids");
    expect(await refusal(server.url)).toMatchObject({ fault: "cannot", message });
  });
});

describe("crucis world serve", () => {
  test("gives over HTTP what its engine gives in process, log-probabilities and all", async () => {
    const local = worldEngine();
    const remote = await vllm.open(await servedWorld("vllm", local));
    const requests = Array.from({ length: 20 }, (_, seed) => ({ prompt: encode("3+4*2?"), sampler: PLAIN, seed }));
    expect(await remote.sample(requests)).toMatchObject(
      (await local.sample(requests)).map((answer) => ({ ...answer, tokenIds: [...answer.tokenIds] })),
    );
    const texts = [{ tokenIds: encode("3+4?3+4=7;#7."), from: 4 }];
    expect(await remote.score(texts)).toEqual(
      (await local.score(texts)).map(({ rawLogProbs, ranks }) => ({
        rawLogProbs: [...rawLogProbs],
        ranks: [...ranks!],
      })),
    );
  });

  test("says what it is, and tells its weights by their own print", async () => {
    const engine = await vllm.open(await servedWorld("vllm"));
    const { server, seeds, fingerprint } = await engine.capabilities();
    expect([server, seeds]).toEqual([expect.stringMatching(/^crucis-world \d/), true]);
    expect(fingerprint).toMatch(/^crucis-world \S+ tuned, weights of no meaning$/);
  });

  test("answers up to the end of its context, as in process", async () => {
    const local = worldEngine();
    const remote = await vllm.open(await servedWorld("vllm", local));
    const { context } = await local.capabilities();
    const requests = [{ prompt: encode("1".repeat(context - 5)), sampler: PLAIN, seed: 1 }];
    expect(await remote.sample(requests)).toMatchObject([{ text: (await local.sample(requests))[0]!.text }]);
  });
});
