import { Agent, request } from "node:http";
import { expect, test } from "vitest";
import type { LocalEngine } from "../../../src/engines/engine.ts";
import { stream } from "../../../src/maths/random.ts";
import { WorldEngine } from "../../../src/worlds/engine.ts";
import type { CompletionReply } from "../../../src/worlds/server/completions.ts";
import type { WorldServer } from "../../../src/worlds/server/serve.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../../src/worlds/transformer/shape.ts";
import { encode } from "../../../src/worlds/vocabulary.ts";
import { StubEngine } from "../../support/stub-engine.ts";
import { JSON_TYPE, serving } from "./asking.ts";

const CLIENTS = 64;
const REQUESTS = 1000;

/** The real engine at its default size; what its weights say does not matter here. */
function worldEngine(): LocalEngine {
  const random = stream(1, "test/weights");
  const weights = Float32Array.from({ length: layoutOf(DEFAULT_SHAPE).size }, () => 0.2 * random.normal());
  return new WorldEngine({ name: "tuned", shape: DEFAULT_SHAPE, weights, fingerprint: "test" });
}

/** Request i: prompts, samplers and seeds all differ. */
function sent(i: number) {
  const random = stream(i, "test/load");
  const prompt = Array.from({ length: 1 + random.integer(12) }, () => random.integer(32));
  const sampler = {
    temperature: 0.5 + random.uniform(),
    top_p: 0.5 + random.uniform() / 2,
    top_k: random.integer(20),
    min_p: random.uniform() / 10,
  };
  return { prompt, sampler, seed: random.uint32(), maxTokens: 1 + random.integer(32) };
}

/** One client has one connection, and asks again when it is answered. */
async function client(server: WorldServer, indices: readonly number[]): Promise<CompletionReply[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const replies: CompletionReply[] = [];
  for (const i of indices) {
    const { prompt, sampler, seed, maxTokens } = sent(i);
    const body = JSON.stringify({
      model: "tuned",
      prompt,
      seed,
      max_tokens: maxTokens,
      logprobs: 1,
      return_token_ids: true,
      ...sampler,
    });
    const reply = await new Promise<string>((resolve, reject) => {
      const asking = request(
        `${server.url}/v1/completions`,
        { method: "POST", headers: JSON_TYPE, agent },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
          response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
        },
      );
      asking.on("error", reject).end(body);
    });
    replies.push(JSON.parse(reply) as CompletionReply);
  }
  agent.destroy();
  return replies;
}

const engines: [string, () => LocalEngine][] = [
  ["a stub", () => new StubEngine()],
  ["a world's engine", worldEngine],
];
test.each(engines)(
  "1,000 requests of 64 clients to %s: no error, and the answers of one call in process",
  async (_, engineOf) => {
    const { server } = await serving({ policies: [{ name: "tuned", engine: engineOf() }], slots: 48 });
    const all = Array.from({ length: REQUESTS }, (__, i) => i);
    const shares = Array.from({ length: CLIENTS }, (__, k) => all.filter((i) => i % CLIENTS === k));
    const byClient = await Promise.all(shares.map((share) => client(server, share)));
    const replies = all.map((i) => byClient[i % CLIENTS]![Math.floor(i / CLIENTS)]!);
    const answers = await engineOf().sample(
      all.map(sent).map(({ prompt, sampler, seed, maxTokens }) => ({
        prompt,
        seed,
        sampler: {
          temperature: sampler.temperature,
          topP: sampler.top_p,
          topK: sampler.top_k,
          minP: sampler.min_p,
          maxTokens,
          stop: [],
        },
      })),
    );
    replies.forEach(({ choices: [choice] }, i) => {
      const { tokenIds, text, finish, rawLogProbs } = answers[i]!;
      expect(choice).toMatchObject({ text, finish_reason: finish, token_ids: tokenIds });
      expect(choice!.logprobs!.token_logprobs).toEqual(rawLogProbs);
    });
    expect(server.stats()).toEqual({ queued: 0, running: 0, served: REQUESTS, aborted: 0 });
  },
);

test("a policy's own answers, sent back as prompts, score as they were drawn", async () => {
  const { server } = await serving({ policies: [{ name: "tuned", engine: worldEngine() }] });
  const ask = async (body: object) => {
    const response = await fetch(`${server.url}/v1/completions`, {
      method: "POST",
      headers: JSON_TYPE,
      body: JSON.stringify({ model: "tuned", ...body }),
    });
    return (await response.json()) as CompletionReply;
  };
  const prompt = encode("3+4*2?");
  const drawn = await ask({ prompt, n: 50, seed: 1, max_tokens: 30, logprobs: 1, return_token_ids: true });
  const texts = drawn.choices.map(({ token_ids }) => [...prompt, ...token_ids!]);
  const scored = await ask({ prompt: texts, max_tokens: 0, prompt_logprobs: 1 });
  scored.choices.forEach(({ prompt_logprobs }, i) => {
    const own = prompt_logprobs!.slice(prompt.length).map((entry, t) => entry![texts[i]![prompt.length + t]!]!.logprob);
    expect(own).toEqual(drawn.choices[i]!.logprobs!.token_logprobs);
  });
});
