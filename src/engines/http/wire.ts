// engines/ · Wire: one policy's way to its server: JSON there and back, tried again where that can help, and every failure in words.
import { setTimeout as sleep } from "node:timers/promises";
import { EngineError, type EngineFault, StudyError } from "../../terms/errors.ts";
import type { PolicyDeclared } from "../../terms/study.ts";
import type { EngineWatch } from "../engine.ts";
import { type Failure, failureOf, failureOfStatus } from "./failure.ts";
import { fieldOf, isFields, parse } from "./json.ts";
import type { Outcome } from "./limit.ts";
import { type Origin, openOrigin } from "./origin.ts";
import { backoff, retryAfter, TRIES, TRIES_HUNG } from "./retry.ts";
import { type Secret, secretOf } from "./secret.ts";

const MAX_IN_FLIGHT = 256;
const DEADLINE_SECONDS = 600;
/** No timer of Node runs longer. */
const LONGEST_SECONDS = (2 ** 31 - 1) / 1000;

const JSON_BODY = { "content-type": "application/json" };

interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export class Wire {
  /** Of the policy. */
  readonly name: string;
  readonly deadlineSeconds: number;
  readonly #origin: Origin;
  readonly #url: URL;
  /** Before each path. */
  readonly #base: string;
  readonly #secret: Secret;
  readonly #watch: EngineWatch | undefined;

  /**
   * @param base  `root`: paths begin at the server, and /v1 at the end of the url is dropped; `as given`: they go behind the url
   * @throws StudyError where the url, the key or a number of the declaration makes no sense
   */
  constructor(policy: PolicyDeclared, watch: EngineWatch | undefined, base: "root" | "as given") {
    this.name = policy.name;
    this.#url = urlOf(policy);
    const path = this.#url.pathname.replace(/\/+$/, "");
    this.#base = base === "root" ? path.replace(/\/v1$/, "") : path;
    this.deadlineSeconds = Math.min(LONGEST_SECONDS, positive(policy, "deadlineSeconds", DEADLINE_SECONDS));
    this.#secret = secretOf(policy);
    this.#watch = watch;
    const maxInFlight = positive(policy, "maxInFlight", MAX_IN_FLIGHT);
    this.#origin = openOrigin(this.#url, Math.max(1, Math.floor(maxInFlight)));
  }

  /** What the server answers, parsed. @throws EngineError after every try, the signal's reason */
  post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.#ask({ method: "POST", path, body, signal });
  }

  get(path: string): Promise<unknown> {
    return this.#ask({ method: "GET", path });
  }

  /** As `get`, but undefined where the server has nothing there, or no JSON object. */
  async find(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const found = await this.get(path);
      return isFields(found) ? found : undefined;
    } catch (error) {
      if (error instanceof EngineError && (error.fault === "refused" || error.fault === "bad answer")) return undefined;
      throw error;
    }
  }

  /** An error about what the server said or is; what it said is shown without the key. */
  error(fault: EngineFault, what: string, mend: string, retry = false): EngineError {
    return new EngineError({
      code: `engine-${fault.replaceAll(" ", "-")}`,
      what: `policy ${this.name}: ${this.#secret.shown(what)}`,
      mend,
      fault,
      retry,
    });
  }

  bad(what: string): EngineError {
    return this.error("bad answer", `${this.#url.origin} ${what}`, "see the server's own log, and run crucis doctor");
  }

  close(): Promise<void> {
    return this.#origin.close();
  }

  async #ask(question: Question): Promise<unknown> {
    const { limit } = this.#origin;
    for (let tries = 1; ; tries++) {
      const epoch = await limit.acquire();
      let outcome: Outcome = "failed";
      let failure: Failure;
      try {
        const said = await this.#once(question);
        outcome = "value" in said ? "answered" : said.failure.crowded === true ? "crowded" : "failed";
        if ("value" in said) return said.value;
        failure = said.failure;
      } finally {
        limit.release(epoch, outcome);
      }
      const { after = 0 } = failure;
      const last = tries >= (failure.fault === "timed out" ? TRIES_HUNG : TRIES) || after > this.deadlineSeconds;
      if (!failure.retry || last) throw this.#errorOf(question, failure, tries);
      const wait = Math.max(after, backoff(tries));
      this.#watch?.retried?.(this.#errorOf(question, failure, tries).what, wait);
      await this.#rest(wait, question.signal);
    }
  }

  async #rest(seconds: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** Sent once. @throws the signal's reason */
  async #once(question: Question): Promise<{ readonly value: unknown } | { readonly failure: Failure }> {
    const { method, path, body, signal } = question;
    signal?.throwIfAborted();
    const giveUp = new AbortController();
    const hung = setTimeout(() => giveUp.abort(), this.deadlineSeconds * 1000);
    const stop = (): void => giveUp.abort();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const {
        statusCode,
        headers,
        body: answer,
      } = await this.#origin.agent.request({
        origin: this.#url.origin,
        path: this.#base + path,
        method,
        headers: { ...this.#secret.headers, ...(body === undefined ? {} : JSON_BODY) },
        signal: giveUp.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // Before anything is cut out of it, or kept.
      const text = this.#secret.hidden(await answer.text());
      if (statusCode >= 200 && statusCode < 300) return read(text, this.#secret);
      const after = retryAfter(String(headers["retry-after"] ?? ""), Date.now());
      return { failure: failureOfStatus(statusCode, this.#secret.shown(messageIn(text)), after) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!giveUp.signal.aborted) return { failure: failureOf(error) };
      const what = `did not answer within ${this.deadlineSeconds} s`;
      const mend = "raise deadlineSeconds, or lower maxInFlight";
      return { failure: { fault: "timed out", retry: true, crowded: true, what, mend } };
    } finally {
      clearTimeout(hung);
      signal?.removeEventListener("abort", stop);
    }
  }

  #errorOf({ method, path }: Question, { fault, what, mend, retry, after = 0 }: Failure, tries: number): EngineError {
    const waits = after > this.deadlineSeconds ? `, and wants to be asked again only after ${after} s` : "";
    const often = tries > 1 ? `, ${tries} times` : "";
    const where = `${method} ${this.#url.origin}${this.#base}${path}`;
    return this.error(fault, `${where} ${what}${waits}${often}`, mend, retry);
  }
}

