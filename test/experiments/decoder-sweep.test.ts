import { describe, expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { decoderSweep } from "../../src/experiments/decoder-sweep.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { weakBaseline } from "../../src/explanations/weak-baseline.ts";
import { expit } from "../../src/maths/logspace.ts";
import { type Stream, stream } from "../../src/maths/random.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const PROBLEMS = problemsOf([1, 2, 3], 20);
const PAIR = ["base", "tuned"] as const;

/** Problems differ in how hard they are; so much is added to the log-odds of a policy in a setting, from `tried` or as the study asks. */
function sweep(random: Stream, settings: readonly string[], shift: (policy: string, setting?: string) => number): Seen {
  const hard = new Map(PROBLEMS.map(({ id }) => [id, random.normal()]));
  const verdict = (policy: string, problem: string, setting?: string) =>
    random.uniform() < expit(hard.get(problem)! + shift(policy, setting)) ? ("right" as const) : ("wrong" as const);
  const before: Seen = {
    ...madeSeen({
      policies: PAIR,
      problems: PROBLEMS,
      rollouts: 64,
      draw: (policy, { id }) => ({ verdict: verdict(policy, id) }),
    }),
    variants: settings.map((name) => ({ key: `${name}~1`, name })),
  };
  const asks = decoderSweep.live!.plan(before, 0, 1);
  const tried = asks.map(({ policy, ask }): RolloutRecord => {
    if (!("variant" in ask)) throw new Error("only variants are asked");
    const { seed: _, ...rest } = ask;
    return {
      ...rest,
      chunk: "made up",
      policy,
      engine: "made up",
      verifier: "made up",
      verdict: verdict(policy, ask.problem, ask.variant!.slice(0, -2)),
    };
  });
  return { ...before, rollouts: [...before.rollouts, ...tried] };
}

/** The share that is gone, and its limits. */
function shareIn(seen: Seen) {
  const found = decoderSweep
    .live!.estimate(seen, OPTIONS)
    .findings.find(({ name }) => name === "sweep/share")!.estimate;
  if (found.kind !== "measured") throw new Error(`${found.kind}`);
  return found;
}

/** Mean success at that shift, over the law of the problems. */
function success(shift: number): number {
  let sum = 0;
  for (let z = -6; z <= 6; z += 0.01)
    sum += (expit(z + shift) * Math.exp((-z * z) / 2) * 0.01) / Math.sqrt(2 * Math.PI);
  return sum;
}

describe("the sweep over prompts and samplers", () => {
  it("parts weak-baseline from contaminated, but not novel-strategy from steadier-steps", () => {
    expect(separates(decoderSweep, weakBaseline, contaminated)).toBe(true);
    expect(separates(decoderSweep, novelStrategy, steadierSteps)).toBe(false);
  });

  it("draws sixteen rollouts a problem and policy in each of twelve settings", () => {
    expect(decoderSweep.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
      generatedRollouts: 38400,
      scoredRollouts: 0,
    });
  });

  it("asks nothing where no setting is declared, and says so", () => {
    const seen = madeSeen({ policies: PAIR, problems: PROBLEMS, rollouts: 4, draw: () => ({}) });
    expect(decoderSweep.live!.refuse(seen)?.mend).toContain("variants");
    expect(decoderSweep.live!.plan(seen, 0, 1)).toEqual([]);
  });

  it("settings that change nothing close nothing, however many are tried", () => {
    const settings = ["a", "b", "c", "d"];
    const studies = Array.from({ length: 200 }, (_, i) =>
      shareIn(sweep(stream(i, "sweep/null"), settings, (policy) => (policy === "base" ? 0 : 1))),
    );
    const mean = studies.reduce((sum, { value }) => sum + value, 0) / 200;
    const error = Math.sqrt(studies.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 200 / 199);
    expect(Math.abs(mean / error)).toBeLessThan(3);
    // 95 % intervals: of 200, 180 hold with a chance of 0.999.
    const held = studies.filter(({ value, low = value, high = value }) => low <= 0 && high >= 0).length;
    expect(held).toBeGreaterThanOrEqual(180);
  });

  it("a prompt that helps the base closes what it closes, and the interval holds it", () => {
    const helps = (policy: string, setting?: string) => (policy === "tuned" ? 1.5 : setting === "good" ? 1 : 0);
    const truth = (success(1) - success(0)) / (success(1.5) - success(0));
    const studies = Array.from({ length: 200 }, (_, i) =>
      shareIn(sweep(stream(i, "sweep/good"), ["good", "plain"], helps)),
    );
    const mean = studies.reduce((sum, { value }) => sum + value, 0) / 200;
    const error = Math.sqrt(studies.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 200 / 199);
    expect(Math.abs((mean - truth) / error)).toBeLessThan(3);
    const held = studies.filter(({ low, high }) => low! <= truth && high! >= truth).length;
    expect(held).toBeGreaterThanOrEqual(180);
  });

  it("a sampler that helps both policies is no fault of the base's", () => {
    const cooler = (policy: string, setting?: string) => (policy === "tuned" ? 1 : 0) + (setting === "cool" ? 0.7 : 0);
    const seen = sweep(stream(7, "sweep/both"), ["cool"], cooler);
    const { low, high } = shareIn(seen);
    const gone = 1 - (success(1.7) - success(0.7)) / (success(1) - success(0));
    expect(low).toBeLessThan(gone);
    expect(high).toBeGreaterThan(gone);
    // Nearer to 1 the same odds are worth less; all of the gain would be gone were the base alone asked so.
    expect(gone).toBeLessThan(0.2);
    expect((success(0.7) - success(0)) / (success(1) - success(0))).toBeGreaterThan(0.65);
  });
});
