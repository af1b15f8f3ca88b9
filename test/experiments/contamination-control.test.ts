import { describe, expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { contaminationControl } from "../../src/experiments/contamination-control.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { expit } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { PARTIAL, TWIN } from "../../src/terms/variant.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const PAIR = ["base", "tuned"] as const;
const PROBLEMS = problemsOf([2, 4, 8], 20);
const TWINS = PROBLEMS.map((one) => ({ ...one, id: `${one.id}/twin` }));

/**
 * Success falls with the number of steps and differs from problem to problem; tuned is better by so much in log-odds, and recalls so
 * many of the problems, of which twins are none. Twins are harder by so much.
 */
function study(seed: number, { better = 1, recalls = 0, harder = 0 }): Seen {
  const random = stream(seed, "contaminated");
  const hard = new Map([...PROBLEMS, ...TWINS].map(({ id, steps }) => [id, 1 - steps! / 4 + random.normal()]));
  const verdict = (policy: string, id: string, variant?: string) => {
    const knows = variant === TWIN || policy === "base" ? 0 : recalls;
    const solves = expit(hard.get(id)! + (policy === "tuned" ? better : 0) - (variant === TWIN ? harder : 0));
    const p = variant === PARTIAL ? knows : knows + (1 - knows) * solves;
    return random.uniform() < p ? ("right" as const) : ("wrong" as const);
  };
  const before: Seen = {
    ...madeSeen({
      policies: PAIR,
      problems: PROBLEMS,
      rollouts: 32,
      draw: (policy, { id }) => ({ verdict: verdict(policy, id) }),
    }),
    twins: TWINS,
  };
  const drawn = contaminationControl.live!.plan(before, 0, seed).map(({ policy, ask }): RolloutRecord => {
    if (!("variant" in ask)) throw new Error("only variants are asked");
    const { seed: _, ...rest } = ask;
    return {
      ...rest,
      chunk: "made up",
      policy,
      engine: "made up",
      verifier: "made up",
      verdict: verdict(policy, ask.problem, ask.variant),
    };
  });
  return { ...before, rollouts: [...before.rollouts, ...drawn] };
}

const read = (seen: Seen) => new Findings(contaminationControl.live!.estimate(seen, OPTIONS).findings);

/** Mean success at that shift over numbers of steps and problems. */
function success(shift: number): number {
  let sum = 0;
  for (const steps of [2, 4, 8])
    for (let z = -6; z <= 6; z += 0.01)
      sum += (expit(1 - steps / 4 + z + shift) * Math.exp((-z * z) / 2) * 0.01) / Math.sqrt(2 * Math.PI) / 3;
  return sum;
}

describe("contamination control", () => {
  it("parts contaminated from lucky-guess, but not novel-strategy from steadier-steps", () => {
    expect(separates(contaminationControl, contaminated, luckyGuess)).toBe(true);
    expect(separates(contaminationControl, novelStrategy, steadierSteps)).toBe(false);
  });

  it("asks both policies eight answers to each twin and four to each partial prompt", () => {
    expect(contaminationControl.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
      generatedRollouts: 2400,
      scoredRollouts: 0,
    });
    const asks = contaminationControl.live!.plan(study(1, {}), 0, 1);
    expect(asks).toHaveLength(12 * 2 * PROBLEMS.length);
    expect(new Set(asks.map(({ ask }) => ask.rollout)).size).toBe(asks.length);
  });

  it("a gain that comes of solving is there on twins too, also where these are harder for both", () => {
    const shares = Array.from({ length: 200 }, (_, i) => read(study(i, {})).measured("recall/share")!);
    const mean = shares.reduce((sum, { value }) => sum + value, 0) / 200;
    const error = Math.sqrt(shares.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 200 / 199);
    expect(Math.abs(mean) / error).toBeLessThan(3);
    expect(shares.filter(({ low, high }) => low! <= 0 && high! >= 0).length).toBeGreaterThanOrEqual(180);
    const harder = read(study(3, { harder: 0.5 })).measured("recall/share")!;
    expect(harder.low!).toBeLessThan(0);
  });

  it("a gain that is partly recall misses that part on twins, and the interval holds it", () => {
    const recalls = 0.5;
    const [p0, solved] = [success(0), success(1)];
    const p1 = recalls + (1 - recalls) * solved;
    const truth = 1 - (solved - p0) / (p1 - p0);
    const studies = Array.from({ length: 200 }, (_, i) => read(study(i, { recalls })));
    const shares = studies.map((one) => one.measured("recall/share")!);
    const mean = shares.reduce((sum, { value }) => sum + value, 0) / 200;
    const error = Math.sqrt(shares.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 200 / 199);
    expect(Math.abs(mean - truth) / error).toBeLessThan(3);
    expect(shares.filter(({ low, high }) => low! <= truth && high! >= truth).length).toBeGreaterThanOrEqual(180);
    expect(studies[0]!.measured("recall/partial/tuned")!.value).toBeCloseTo(recalls, 1);
    expect(studies[0]!.measured("recall/partial/base")!.value).toBe(0);
  });

  it("is refused without twins, and where twins are of another kind", () => {
    const { twins: _, ...without } = study(1, {});
    expect(contaminationControl.live!.refuse(without)?.mend).toContain("twins");
    const other = study(1, {});
    const elsewhere = { ...other, twins: TWINS.map((one) => ({ ...one, steps: 3 })) };
    expect(read(elsewhere).get("recall/share")?.kind).toBe("refused");
  });

  it("where there is no gain there is no share of it", () => {
    expect(read(study(1, { better: 0 })).get("recall/share")?.kind).toBe("refused");
  });
});
