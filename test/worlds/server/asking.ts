// A server around a stub engine for one test, and what a client says to it.
import { onTestFinished, vi } from "vitest";
import type { Sampler } from "../../../src/engines/engine.ts";
import type { Choice, CompletionReply } from "../../../src/worlds/server/completions.ts";
import type { ErrorBody } from "../../../src/worlds/server/errors.ts";
import { serveWorld, type ServeOptions, type WorldServer } from "../../../src/worlds/server/serve.ts";
import { encode } from "../../../src/worlds/vocabulary.ts";
import { StubEngine } from "../../support/stub-engine.ts";

export async function serving(options: Partial<ServeOptions> = {}, engine = new StubEngine()) {
  const server = await serveWorld({ policies: [{ name: "tuned", engine }], ...options });
  onTestFinished(() => server.close());
  return { server, engine };
}

export const JSON_TYPE = { "content-type": "application/json" };

export function post(server: WorldServer, body: unknown, signal?: AbortSignal): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify({ model: "tuned", ...(body as object) });
  const init = { method: "POST", headers: JSON_TYPE, body: text, ...(signal === undefined ? {} : { signal }) };
  return fetch(`${server.url}/v1/completions`, init);
}

export async function asked(server: WorldServer, body: unknown): Promise<CompletionReply> {
  const response = await post(server, body);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as CompletionReply;
}

export async function choice(server: WorldServer, body: unknown): Promise<Choice> {
  return (await asked(server, body)).choices[0]!;
}

export async function refused(response: Response) {
  const { error } = (await response.json()) as ErrorBody;
  return { status: response.status, ...error };
}

const PLAIN: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 16, stop: [] };

/** The stub's own answer, in process. */
export async function sampled(prompt: string, seed: number, sampler: Partial<Sampler> = {}) {
  const [answer] = await new StubEngine().sample([{ prompt: encode(prompt), sampler: { ...PLAIN, ...sampler }, seed }]);
  return answer!;
}

/** Waits for what must come about by itself. */
export const until = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 5 });
