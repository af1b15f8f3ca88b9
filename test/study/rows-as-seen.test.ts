// test/ · Rows as seen: half-widths foretold from a first look, beside those of further studies of the same kind of problems.
import { describe, expect, test } from "vitest";
import { split } from "../../src/attribution/split.ts";
import { gainRows } from "../../src/experiments/gain-rows.ts";
import { stream } from "../../src/maths/random.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { widthsAsSeen } from "../../src/study/rows-as-seen.ts";
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

describe("half-widths from a first look", () => {
  const looks = [1, 2, 3, 4].map((seed) => rowsOf(32, seed));
  const look = looks[0]!;
  const design = { ...OPTIONS, steps, rollouts: ROLLOUTS, handed: true };
  const foretold = looks.map((rows, i) => widthsAsSeen(rows, design, stream(i, "test/widths")));

  test("are those of studies to come", () => {
    const real = Array.from({ length: 6 }, (_, i) => {
      const rows = rowsOf(steps.length, 10 + i);
      return split(rows, rows, OPTIONS)!.shares;
    });
    for (const cause of ["format-learned", "steadier-steps", "longer-outputs"] as const) {
      const is = mean(real.map((shares) => (shares[cause]!.interval!.high - shares[cause]!.interval!.low) / 2));
      const told = mean(foretold.map((one) => one[cause]!));
      expect(is).toBeGreaterThan(0.02);
      expect(Math.abs(told / is - 1)).toBeLessThan(0.15);
    }
  });

  test("are the same for the same stream, and narrower for more problems", () => {
    expect(widthsAsSeen(look, design, stream(0, "test/widths"))).toEqual(foretold[0]);
    const more = widthsAsSeen(
      look,
      { ...design, steps: [...steps, ...steps, ...steps, ...steps] },
      stream(0, "test/more"),
    );
    expect(more["steadier-steps"]! / mean(foretold.map((one) => one["steadier-steps"]!))).toBeLessThan(0.65);
  });

  test("are not told of other numbers of rollouts, of hand-overs that nobody drew, or from a handful of problems", () => {
    expect(widthsAsSeen(look, { ...design, rollouts: 2 * ROLLOUTS }, stream(0, "test/widths"))).toEqual({});
    const without = look.map((row) => {
      const { segments: _, ...rest } = row;
      return rest;
    });
    expect(widthsAsSeen(without, design, stream(0, "test/widths"))).toEqual({});
    expect(
      widthsAsSeen(without, { ...design, handed: false }, stream(0, "test/widths"))["format-learned"],
    ).toBeGreaterThan(0);
    expect(widthsAsSeen(look.slice(0, 9), design, stream(0, "test/widths"))).toEqual({});
  });
});
