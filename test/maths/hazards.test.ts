// test/maths · Hazards against the published 6-MP table, and coverage where problems' rollouts go together.
import { describe, expect, test } from "vitest";
import { type FirstError, firstErrorHazards } from "../../src/maths/hazards.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

/** Weeks of remission under 6-mercaptopurine; the later list was still in remission. E. J. Freireich et al. (1963), Blood 21, 699–716. */
const RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23];
const CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
/** Week, at risk, S, Greenwood's error: D. R. Cox & D. Oakes (1984), Analysis of Survival Data, tables 1.1 and 4.1. */
const PUBLISHED: [number, number, number, number][] = [
  [6, 21, 0.8571, 0.0764],
  [7, 17, 0.8067, 0.0869],
  [10, 15, 0.7529, 0.0963],
  [13, 12, 0.6902, 0.1068],
  [16, 11, 0.6275, 0.1141],
  [22, 7, 0.5378, 0.1282],
  [23, 6, 0.4482, 0.1346],
];
const patients: FirstError[] = [
  ...RELAPSED.map((steps) => ({ steps, erred: true })),
  ...CENSORED.map((steps) => ({ steps, erred: false })),
].map((patient, cluster) => ({ ...patient, cluster }));

describe("the published 6-MP arm", () => {
  const table = firstErrorHazards(patients, 0.95);

  test("comes out to the four decimals printed", () => {
    for (const [step, atRisk, reliable, greenwood] of PUBLISHED) {
      const row = table[step - 1]!;
      expect(row.atRisk).toBe(atRisk);
      expect(row.reliable).toBeCloseTo(reliable, 4);
      expect(row.greenwood).toBeCloseTo(greenwood, 4);
    }
  });

  test("has errors by cluster that are Greenwood's where every rollout is its own cluster", () => {
    for (const { greenwood, byCluster } of table) {
      if (greenwood === undefined) continue;
      expect(byCluster! / greenwood).toBeCloseTo(Math.sqrt(21 / 20), 10);
    }
  });

  test("has no error before the first event: none is told from the data", () => {
    expect(table[0]).toEqual({ step: 1, atRisk: 21, errors: 0, hazard: 0, reliable: 1 });
  });

  test("has limits inside (0, 1) around S", () => {
    for (const { low, high, reliable } of table.slice(5)) {
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThan(reliable);
      expect(high).toBeGreaterThan(reliable);
      expect(high).toBeLessThan(1);
    }
  });
});

/** Problems with slip rates of their own, 8 rollouts each, cut off at random after 4 to 12 steps. */
function study(draws: Stream, problems: number): FirstError[] {
  return Array.from({ length: problems }, (_, cluster) => {
    const slip = draws.beta(2, 18);
    return Array.from({ length: 8 }, () => {
      const limit = 4 + draws.integer(9);
      for (let step = 1; step <= limit; step++)
        if (draws.uniform() < slip) return { steps: step, erred: true, cluster };
      return { steps: limit, erred: false, cluster };
    });
  }).flat();
}

/** E (1 − slip)^t, slip ~ Beta(2, 18): the share over problems. */
const reliableAfter = (t: number): number => {
  let product = 1;
  for (let i = 0; i < t; i++) product *= (18 + i) / (20 + i);
  return product;
};

describe("errors by problem", () => {
  const studies = 400;
  const seen = Array.from({ length: studies }, (_, s) => firstErrorHazards(study(stream(41, "hazards", s), 50), 0.9));

  test("cover at 90 % where Greenwood's fall short", () => {
    // At the first step problems have hardly parted yet.
    for (const [step, greenwoodBelow] of [
      [1, 0.9],
      [4, 0.85],
      [8, 0.85],
    ] as const) {
      const truth = reliableAfter(step);
      let byCluster = 0;
      let greenwood = 0;
      for (const table of seen) {
        const row = table[step - 1]!;
        if (row.low! <= truth && truth <= row.high!) byCluster++;
        if (Math.abs(row.reliable - truth) <= 1.645 * row.greenwood!) greenwood++;
      }
      // 400 studies: the share has a standard error of 1.5 %.
      expect(byCluster / studies).toBeGreaterThan(0.85);
      expect(byCluster / studies).toBeLessThan(0.95);
      expect(greenwood / studies).toBeLessThan(greenwoodBelow);
    }
  });

  test("belong to an unbiased S, and to a pooled hazard that falls although each problem's own is constant", () => {
    const mean = (of: (table: (typeof seen)[number]) => number): { value: number; se: number } => {
      const values = seen.map(of);
      const value = values.reduce((sum, v) => sum + v, 0) / studies;
      const square = values.reduce((sum, v) => sum + (v - value) ** 2, 0) / (studies - 1);
      return { value, se: Math.sqrt(square / studies) };
    };
    for (const step of [4, 8]) {
      const { value, se } = mean((table) => table[step - 1]!.reliable);
      expect(Math.abs(value - reliableAfter(step)) / se).toBeLessThan(3);
    }
    const first = mean((table) => table[0]!.hazard);
    const eighth = mean((table) => table[7]!.hazard);
    expect(Math.abs(first.value - 0.1) / first.se).toBeLessThan(3);
    expect((first.value - eighth.value) / Math.hypot(first.se, eighth.se)).toBeGreaterThan(5);
  });
});

describe("the edges", () => {
  test("where all err at once S is 0, has no error, and the table ends", () => {
    const table = firstErrorHazards(
      [0, 1, 2].map((cluster) => ({ steps: 2, erred: true, cluster })),
      0.9,
    );
    expect(table.at(-1)).toEqual({ step: 2, atRisk: 3, errors: 3, hazard: 1, reliable: 0 });
    expect(table).toHaveLength(2);
  });

  test("a first error at step 0, or one problem alone, is refused", () => {
    expect(() => firstErrorHazards([{ steps: 0, erred: true, cluster: 0 }], 0.9)).toThrow(/whole step from 1/);
    expect(() => firstErrorHazards([{ steps: 3, erred: true, cluster: 0 }], 0.9)).toThrow(/2 problems or more, got 1/);
  });
});
