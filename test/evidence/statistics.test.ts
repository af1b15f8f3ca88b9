import { describe, expect, test } from "vitest";
import { Store } from "../../src/evidence/store.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import { emptyFolder } from "./records.ts";
import { asked, rollout, rollouts } from "./rows.ts";

/** One problem under two policies, with everything that can go wrong with a rollout. */
const MIXED: readonly RolloutRecord[] = [
  rollout("a", 0),
  rollout("a", 1, { finish: "length", verdict: "ungradable", why: "cut off", tokens: 7 }),
  rollout("a", 2, { verdict: "ungradable", why: "grader crash", detail: "boom" }),
  rollout("a", 3, { policy: "tuned", verdict: "ungradable", why: "engine error", detail: "away" }),
  rollout("a", 4, { rawLogProbs: [-0.5, -0.25], processedLogProbs: [] }),
].map((row, i) => {
  if (i !== 3) return row;
  const { text: _, finish: _1, tokens: _2, tokenIds: _3, rawLogProbs: _4, processedLogProbs: _5, ...failed } = row;
  return failed;
});

async function storeWith(...chunks: readonly (readonly RolloutRecord[])[]): Promise<Store> {
  const store = await Store.open(emptyFolder(), { write: true });
  for (const [i, rows] of chunks.entries())
    await store.commit(
      asked(String(i)),
      rows.map((row) => ({ ...row, chunk: String(i) })),
    );
  return store;
}

describe("statistics", () => {
  test("count verdicts, tokens and log-probabilities by experiment, policy and problem", async () => {
    const store = await storeWith(MIXED);
    const raw = -0.1 - 1e-7 - 12.345_678_9;
    const expected = [
      {
        experiment: "paired-sampling",
        policy: "base",
        problem: "chain/a",
        n: 4,
        right: 2,
        ungradable: { "cut off": 1, "grader crash": 1 },
        cutOff: 1,
        tokens: 3 + 7 + 3 + 3,
        rawLogProb: { sum: expect.closeTo(3 * raw - 0.75, 5) as number, rollouts: 4 },
        processedLogProb: { sum: Number.NEGATIVE_INFINITY, rollouts: 4 },
      },
      {
        experiment: "paired-sampling",
        policy: "tuned",
        problem: "chain/a",
        n: 1,
        right: 0,
        ungradable: { "engine error": 1 },
        cutOff: 0,
        tokens: 0,
        rawLogProb: { sum: 0, rollouts: 0 },
        processedLogProb: { sum: 0, rollouts: 0 },
      },
    ];
    expect(await store.statistics()).toEqual(expected);
    await store.compact();
    expect(await store.statistics()).toEqual(expected);
    await store.close();
  });

  test("add what is in Parquet to what is still in segments", async () => {
    const store = await storeWith(rollouts("a"), rollouts("b"));
    const all = await store.statistics();
    expect(all.map(({ problem, n }) => [problem, n])).toEqual([
      ["chain/a", 4],
      ["chain/b", 4],
    ]);
    await store.compact();
    await store.commit(
      asked("2"),
      rollouts("a").map((row) => ({ ...row, chunk: "2" })),
    );
    expect((await store.statistics()).map(({ problem, n, right }) => [problem, n, right])).toEqual([
      ["chain/a", 8, 4],
      ["chain/b", 4, 2],
    ]);
    await store.close();
  });
});

describe("evidence of a folder", () => {
  test("is each policy's problems with their rollouts in order, hand-offs left out", async () => {
    const handed = rollout("a", 9, { prefix: { rollout: "x", tokenIds: [1] } });
    const store = await storeWith(MIXED.toReversed(), [handed]);
    for (const compact of [false, true]) {
      if (compact) await store.compact();
      const [base, tuned, ...others] = await store.evidence();
      expect(others).toEqual([]);
      expect(base).toMatchObject({ policy: "base", file: store.folder, format: "study" });
      expect(base?.problems).toEqual([
        {
          id: "chain/a",
          n: 4,
          right: 2,
          ungradable: { "cut off": 1, "grader crash": 1 },
          rollouts: [
            { verdict: { kind: "right" }, text: "3+4=0;#0.", tokens: 3, cutOff: false },
            { verdict: { kind: "ungradable", why: "cut off" }, text: "3+4=1;#1.", tokens: 7, cutOff: true },
            { verdict: { kind: "ungradable", why: "grader crash" }, text: "3+4=2;#2.", tokens: 3, cutOff: false },
            { verdict: { kind: "right" }, text: "3+4=4;#4.", tokens: 3, cutOff: false },
          ],
        },
      ]);
      expect(tuned?.problems[0]?.rollouts).toEqual([{ verdict: { kind: "ungradable", why: "engine error" } }]);
    }
    await store.close();
  });
});
