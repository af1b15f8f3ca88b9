import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { strategyCensus } from "../../src/experiments/strategy-census.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { PolicyEvidence } from "../../src/terms/observation.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

it("parts novel-strategy from amplified-strategy, but not steadier-steps from recovery", () => {
  expect(separates(strategyCensus, novelStrategy, amplifiedStrategy)).toBe(true);
  expect(separates(strategyCensus, steadierSteps, recovery)).toBe(false);
});

it("labels sixteen rollouts a problem and side, or hands eight beginnings over: four whole rollouts", () => {
  expect(strategyCensus.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 400,
    scoredRollouts: 3200,
  });
});

const live = strategyCensus.live!;
const census = (seen: Parameters<typeof live.estimate>[0]) => new Findings(live.estimate(seen, OPTIONS).findings);

/** Σ share × success over the ways. */
const total = (found: Findings, ways: readonly string[], policy: string): number =>
  ways.reduce((sum, way) => {
    const success = found.measured(`strategy/${way}/success/${policy}`)?.value;
    return sum + (success === undefined ? 0 : found.measured(`strategy/${way}/share/${policy}`)!.value * success);
  }, 0);

describe("with signatures of the task", () => {
  const ways = ["plus", "times", "other"];
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([1, 2], 3),
    rollouts: 10,
    // The base goes plus seven times of ten and is right once in that, three times times and is right twice; the tuned the other way round.
    draw: (policy, _, i) => {
      const plus = policy === "base" ? i < 7 : i < 3;
      return { text: plus ? "plus" : "times", verdict: i === 0 || i > 7 ? "right" : "wrong" };
    },
    reader: { strategies: ways, strategy: (_, text) => text },
  });

  test("shares of all rollouts and success of each way multiply back to the whole, exactly", () => {
    const found = census(seen);
    expect(found.measured("strategy/plus/share/base")?.value).toBe(0.7);
    expect(found.measured("strategy/times/success/base")?.value).toBeCloseTo(2 / 3, 12);
    expect(found.measured("strategy/plus/share/tuned")?.value).toBe(0.3);
    for (const policy of ["base", "tuned"]) expect(total(found, ways, policy)).toBeCloseTo(0.3, 12);
  });

  test("a way that was never taken has a share of 0 with an upper end, and no success", () => {
    const found = census(seen);
    expect(found.measured("strategy/other/share/base")).toMatchObject({ value: 0, low: 0 });
    expect(found.measured("strategy/other/share/base")!.high).toBeCloseTo(1 - 0.025 ** (1 / 60), 12);
    expect(found.get("strategy/other/success/base")).toBeUndefined();
  });

  test("asks nothing, and gives the same twice", () => {
    expect(live.refuse(seen)).toBeUndefined();
    expect(live.plan(seen, 0, 1)).toEqual([]);
    expect(live.estimate(seen, OPTIONS)).toEqual(live.estimate(seen, OPTIONS));
  });

  test("one text in ten missing is refused with both numbers", () => {
    const lost = {
      ...seen,
      rollouts: seen.rollouts.map(({ text, ...rest }) => (rest.index === 4 ? rest : { ...rest, text: text! })),
    };
    expect(live.refuse(lost)).toMatchObject({ why: "only 108 of 120 rollouts have a text" });
    const none = { ...seen, rollouts: seen.rollouts.map(({ text: _text, ...rest }) => rest) };
    expect(live.refuse(none)).toMatchObject({ why: "no rollout has its text" });
  });
});

test("without signatures and without a judge, texts of one shape are no two ways, and a judge is the mend", () => {
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([1], 4),
    rollouts: 4,
    draw: () => ({ text: "1 + 1 = 2, so #### 2" }),
  });
  expect(census(seen).get("census/commitment")).toMatchObject({
    kind: "refused",
    mend: expect.stringContaining("judge"),
  });
  expect(census(seen).measured("strategy/stepwise/share/base")).toMatchObject({ value: 1 });
  // Nothing has tokens, so nothing can be handed over.
  expect(live.plan(seen, 0, 1)).toEqual([]);
});

describe("real answers, read by whether they show working", () => {
  const folder = "../shared/data/reasoning-gym/chain_sum";
  const models = {
    gemma: "google_gemma-3-27b-it",
    llama: "meta-llama_llama-3.3-70b-instruct",
    mistral: "mistralai_mistral-small-3.1-24b-instruct",
  };
  const skip = !existsSync(folder);
  const readAll = (level: "easy" | "hard") =>
    Promise.all(
      Object.entries(models).map(([policy, file]) => readEvidence(join(folder, `${level}_${file}.json`), { policy })),
    );

  test.skipIf(skip)(
    "mistral-small, hard: half direct and never right, half stepwise and nearly always (skipped: no shared data)",
    async () => {
      const read = await readAll("hard");
      const found = census(seenOf(read));
      expect(found.measured("strategy/direct/share/mistral")?.value).toBe(0.5);
      expect(found.measured("strategy/direct/success/mistral")).toMatchObject({ value: 0, low: 0 });
      expect(found.measured("strategy/stepwise/share/mistral")?.value).toBe(0.5);
      expect(found.measured("strategy/stepwise/success/mistral")?.value).toBe(0.92);
      expect(total(found, ["stepwise", "direct"], "mistral")).toBeCloseTo(0.46, 12);
    },
  );

  test.skipIf(skip)(
    "of every model and level the two factors multiply back to the reported mean score (skipped: no shared data)",
    async () => {
      for (const level of ["easy", "hard"] as const) {
        const read = await readAll(level);
        const found = census(seenOf(read));
        for (const { policy, problems } of read) {
          const mean = problems.reduce((sum, { right, n }) => sum + right / n, 0) / problems.length;
          expect(total(found, ["stepwise", "direct"], policy)).toBeCloseTo(mean, 12);
        }
      }
    },
  );

  test.skipIf(skip)(
    "where sums are easy the bare answer is as good as working, where they are hard never (skipped: no shared data)",
    async () => {
      const easy = census(seenOf(await readAll("easy")));
      const hard = census(seenOf(await readAll("hard")));
      // One of 56 bare answers lacks its tag, which the grader asks for.
      expect(easy.measured("strategy/direct/success/llama")?.value).toBe(55 / 56);
      for (const model of Object.keys(models)) expect(hard.measured(`strategy/direct/success/${model}`)?.value).toBe(0);
    },
  );

  function seenOf(read: readonly PolicyEvidence[]) {
    const byId = read.map(({ problems }) => new Map(problems.map((problem) => [problem.id, problem])));
    return madeSeen({
      policies: read.map(({ policy }) => policy),
      problems: read[0]!.problems.map(({ id, family }) => ({ id, family: family! })),
      rollouts: read[0]!.problems[0]!.n,
      draw: (policy, { id }, i) => {
        const at = read.findIndex((one) => one.policy === policy);
        const { verdict, text } = byId[at]!.get(id)!.rollouts![i]!;
        return { text: text!, verdict: verdict.kind };
      },
    });
  }
});
