// test/ · Rows as seen: the ledger foretold from a first look, beside those of further studies of the same kind of problems.
import { describe, expect, test } from "vitest";
import { type Cause, split } from "../../src/attribution/split.ts";
import { gainRows } from "../../src/experiments/gain-rows.ts";
import { stream } from "../../src/maths/random.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { rowsAsSeen } from "../../src/study/rows-as-seen.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";
import type { GainRow } from "../../src/terms/gain-row.ts";

const STEPS = [2, 3, 4, 6];
const ROLLOUTS = 24;
const OPTIONS = { level: 0.9, replicates: 200, yardstick: 1e-6, seed: 5 };

/** Problems unlike each other in their slips and in how many right answers cannot be read; training mends part of both. */
function rowsOf(problems: number, seed: number): GainRow[] {
  const random = stream(seed, "test/rows-as-seen");
  const list = Array.from({ length: problems }, (_, i): ImaginedProblem => {
    const [slip, readable] = [random.beta(2, 8), random.beta(4, 2)];
    const base: Behaviour = {
      ways: [{ name: "stepwise", share: 1, pace: 1, slip, repair: 0 }],
      joins: 1,
      readable,
      cutOffs: 0.05,
      misstated: 0,
      recall: 0,
      luck: 0,
      grader: 0,
      odds: 0,
      temperature: 1,
      astray: 0,
    };
    const tuned = { ...base, ways: [{ ...base.ways[0]!, slip: slip / 3 }], readable: (1 + readable) / 2 };
    return { id: `p${i}`, family: "paper", steps: STEPS[i % STEPS.length]!, behaviours: [base, tuned] };
  });
  const design = { policies: ["base", "tuned"], rollouts: ROLLOUTS, scored: 0, experiments: ["handoff"], seed };
  return gainRows(imaginedStudy(list, design).seen, "tuned");
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const steps = Array.from({ length: 60 }, (_, i) => STEPS[i % STEPS.length]!);

describe("rows from a first look", () => {
  const looks = [1, 2, 3, 4].map((seed) => rowsOf(32, seed));
  const look = looks[0]!;
  const planned = { steps, rollouts: ROLLOUTS, handed: true };
  const drawn = (rows: readonly GainRow[], seed: number, over = {}): GainRow[] | undefined =>
    rowsAsSeen(rows, { ...planned, ...over }, stream(seed, "test/rows"));
  const widthOf = (rows: readonly GainRow[], cause: Cause): number => {
    const { low, high } = split(rows, rows, OPTIONS)!.shares[cause]!.interval!;
    return (high - low) / 2;
  };

  test("make the ledger as wide as studies to come", () => {
    const real = Array.from({ length: 6 }, (_, i) => rowsOf(steps.length, 10 + i));
    const foretold = looks.map((rows, i) => drawn(rows, i)!);
    for (const cause of ["format-learned", "steadier-steps", "longer-outputs"] as const) {
      const is = mean(real.map((rows) => widthOf(rows, cause)));
      expect(is).toBeGreaterThan(0.02);
      expect(Math.abs(mean(foretold.map((rows) => widthOf(rows, cause))) / is - 1)).toBeLessThan(0.15);
    }
  });

  test("are one a planned problem, of its length, under names of their own, and the same for the same stream", () => {
    const rows = drawn(look, 0)!;
    expect(rows.map((row) => row.steps)).toEqual(steps);
    expect(new Set(rows.map(({ problem }) => problem)).size).toBe(steps.length);
    const nameless = (row: GainRow): string => JSON.stringify({ ...row, problem: "" });
    const asked = new Set(look.map(nameless));
    expect(rows.every((row) => asked.has(nameless(row)))).toBe(true);
    expect(drawn(look, 0)).toEqual(rows);
  });

  test("are not told of other numbers of rollouts, of hand-overs that nobody drew, or from a handful of problems", () => {
    expect(drawn(look, 0, { rollouts: 2 * ROLLOUTS })).toBeUndefined();
    const without = look.map((row) => {
      const { segments: _, ...rest } = row;
      return rest;
    });
    expect(drawn(without, 0)).toBeUndefined();
    expect(drawn(look, 0, { handed: false })!.every(({ segments }) => segments === undefined)).toBe(true);
    expect(drawn(without, 0, { handed: false })).toHaveLength(steps.length);
    expect(drawn(look.slice(0, 9), 0)).toBeUndefined();
  });
});
