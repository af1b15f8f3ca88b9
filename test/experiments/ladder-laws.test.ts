import { expect, test } from "vitest";
import { lawsOf } from "../../src/experiments/ladder-laws.ts";
import type { Pair } from "../../src/experiments/ladder-rungs.ts";
import { stream } from "../../src/maths/random.ts";

const STEPS = [1, 2, 3, 4, 5, 6];

/** Ten problems a rung; `chances` gives p0 and p1 of a problem whose difficulty is d, uniform in (0, 1). */
function study(seed: number, rollouts: number, chances: (L: number, d: number) => readonly [number, number]): Pair[] {
  const draws = stream(seed, "laws", 0);
  return STEPS.flatMap((steps) =>
    Array.from({ length: 10 }, (_, i): Pair => {
      const [base, later] = chances(steps, draws.uniform()).map((p) => {
        let events = 0;
        for (let n = 0; n < rollouts; n++) if (draws.uniform() < p) events++;
        return { events, trials: rollouts };
      });
      return { problem: `${steps}/${i}`, steps, sides: [base!, later!] };
    }),
  );
}

test("counts that keep a law exactly give its coefficient back", () => {
  const pairs = (ratio: (L: number) => number): Pair[] =>
    STEPS.map((steps) => ({
      problem: `${steps}`,
      steps,
      sides: [
        { events: 100_000, trials: 1_000_000 },
        { events: Math.round(100_000 * ratio(steps)), trials: 1_000_000 },
      ],
    }));
  const [constant] = lawsOf(
    pairs(() => 3),
    0.9,
  )!.laws;
  expect(constant.coefficient).toBeCloseTo(Math.log(3), 6);
  const [, eachStep] = lawsOf(
    pairs((L) => 1.2 ** L),
    0.9,
  )!.laws;
  // The counts are rounded.
  expect(eachStep.coefficient).toBeCloseTo(Math.log(1.2), 5);
});

test("a factor with every step is told from one ratio, and the reverse, though problems differ and the base falls with L either way", () => {
  const right = { eachStep: 0, constant: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const steadier = lawsOf(
      study(seed, 64, (L, d) => [(0.65 + 0.2 * d) ** L, (0.8 + 0.15 * d) ** L]),
      0.9,
    )!;
    if (steadier.told && steadier.difference > 0) right.eachStep++;
    const amplified = lawsOf(
      study(seed, 64, (L, d) => [0.3 * (0.8 + 0.15 * d) ** L, 0.7 * (0.8 + 0.15 * d) ** L]),
      0.9,
    )!;
    if (amplified.told && amplified.difference < 0) right.constant++;
  }
  expect(right).toEqual({ eachStep: 20, constant: 20 });
});

test("where nothing changed neither law is told ahead more often than chance allows", () => {
  let told = 0;
  for (let seed = 1; seed <= 60; seed++)
    if (
      lawsOf(
        study(seed, 64, (L, d) => [(0.7 + 0.2 * d) ** L, (0.7 + 0.2 * d) ** L]),
        0.9,
      )?.told
    )
      told++;
  // One in ten is 6; three standard errors above are 13.
  expect(told).toBeLessThanOrEqual(13);
});

test("problems that are always or never right do not break the fit", () => {
  const pairs = STEPS.flatMap((steps): Pair[] => [
    {
      problem: `a${steps}`,
      steps,
      sides: [
        { events: 8, trials: 8 },
        { events: 8, trials: 8 },
      ],
    },
    {
      problem: `b${steps}`,
      steps,
      sides: [
        { events: 0, trials: 8 },
        { events: 0, trials: 8 },
      ],
    },
    {
      problem: `c${steps}`,
      steps,
      sides: [
        { events: 0, trials: 8 },
        { events: 8, trials: 8 },
      ],
    },
    {
      problem: `d${steps}`,
      steps,
      sides: [
        { events: 3, trials: 8 },
        { events: 8, trials: 8 },
      ],
    },
  ]);
  const { laws, difference, se } = lawsOf(pairs, 0.9)!;
  for (const { coefficient, logLikelihood } of laws) {
    expect(coefficient).toBeGreaterThan(0);
    expect(Number.isFinite(logLikelihood)).toBe(true);
  }
  expect(Number.isFinite(difference / se)).toBe(true);
});

test("one number of steps shows no law", () => {
  const pairs = study(1, 8, () => [0.3, 0.6]).filter(({ steps }) => steps === 3);
  expect(lawsOf(pairs, 0.9)).toBeUndefined();
});
