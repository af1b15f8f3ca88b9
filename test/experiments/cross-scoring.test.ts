import { describe, expect, it, test } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { crossScoring } from "../../src/experiments/cross-scoring.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { ScoreRecord } from "../../src/terms/record.ts";
import type { Sampler } from "../../src/terms/sampler.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

it("parts steadier-steps from amplified-strategy, but not novel-strategy from amplified-strategy", () => {
  expect(separates(crossScoring, steadierSteps, amplifiedStrategy)).toBe(true);
  expect(separates(crossScoring, novelStrategy, amplifiedStrategy)).toBe(false);
});

it("generates sixteen rollouts a problem and side and scores each twice", () => {
  expect(crossScoring.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 3200,
    scoredRollouts: 6400,
  });
});

const live = crossScoring.live!;
const PLAIN: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 64, stop: [] };
const CUT: Sampler = { ...PLAIN, temperature: 0.7, topP: 0.9 };
const TOKENS = 50;

interface Made {
  readonly sampler?: Sampler;
  readonly policies?: readonly string[];
  readonly told?: "raw" | "processed" | "both";
  /** Sampled log-probabilities are told, with so much noise between them and scores. */
  readonly noise?: number;
  /** Of every later-policy rollout with an even index, the place of a token that the base's sampler cuts off. */
  readonly cutAt?: number;
  readonly rollouts?: number;
}

/** Twelve problems; every second rollout right. The tuned policy likes token 10 of right rollouts 3 nats more, and all others 0.01. */
function study({
  sampler = PLAIN,
  policies = ["base", "tuned"],
  told = "both",
  noise,
  cutAt,
  rollouts = 4,
}: Made): Seen {
  const draws = stream(9, "made scores");
  const base = new Map<string, number[]>();
  const densities = (logs: readonly number[]) => ({
    ...(told === "processed" ? {} : { rawLogProbs: logs }),
    ...(told === "raw" ? {} : { processedLogProbs: logs }),
  });
  const seen = madeSeen({
    policies,
    problems: problemsOf([1], 12),
    rollouts,
    draw: (policy, problem, i) => {
      const own = Array.from({ length: TOKENS }, () => Math.log(0.2 + 0.7 * draws.uniform()));
      base.set(`paired-sampling/${policy}/${problem.id}/${i}`, own);
      const drawn = noise === undefined ? {} : densities(own.map((log) => log + noise * draws.normal()));
      return {
        verdict: i % 2 === 0 ? "right" : "wrong",
        sampler,
        text: "made up",
        promptTokenIds: [1],
        tokenIds: Array.from({ length: TOKENS }, () => 2 + draws.integer(40)),
        // Only the base's own draws are used for the null.
        ...(policy === "base" ? drawn : {}),
      };
    },
  });
  const main = [policies[0]!, policies.at(-1)!];
  const scores = seen.rollouts
    .filter(({ policy }) => main.includes(policy))
    .flatMap(({ rollout, policy: by, index, verdict }) =>
      main.map((policy): ScoreRecord => {
        const logs = base.get(rollout)!.map((log, t) => {
          if (policy !== main[0]) return log + (t === 10 && verdict === "right" ? 3 : 0.01);
          return by !== main[0] && index % 2 === 0 && t === cutAt ? -Infinity : log;
        });
        return { chunk: "made up", rollout, policy, engine: "made up", sampler, ...densities(logs) };
      }),
    );
  return { ...seen, scores };
}

const found = (seen: Seen) => new Findings(live.estimate(seen, OPTIONS).findings);
const kindOf = (findings: Findings, name: string): string | undefined => findings.get(`cross/${name}`)?.kind;

describe("what the densities allow", () => {
  test("raw log-probabilities alone carry all but what a cutting sampler excludes", () => {
    const findings = found(study({ told: "raw", sampler: CUT, noise: 0.01 }));
    expect(kindOf(findings, "slope")).toBe("measured");
    expect(kindOf(findings, "neff")).toBe("measured");
    expect(kindOf(findings, "floor")).toBe("measured");
    expect(findings.get("cross/excluded")).toMatchObject({ kind: "refused", why: expect.stringContaining("cuts") });
    expect(kindOf(findings, "first-excluded")).toBe("refused");
    expect(findings.measured("cross/slope")!.method).toContain("raw");
  });

  test("without cuts raw ones say what the sampler excludes: nothing", () => {
    expect(found(study({ told: "raw" })).measured("cross/excluded")).toMatchObject({ value: 0, low: 0 });
  });

  test("processed ones alone carry everything, and whole rollouts with a token of probability zero are left out", () => {
    const findings = found(study({ told: "processed", sampler: CUT, cutAt: 25, noise: 0.01 }));
    // Even ones are the right ones: 24 of 24.
    expect(findings.measured("cross/excluded")).toMatchObject({ value: 1, high: 1 });
    expect(findings.measured("cross/first-excluded")).toMatchObject({ value: 25 / TOKENS });
    expect(findings.measured("cross/slope")!.diagnostic).toMatchObject({ "left out, probability zero": 24 });
    expect(findings.measured("cross/neff")!.method).toContain("processed");
  });

  test("where rollouts do not say what they were drawn with there is no floor and no null", () => {
    const findings = found(study({}));
    for (const name of ["floor", "null/neff", "null/top-share"])
      expect(findings.get(`cross/${name}`)).toMatchObject({ kind: "refused", why: expect.stringContaining("drawn") });
  });
});

