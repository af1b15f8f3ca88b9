// Cross-scoring on worlds whose change is known: trained ones, and exact functions of a trained base.
import { beforeAll, describe, expect, test } from "vitest";
import { crossScoring } from "../../src/experiments/cross-scoring.ts";
import { act } from "../../src/study/act.ts";
import type { Bench } from "../../src/study/bench.ts";
import { scores } from "../../src/study/plan.ts";
import type { Measured } from "../../src/terms/estimate.ts";
import type { LogRatioExhibit } from "../../src/terms/exhibit.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { ScoreRecord } from "../../src/terms/record.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { WorldEngine } from "../../src/worlds/engine.ts";
import { loadCheckpoint } from "../../src/worlds/files/checkpoint.ts";
import { type OpenWorld, openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { power, type Scored, tilt } from "../../src/worlds/transform.ts";
import { Model } from "../../src/worlds/transformer/model.ts";
import type { Bending } from "../../src/worlds/transformer/sampling.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { liveStudy } from "../support/live-study.ts";

const live = crossScoring.live!;
const pair = ["base", "tuned"] as const;
const shipped = (name: string): OpenWorld => openWorld(worldNamed(name), { seed: 1, cache: SHIPPED });

/** Paired rollouts, and the stage in which base and tuned score each other's. */
async function scoredStudy(open: OpenWorld, rollouts = 8): Promise<Seen> {
  const { study, seen } = await liveStudy(open, { policies: pair, rollouts, seed: 31 });
  const policies = study.policies.map((declared) => ({
    declared,
    engine: open.policies.find(({ name }) => name === declared.name)!.engine,
  }));
  const records: ScoreRecord[] = [];
  // Scoring asks nothing of the bench.
  for (const chunk of scores({ ...study, scored: rollouts }, seen.rollouts).chunks)
    records.push(...((await act(chunk, { study, bench: {} as Bench, policies })).records as readonly ScoreRecord[]));
  return { ...seen, scores: records };
}

/** The base of a world, and a tuned policy that is an exact function of it, or of what was trained. */
function bent(open: OpenWorld, bending: Bending, of: (typeof pair)[number] = "base"): OpenWorld {
  const base = open.policies[0]!;
  const { card, weights } = loadCheckpoint(open.folder, of);
  const engine = new WorldEngine({ name: "tuned", shape: card.shape, weights, fingerprint: "bent", bending });
  return { ...open, policies: [base, { ...base, name: "tuned", engine }] };
}

/** The accepted answers with a policy's log-probabilities. */
function acceptedOf({ world, folder }: OpenWorld, policy: (typeof pair)[number] = "base"): (prompt: string) => Scored {
  const model = new Model(world.shape);
  model.setWeights(loadCheckpoint(folder, policy).weights);
  return (prompt) => {
    const accepted = world.task.accepted(prompt, world.grading).filter(({ text }) => text.length <= world.maxTokens);
    const rows = accepted.map(({ text }) => encode(prompt + text));
    const lengths = rows.map(({ length }) => length);
    const columns = Math.max(...lengths);
    const tokens = new Int32Array(rows.length * columns);
    rows.forEach((row, i) => tokens.set(row, i * columns));
    const logProbs = model.logProbs({ tokens, rows: rows.length, columns, lengths });
    return accepted.map((one, i) => ({
      accepted: one,
      logProbs: logProbs.subarray(i * columns + prompt.length, i * columns + lengths[i]!),
    }));
  };
}

function read(seen: Seen) {
  expect(live.refuse(seen)).toBeUndefined();
  const { findings, exhibits } = live.estimate(seen, OPTIONS);
  return { findings: new Findings(findings), exhibit: exhibits[0] as LogRatioExhibit };
}
const why = (findings: Findings, name: string): string | undefined => {
  const found = findings.get(name);
  return found?.kind === "refused" ? found.why : undefined;
};

describe("a choice against a thousand cuts", { timeout: 60_000 }, () => {
  let hand: ReturnType<typeof read>;
  let route: ReturnType<typeof read>;
  beforeAll(async () => {
    hand = read(await scoredStudy(shipped("steady-hand")));
    route = read(await scoredStudy(shipped("known-route")));
  });

  test("along known-route's right answers one token carries the log-ratio, along steady-hand's several", () => {
    const [few, many] = [route, hand].map(({ findings }) => findings.measured("cross/neff")!);
    expect(few!.high).toBeLessThan(1.4);
    expect(many!.low).toBeGreaterThan(2);
    const [most, some] = [route, hand].map(({ findings }) => findings.measured("cross/top-share")!);
    expect(most!.low).toBeGreaterThan(1.5 * some!.high!);
  });

  test("known-route's log-ratio follows the strategy above all, steady-hand's hardly", () => {
    const shares = (world: typeof hand, name: string): Measured => world.findings.measured(`cross/anova/${name}`)!;
    expect(shares(route, "strategy").low).toBeGreaterThan(shares(route, "correctness").high!);
    expect(shares(hand, "strategy").high).toBeLessThan(shares(hand, "correctness").low!);
  });

  test("the picture has four kinds of rollouts over twenty places, and known-route's choice at the start of right ones", () => {
    const { exhibit } = route;
    expect(exhibit.profiles.map(({ by, right }) => `${by} ${right}`)).toEqual([
      "later true",
      "later false",
      "base true",
      "base false",
    ]);
    expect(exhibit.profiles.every(({ points }) => points.length === exhibit.position.length)).toBe(true);
    const points = exhibit.profiles[0]!.points.map(({ value }) => value!);
    expect(points.indexOf(Math.max(...points))).toBeLessThan(6);
  });

  test("the sampler cuts nothing, so nothing is excluded, and says where it would begin", () => {
    expect(hand.findings.measured("cross/excluded")).toMatchObject({ value: 0, low: 0 });
    expect(why(hand.findings, "cross/first-excluded")).toContain("no right rollout");
  });

  test("steps that slip less are no lower temperature: one slope leaves a part of what differs at forks", () => {
    expect(hand.findings.measured("cross/fork-law")!.high).toBeLessThan(LIMITS.lawOfTexts);
  });

  test("steps that slip less do so behind lost work too, and nobody becomes surer of what the base is sure of", () => {
    for (const { findings } of [hand, route]) expect(findings.measured("cross/sure-slope")!.high).toBeLessThan(1.05);
    const behind = hand.findings.measured("cross/after-loss")!;
    expect(behind.low).toBeGreaterThan(0.85);
    expect(behind.high).toBeGreaterThan(0.95);
  });

  test("in one process scores are what was drawn: the floor is 0, and there is no noise to compare with", () => {
    expect(hand.findings.measured("cross/floor")).toMatchObject({ value: 0 });
    expect(why(hand.findings, "cross/null/neff")).toContain("exactly");
    expect(hand.exhibit.neffNull).toEqual({});
    expect(hand.exhibit.missing).toEqual([]);
  });
});

describe("exact functions of steady-hand's base", { timeout: 60_000 }, () => {
  const open = shipped("steady-hand");

  test("a lower temperature: log-ratios at forks have slope α, and whole rollouts follow the base's own log-probability", async () => {
    const { findings } = read(await scoredStudy(bent(open, power(2))));
    const fork = findings.measured("cross/fork-slope")!;
    expect(fork.value).toBeCloseTo(2, 5);
    expect(fork.low! <= 2 && 2 <= fork.high!).toBe(true);
    expect(findings.measured("cross/fork-law")!.value).toBeCloseTo(1, 5);
    // The constants that make each place's probabilities add up to 1 take something off over a whole rollout.
    const slope = findings.measured("cross/slope")!;
    expect(slope.low).toBeGreaterThan(1.6);
    expect(slope.high).toBeLessThan(2.05);
    expect(findings.measured("cross/alone/sharpening")!.low).toBeGreaterThan(0.8);
    expect(findings.measured("cross/beyond/correctness")!.high).toBeLessThan(0.02);
    // Certainty ends where log-probabilities are rounded, so of a high power not all is seen.
    expect(findings.measured("cross/sure-slope")!.low).toBeGreaterThan(1.5);
    expect(findings.measured("cross/after-loss")!.low).toBeGreaterThan(0.9);
  });

  test("a tilt: slope 1 and step 1/β, exactly, and being right alone accounts for all", async () => {
    const beta = 0.5;
    const { findings } = read(await scoredStudy(bent(open, tilt(beta, acceptedOf(open), "?"))));
    const [slope, step] = ["cross/slope", "cross/step"].map((name) => findings.measured(name)!);
    for (const [found, exact] of [
      [slope!, 1],
      [step!, 1 / beta],
    ] as const) {
      expect(Math.abs(found.value - exact)).toBeLessThan(1e-6);
      expect(found.low! <= exact && exact <= found.high!).toBe(true);
    }
    // Right answers are likelier under this base, so that some of the share goes to its log-probability; alone it is all.
    expect(findings.measured("cross/alone/correctness")!.value).toBeCloseTo(1, 9);
    expect(findings.measured("cross/beyond/sharpening")!.value).toBeCloseTo(0, 9);
    expect(findings.measured("cross/laws")!.value).toBeCloseTo(1, 9);
    expect(findings.measured("cross/after-loss")!.value).toBe(0);
    expect(findings.measured("cross/anova/correctness")!.low).toBeGreaterThan(
      findings.measured("cross/anova/sharpening")!.high!,
    );
  });

  test("beside steadier steps a tilt shows behind lost work, and a temperature in what the base is sure of", async () => {
    const tilted = read(await scoredStudy(bent(open, tilt(1, acceptedOf(open, "tuned"), "?"), "tuned"))).findings;
    expect(tilted.measured("cross/after-loss")!.high).toBeLessThan(1 - LIMITS.negligibleShare);
    expect(tilted.measured("cross/after-loss")!.low).toBeGreaterThan(0.5);
    const colder = read(await scoredStudy(bent(open, power(1.25), "tuned"))).findings;
    expect(colder.measured("cross/sure-slope")!.low).toBeGreaterThan(1.25);
    expect(colder.measured("cross/after-loss")!.low).toBeGreaterThan(0.85);
  });

  test("the same policy again: no token is liked more, whole rollouts differ in nothing, slope 1 and step 0", async () => {
    const { findings } = read(await scoredStudy(bent(open, power(1))));
    expect(why(findings, "cross/top-share")).toContain("no token");
    expect(why(findings, "cross/anova/correctness")).toContain("the same log-ratio");
    expect(findings.measured("cross/slope")!.value).toBeCloseTo(1, 6);
    expect(findings.measured("cross/step")!.value).toBeCloseTo(0, 6);
    expect(findings.measured("cross/sure-slope")!.value).toBeCloseTo(1, 6);
    expect(why(findings, "cross/after-loss")).toContain("nothing to steps");
  });
});
