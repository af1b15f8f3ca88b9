// test/ · Paper policy: what it writes has the chances that it says, and tilted and sharpened ones are so exactly.
import { describe, expect, it } from "vitest";
import { PaperPolicy, spelled } from "../../src/experiments/paper-policy.ts";
import { expit, logit } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";

const PLAIN: Behaviour = {
  ways: [
    { name: "stepwise", share: 0.8, pace: 1, slip: 0.2, repair: 0 },
    { name: "pairs", share: 0.2, pace: 2, slip: 0.4, repair: 0.5 },
  ],
  joins: 1,
  readable: 1,
  cutOffs: 0,
  recall: 0,
  astray: 0,
  misstated: 0,
  luck: 0,
  grader: 0,
  odds: 0,
  temperature: 1,
};

/** Every text with its log-probability, by brute force. */
function texts(policy: PaperPolicy): { text: string; logProb: number; right: boolean }[] {
  const found: { text: string; logProb: number; right: boolean }[] = [];
  const walk = (state: PaperPolicy["start"], tokens: readonly number[], logProb: number): void => {
    if (state.moves.length === 0) found.push({ text: spelled(tokens), logProb, right: state.right === 1 });
    for (const move of state.moves)
      if (move.logProb > Number.NEGATIVE_INFINITY) walk(move.next, [...tokens, move.token], logProb + move.logProb);
  };
  walk(policy.start, [], 0);
  return found;
}

