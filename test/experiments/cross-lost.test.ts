// test/ · Cross lost: on paper, where a tilt is exact and what everybody else does behind lost work is known.
import { describe, expect, it, test } from "vitest";
import { crossScoring } from "../../src/experiments/cross-scoring.ts";
import { logOdds, oddsDistance } from "../../src/experiments/cross-odds.ts";
import { imagine } from "../../src/study/rehearse.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import type { Estimate } from "../../src/terms/estimate.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { OPTIONS } from "../conformance/experiment.ts";

const design = { ...usualDesign(), rollouts: 8, experiments: [], without: { luck: true } };
const seenOf = (...truth: string[]): Seen => imagine({ truth, seed: 5 }, design).seen;
const found = (seen: Seen): Estimate =>
  crossScoring.live!.estimate(seen, OPTIONS).findings.find(({ name }) => name === "cross/after-loss")!.estimate;
const measured = (seen: Seen) => {
  const one = found(seen);
  if (one.kind !== "measured") throw new Error(JSON.stringify(one));
  return one;
};

describe("behind work that is lost", () => {
  test("a tilt moves nothing at all, before it steps", () => {
    const { value, diagnostic } = measured(seenOf("reward-tilt"));
    expect(value).toBe(0);
    expect(Number(diagnostic!["moved before"])).toBeGreaterThan(0.05);
    expect(Number(diagnostic!["steps behind"])).toBeGreaterThan(100);
  });

  test.each(["steadier-steps", "sharpened"])("%s moves steps as before", (rival) => {
    const { value, low, high } = measured(seenOf(rival));
    expect(value).toBeGreaterThan(0.9);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(0.95);
  });

  test("both at once lie between, with their whole interval", () => {
    const { low, high } = measured(seenOf("reward-tilt", "steadier-steps"));
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.9);
  });

  test("a way that is chosen more often moves no step, so there is nothing to compare", () => {
    expect(found(seenOf("amplified-strategy"))).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("nothing to steps"),
    });
  });
});

describe("it is refused", () => {
  const seen = seenOf("steadier-steps");

  test("where the task cannot say when work is lost", () => {
    const { lost: _, ...reader } = seen.reader;
    expect(found({ ...seen, reader })).toMatchObject({ mend: expect.stringContaining("verified") });
  });

  test("where a lost answer was passed: then something right could still come", () => {
    const wrong = seen.rollouts.find(
      ({ verdict, problem, text, index }) =>
        verdict === "wrong" && index < 8 && seen.reader.lost!(problem, text!) !== undefined,
    )!;
    const rollouts = seen.rollouts.map((one) => (one === wrong ? { ...one, verdict: "right" as const } : one));
    expect(found({ ...seen, rollouts })).toMatchObject({ why: expect.stringContaining("1 answer") });
  });

  test("where an engine's noise is more than a tenth of what was moved", () => {
    const rollouts = seen.rollouts.map(({ rawLogProbs = [], ...one }) => ({
      ...one,
      rawLogProbs: rawLogProbs.map((log, t) => log - 0.2 * (t % 2)),
    }));
    expect(found({ ...seen, rollouts })).toMatchObject({ why: expect.stringContaining("noise") });
  });

  test("on fewer than eight problems", () => {
    const few = new Set(seen.problems.slice(0, 7).map(({ id }) => id));
    const rollouts = seen.rollouts.filter(({ problem }) => few.has(problem));
    expect(found({ ...seen, rollouts })).toMatchObject({ why: expect.stringMatching(/on \d problems/) });
  });
});

describe("a token against all others", () => {
  it("has log-odds up to the rounding of a log-probability", () => {
    expect(logOdds(Math.log(0.75))).toBeCloseTo(Math.log(3), 12);
    expect(logOdds(0)).toBeCloseTo(Math.log(1e6), 5);
    expect(logOdds(-30)).toBeCloseTo(-30, 12);
  });

  it("is as far from itself under the other policy as its only rival is", () => {
    const [a, b] = [0.8, 0.95];
    const [token, rival] = [oddsDistance(Math.log(a), Math.log(b)), oddsDistance(Math.log(1 - a), Math.log(1 - b))];
    expect(token).toBeCloseTo(rival, 12);
    expect(token).toBeCloseTo(0.15 * (Math.log(19) - Math.log(4)), 12);
    expect(oddsDistance(-1, -1)).toBe(0);
  });
});
