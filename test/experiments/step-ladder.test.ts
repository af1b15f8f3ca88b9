import { beforeAll, describe, expect, it, test } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import type { Pair } from "../../src/experiments/ladder-rungs.ts";
import { slopesOf } from "../../src/experiments/ladder-slopes.ts";
import { stepLadder } from "../../src/experiments/step-ladder.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import type { Measured } from "../../src/terms/estimate.ts";
import type { LadderExhibit } from "../../src/terms/exhibit.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { Mass, TruthDocument } from "../../src/terms/truth.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { truthOf } from "../../src/worlds/truth.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { liveStudy } from "../support/live-study.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

it("parts steadier-steps from recovery, but not contaminated from lucky-guess", () => {
  expect(separates(stepLadder, steadierSteps, recovery)).toBe(true);
  expect(separates(stepLadder, contaminated, luckyGuess)).toBe(false);
});

it("draws sixteen rollouts on a hundred problems a rung, whatever problems are at hand", () => {
  expect(stepLadder.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 22400,
    scoredRollouts: 0,
  });
});

const live = stepLadder.live!;
const options = { ...OPTIONS, level: 0.9 };
const policies = ["base", "tuned"] as const;
const p = (mass: Mass): number => (mass.kind === "zero" ? 0 : Math.exp(mass.log));

/** The same fit on the exact chances: a million rollouts that come out as expected. */
function exact(truth: TruthDocument, way?: string): ReturnType<typeof slopesOf> {
  const trials = 1_000_000;
  const pairs = truth.problems.map(({ problem, policies: sides }): Pair => {
    const counts = sides.map(({ right, strategies }) => ({
      events: Math.round(trials * p(way === undefined ? right : strategies[way]!)),
      trials,
    }));
    return { problem: problem.id, steps: problem.steps, sides: [counts[0]!, counts[1]!] };
  });
  return slopesOf(pairs, new Map(pairs.map(({ problem }, i) => [problem, i])), 0.9);
}

async function studied(name: string) {
  const open = openWorld(worldNamed(name), { seed: 1, cache: SHIPPED });
  const engines = open.policies.filter((policy) => policies.some((own) => own === policy.name));
  const { seen } = await liveStudy(open, { policies, rollouts: 48, seed: 21 });
  const outcome = live.estimate(seen, options);
  return {
    truth: await truthOf({ world: open.world, seed: 1, policies: engines, crucis: "test" }),
    findings: new Findings(outcome.findings),
    exhibits: outcome.exhibits as LadderExhibit[],
    refused: live.refuse(seen),
    asked: live.plan(seen, 0, 1),
  };
}

const within = (found: Measured | undefined, value: number, errors: number): void => {
  expect(found?.se).toBeGreaterThan(0);
  expect(Math.abs(found!.value - value)).toBeLessThan(errors * found!.se!);
};
const valueOf = (estimate: ReturnType<typeof slopesOf>["slopeRatio"]): number => (estimate as Measured).value;

describe("steady-hand, whose steps became more reliable", { timeout: 60_000 }, () => {
  let study: Awaited<ReturnType<typeof studied>>;
  beforeAll(async () => {
    study = await studied("steady-hand");
  });

  test("asks nothing beyond the paired rollouts", () => {
    expect(study.refused).toBeUndefined();
    expect(study.asked).toEqual([]);
  });

  test("the slope ratio lies within two standard errors of the exact one, above 1", () => {
    const found = study.findings.measured("ladder/slope-ratio");
    within(found, valueOf(exact(study.truth).slopeRatio), 2);
    expect(found!.low).toBeGreaterThan(1.1);
  });

  test("the ratio at each L covers the exact one as often as it should, and rises", () => {
    const ratios = study.truth.rungs.map(({ steps, ratio }) => ({
      found: study.findings.measured(`ladder/ratio/L=${steps}`)!,
      exact: ratio![1]!,
    }));
    expect(ratios.length).toBe(6);
    // Of six intervals at 90 %, with problems drawn but once.
    expect(
      ratios.filter(({ found, exact: value }) => found.low! <= value && value <= found.high!).length,
    ).toBeGreaterThanOrEqual(4);
    expect(ratios.at(-1)!.found.low).toBeGreaterThan(ratios[0]!.found.high!);
  });

  test("a factor with every step is told ahead of one ratio, in one picture", () => {
    expect(study.exhibits.length).toBe(1);
    const [picture] = study.exhibits;
    expect(picture).toMatchObject({ kind: "ladder", policies, told: true, at: [1, 2, 3, 4, 5, 6] });
    expect(picture!.laws.find(({ law }) => law === "each-step")?.behind).toBe(0);
    expect(picture!.laws.find(({ law }) => law === "constant")!.behind).toBeLessThan(-20);
  });

  test("steps slip less, nothing is repaired, and the hazard falls at every step that is seen", () => {
    const { findings } = study;
    const [before, after] = policies.map((policy) => findings.measured(`slips/${policy}`)!);
    expect(after!.high).toBeLessThan(before!.low! / 2);
    for (const policy of policies) expect(findings.measured(`repairs/${policy}`)).toMatchObject({ value: 0, low: 0 });
    for (const step of [1, 2, 3, 4, 5, 6]) {
      const [from, to] = policies.map((policy) => findings.measured(`hazard/step=${step}/${policy}`)!);
      expect(to!.high).toBeLessThan(from!.low!);
    }
  });
});