describe("a policy on paper", () => {
  it("with several wrong steps is right as often as with one, and a lower temperature helps it more", () => {
    const many = (slip: number, wrongs: number, temperature = 1): Behaviour => ({
      ...PLAIN,
      ways: [{ name: "stepwise", share: 1, pace: 1, slip, repair: 0, wrongs }],
      temperature,
    });
    expect(new PaperPolicy(many(0.6, 5), 3).success).toBeCloseTo(0.4 ** 3, 12);
    const listed = texts(new PaperPolicy(many(0.6, 5), 1)).filter(({ right }) => !right);
    expect(
      listed.filter(({ text }) => text.length === texts(new PaperPolicy(many(0.6, 1), 1))[0]!.text.length),
    ).toHaveLength(5);
    // One wrong step at 0.6 is the likeliest token; of five at 0.12 each none is.
    const cooled = (wrongs: number): number => 0.4 ** 4 / (0.4 ** 4 + wrongs * (0.6 / wrongs) ** 4);
    for (const wrongs of [1, 5])
      expect(new PaperPolicy(many(0.6, wrongs, 4), 2).success).toBeCloseTo(cooled(wrongs) ** 2, 12);
    expect(cooled(1)).toBeLessThan(0.4);
    expect(cooled(5)).toBeGreaterThan(0.95);
  });

  it("may find some steps harder than others", () => {
    const ways = [{ ...PLAIN.ways[0]!, share: 1, harder: [0, 1.5] }];
    const at = (by: number): number => 1 - expit(logit(0.2) + by);
    expect(new PaperPolicy({ ...PLAIN, ways }, 3).success).toBeCloseTo(at(0) * at(1.5) * at(0), 12);
  });

  it("may break off before any step", () => {
    const whole = new PaperPolicy(PLAIN, 2);
    const broken = new PaperPolicy({ ...PLAIN, breaksOff: 0.19 }, 2);
    expect(broken.success).toBeCloseTo(whole.success * 0.81, 12);
    // Who never does gives those texts no chance, and can be asked all the same.
    const never = new PaperPolicy({ ...PLAIN, breaksOff: 0 }, 2);
    const chanceOf = (wanted: string): number =>
      texts(broken).reduce((sum, { text, logProb }) => sum + (text === wanted ? Math.exp(logProb) : 0), 0);
    // Stepwise in two steps, in pairs in one: before the first of them nobody knows which way it would have gone.
    expect(chanceOf(".")).toBeCloseTo(0.8 * 0.1 + 0.2 * 0.19, 12);
    expect(chanceOf("A:+.")).toBeCloseTo(0.8 * 0.9 * 0.8 * 0.1, 12);
    expect(texts(broken).some(({ text, right }) => right && text.endsWith("."))).toBe(false);
    expect(never.success).toBe(whole.success);
    const tokens = broken.write([], () => 0.999_999, 8).tokenIds;
    expect(never.score(tokens).at(-1)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("is right by the chances of its steps", () => {
    // A pair of steps goes right, or wrong and is mended.
    expect(new PaperPolicy(PLAIN, 4).success).toBeCloseTo(0.8 * 0.8 ** 4 + 0.2 * (1 - 0.4 * 0.5) ** 2, 12);
  });

  it("has every part of a behaviour where it should be", () => {
    const one = { ...PLAIN, ways: [{ ...PLAIN.ways[0]!, share: 1 }], joins: 0.7, readable: 0.9, cutOffs: 0.2 };
    const chain = 0.8 ** 3;
    expect(new PaperPolicy(one, 3).success).toBeCloseTo(0.7 * chain * 0.9 * 0.8, 12);
    // Not joined counts as lost; luck finds the answer all the same, and a fooled grader passes the rest.
    const lucky = { ...one, readable: 1, cutOffs: 0, luck: 0.1, grader: 0.5 };
    expect(new PaperPolicy(lucky, 3).success).toBeCloseTo(0.7 * chain + (1 - 0.7 * chain) * (0.1 + 0.9 * 0.5), 12);
    // Right work whose answer is misstated is wrong, and nobody's luck.
    const misstated = { ...one, readable: 1, cutOffs: 0, misstated: 0.25, luck: 0.1 };
    expect(new PaperPolicy(misstated, 3).success).toBeCloseTo(0.7 * chain * 0.75 + (1 - 0.7 * chain) * 0.1, 12);
    const recalled = { ...one, readable: 1, cutOffs: 0, recall: 0.3, astray: 0.5 };
    expect(new PaperPolicy(recalled, 3).success).toBeCloseTo(0.5 * (0.3 + 0.7 * 0.7 * chain), 12);
  });

  it("writes texts as often as their probability says", () => {
    const policy = new PaperPolicy({ ...PLAIN, joins: 0.8, readable: 0.7, cutOffs: 0.1, luck: 0.2, grader: 0.3 }, 2);
    const listed = texts(policy);
    expect(listed.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 12);
    expect(listed.reduce((sum, { logProb, right }) => sum + (right ? Math.exp(logProb) : 0), 0)).toBeCloseTo(
      policy.success,
      12,
    );
    const random = stream(1, "paper");
    const draws = 20_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const { tokenIds, logProbs } = policy.write([], () => random.uniform(), 20);
      expect(policy.score(tokenIds)).toEqual(logProbs);
      const text = spelled(tokenIds).replace(/~+$/, "~");
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (const { text, logProb } of listed) {
      const expected = draws * Math.exp(logProb);
      chiSquare += ((counts.get(text) ?? 0) - expected) ** 2 / expected;
    }
    // Normal about its degrees of freedom; four standard deviations.
    const freedom = listed.length - 1;
    expect(Math.abs(chiSquare - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
  });

  it("goes on behind any prefix that some policy writes, and says how often that is right", () => {
    const policy = new PaperPolicy(PLAIN, 3);
    const prefix = policy.start.moves.flatMap(({ token, next }) =>
      spelled([token]) === "B:" ? [token, next.moves.find((move) => spelled([move.token]) === "-")!.token] : [],
    );
    expect(policy.rightFrom(prefix)).toBeCloseTo(0.5 * (1 - 0.4 * 0.5), 12);
    expect(() => policy.rightFrom([0])).toThrow(RangeError);
  });

  it("re-weighted by e^{R/β} has its odds raised by 1/β, and right texts keep their proportions", () => {
    const [before, after] = [0, 1.7].map((odds) => new PaperPolicy({ ...PLAIN, odds, luck: 0.1 }, 3)) as [
      PaperPolicy,
      PaperPolicy,
    ];
    expect(logit(after.success) - logit(before.success)).toBeCloseTo(1.7, 10);
    const own = new Map(texts(before).map((one) => [one.text, one]));
    for (const { text, logProb, right } of texts(after)) {
      const constant = Math.log(1 - before.success + before.success * Math.exp(1.7));
      expect(logProb - own.get(text)!.logProb).toBeCloseTo((right ? 1.7 : 0) - constant, 10);
    }
  });

  it("sharpened token by token has every log-ratio at a fork multiplied", () => {
    const [before, after] = [1, 2.5].map((temperature) => new PaperPolicy({ ...PLAIN, temperature }, 3)) as [
      PaperPolicy,
      PaperPolicy,
    ];
    const gap = ({ start }: PaperPolicy): number => start.moves[0]!.logProb - start.moves[1]!.logProb;
    expect(gap(after)).toBeCloseTo(2.5 * gap(before), 12);
  });

  it("never writes what it gives no chance, and goes on from it", () => {
    const never = new PaperPolicy({ ...PLAIN, ways: PLAIN.ways.map((way, i) => ({ ...way, share: i })) }, 2);
    const first = never.start.moves.find(({ logProb }) => logProb === Number.NEGATIVE_INFINITY)!;
    expect(never.score([first.token])).toEqual([Number.NEGATIVE_INFINITY]);
    expect(never.rightFrom([first.token])).toBeCloseTo(0.8 ** 2, 12);
  });
});
