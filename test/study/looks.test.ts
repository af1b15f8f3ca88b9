import { describe, expect, test } from "vitest";
import type { Document } from "../../src/attribution/document.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { firstCrossings } from "../../src/maths/group-sequential.ts";
import { normalQuantile } from "../../src/maths/special.ts";
import { benchOf } from "../../src/study/bench.ts";
import { blocksOf, decisionOf, informationOf, limitsAt, NARROW, RHO } from "../../src/study/looks.ts";
import { LIVE } from "../../src/study/rehearse-design.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import type { StandingName } from "../../src/terms/standing.ts";

const bench = (problems: number) =>
  benchOf({ tasks: [{ task: "chain", steps: [1, 2, 3, 4], problems, seed: 1, grading: "process" }] }, () => "");

describe("blocks of problems", () => {
  test("are disjoint, all of them together, and each has every length in its share", () => {
    const whole = bench(120);
    const blocks = blocksOf(whole, 3);
    expect(blocks.map(({ problems }) => problems.length)).toEqual([32, 28, 60]);
    const ids = blocks.flatMap(({ problems }) => problems.map(({ id }) => id));
    expect(new Set(ids).size).toBe(120);
    for (const { problems } of blocks)
      for (const steps of [1, 2, 3, 4])
        expect(problems.filter((one) => one.steps === steps)).toHaveLength(problems.length / 4);
    const twins = blocks.flatMap((block) => block.twins.map(({ id }) => id));
    expect(twins.toSorted()).toEqual(whole.twins.map(({ id }) => id).toSorted());
  });

  test("of one look are the bench itself, and none has fewer than ten problems", () => {
    const whole = bench(24);
    expect(blocksOf(whole)).toEqual([whole]);
    expect(blocksOf(whole, 1)[0]).toBe(whole);
    expect(blocksOf(whole, 5).map(({ problems }) => problems.length)).toEqual([12, 12]);
    expect(blocksOf(bench(12), 4)).toHaveLength(1);
  });

  test("know at each look as much of all as they have problems", () => {
    expect(informationOf(blocksOf(bench(120), 3))).toEqual([32 / 120, 0.5, 1]);
    expect(informationOf(blocksOf(bench(120)))).toEqual([1]);
  });

  test("without a problem are no look: where each problem is the only one of its kind, all are asked at once", () => {
    const whole = bench(40);
    const single = { ...whole, problems: whole.problems.map((one, i) => ({ ...one, family: `kind ${i}` })) };
    const blocks = blocksOf(single, 3);
    expect(blocks.map(({ problems }) => problems.length)).toEqual([40]);
    expect(blocks[0]!.twins).toHaveLength(whole.twins.length);
    expect(informationOf(blocks)).toEqual([1]);
  });
});

describe("what is asked of an interval", () => {
  const information = [0.25, 0.5, 1];
  const at = information.map((_, look) => limitsAt({ at: look, information }, LIMITS));

  test("is what is asked at one look where there is one, and no other limit changes", () => {
    expect(limitsAt(undefined, LIMITS)).toBe(LIMITS);
    expect(limitsAt({ at: 0, information: [1] }, LIMITS)).toBe(LIMITS);
    for (const one of at) expect({ ...one, level: 0, ledgerLevel: 0 }).toEqual({ ...LIMITS, level: 0, ledgerLevel: 0 });
  });

  test("of three looks adds up to what may go wrong, and by each look to the square of the problems that are in", () => {
    for (const limit of ["level", "ledgerLevel"] as const) {
      const boundaries = at.map((one) => normalQuantile((1 + one[limit]) / 2));
      const crossed = firstCrossings(information, boundaries);
      for (const [look, t] of information.entries()) {
        const spent = crossed.slice(0, look + 1).reduce((a, b) => a + b, 0);
        // Levels have six digits, and never less than they should be.
        expect(spent / ((1 - LIMITS[limit]) * t ** RHO)).toBeCloseTo(1, 2);
        expect(spent - (1 - LIMITS[limit]) * t ** RHO).toBeLessThan(1e-9);
      }
    }
  });

  test("of three looks cannot go wrong much more often than at one look, however the looks hang together", () => {
    expect(at.reduce((sum, { ledgerLevel }) => sum + 1 - ledgerLevel, 0)).toBeLessThan(0.1165);
  });

  test("falls from look to look, and at the last is hardly more than at one look", () => {
    const ledger = at.map(({ ledgerLevel }) => ledgerLevel);
    expect(ledger).toEqual(ledger.toSorted((a, b) => b - a));
    expect(ledger[0]).toBeCloseTo(1 - 0.1 / 16, 6);
    const [wide, narrow] = [ledger[2]!, LIMITS.ledgerLevel].map((level) => normalQuantile((1 + level) / 2));
    expect(wide! / narrow!).toBeLessThan(1.04);
  });
});

