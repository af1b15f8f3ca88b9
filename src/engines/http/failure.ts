// engines/ · Failure: what went wrong with one request, and whether sending it again may help.
import type { EngineFault } from "../../terms/errors.ts";

export interface Failure {
  readonly fault: EngineFault;
  readonly retry: boolean;
  /** What disagreed, with both values; the asker puts policy and address before it. */
  readonly what: string;
  readonly mend: string;
  /** Seconds after which the server wants to be asked again. */
  readonly after?: number;
  /** A sign that the server has more than it can do. */
  readonly crowded?: boolean;
}

/** Codes of Node and undici for a server to which there is no way. */
const NO_WAY = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/;

/** Of a request without a whole answer. */
export function failureOf(error: unknown): Failure {
  const { name = "", code = "", message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  const said = message === "" ? code : message;
  if (NO_WAY.has(code))
    return {
      fault: "unreachable",
      retry: true,
      what: `cannot be reached: ${said}`,
      mend: "start the server, or correct the url",
    };
  if (TLS.test(code))
    return {
      fault: "unreachable",
      retry: false,
      what: `gives no trusted connection: ${said}`,
      mend: "correct the url, or make its certificate known by NODE_EXTRA_CA_CERTS",
    };
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
    return { fault: "bad answer", retry: false, what: `answers without end: ${said}`, mend: "ask for fewer tokens" };
  if (name === "HTTPParserError")
    return { fault: "bad answer", retry: false, what: `does not speak HTTP: ${said}`, mend: "correct the url" };
  return { fault: "reset", retry: true, what: `broke off: ${said}`, mend: "see the server's own log" };
}

/** Of an answer that is no success. @param said  by the server, as it may be shown */
export function failureOfStatus(status: number, said: string, after: number | undefined): Failure {
  const what = `answered ${status}${said === "" ? "" : `, ${JSON.stringify(said)}`}`;
  const wait = after === undefined ? {} : { after };
  const own = "see the server's own log";
  if (status === 429) {
    const mend = "lower maxInFlight, or ask for a higher limit";
    return { fault: "too many requests", retry: true, crowded: true, what, mend, ...wait };
  }
  if (status === 408) return { fault: "timed out", retry: true, crowded: true, what, mend: own, ...wait };
  if (status >= 500) return { fault: "server error", retry: true, crowded: status === 503, what, mend: own, ...wait };
  return { fault: "refused", retry: false, what, mend: mendOf(status) };
}

function mendOf(status: number): string {
  if (status === 401 || status === 403) return "name the variable that holds its key in apiKeyEnv";
  if (status === 404) return "correct the url, with /v1 where the server has one, or the model";
  if (status < 400) return "give the url that it sends on to";
  return "correct what it refuses";
}
