import { describe, expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { chanceFloor, passesSoundly } from "../../src/experiments/chance-floor.ts";
import { guessControl } from "../../src/experiments/guess-control.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Seen, SeenProblem } from "../../src/terms/seen.ts";
import { BARE } from "../../src/terms/variant.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen } from "../support/made-seen.ts";

const PAIR = ["base", "tuned"] as const;
/** The answer of problem i is digit i mod 10; five families of twenty. */
const PROBLEMS = Array.from(
  { length: 100 },
  (_, i): SeenProblem => ({ id: `p${i}`, family: `family ${Math.floor(i / 20)}`, steps: 2 }),
);
const goldOf = (problem: string): string => String(Number(problem.slice(1)) % 10);
const passes = (problem: string, text: string): boolean => text === goldOf(problem);

/** Policies name a digit at random where they do not know; both answer so often. */
function guessers(seed: number, knows: readonly [number, number], answers: readonly [number, number]): Seen {
  const random = stream(seed, "guessers");
  const draw = (policy: string, problem: string): Partial<RolloutRecord> => {
    const side = policy === "base" ? 0 : 1;
    const says = random.uniform() < answers[side];
    const known = random.uniform() < knows[side];
    const digit = String(random.integer(10));
    const text = says ? (known ? goldOf(problem) : digit) : "I pass";
    return { text, verdict: passes(problem, text) ? "right" : "wrong", finish: "stop" };
  };
  const made = madeSeen({
    policies: PAIR,
    problems: PROBLEMS,
    rollouts: 32,
    draw: (policy, { id }) => draw(policy, id),
    reader: { passes },
  });
  return { ...made, bare: true };
}

/** Bare answers of which so many are right. */
function withBare(seen: Seen, right: (policy: string) => number, seed: number): Seen {
  const random = stream(seed, "bare");
  const drawn = guessControl.live!.plan(seen, 0, seed).map(({ policy, ask }): RolloutRecord => {
    if (!("variant" in ask)) throw new Error("only bare answers are asked");
    const { seed: _, ...rest } = ask;
    const verdict = random.uniform() < right(policy) ? "right" : "wrong";
    return { ...rest, chunk: "made up", policy, engine: "made up", verifier: "made up", verdict };
  });
  return { ...seen, rollouts: [...seen.rollouts, ...drawn] };
}

const read = (seen: Seen) => new Findings(guessControl.live!.estimate(seen, OPTIONS).findings);

describe("the guessing floor", () => {
  it("parts lucky-guess from contaminated, but not novel-strategy from steadier-steps", () => {
    expect(separates(guessControl, luckyGuess, contaminated)).toBe(true);
    expect(separates(guessControl, novelStrategy, steadierSteps)).toBe(false);
  });

  it("asks sixteen bare answers a problem and side", () => {
    expect(guessControl.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
      generatedRollouts: 160,
      scoredRollouts: 0,
    });
    const asks = guessControl.live!.plan(guessers(1, [0, 0], [1, 1]), 0, 1);
    expect(asks).toHaveLength(2 * 16 * 100);
    expect(new Set(asks.map(({ ask }) => ask.rollout)).size).toBe(asks.length);
    expect(asks.every(({ ask }) => "variant" in ask && ask.variant === BARE)).toBe(true);
    expect(guessControl.live!.plan(guessers(1, [0, 0], [1, 1]), 1, 1)).toEqual([]);
  });

  it("is what an answer that lost its problem scores, whatever the policy knows", () => {
    // A problem's own answer is that of one other problem of its twenty: who knows all hits there as often as who guesses, 1 in 19.
    const floors = read(guessers(2, [0, 1], [0.5, 1]));
    const base = floors.measured("guess/floor/base")!;
    const tuned = floors.measured("guess/floor/tuned")!;
    expect(base.value).toBeCloseTo(0.05, 1);
    expect(base.low!).toBeLessThan(0.05);
    expect(base.high!).toBeGreaterThan(0.05);
    expect(tuned.value).toBeCloseTo(1 / 19, 10);
  });

  it("is told without bias", () => {
    const studies = Array.from({ length: 200 }, (_, i) => read(guessers(i, [0, 0], [0.3, 0.8])));
    for (const [policy, truth] of [
      ["base", 0.03],
      ["tuned", 0.08],
    ] as const) {
      const found = studies.map((one) => one.measured(`guess/floor/${policy}`)!);
      const mean = found.reduce((sum, { value }) => sum + value, 0) / found.length;
      const error = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / found.length / 199);
      expect(Math.abs(mean - truth) / error).toBeLessThan(3);
    }
  });

  it("is not looked at where texts of one family have nobody to be held against", () => {
    const alone = PROBLEMS.slice(0, 2);
    expect(chanceFloor([alone[0]!], new Map(), passes).size).toBe(0);
    expect(passesSoundly({ tokensWithin: () => 0 })).toBeUndefined();
  });

  it("answers whose work is wrong do not pass soundly", () => {
    const sound = passesSoundly({ tokensWithin: () => 0, passes, sound: (_, text) => text !== "3" })!;
    expect(sound("p3", "3")).toBe(false);
    expect(sound("p4", "4")).toBe(true);
  });
});

describe("bare answers", () => {
  it("reach what they reach of the gain, without bias and with intervals that hold", () => {
    // The base knows 0.2, tuned 0.6; guesses hit a tenth of the rest; bare answers of the base are right in 0.40.
    const [p0, p1] = [0.2 + 0.08, 0.6 + 0.04];
    const truth = (0.4 - p0) / (p1 - p0);
    const shares = Array.from(
      { length: 200 },
      (_, i) =>
        read(withBare(guessers(i, [0.2, 0.6], [1, 1]), (policy) => (policy === "base" ? 0.4 : 0.5), i)).measured(
          "guess/share",
        )!,
    );
    const mean = shares.reduce((sum, { value }) => sum + value, 0) / 200;
    const error = Math.sqrt(shares.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 200 / 199);
    expect(Math.abs(mean - truth) / error).toBeLessThan(3);
    // Of 200 intervals at 95 %, 180 hold with a chance of 0.999.
    expect(shares.filter(({ low, high }) => low! <= truth && high! >= truth).length).toBeGreaterThanOrEqual(180);
  });

  it("are not asked for where nobody knows how an answer begins, and no share is told", () => {
    const seen = { ...guessers(3, [0, 1], [1, 1]), bare: false };
    expect(guessControl.live!.plan(seen, 0, 1)).toEqual([]);
    expect(read(seen).get("guess/share")).toBeUndefined();
    expect(guessControl.live!.refuse({ ...seen, reader: { tokensWithin: () => 0 } })?.mend).toContain("opening");
  });
});

it("right answers that show no work bound what guesses can have of a gain", () => {
  const seen = madeSeen({
    policies: PAIR,
    problems: PROBLEMS,
    rollouts: 20,
    draw: (policy, { id }, i) => ({
      text: policy === "tuned" && i < 10 ? "worked" : "bare",
      verdict: i < (policy === "base" ? 4 : id.endsWith("1") ? 12 : 14) ? "right" : "wrong",
    }),
    reader: { steps: (_, text) => (text === "worked" ? [{ from: 0, to: 1, right: true, repairs: false }] : []) },
  });
  // Of base four right answers of 20 show none; of tuned four do not either, on a tenth of the problems two.
  expect(read(seen).measured("guess/unworked")?.value).toBeCloseTo(-0.2 / 9.8, 12);
});
