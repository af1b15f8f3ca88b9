import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/engines/engine.ts";
import { openai } from "../../src/engines/openai.ts";
import type { PolicyDeclared } from "../../src/terms/study.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { type Asked, fakeServer, NOT_FOUND, type Reply } from "../support/fake-server.ts";
import { servedWorld, worldEngine } from "../support/served-world.ts";

const NONE = "OpenAI's own fields have none";

conforms({
  kind: openai,
  open: async () => openai.open(await servedWorld("openai")),
  prompts: ["3+4?", "1*2-5?", "9-9+9*9?", "0?"],
  cannot: { tokenIds: NONE, scores: NONE, rawLogProbs: NONE, processedLogProbs: NONE, seeds: "OpenAI promises none" },
});

const OWN = ["model", "prompt", "messages", "echo", "n", "seed", "temperature", "top_p", "max_tokens", "stop"];
const KNOWN = new Set([...OWN, "presence_penalty", "frequency_penalty", "stream"]);

/** OpenAI's own: what it does not know it refuses. */
async function opened(fields: Partial<PolicyDeclared> = {}, change: (reply: object) => object = (reply) => reply) {
  const answer = ({ path, body }: Asked): Reply => {
    if (path === "/v1/models") return { json: { data: [{ id: "gpt-x", owned_by: "system" }] } };
    const unknown = Object.keys((body ?? {}) as object).find((one) => !KNOWN.has(one));
    if (unknown !== undefined)
      return { status: 400, text: JSON.stringify({ error: { message: `Unrecognized request argument: ${unknown}` } }) };
    const model = "gpt-x-2026-01-31";
    const usage = { completion_tokens: 2 };
    if (path === "/v1/completions")
      return { json: change({ model, usage, choices: [{ text: "plain", finish_reason: "stop" }] }) };
    if (path === "/v1/chat/completions")
      return { json: change({ model, usage, choices: [{ message: { content: "chat" }, finish_reason: "length" }] }) };
    return NOT_FOUND;
  };
  const server = await fakeServer(answer);
  const engine = await openai.open({
    name: "base",
    engine: "openai",
    url: `${server.url}/v1`,
    model: "gpt-x",
    ...fields,
  });
  return { server, engine };
}

const asked = { prompt: "3+4?", sampler: PLAIN, seed: 1 };

describe("a plain OpenAI-compatible server", () => {
  test("is found to refuse fields beyond OpenAI's own, and then gets the others, every time", async () => {
    const { server, engine } = await opened();
    expect(await engine.sample([asked])).toEqual([{ text: "plain", finish: "stop", tokens: 2 }]);
    expect(server.asked.at(-1)!.body).toEqual({
      model: "gpt-x",
      prompt: "3+4?",
      echo: false,
      n: 1,
      seed: 1,
      temperature: 1,
      top_p: 1,
      max_tokens: 12,
      presence_penalty: 0,
      frequency_penalty: 0,
      stream: false,
    });
    expect((await engine.capabilities()).lacks.join()).toContain("top_k, min_p and repetition_penalty");
  });

  test("cannot honour top-k, min-p and stop strings then, and says which", async () => {
    const { engine } = await opened();
    const sampler = { ...PLAIN, topK: 5, minP: 0.1, stop: ["#"] };
    const [answer] = await engine.sample([{ ...asked, sampler }]);
    expect(answer).toMatchObject({ fault: "cannot", message: expect.stringContaining("top_k, min_p, stop") });
  });

  test("gets a message of the user where chat is declared", async () => {
    const { server, engine } = await opened({ chat: true });
    expect(await engine.sample([asked])).toEqual([{ text: "chat", finish: "length", tokens: 2 }]);
    expect(server.asked.at(-1)).toMatchObject({
      path: "/v1/chat/completions",
      body: { messages: [{ role: "user", content: "3+4?" }] },
    });
  });

  test("does not say how many tokens: then none are told", async () => {
    const { engine } = await opened({}, (reply) => ({ ...reply, usage: undefined }));
    expect(await engine.sample([asked])).toEqual([{ text: "plain", finish: "stop" }]);
  });

  test("that refuses an answer's content gave a bad answer", async () => {
    const filtered = { choices: [{ text: "", finish_reason: "content_filter" }] };
    const { engine } = await opened({}, (reply) => ({ ...reply, ...filtered }));
    const [answer] = await engine.sample([asked]);
    expect(answer).toMatchObject({ fault: "bad answer", message: expect.stringContaining('"content_filter"') });
  });

  test("may name the model's version, but not another model", async () => {
    const { engine } = await opened({}, (reply) => ({ ...reply, model: "gpt-x-mini" }));
    await expect(engine.sample([asked])).rejects.toMatchObject({
      fault: "wrong model",
      message: expect.stringContaining('"gpt-x" was asked, and "gpt-x-mini" answered'),
    });
  });

  test("takes no token ids", async () => {
    const { engine } = await opened();
    const [answer] = await engine.sample([{ ...asked, prompt: [1, 2] }]);
    expect(answer).toMatchObject({ fault: "cannot", message: expect.stringContaining("token ids") });
  });
});

test("a world behind the plain dialect gives the texts that its engine gives in process", async () => {
  const local = worldEngine();
  const remote = await openai.open(await servedWorld("openai", local));
  const requests = Array.from({ length: 20 }, (_, seed) => ({ ...asked, seed }));
  const texts = (await remote.sample(requests)).map((one) => (one as Answer).text);
  expect(texts).toEqual((await local.sample(requests)).map(({ text }) => text));
});
