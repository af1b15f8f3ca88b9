import { describe, expect, test } from "vitest";
import { Limit } from "../../../src/engines/http/limit.ts";

/** A limit, and a way to fill it, let some go, and see who may go next. */
function limited(...ceilings: number[]) {
  const limit = new Limit();
  const leave = ceilings.map((ceiling) => limit.share(ceiling));
  const held: number[] = [];
  const ask = (count: number): void => {
    for (let i = 0; i < count; i++) void limit.acquire().then((epoch) => held.push(epoch));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (outcome: "answered" | "crowded" | "failed", count = 1): Promise<void> => {
    for (let i = 0; i < count; i++) limit.release(held.shift()!, outcome);
    await turn();
  };
  return { limit, leave, held, ask, answer, turn };
}

describe("the limit of requests in flight", () => {
  test("begins at 32, and lets the rest wait in order", async () => {
    const { limit, held, ask, turn } = limited(256);
    ask(40);
    await turn();
    expect([limit.limit, limit.inFlight, held.length]).toEqual([32, 32, 32]);
  });

  test("grows by one an answer while it is used to the full, up to the ceiling", async () => {
    const { limit, ask, answer, turn } = limited(50);
    ask(1000);
    await turn();
    await answer("answered", 10);
    expect(limit.limit).toBe(42);
    await answer("answered", 30);
    expect([limit.limit, limit.inFlight]).toEqual([50, 50]);
  });

  test("does not grow while it is not used: nothing is known of what lies above", async () => {
    const { limit, ask, answer, turn } = limited(256);
    ask(20);
    await turn();
    await answer("answered", 20);
    expect(limit.limit).toBe(32);
  });

  test("is halved once for all requests that were in flight together, and then grows by one a round", async () => {
    const { limit, ask, answer, turn } = limited(256);
    ask(1000);
    await turn();
    await answer("crowded", 20);
    expect([limit.limit, limit.inFlight]).toEqual([16, 16]);
    await answer("answered", 16);
    expect(limit.limit).toBe(16);
    await answer("answered", 2);
    expect(limit.limit).toBe(17);
    await answer("crowded", 17);
    expect(limit.limit).toBe(8);
  });

  test("never falls below one", async () => {
    const { limit, ask, answer, turn } = limited(256);
    ask(1000);
    await turn();
    for (let i = 0; i < 300; i++) await answer("crowded");
    expect([limit.limit, limit.inFlight]).toEqual([1, 1]);
  });

  test("learns nothing from an error of another kind", async () => {
    const { limit, ask, answer, turn } = limited(256);
    ask(1000);
    await turn();
    await answer("failed", 10);
    expect(limit.limit).toBe(32);
  });

  test("is the lowest ceiling of those who share it, while they do", async () => {
    const { limit, leave, ask, turn } = limited(256, 4);
    ask(40);
    await turn();
    expect([limit.limit, limit.inFlight]).toEqual([4, 4]);
    leave[1]!();
    await turn();
    expect([limit.limit, limit.inFlight]).toEqual([32, 32]);
  });
});
