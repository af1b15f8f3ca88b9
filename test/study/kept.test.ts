// test/ · Kept: what a run has read of its store is what a new reader reads, and no chunk is read twice.
import { expect, test } from "vitest";
import { Store } from "../../src/evidence/store.ts";
import { Kept } from "../../src/study/kept.ts";
import { emptyFolder } from "../evidence/records.ts";
import { asked, rollouts, scores } from "../evidence/rows.ts";

/** How often each row came out of the store. */
function counting(store: Store): { store: Store; times: Map<string, number> } {
  const times = new Map<string, number>();
  const rows = store.rollouts.bind(store);
  store.rollouts = async function* (options) {
    for await (const row of rows(options)) {
      times.set(row.rollout, (times.get(row.rollout) ?? 0) + 1);
      yield row;
    }
  };
  return { store, times };
}

test("a reader who comes back reads what came since, in segments and in Parquet, and has all of it in one order", async () => {
  const { store, times } = counting(await Store.open(emptyFolder(), { write: true }));
  try {
    const kept = new Kept(store);
    await store.commit(asked("b"), rollouts("b"));
    await store.commit(asked("y", "score"), scores("y"));
    const first = await kept.read();
    await store.commit(asked("a"), rollouts("a"));
    await store.commit(asked("x", "score"), scores("x"));
    const second = await kept.read();
    await store.compact();
    await store.commit(asked("c"), rollouts("c"));
    const third = await kept.read();
    // What was given before does not grow.
    expect(first.rollouts.length).toBe(rollouts("b").length);
    expect(second.rollouts.length).toBe(rollouts("b").length + rollouts("a").length);
    expect(new Set(times.values())).toEqual(new Set([1]));
    const anew = await new Kept(store).read();
    const read = ({ rollouts: own, scores: told }: typeof third) => [
      own.map(({ rollout, chunk }) => [rollout, chunk]),
      told.map(({ rollout, policy, chunk }) => [rollout, policy, chunk]),
    ];
    expect(read(third)).toEqual(read(anew));
    expect(third.rollouts.map(({ rollout }) => rollout)).toEqual(third.rollouts.map(({ rollout }) => rollout).sort());
  } finally {
    await store.close();
  }
});
