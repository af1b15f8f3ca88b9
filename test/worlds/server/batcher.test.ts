import { describe, expect, test } from "vitest";
import { Batcher } from "../../../src/worlds/server/batcher.ts";

const never = new AbortController().signal;

/** Doubles numbers, one call after the other, each when it is let. */
function doubling(slots: number) {
  const calls: { readonly asked: readonly number[]; readonly signal: AbortSignal; readonly answer: () => void }[] = [];
  const batcher = new Batcher<number, number>((asked, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
    const answer = (): void =>
      asked.includes(13) ? reject(new Error("13 is not doubled")) : resolve(asked.map((x) => 2 * x));
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    calls.push({ asked, signal, answer });
    return promise;
  }, slots);
  return { batcher, calls };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe("the batcher", () => {
  test("what is asked in one turn goes into one call, and everybody gets their own answers", async () => {
    const { batcher, calls } = doubling(8);
    const all = Promise.all([[1, 2], [3], [4, 5]].map((asked) => batcher.ask(asked, never)));
    await turns();
    expect(calls.map(({ asked }) => asked)).toEqual([[1, 2, 3, 4, 5]]);
    expect([batcher.queued, batcher.running]).toEqual([0, 5]);
    calls[0]!.answer();
    expect(await all).toEqual([[2, 4], [6], [8, 10]]);
    expect([batcher.queued, batcher.running]).toEqual([0, 0]);
  });

  test("what comes while a call runs waits for the next, and no call has more than its slots", async () => {
    const { batcher, calls } = doubling(3);
    const first = batcher.ask([1], never);
    await turns();
    const later = Promise.all([batcher.ask([2, 3], never), batcher.ask([4, 5, 6, 7, 8], never)]);
    await turns();
    expect([calls.length, batcher.queued, batcher.running]).toEqual([1, 7, 1]);
    calls[0]!.answer();
    expect(await first).toEqual([2]);
    for (const next of [1, 2, 3]) {
      await turns();
      calls[next]!.answer();
    }
    expect(await later).toEqual([
      [4, 6],
      [8, 10, 12, 14, 16],
    ]);
    expect(calls.map(({ asked }) => asked)).toEqual([[1], [2, 3, 4], [5, 6, 7], [8]]);
  });

  test("who gives up is answered at once and leaves the queue; the others lose nothing", async () => {
    const { batcher, calls } = doubling(2);
    const giveUp = new AbortController();
    const stays = batcher.ask([1], never);
    const goes = batcher.ask([2, 3, 4, 5], giveUp.signal);
    await turns();
    expect([batcher.queued, batcher.running]).toEqual([3, 2]);
    giveUp.abort(new Error("gone"));
    await expect(goes).rejects.toThrow("gone");
    expect([batcher.queued, batcher.running]).toEqual([0, 2]);
    expect(calls[0]!.signal.aborted).toBe(false);
    calls[0]!.answer();
    expect(await stays).toEqual([2]);
    await turns();
    expect([calls.length, batcher.running]).toEqual([1, 0]);
  });

  test("a call for which nobody waits is given up, and the next one runs", async () => {
    const { batcher, calls } = doubling(8);
    const leavers = [new AbortController(), new AbortController()];
    const gone = leavers.map(({ signal }) => batcher.ask([1], signal));
    await turns();
    const next = batcher.ask([2], never);
    leavers[0]!.abort(new Error("gone"));
    expect(calls[0]!.signal.aborted).toBe(false);
    leavers[1]!.abort(new Error("gone"));
    expect(calls[0]!.signal.aborted).toBe(true);
    for (const one of gone) await expect(one).rejects.toThrow("gone");
    await turns();
    expect(calls.map(({ asked }) => asked)).toEqual([[1, 1], [2]]);
    calls[1]!.answer();
    expect(await next).toEqual([4]);
  });

  test("a request that fails fails alone", async () => {
    const { batcher, calls } = doubling(8);
    const all = Promise.allSettled([[1, 2], [3, 13], [4]].map((asked) => batcher.ask(asked, never)));
    for (const call of [0, 1, 2, 3]) {
      await turns();
      calls[call]!.answer();
    }
    const [first, bad, last] = await all;
    expect([first, last]).toMatchObject([{ value: [2, 4] }, { value: [8] }]);
    expect(bad).toMatchObject({ status: "rejected", reason: { message: "13 is not doubled" } });
    expect(calls.map(({ asked }) => asked)).toEqual([[1, 2, 3, 13, 4], [1, 2], [3, 13], [4]]);
  });

  test("a failure in one of several calls drops what the same request still had waiting", async () => {
    const { batcher, calls } = doubling(2);
    const bad = batcher.ask([13, 1, 2, 3, 4], never);
    await turns();
    calls[0]!.answer();
    await expect(bad).rejects.toThrow("13 is not doubled");
    await turns();
    expect([calls.length, batcher.queued, batcher.running]).toEqual([1, 0, 0]);
  });

  test("nothing asked is answered without a call, and who comes given up is not asked for", async () => {
    const { batcher, calls } = doubling(2);
    expect(await batcher.ask([], never)).toEqual([]);
    await expect(batcher.ask([1], AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    await turns();
    expect(calls).toEqual([]);
  });
});
