// test/ · Mass mixture: right answers of any policy, weighted by the mixture of all, held against exact chances on paper.
import { describe, expect, it } from "vitest";
import { mixing, mixture } from "../../src/experiments/mass-mixture.ts";
import { pairedBy } from "../../src/experiments/handoff-sources.ts";
import { logsOf } from "../../src/experiments/mass-told.ts";
import { rareOnes } from "../../src/experiments/mass-splitting.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";
import { cutTo } from "../../src/study/live.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { exactBase, rareLadder } from "../support/paper-ladder.ts";

const ladder = (problems: number): ImaginedProblem[] => rareLadder({ steps: [4, 6, 8], problems, repair: 0.15 });

/** A checkpoint halfway between base and tuned. */
function withCheckpoint(problems: readonly ImaginedProblem[]): ImaginedProblem[] {
  return problems.map((one) => {
    const [base, tuned] = one.behaviours as [(typeof one.behaviours)[0], (typeof one.behaviours)[0]];
    const between = { ...tuned, ways: tuned.ways.map((way, i) => (i === 0 ? { ...way, slip: 0.25 } : way)) };
    return { ...one, behaviours: [base, between, tuned] };
  });
}

const study = (problems: readonly ImaginedProblem[], policies: readonly string[], seed: number): Seen =>
  imaginedStudy(problems, { policies, rollouts: 32, scored: 8, experiments: ["rare-mass"], seed }).seen;

function estimates(seen: Seen, problems: readonly ImaginedProblem[]) {
  const paired = pairedBy(seen);
  const all = mixing(seen, paired, logsOf(seen));
  const byId = new Map(problems.map((one) => [one.id, one]));
  return rareOnes(seen, paired).map(({ id }) => ({ found: mixture(all, id), exact: exactBase(byId.get(id)!) }));
}

describe("the mixture of all policies", { timeout: 120_000 }, () => {
  for (const policies of [
    ["base", "tuned"],
    ["base", "halfway", "tuned"],
  ])
    it(`of ${policies.length} is right in the mean, whatever the tuned policy leaves out`, () => {
      const problems = policies.length === 3 ? withCheckpoint(ladder(120)) : ladder(120);
      const ratios = estimates(study(problems, policies, 7), problems).map(
        ({ found, exact }) => Math.exp(found?.logFloor ?? Number.NEGATIVE_INFINITY) / exact,
      );
      const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
      const error = Math.sqrt(ratios.reduce((sum, one) => sum + (one - mean) ** 2, 0) / ratios.length ** 2);
      expect(ratios.length).toBeGreaterThan(80);
      expect(Math.abs(mean - 1) / error).toBeLessThan(3);
      // No draw counts for more than one of the base's own.
      const draws = policies.length === 3 ? 12 : 12 + 8;
      expect(Math.max(...ratios.map((one, i) => one * exactBase(problems[i % 3]!)))).toBeLessThan(32 / draws);
    });

  it("tells its own error only with ten right answers in effect, and none that were not scored", () => {
    const problems = ladder(30);
    const seen = study(problems, ["base", "tuned"], 8);
    const told = estimates(seen, problems).filter(({ found }) => found?.logMass !== undefined);
    expect(told.length).toBeGreaterThan(5);
    for (const { found } of told) expect(Math.round(found!.effective!)).toBeGreaterThanOrEqual(10);
    const unscored = { ...seen, scores: seen.scores.filter(({ policy }) => policy === "tuned") };
    for (const { found } of estimates(unscored, problems)) {
      expect(found?.logMass).toBeUndefined();
      expect(found?.logFloor).toBeUndefined();
    }
  });

  it("asks for scores of right fresh answers alone, each text once, and the same again when a killed run comes back", () => {
    const problems = withCheckpoint(ladder(6));
    const seen = study(problems, ["base", "halfway", "tuned"], 9);
    const before = cutTo(seen, "rare-mass", 1);
    const asks = rareMass.live!.plan(before, 1, 9);
    expect(rareMass.live!.plan({ ...before, scores: seen.scores }, 1, 9)).toEqual(asks);
    const verdicts = new Map(seen.rollouts.map(({ rollout, verdict }) => [rollout, verdict]));
    const fresh = asks.flatMap((one) =>
      one.kind === "score" && /\/(fresh|drawn)-/.test(one.ask.rollout) ? [{ policy: one.policy, ...one.ask }] : [],
    );
    expect(new Set(fresh.map(({ policy }) => policy))).toEqual(new Set(["base", "halfway", "tuned"]));
    expect(fresh.every(({ rollout }) => verdicts.get(rollout) === "right")).toBe(true);
    const own = fresh
      .filter(({ policy }) => policy === "base")
      .map(({ rollout, tokenIds }) => `${rollout.split("/")[2]}/${rollout.split("/")[3]} ${tokenIds.join(" ")}`);
    expect(new Set(own).size).toBe(own.length);
    // Stored ones are left alone: who reads their scores takes them for a fair sample.
    expect(asks.some(({ ask }) => ask.rollout.startsWith("paired-sampling"))).toBe(false);
  });

  it("does not hang on the order of rows", () => {
    const problems = ladder(12);
    const seen = study(problems, ["base", "tuned"], 10);
    const turned = { ...seen, rollouts: seen.rollouts.toReversed(), scores: seen.scores.toReversed() };
    expect(estimates(turned, problems)).toEqual(estimates(seen, problems));
  });
});
