import { expect, it } from "vitest";
import type { Judged } from "../../src/attribution/judgement.ts";
import { inseparablePairs, proposals, separates } from "../../src/attribution/separation.ts";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { stepLadder } from "../../src/experiments/step-ladder.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import type { StandingName } from "../../src/terms/standing.ts";

const judged = (standings: Readonly<Record<string, StandingName>>): Judged[] =>
  EXPLANATIONS.filter(({ name }) => name in standings).map((explanation) => ({
    explanation,
    standing: standings[explanation.name]!,
    reason: "made up",
    because: [],
  }));
const few = { problems: 100, rolloutsPerProblem: 4 };
const planned = { problems: 100, rolloutsPerProblem: 64 };
const named = (name: string) => EXPLANATIONS.find((one) => one.name === name)!;

it("two open rivals cannot be separated, unless each is shown to contribute", () => {
  expect(inseparablePairs(judged({ recovery: "cannot be told", composition: "cannot be told" }))).toEqual([
    ["recovery", "composition"],
  ]);
  expect(inseparablePairs(judged({ recovery: "contributes", composition: "cannot be told" }))).toHaveLength(1);
  expect(inseparablePairs(judged({ recovery: "contributes", composition: "contributes" }))).toEqual([]);
  expect(inseparablePairs(judged({ recovery: "ruled out", composition: "cannot be told" }))).toEqual([]);
  expect(inseparablePairs(judged({ recovery: "not needed", composition: "cannot be told" }))).toEqual([]);
});

it("an experiment separates what it sees apart, and what it sees from what it does not see", () => {
  expect(separates(stepLadder, named("steadier-steps"), named("recovery"))).toBe(true);
  expect(separates(stepLadder, named("steadier-steps"), named("contaminated"))).toBe(true);
  expect(separates(stepLadder, named("contaminated"), named("lucky-guess"))).toBe(false);
  expect(separates(stepLadder, named("novel-strategy"), named("amplified-strategy"))).toBe(false);
});

it("proposes the cheapest first, and none that separates nothing", () => {
  const open = judged({ "novel-strategy": "cannot be told", "amplified-strategy": "cannot be told" });
  const list = proposals(EXPERIMENTS, open, new Set(), few, planned);
  expect(list.map(({ experiment }) => experiment.name)).toEqual(["strategy-census", "rare-mass"]);
  expect(list[0]!.separates).toEqual([["novel-strategy", "amplified-strategy"]]);
});

it("proposes an experiment again only where it would draw more than is at hand", () => {
  const open = judged({ "reward-tilt": "cannot be told", sharpened: "cannot be told" });
  const names = (atHand: typeof few) =>
    proposals(EXPERIMENTS, open, new Set(["paired-sampling"]), atHand, planned).map(
      ({ experiment }) => experiment.name,
    );
  expect(names(few)).toContain("paired-sampling");
  expect(names(planned)).not.toContain("paired-sampling");
});

it("proposes nothing where nothing is open", () => {
  expect(proposals(EXPERIMENTS, judged({ recovery: "ruled out" }), new Set(), few, planned)).toEqual([]);
});
