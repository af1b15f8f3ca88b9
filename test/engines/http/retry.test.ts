import { describe, expect, test } from "vitest";
import { backoff, retryAfter } from "../../../src/engines/http/retry.ts";

const NOW = Date.UTC(2026, 10, 2, 12, 0, 0);

describe("Retry-After", () => {
  const headers: [string | undefined, number | undefined][] = [
    ["7", 7],
    [" 0 ", 0],
    ["1.5", 1.5],
    ["Mon, 02 Nov 2026 12:00:30 GMT", 30],
    ["Mon, 02 Nov 2026 11:59:00 GMT", 0],
    ["soon", undefined],
    ["-5 s", undefined],
    ["", undefined],
    [undefined, undefined],
  ];
  test.each(headers)("%s is %s seconds", (header, seconds) => {
    expect(retryAfter(header, NOW)).toBe(seconds);
  });
});

test("the wait doubles with each try up to half a minute, and is half to all of that", () => {
  const waits = [1, 2, 3, 4, 5, 12].map((tries) => Array.from({ length: 50 }, () => backoff(tries)));
  for (const [i, longest] of [0.5, 1, 2, 4, 8, 30].entries()) {
    expect(Math.max(...waits[i]!)).toBeLessThanOrEqual(longest);
    expect(Math.min(...waits[i]!)).toBeGreaterThanOrEqual(longest / 2);
    expect(new Set(waits[i]).size).toBeGreaterThan(1);
  }
});
