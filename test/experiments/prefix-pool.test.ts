import { expect, test } from "vitest";
import { type Passage, PrefixPool } from "../../src/experiments/prefix-pool.ts";
import { stream } from "../../src/maths/random.ts";

const RIGHT = { right: true, finished: true };
const WRONG = { right: false, finished: true };
const NAMES = { base: "b", later: "t" } as const;

test("a policy's own rollouts through a prefix are draws behind it, so a shared plan needs no hand-over", () => {
  const own = (policy: string, outcomes: readonly boolean[]): Passage[] =>
    outcomes.map((right) => ({
      policy,
      given: 0,
      plan: "p",
      ...(right ? { work: "pw" } : {}),
      outcome: right ? RIGHT : WRONG,
    }));
  const pool = new PrefixPool(NAMES, [
    ...own("b", [true, false, false, false]),
    ...own("t", [true, true, true, false]),
  ]);
  // Plans are alike, whatever goes before the answer is right: only the execution tells them apart.
  expect(["000", "100", "001", "101"].map((cell) => pool.cell(cell as "000")!.right)).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(["111", "011", "110", "010"].map((cell) => pool.cell(cell as "111")!.right)).toEqual([0.75, 0.75, 0.75, 0.75]);
});

test("a cell that needs what was not drawn is not told; a draw that does is worth what the others are", () => {
  const base: Passage = { policy: "b", given: 0, plan: "one", outcome: WRONG };
  const later: Passage = { policy: "t", given: 0, plan: "other", work: "other, worked", outcome: RIGHT };
  const pool = new PrefixPool(NAMES, [base, later]);
  expect(pool.cell("100")).toBeUndefined();
  expect(pool.cell("111")).toEqual({ right: 1, finished: 1 });
  const handed: Passage = { policy: "b", given: 5, plan: "other", outcome: { right: false, finished: false } };
  expect(new PrefixPool(NAMES, [base, later, handed]).cell("100")).toEqual({ right: 0, finished: 0 });
});

test("what goes wrong before a segment ends stays wrong, whoever would write on", () => {
  const pool = new PrefixPool(NAMES, [
    { policy: "b", given: 0, outcome: WRONG },
    { policy: "t", given: 0, plan: "p", work: "pw", outcome: RIGHT },
  ]);
  expect(pool.cell("011")).toEqual({ right: 0, finished: 1 });
});

test("all eight cells are unbiased on two policies whose every segment is known", () => {
  // Two plans; execution and answer succeed with chances of their own behind each.
  const law = {
    b: { plan: 0.3, execution: { x: 0.8, y: 0.2 }, answer: 0.5 },
    t: { plan: 0.9, execution: { x: 0.9, y: 0.4 }, answer: 0.9 },
  };
  type Name = keyof typeof law;
  const exact = (a: Name, e: Name, c: Name): number =>
    (law[a].plan * law[e].execution.x + (1 - law[a].plan) * law[e].execution.y) * law[c].answer;
  const sums = new Map<string, { sum: number; square: number }>();
  const STUDIES = 400;
  for (let study = 0; study < STUDIES; study++) {
    const draws = stream(3, "test/prefix-pool", study);
    const passages: Passage[] = [];
    const draw = (policy: Name, given: "" | "x" | "y" | "x!" | "y!"): Passage => {
      const plan = given === "" ? (draws.uniform() < law[policy].plan ? "x" : "y") : (given[0] as "x" | "y");
      const works = given.endsWith("!") || draws.uniform() < law[policy].execution[plan];
      const right = works && draws.uniform() < law[policy].answer;
      const one = {
        policy,
        given: given.length,
        plan,
        ...(works ? { work: `${plan}!` } : {}),
        outcome: right ? RIGHT : WRONG,
      };
      passages.push(one);
      return one;
    };
    for (const policy of ["b", "t"] as const) for (let i = 0; i < 16; i++) draw(policy, "");
    // Everything is handed over both ways, some of it without need.
    for (const one of passages.slice()) {
      const other = one.policy === "b" ? "t" : "b";
      draw(other, one.plan as "x");
      if (one.work !== undefined) draw(other, one.work as "x!");
    }
    const pool = new PrefixPool(NAMES, passages);
    for (const cell of ["000", "100", "010", "110", "001", "101", "011", "111"] as const) {
      const { right } = pool.cell(cell)!;
      const so = sums.get(cell) ?? { sum: 0, square: 0 };
      sums.set(cell, { sum: so.sum + right, square: so.square + right ** 2 });
    }
  }
  for (const [cell, { sum, square }] of sums) {
    const mean = sum / STUDIES;
    const se = Math.sqrt((square / STUDIES - mean ** 2) / STUDIES);
    const [a, e, c] = Array.from(cell, (digit): Name => (digit === "0" ? "b" : "t"));
    expect([cell, Math.abs(mean - exact(a!, e!, c!)) / se < 3.5]).toEqual([cell, true]);
  }
});
