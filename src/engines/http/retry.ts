// engines/ · Retry: after how long a request is sent again.
import { randomInt } from "node:crypto";

/** How often a request is sent in all; a request that hung twice hangs for a reason of its own. */
export const TRIES = 6;
export const TRIES_HUNG = 2;

const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 30;

/** Seconds: half to all of a time that doubles with each try, so that those who failed together do not come back together. */
export function backoff(tries: number): number {
  const longest = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (tries - 1));
  return longest * (0.5 + randomInt(1000) / 2000);
}

/** Seconds from now that a Retry-After header names, as a number or as a date (RFC 9110, 10.2.3); undefined where it says neither. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
