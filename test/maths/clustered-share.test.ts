import { expect, test } from "vitest";
import { clusteredShare, type Trials } from "../../src/maths/clustered-share.ts";
import { clopperPearson } from "../../src/maths/intervals.ts";
import { stream } from "../../src/maths/random.ts";

test("of one problem the limits are Clopper and Pearson's", () => {
  const { low, high } = clopperPearson(7, 20, 0.9);
  const share = clusteredShare([{ events: 7, trials: 20 }], 0.9);
  expect(share).toMatchObject({ events: 7, trials: 20, value: 0.35 });
  expect(share!.low).toBeCloseTo(low, 12);
  expect(share!.high).toBeCloseTo(high, 12);
});

test("none of n is bounded as n independent trials would be, and so is all of n", () => {
  const rows = Array.from({ length: 10 }, () => ({ events: 0, trials: 30 }));
  const none = clusteredShare(rows, 0.95)!;
  expect([none.value, none.low, none.se]).toEqual([0, 0, 0]);
  expect(none.high).toBeCloseTo(clopperPearson(0, 300, 0.95).high, 12);
  const all = clusteredShare(
    rows.map(({ trials }) => ({ events: trials, trials })),
    0.95,
  )!;
  expect([all.value, all.high]).toEqual([1, 1]);
  expect(all.low).toBeCloseTo(clopperPearson(300, 300, 0.95).low, 12);
});

test("problems that are all or nothing count as one trial each, not as their rollouts", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ events: i < 20 ? 50 : 0, trials: 50 }));
  const share = clusteredShare(rows, 0.95)!;
  const own = clopperPearson(20, 40, 0.95);
  expect(share.se).toBeCloseTo(Math.sqrt(0.25 / 39), 12);
  // Student's t with 39 degrees makes it a little wider.
  expect(share.low).toBeLessThan(own.low);
  expect(share.high - share.low).toBeLessThan(1.06 * (own.high - own.low));
});

test("problems of one family go together", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ events: i < 20 ? 50 : 0, trials: 50 }));
  const families = rows.map((_, i) => Math.floor(i / 10));
  expect(clusteredShare(rows, 0.95, families)!.se).toBeCloseTo(Math.sqrt(0.25 / 3), 12);
});

test("limits at 90 % cover the mean over unlike problems in about 90 % of draws, also where it is small", () => {
  for (const mean of [0.02, 0.3]) {
    let covered = 0;
    const studies = 400;
    for (let s = 0; s < studies; s++) {
      const draws = stream(11, `coverage ${mean}`, s);
      const rows = Array.from({ length: 30 }, (): Trials => {
        // Two kinds of problems: p of half and of one and a half times the mean.
        const p = mean * (draws.uniform() < 0.5 ? 0.5 : 1.5);
        let events = 0;
        for (let i = 0; i < 40; i++) if (draws.uniform() < p) events++;
        return { events, trials: 40 };
      });
      const { low, high } = clusteredShare(rows, 0.9)!;
      if (low <= mean && mean <= high) covered++;
    }
    // Exact limits err on the side of covering; three standard errors of 0.9 over 400 draws are 0.045.
    expect(covered / studies).toBeGreaterThan(0.855);
    expect(covered / studies).toBeLessThan(0.96);
  }
});

test("no trial is no share, and more events than trials is an error", () => {
  expect(clusteredShare([], 0.9)).toBeUndefined();
  expect(clusteredShare([{ events: 0, trials: 0 }], 0.9)).toBeUndefined();
  expect(() => clusteredShare([{ events: 2, trials: 1 }], 0.9)).toThrow("got 2 of 1");
});