test("one liked token of fifty shows as few tokens, where the engine's noise shows as many", () => {
  const findings = found(study({ noise: 0.02 }));
  const [few, many] = ["cross/neff", "cross/null/neff"].map((name) => findings.measured(name)!);
  expect(few!.value).toBeLessThan(3);
  expect(many!.low).toBeGreaterThan(10);
  // Of 24 rollouts with 50 tokens the top hundredth are 12, each with 3 of 3.49 nats.
  expect(findings.measured("cross/top-share")!.value).toBeCloseTo((12 * 3) / (24 * (3 + 49 * 0.01)), 9);
  expect(findings.measured("cross/null/top-share")!.high).toBeLessThan(0.12);
  // E|noise| of a normal law.
  expect(Math.abs(findings.measured("cross/floor")!.value / (0.02 * Math.sqrt(2 / Math.PI)) - 1)).toBeLessThan(0.05);
});

test("what the engine's rounding makes is neither a liked token nor noise", () => {
  const findings = found(study({ noise: 1e-9 }));
  expect(findings.get("cross/null/neff")).toMatchObject({ kind: "refused", why: expect.stringContaining("exactly") });
});

test("findings do not depend on the order of rows", () => {
  const seen = study({ noise: 0.02 });
  const turned = { ...seen, rollouts: seen.rollouts.toReversed(), scores: seen.scores.toReversed() };
  const [one, other] = [seen, turned].map((each) => live.estimate(each, OPTIONS));
  expect(other).toEqual(one);
});

test("every number is one, and limits enclose values", () => {
  for (const { name, estimate } of live.estimate(study({ noise: 0.02, cutAt: 3 }), OPTIONS).findings) {
    expect(name).toMatch(/^cross\/[a-z/-]+$/);
    if (estimate.kind !== "measured") continue;
    const { value, low = value, high = value } = estimate;
    for (const number of [value, low, high]) expect(Number.isFinite(number)).toBe(true);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
});

describe("is refused", () => {
  test("where nothing was scored, with what to write", () => {
    expect(live.refuse({ ...study({}), scores: [] })).toMatchObject({ mend: expect.stringContaining("scored") });
  });

  test("where only one policy scores, with what the other said", () => {
    const { scores, ...rest } = study({});
    const failed = scores.map((score): ScoreRecord => {
      if (score.policy === "base") return score;
      const { rawLogProbs: _, processedLogProbs: __, ...bare } = score;
      return { ...bare, detail: "the server scores no given text" };
    });
    expect(live.refuse({ ...rest, scores: failed })).toMatchObject({
      why: expect.stringContaining("the server scores no given text"),
    });
  });

  test("with fewer than eight problems", () => {
    const seen = study({});
    const few = seen.rollouts.filter(({ problem }) => Number(problem.split("/")[1]) < 7);
    expect(live.refuse({ ...seen, rollouts: few })).toMatchObject({ why: expect.stringContaining("7 problems") });
    expect(live.refuse(seen)).toBeUndefined();
  });
});

describe("the plan", () => {
  const three = study({ policies: ["base", "step-100", "tuned"], rollouts: 6 });

  test("asks nothing where there are no checkpoints between: base and tuned have a stage of their own", () => {
    expect(live.plan(study({}), 0, 1)).toEqual([]);
  });

  test("asks the base and a checkpoint for four rollouts of each a problem, but not twice for what the base has scored", () => {
    const asks = live.plan(three, 0, 1);
    const by = Map.groupBy(asks, ({ policy, ask }) => `${policy} of ${ask.rollout.split("/")[1]}`);
    expect(Object.fromEntries(Array.from(by, ([who, list]) => [who, list.length]))).toEqual({
      "step-100 of base": 48,
      "base of step-100": 48,
      "step-100 of step-100": 48,
    });
    expect(asks.every(({ kind }) => kind === "score")).toBe(true);
    expect(live.plan(three, 1, 1)).toEqual([]);
  });

  test("what it asks for gives the checkpoint's findings, under its name", () => {
    const answered = live.plan(three, 0, 1).map(({ policy, ask }, i): ScoreRecord => {
      const logs = Array.from({ length: TOKENS }, (_, t) => -1 - 0.1 * Math.sin(i + t));
      return { chunk: "c", rollout: ask.rollout, policy, engine: "made up", sampler: PLAIN, rawLogProbs: logs };
    });
    const names = live
      .estimate({ ...three, scores: [...three.scores, ...answered] }, OPTIONS)
      .findings.map(({ name }) => name);
    expect(names).toContain("cross/slope/step-100");
    expect(names).toContain("cross/anova/correctness/step-100");
    expect(names).toContain("cross/slope");
    expect(new Set(names).size).toBe(names.length);
  });
});
