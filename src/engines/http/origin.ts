// engines/ · Origin: the connections to one server and the limit of what it gets at once, shared by all engines that ask it.
import { Agent } from "undici";
import { Limit } from "./limit.ts";

/** Bytes of one answer; 32,000 scored tokens are about 5 MB. */
const MAX_ANSWER = 2 ** 26;

export interface Origin {
  readonly agent: Agent;
  readonly limit: Limit;
  /** The last one to close ends the connections. */
  close(): Promise<void>;
}

interface Shared {
  readonly agent: Agent;
  readonly limit: Limit;
  users: number;
}

const open = new Map<string, Shared>();

/** @param ceiling  requests in flight that this user allows; the lowest of all users of the server holds */
export function openOrigin(url: URL, ceiling: number): Origin {
  const key = url.origin;
  const shared = open.get(key) ?? { agent: agentOf(), limit: new Limit(), users: 0 };
  open.set(key, shared);
  shared.users++;
  const leave = shared.limit.share(ceiling);
  let closed: Promise<void> | undefined;
  return {
    agent: shared.agent,
    limit: shared.limit,
    close: () =>
      (closed ??= (async () => {
        leave();
        shared.users--;
        if (shared.users > 0) return;
        open.delete(key);
        await shared.agent.destroy();
      })()),
  };
}

/** Deadlines are the caller's: a rollout may take minutes until its first byte. */
const agentOf = () =>
  new Agent({ headersTimeout: 0, bodyTimeout: 0, maxResponseSize: MAX_ANSWER, connect: { timeout: 10_000 } });
