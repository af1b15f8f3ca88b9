// Missing bits of whole live studies on the shipped worlds, against exact V at the cuts of the answers that were followed.
import { beforeAll, describe, expect, test } from "vitest";
import { bitsOf } from "../../src/experiments/handoff-bits.ts";
import { followed, startOf } from "../../src/experiments/handoff-cuts.ts";
import { pairedBy } from "../../src/experiments/handoff-sources.ts";
import type { Measured } from "../../src/terms/estimate.ts";
import type { MissingBitsExhibit } from "../../src/terms/exhibit.ts";
import { Findings } from "../../src/terms/finding.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { liveStudy, studyProblems } from "../support/live-study.ts";
import { exactAnswers, meanOver } from "./missing-bits-exact.ts";

/** Every other problem of the world's study: 30, with 60 answers followed. */
async function studied(name: string, later: readonly string[], rollouts: number) {
  const open = openWorld(worldNamed(name), { seed: 1, cache: SHIPPED });
  const problems = studyProblems(open).filter((_, i) => i % 2 === 0);
  const base = open.policies[0]!.name;
  const { seen } = await liveStudy(open, {
    policies: [base, ...later],
    problems,
    rollouts,
    seed: 12,
    experiments: ["handoff"],
  });
  const paired = pairedBy(seen);
  const { findings, exhibits } = bitsOf(seen, paired, { level: 0.9, seed: 1 });
  const answers = followed(seen, paired, later.at(-1)!);
  const exact = await exactAnswers(open, problems, answers);
  const right = (problem: string): number => startOf(paired.get(base)?.get(problem) ?? []).right;
  return {
    told: new Findings(findings),
    exhibit: exhibits[0] as MissingBitsExhibit,
    answers,
    total: meanOver(
      exact,
      (problem) => right(problem) > 0,
      ({ missing }) => missing[0]!,
    ),
    neff: meanOver(
      exact,
      (problem) => right(problem) > 0 && right(problem) < rollouts,
      (one) => one.neff,
    ),
    places: problems.reduce((sum, { steps }) => sum + steps + 1, 0) / problems.length,
  };
}

const z = ({ value, se }: Measured, exact: number): number => (value - exact) / se!;

describe("steady-hand, every step a little better", () => {
  let study: Awaited<ReturnType<typeof studied>>;
  beforeAll(async () => {
    study = await studied("steady-hand", ["step-15", "tuned"], 32);
  });

  test("bits and N_eff are within 3 standard errors of exact V along the same answers", () => {
    expect(Math.abs(z(study.told.measured("missing-bits/total")!, study.total))).toBeLessThan(3);
    expect(Math.abs(z(study.told.measured("missing-bits/neff")!, study.neff))).toBeLessThan(3);
  });

  test("N_eff is at least half the number of steps", () => {
    const { value, low } = study.told.measured("missing-bits/neff")!;
    const steps = study.told.measured("missing-bits/steps")!.value - 1;
    expect(study.told.measured("missing-bits/steps")!.value).toBeCloseTo(study.places, 10);
    expect(value).toBeGreaterThan(0.5 * steps);
    expect(low!).toBeGreaterThan(0.5 * steps);
  });

  test("a checkpoint on the way is told of too, and drawn before the tuned policy", () => {
    for (const name of ["total", "neff", "steps"])
      expect(study.told.measured(`missing-bits/${name}/step-15`)).toBeDefined();
    const { panels, place, policies } = study.exhibit;
    expect([place, ...policies]).toEqual(["step", "base", "tuned"]);
    expect(panels.map(({ steps, series }) => [steps, series.at(-1)!.places.length])).toEqual(
      [1, 2, 3, 4, 5, 6].map((L) => [L, L + 1]),
    );
    for (const { series } of panels) expect(series.map(({ checkpoint }) => checkpoint)).toEqual(["step-15", "tuned"]);
  });

  test("every cut ends before the answer is stated", () => {
    for (const { source, cuts } of study.answers)
      expect(cuts.at(-1)!.characters).toBeLessThanOrEqual(source.text!.indexOf("#"));
  });
});

describe("known-route, one choice", () => {
  let study: Awaited<ReturnType<typeof studied>>;
  beforeAll(async () => {
    // So many that the base solves every problem at least once: none is a mere bound.
    study = await studied("known-route", ["tuned"], 64);
  });

  test("bits and N_eff are within 3 standard errors of exact V along the same answers", () => {
    expect(Math.abs(z(study.told.measured("missing-bits/total")!, study.total))).toBeLessThan(3);
    expect(Math.abs(z(study.told.measured("missing-bits/neff")!, study.neff))).toBeLessThan(3);
  });

  test("N_eff is at most 2, and most bits stand at the first step", () => {
    expect(study.told.measured("missing-bits/neff")!.high!).toBeLessThan(2);
    for (const { series } of study.exhibit.panels) {
      const { places, total } = series.at(-1)!;
      expect(places[0]!.value!).toBeGreaterThan(0.7 * (total.value ?? total.low!));
    }
  });
});