describe("known-route, whose clean way is taken more often", { timeout: 60_000 }, () => {
  let study: Awaited<ReturnType<typeof studied>>;
  beforeAll(async () => {
    study = await studied("known-route");
  });

  test("all ways together the ratio rises with L, exactly too: the ways that the base takes fail more at every step", () => {
    within(study.findings.measured("ladder/slope-ratio"), valueOf(exact(study.truth).slopeRatio), 2);
    expect(valueOf(exact(study.truth).slopeRatio)).toBeGreaterThan(1.3);
  });

  test("along the way that the tuned policy takes it is flat, and high", () => {
    const found = study.findings.measured("ladder/way/slope-ratio");
    const truth = exact(study.truth, "stepwise");
    within(found, valueOf(truth.slopeRatio), 2);
    expect(Math.abs(valueOf(truth.slopeRatio) - 1)).toBeLessThan(0.05);
    expect(found!.low).toBeLessThan(1);
    expect(found!.high).toBeGreaterThan(1);
    expect(study.findings.measured("ladder/way/level-ratio")!.low).toBeGreaterThan(5);
  });

  test("there one ratio is told ahead of a factor with every step, in a picture that names the way", () => {
    const [all, way] = study.exhibits;
    expect(all?.way).toBeUndefined();
    expect(way).toMatchObject({ way: "stepwise", told: true });
    expect(way!.laws.find(({ law }) => law === "constant")?.behind).toBe(0);
  });
});

describe("made up", () => {
  const made = (reader = {}) =>
    madeSeen({
      policies: ["base", "mid", "tuned"],
      problems: problemsOf([1, 2, 4], 4),
      rollouts: 16,
      // Success falls with the steps; later policies do better.
      draw: (policy, { steps }, i) => ({
        verdict: i < (policy === "base" ? 12 : policy === "mid" ? 13 : 15) - 2 * steps! ? "right" : "wrong",
        text: "an answer",
      }),
      reader,
    });

  test("a checkpoint's findings end in its name, the main pair's in nothing", () => {
    const names = live.estimate(made(), options).findings.map(({ name }) => name);
    for (const name of [
      "ladder/slope-ratio",
      "ladder/slope-ratio/mid",
      "ladder/ratio/L=4/mid",
      "ladder/reliability/base",
      "ladder/reliability/mid",
      "ladder/reliability/tuned",
    ])
      expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("the same evidence gives the same findings", () => {
    expect(live.estimate(made(), options)).toEqual(live.estimate(made(), options));
  });

  test("without verified steps hazards are refused, and the ladder is not", () => {
    const found = new Findings(live.estimate(made(), options).findings);
    expect(found.get("hazard")).toMatchObject({ kind: "refused", why: "the task does not verify steps" });
    expect(found.measured("ladder/slope-ratio")).toBeDefined();
  });

  test("without a single right answer there are bounds and refusals, no numbers", () => {
    const seen = made();
    const lost = {
      ...seen,
      rollouts: seen.rollouts.map((one) => (one.policy === "base" ? { ...one, verdict: "wrong" as const } : one)),
    };
    const found = new Findings(live.estimate(lost, options).findings);
    expect(found.get("ladder/ratio/L=2")).toMatchObject({ kind: "bounded" });
    expect(found.get("ladder/slope-ratio")).toMatchObject({
      kind: "refused",
      why: "one of the policies was never right, so its slope is not known",
    });
    expect(found.measured("ladder/slope-ratio/mid")).toBeUndefined();
  });

  test("what an engine lost is no wrong answer", () => {
    const seen = made();
    const lost = {
      ...seen,
      rollouts: seen.rollouts.map((one) =>
        one.index >= 12 ? { ...one, verdict: "ungradable" as const, why: "engine error" as const } : one,
      ),
    };
    const [first] = live.estimate(lost, options).exhibits as LadderExhibit[];
    expect(first?.rungs[0]?.base.value).toBeCloseTo(10 / 12, 12);
  });

  test("fewer than three numbers of steps are refused, each with its mend", () => {
    const seen = made();
    expect(live.refuse(seen)).toBeUndefined();
    const two = { ...seen, problems: seen.problems.filter(({ steps }) => steps! < 4) };
    expect(live.refuse(two)).toMatchObject({ why: "the problems have 2 numbers of steps and a ladder needs 3" });
    const none = { ...seen, problems: seen.problems.map(({ id, family }) => ({ id, family })) };
    expect(live.refuse(none)).toMatchObject({ why: "no problem has a known number of steps" });
  });
});