function read(text: string, secret: Secret): { readonly value: unknown } | { readonly failure: Failure } {
  try {
    return { value: parse(text) };
  } catch {
    // Cut off in the middle, it may come whole the next time; a page of a proxy will come again.
    const half = /^\s*[{[]/.test(text);
    const what = `answered ${half ? "half a" : "no"} JSON, ${JSON.stringify(secret.shown(text).slice(0, 80))}`;
    return {
      failure: {
        fault: "bad answer",
        retry: half,
        what,
        mend: half ? "see the server's own log" : "correct the url: something else than an engine answers there",
      },
    };
  }
}

/** The sentence in an error's body, in OpenAI's shape or FastAPI's; else its text, without the tags of a page. */
function messageIn(text: string): string {
  let body: unknown;
  try {
    body = parse(text);
  } catch {
    return text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  }
  const error = fieldOf(body, "error");
  const message = fieldOf(error, "message") ?? error ?? fieldOf(body, "message") ?? fieldOf(body, "detail") ?? body;
  return typeof message === "string" ? message : JSON.stringify(message);
}

function urlOf({ name, url }: PolicyDeclared): URL {
  const mend = "write http://host:port/v1, or https://…";
  // A url with a password in it is never shown.
  const parsed = URL.canParse(url ?? "") ? new URL(url!) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new StudyError({ code: "engine-url", what: `the url of policy ${name} is no http or https url`, mend });
  if (parsed.username !== "" || parsed.password !== "" || parsed.search !== "" || parsed.hash !== "")
    throw new StudyError({
      code: "engine-url",
      what: `the url of policy ${name} has a password, a question or a fragment in it`,
      mend: `${mend}; a key belongs into an environment variable that apiKeyEnv names`,
    });
  return parsed;
}

function positive(policy: PolicyDeclared, field: "deadlineSeconds" | "maxInFlight", fallback: number): number {
  const value = policy[field] ?? fallback;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new StudyError({
    code: "engine-number",
    what: `${field} of policy ${policy.name} is ${value}`,
    mend: "write a number above 0, or leave it out",
  });
}
