// worlds/ · Serve: the policies of a world behind an OpenAI-compatible HTTP server.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { LocalEngine } from "../../engines/engine.ts";
import { StudyError } from "../../terms/errors.ts";
import { complete, ServedPolicy } from "./completions.ts";
import { asRefusal, bodyOf, Refusal } from "./errors.ts";
import { readRequest } from "./request.ts";

export interface ServeOptions {
  /** Each is a model, under its name. */
  readonly policies: readonly { readonly name: string; readonly engine: LocalEngine }[];
  /** Only this machine can reach 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Its abort is a close(). */
  readonly signal?: AbortSignal;
  /** Answers that one call of an engine draws side by side, at most. */
  readonly slots?: number;
}

export interface ServerStats {
  /** Answers and scores that wait for a call of an engine. */
  readonly queued: number;
  /** Those in calls that run now. */
  readonly running: number;
  /** Requests answered since the start, refused ones not counted. */
  readonly served: number;
  /** Requests whose client hung up before the answer. */
  readonly aborted: number;
}

export interface WorldServer {
  readonly url: string;
  readonly port: number;
  /** Finishes what runs, refuses what comes; resolves when every connection is closed. */
  close(): Promise<void>;
  stats(): ServerStats;
}

/** Bytes of one request's body. */
const MAX_BODY = 8 * 2 ** 20;

/** StudyError where the address cannot be listened on. */
export async function serveWorld(options: ServeOptions): Promise<WorldServer> {
  const { host = "127.0.0.1", port = 0, signal, slots = 256 } = options;
  signal?.throwIfAborted();
  const policies = await Promise.all(
    options.policies.map(
      async ({ name, engine }) => new ServedPolicy(name, engine, await engine.capabilities(), slots),
    ),
  );
  const service = new Service(policies);
  const server = createAdaptorServer({ fetch: service.app.fetch, overrideGlobalObjects: false }) as Server;
  await listening(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= service.close(server));
  signal?.addEventListener("abort", () => void close(), { once: true });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    close,
    stats: () => service.stats(),
  };
}

type Env = { Bindings: HttpBindings };

class Service {
  readonly app = new Hono<Env>();
  readonly #policies: readonly ServedPolicy[];
  readonly #started = Math.floor(Date.now() / 1000);
  #served = 0;
  #aborted = 0;
  /** Requests that were read whole and whose answer is not yet out. */
  #answering = 0;
  #closing: { readonly server: Server } | undefined;

  constructor(policies: readonly ServedPolicy[]) {
    this.#policies = policies;
    const { app } = this;
    app.use(async (c, next) => {
      const refused = this.#closing !== undefined;
      if (!refused) await next();
      if (this.#closing !== undefined) c.header("Connection", "close");
      if (refused) throw new Refusal("The server is closing.", { status: 503 });
    });
    app.get("/health", (c) => c.body(null, 200));
    app.get("/version", (c) => c.json({ version: version(), server: "crucis" }));
    app.get("/v1/models", (c) => c.json(this.#models()));
    app.post("/v1/completions", (c) => this.#completions(c));
    for (const [path, method] of [
      ["/health", "GET"],
      ["/version", "GET"],
      ["/v1/models", "GET"],
      ["/v1/completions", "POST"],
    ] as const)
      app.all(path, (c): never => {
        c.header("Allow", method);
        throw new Refusal(`${c.req.method} ${path} is not possible; use ${method}`, { status: 405 });
      });
    app.notFound((c): never => {
      throw new Refusal(`There is no ${c.req.path}; /v1/models and /v1/completions are`, { status: 404 });
    });
    app.onError((error, c) => {
      const refusal = asRefusal(error);
      return c.json(bodyOf(refusal), refusal.status);
    });
  }

  stats(): ServerStats {
    const batchers = this.#policies.flatMap(({ sampling, scoring }) => [sampling, scoring]);
    return {
      queued: batchers.reduce((sum, { queued }) => sum + queued, 0),
      running: batchers.reduce((sum, { running }) => sum + running, 0),
      served: this.#served,
      aborted: this.#aborted,
    };
  }

  async close(server: Server): Promise<void> {
    this.#closing = { server };
    const closed = once(server, "close");
    server.close();
    this.#hangUpWhenIdle();
    await closed;
  }

  /** Kept-alive connections, and those that never send the rest of their request, would hold a server open. */
  #hangUpWhenIdle(): void {
    if (this.#answering === 0) this.#closing?.server.closeAllConnections();
  }

  #models() {
    const data = this.#policies.map(({ name, capabilities }) => ({
      id: name,
      object: "model",
      created: this.#started,
      owned_by: "crucis",
      root: name,
      parent: null,
      max_model_len: capabilities.context,
    }));
    return { object: "list", data };
  }

  async #completions(c: Context<Env>): Promise<Response> {
    const { incoming, outgoing } = c.env;
    const hungUp = new AbortController();
    let answering = false;
    let answered = false;
    outgoing.once("close", () => {
      if (!outgoing.writableFinished && !answered) {
        hungUp.abort(new Error("the client hung up"));
        this.#aborted++;
      }
      if (!answering) return;
      this.#answering--;
      this.#hangUpWhenIdle();
    });
    const text = await bodyText(incoming);
    hungUp.signal.throwIfAborted();
    answering = true;
    this.#answering++;
    const request = readRequest(text);
    const policy = this.#policies.find(({ name }) => name === request.model);
    if (policy === undefined)
      throw new Refusal(
        `The model ${JSON.stringify(request.model)} does not exist; choose one of ${this.#policies.map(({ name }) => name).join(", ")}`,
        { status: 404, param: "model" },
      );
    const reply = await complete(request, policy, hungUp.signal);
    answered = true;
    this.#served++;
    return c.json(reply);
  }
}

async function bodyText(incoming: IncomingMessage): Promise<string> {
  // A web page may send no JSON to a server of another origin unless that server agrees, which this one never does.
  if (!/^application\/json\b/i.test(incoming.headers["content-type"] ?? ""))
    throw new Refusal(
      `The content-type is ${incoming.headers["content-type"] ?? "not told"}, but must be application/json`,
    );
  const tooLong = () => new Refusal(`The body is longer than ${MAX_BODY} bytes; send less at once`, { status: 413 });
  if (Number(incoming.headers["content-length"] ?? 0) > MAX_BODY) throw tooLong();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not destroyed on the way out: the refusal still has to go through the same connection.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_BODY) throw tooLong();
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString();
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StudyError({
      code: "world-serve-address",
      what:
        code === "EADDRINUSE"
          ? `port ${port} on ${host} is in use`
          : `cannot listen on ${host}, port ${port}: ${message}`,
      mend: "choose another, or port 0 to take a free one",
    });
  }
}

function version(): string {
  const about = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(about) as { version: string }).version;
}
