// The rows of the ledger on a world whose hand-off is known exactly, and the rules that no world shows.
import { describe, expect, test } from "vitest";
import { gainRows } from "../../src/experiments/gain-rows.ts";
import type { WorkState } from "../../src/terms/gain-row.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Reader, SeenStep } from "../../src/terms/seen.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { probability } from "../../src/worlds/measures.ts";
import { openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { truthOf } from "../../src/worlds/truth.ts";
import { liveStudy } from "../support/live-study.ts";
import { madeSeen } from "../support/made-seen.ts";

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
const spread = (list: readonly number[]): number =>
  Math.sqrt(list.reduce((sum, one) => sum + (one - mean(list)) ** 2, 0) / (list.length - 1) / list.length);

test.each(["steady-hand", "known-route"])("of %s the segments are the exact ones, problem by problem", async (name) => {
  const open = openWorld(worldNamed(name), { seed: 1, cache: SHIPPED });
  const { world, policies } = open;
  const ends = [policies[0]!, policies.at(-1)!];
  const truth = await truthOf({ world, seed: 1, policies: ends, crucis: "test" });
  const { seen } = await liveStudy(open, {
    policies: ends.map((one) => one.name),
    rollouts: 32,
    seed: 3,
    experiments: ["handoff"],
  });
  const rows = gainRows(seen, ends[1]!.name);
  expect(rows.length).toBe(truth.problems.length);
  for (const segment of ["plan", "execution", "answer"] as const) {
    const off = rows.map((row) => {
      const exact = truth.problems.find(({ problem }) => problem.id === row.problem)!;
      return row.segments![segment] - exact.pairs[0]!.shares[segment];
    });
    // Every problem errs by itself, so the mean error has this standard error.
    expect(Math.abs(mean(off)) / Math.max(spread(off), 1e-4)).toBeLessThan(3);
  }
  const gains = rows.map(({ problem, gain }) => {
    const { policies: both } = truth.problems.find((one) => one.problem.id === problem)!;
    return gain - (probability(both[1]!.right) - probability(both[0]!.right));
  });
  expect(Math.abs(mean(gains)) / spread(gains)).toBeLessThan(3);
  for (const row of rows) {
    const { plan, execution, answer } = row.segments!;
    expect(row.format! + row.finished + plan + execution + answer).toBeCloseTo(row.gain, 12);
  }
});

const texts = (list: readonly string[]) =>
  madeSeen({
    policies: ["base", "tuned"],
    problems: [{ id: "a", family: "f", steps: 3 }],
    rollouts: list.length,
    draw: (policy, _, i): Partial<RolloutRecord> => {
      const text = policy === "base" ? list[i]! : "done: right";
      return { text, verdict: text === "done: right" ? "right" : "wrong", finish: text === "cut" ? "length" : "stop" };
    },
    reader: {
      lenient: (_, text) => text.endsWith("right"),
      answered: (_, text) => text.startsWith("done") || text.endsWith("right"),
    },
  });

test("form comes off first, then what was never finished, and the rest is matched", () => {
  // A quarter each: right, right but badly marked, wrong, and broken off or cut.
  const [row] = gainRows(texts(["done: right", "right", "done: 5", "cut"]), "tuned");
  expect(row!.gain).toBeCloseTo(0.75, 12);
  expect(row!.format).toBeCloseTo(0.25, 12);
  // Finished 3/4 and 1, of those right 2/3 and 1: Shapley gives 1/4 · (2/3 + 1)/2 to finishing.
  expect(row!.finished).toBeCloseTo(0.25 * ((2 / 3 + 1) / 2), 12);
  expect(row!.matched).toBeCloseTo((1 / 3) * ((3 / 4 + 1) / 2), 12);
  expect(row!.segments).toBeUndefined();
});

test("where nothing was finished at all, all of the gain is in finishing", () => {
  const [row] = gainRows(texts(["cut", "broken off"]), "tuned");
  expect(row).toMatchObject({ gain: 1, finished: 1, matched: 0 });
});

test("a task that cannot tell form from work has no share of form: its official reading is the only one", () => {
  const seen = texts(["done: right", "right", "done: 5", "cut"]);
  const { tokensWithin, answered } = seen.reader;
  const [row] = gainRows({ ...seen, reader: { tokensWithin, answered: answered! } }, "tuned");
  expect(row).not.toHaveProperty("format");
  expect(row!.finished + row!.matched).toBeCloseTo(row!.gain, 12);
});

describe("of steps", () => {
  // One letter a step: right, wrong; done again rightly, wrongly. What follows the colon is the answer.
  const steps = (_: string, text: string): SeenStep[] =>
    [...text.split(":")[0]!].map((letter, i) => ({
      from: i,
      to: i + 1,
      right: "rR".includes(letter),
      repairs: "RW".includes(letter),
    }));
  const chainOf = (list: readonly string[], reader: Partial<Reader> = {}): readonly WorkState[] => {
    const seen = madeSeen({
      policies: ["base", "tuned"],
      problems: [{ id: "a", family: "f", steps: 2 }],
      rollouts: list.length,
      draw: (policy, _, i): Partial<RolloutRecord> => {
        const text = policy === "base" ? list[i]! : "rr:yes";
        return { text, verdict: text.endsWith(":yes") ? "right" : "wrong", finish: "stop" };
      },
      reader: { steps, ...reader },
    });
    const [row] = gainRows(seen, "tuned");
    expect(row!.chain![1]).toHaveLength(3);
    return row!.chain![0];
  };
  const none = {
    ended: 0,
    endedRight: 0,
    kept: 0,
    slipped: 0,
    mended: 0,
    stoodRight: 0,
    withdrawn: 0,
    withdrawnRight: 0,
  };

  test("a rollout is followed from state to state, to its answer", () => {
    // Clean; a slip mended at once and another at the second try; stated after one step.
    expect(chainOf(["rr:yes", "wRwWR:no", "r:no"])).toEqual([
      { ...none, done: 0, repairs: 0, kept: 2, slipped: 1, mended: 1 },
      { ...none, done: 1, repairs: 0, kept: 1, ended: 1 },
      { ...none, done: 2, repairs: 0, ended: 1, endedRight: 1 },
      { ...none, done: 1, repairs: 1, slipped: 1, mended: 1 },
      { ...none, done: 2, repairs: 2, ended: 1 },
    ]);
  });

  test("after a slip that stands, or a right step withdrawn, it has left the chain, and how it ended is kept", () => {
    expect(chainOf(["wr:no", "wr:yes", "wWr:no", "rRr:yes", "rRr:no"])).toEqual([
      { ...none, done: 0, repairs: 0, slipped: 3, stoodRight: 1, withdrawn: 2, withdrawnRight: 1 },
    ]);
  });

  test("what was not finished or goes another way is not followed, and form does not matter", () => {
    const strategy = (_: string, text: string) => (text.length > 8 ? "long" : "short");
    const answered = (_: string, text: string) => text.includes(":");
    const lenient = (_: string, text: string) => text.endsWith("es");
    expect(
      chainOf(["rrrrrrrr:yes", "r", "rr:es"], { strategy, strategies: ["short", "long"], answered, lenient }),
    ).toEqual([
      { ...none, done: 0, repairs: 0, kept: 1 },
      { ...none, done: 1, repairs: 0, kept: 1 },
      { ...none, done: 2, repairs: 0, ended: 1, endedRight: 1 },
    ]);
  });

  test("more mended slips than three count as three", () => {
    const last = chainOf(["wRwRwRwRwR:yes"]).filter(({ repairs }) => repairs === 3);
    expect(last.map(({ done }) => done)).toEqual([3, 4, 5]);
  });
});

describe("answers that are not right, or right by chance", () => {
  const graders = (draw: (policy: string, problem: string, i: number) => string, reader: Partial<Reader>) =>
    gainRows(
      madeSeen({
        policies: ["base", "tuned"],
        problems: Array.from({ length: 20 }, (_, i) => ({ id: `p${i}`, family: "f", steps: 1 })),
        rollouts: 10,
        draw: (policy, { id }, i) => {
          const text = draw(policy, id, i);
          return { text, verdict: text.startsWith("no") ? "wrong" : "right", finish: "stop" };
        },
        reader: { answered: () => true, lenient: (_, text) => text === "right", ...reader },
      }),
      "tuned",
    );

  test("a fooled grader's rise is told apart, and what is left adds up", () => {
    const rows = graders((policy, _, i) => (i < 3 ? "right" : policy === "tuned" && i < 7 ? "fooling" : "no"), {
      strict: (_, text) => text === "right",
    });
    for (const { gain, fooled, format, finished, matched } of rows) {
      expect(fooled).toBeCloseTo(0.4, 12);
      expect(gain).toBeCloseTo(0.4, 12);
      expect(format! + finished + matched).toBeCloseTo(0, 12);
    }
  });

  test("right answers behind wrong work are luck", () => {
    const rows = graders((policy, _, i) => (i < 3 ? "right" : policy === "tuned" && i < 5 ? "lucky" : "no"), {
      strict: () => true,
      sound: (_, text) => text === "right",
    });
    for (const { lucky, fooled, gain, matched } of rows) {
      expect([lucky, fooled, gain, matched]).toEqual([0.2, 0, 0.2, 0].map((value) => expect.closeTo(value, 12)));
    }
  });

  test("who knew nothing and answers more has gained what chance gives, and no more", () => {
    // Tuned names a digit in turn on every problem; one of ten is each problem's own.
    const own = (problem: string): number => Number(problem.slice(1)) % 10;
    const rows = graders(
      (policy, problem, i) => (policy === "base" ? "no answer" : i === own(problem) ? "right" : `no, ${i}`),
      {
        answered: (_, text) => text !== "no answer",
        passes: (problem, text) => (text === "right" ? false : text === `no, ${own(problem)}`),
      },
    );
    for (const row of rows) {
      // Of the nine wrong digits of another problem one is this one's, on problems whose digit is another: 18 of 19 × 1 of 10.
      const floor = (18 / 19) * 0.1;
      expect(row.lucky).toBeCloseTo((floor * (1 - 0.1)) / (1 - floor), 2);
      expect(row.lucky! + row.finished + row.matched).toBeCloseTo(row.gain, 12);
    }
  });
});