describe("a study", () => {
  const judged = (over: Record<string, StandingName>, half = 0.05): Document =>
    ({
      explanations: EXPLANATIONS.map(({ name }) => ({
        name,
        claim: "",
        standing: over[name] ?? "not needed",
        reason: "",
        because: [],
      })),
      ledger: [
        {
          cause: "steadier-steps",
          share: { kind: "measured", value: 1, low: 1 - half, high: 1 + half, method: "" },
          identifiedBy: "",
        },
      ],
    }) as unknown as Document;
  const all = new Set([...LIVE, "paired-sampling", "regrade", "budget"]);

  test("is decided where something is claimed, nothing is open and the ledger is narrow", () => {
    expect(decisionOf(judged({ "steadier-steps": "alone sufficient" }), all)).toMatchObject({
      decided: true,
      open: [],
    });
    expect(decisionOf(judged({}), all).open).toEqual(["nothing is claimed yet"]);
    expect(decisionOf(judged({ "steadier-steps": "alone sufficient" }, 0.2), all).open).toEqual([
      "the entry of steadier-steps is not known to ± 0.1",
    ]);
  });

  test("waits for a rival that an experiment sees, and not for one that none of its experiments sees", () => {
    const open = judged({ "steadier-steps": "alone sufficient", "weak-baseline": "cannot be told" });
    expect(decisionOf(open, all).open).toEqual(["weak-baseline cannot be told"]);
    const without = new Set([...all].filter((name) => name !== "decoder-sweep"));
    expect(decisionOf(open, without).decided).toBe(true);
  });

  /** Amplified strategy is claimed; further entries, each with the limits of its own and those of all at once. */
  const shared = (entries: Record<string, readonly [number, number]>, over: Record<string, StandingName>): Document => {
    const document = judged({ "amplified-strategy": "contributes", ...over });
    const entry = (cause: string, [low, high]: readonly [number, number]): object => ({
      cause,
      share: {
        kind: "measured",
        value: (low + high) / 2,
        low: low - 0.1,
        high: high + 0.1,
        method: "",
        diagnostic: { aloneLow: low, aloneHigh: high },
      },
      identifiedBy: "",
    });
    const ledger = Object.entries({ "amplified-strategy": [0.88, 0.92] as const, ...entries });
    return { ...document, ledger: ledger.map(([cause, limits]) => entry(cause, limits)) } as unknown as Document;
  };
  const untold = { "steadier-steps": "cannot be told" } as const;

  test("does not wait for a rival whose own entry is known to what was asked for, wherever a tenth lies in it", () => {
    const decision = decisionOf(shared({ "steadier-steps": [0.03, 0.17], unexplained: [-0.01, 0.01] }, untold), all);
    expect(decision).toMatchObject({
      decided: true,
      open: [],
      known: ["steadier-steps is known to ± 0.1, on neither side of 0.1 of the gain"],
    });
    // Experiments that are asked for such a rival alone are asked no more.
    const lucky = { "lucky-guess": "cannot be told" } as const;
    expect(decisionOf(shared({ "lucky-guess": [0.03, 0.17] }, lucky), all).goesOn).not.toContain("guess-control");
    expect(decisionOf(shared({ "lucky-guess": [-0.1, 0.25] }, lucky), all).goesOn).toContain("guess-control");
    expect(decisionOf(shared({}, lucky), all).goesOn).toContain("guess-control");
  });

  test("waits for one whose own entry is wider, and says so once", () => {
    const wide = decisionOf(shared({ "steadier-steps": [-0.02, 2 * NARROW + 0.01] }, untold), all);
    expect(wide).toMatchObject({
      decided: false,
      known: [],
      open: ["the entry of steadier-steps is not known to ± 0.1"],
    });
  });

  test("waits for one without an entry of its own, or with one that has no interval or is bounded on one side", () => {
    const open = ["steadier-steps cannot be told"];
    expect(decisionOf(shared({}, untold), all)).toMatchObject({ open, known: [] });
    const holding = (share: object): Document => {
      const document = shared({}, untold);
      return {
        ...document,
        ledger: [...document.ledger, { cause: "steadier-steps", share, identifiedBy: "" }],
      } as Document;
    };
    expect(decisionOf(holding({ kind: "measured", value: 0.05, method: "" }), all)).toMatchObject({ open, known: [] });
    expect(decisionOf(holding({ kind: "bounded", high: 0.15, method: "" }), all)).toMatchObject({ open, known: [] });
    expect(decisionOf(holding({ kind: "refused", why: "", mend: "" }), all)).toMatchObject({ open, known: [] });
  });

  test("waits for either strategy as long as a plan that may be its is undecided, and for the rest of what was not handed over", () => {
    const strategies = { "novel-strategy": "cannot be told" } as const;
    const plan = (high: number): Document =>
      shared({ "novel-strategy": [-0.01, 0.01], "plan-undecided": [high - 0.04, high] }, strategies);
    expect(decisionOf(plan(0.3), all)).toMatchObject({
      decided: false,
      open: ["novel-strategy cannot be told: more than its own entry may be its (plan-undecided, unexplained)"],
    });
    expect(decisionOf(plan(0.02), all).decided).toBe(true);
    const unexplained = (high: number): Document =>
      shared({ "steadier-steps": [-0.01, 0.03], unexplained: [high - 0.1, high] }, untold);
    expect(decisionOf(unexplained(0.3), all)).toMatchObject({ decided: false, known: [] });
    expect(decisionOf(unexplained(0.1), all).decided).toBe(true);
    // A plan that is the same on every problem has no interval, and is undecided all the same.
    const even = { cause: "plan-undecided", share: { kind: "measured", value: 0.3, method: "" }, identifiedBy: "" };
    const document = shared({ "novel-strategy": [-0.01, 0.01] }, strategies);
    expect(decisionOf({ ...document, ledger: [...document.ledger, even] } as Document, all).decided).toBe(false);
    // An undecided plan is no other rival's.
    const steps = shared({ "steadier-steps": [0.03, 0.17], "plan-undecided": [0.26, 0.3] }, untold);
    expect(decisionOf(steps, all).known).toHaveLength(1);
  });

  test("waits for tilt and sharpening until they are told: they have no entry", () => {
    const open = shared(
      { "steadier-steps": [0.09, 0.11] },
      { "reward-tilt": "cannot be told", sharpened: "cannot be told" },
    );
    expect(decisionOf(open, all).open).toEqual(["reward-tilt cannot be told", "sharpened cannot be told"]);
  });

  test("goes on with what the ledger needs of every problem, and with what sees a rival that is open", () => {
    const { goesOn } = decisionOf(judged({ "steadier-steps": "contributes", contaminated: "cannot be told" }), all);
    expect(goesOn).toContain("handoff");
    expect(goesOn).toContain("contamination-control");
    expect(goesOn).not.toContain("power-sampling");
    expect(goesOn).not.toContain("guess-control");
  });
});
