import { describe, expect, test } from "vitest";
import type { Document } from "../../src/attribution/document.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { benchOf } from "../../src/study/bench.ts";
import { blocksOf, decisionOf, limitsAt } from "../../src/study/looks.ts";
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
});

test("each of three looks has a third of what may go wrong", () => {
  expect(limitsAt(1, LIMITS)).toBe(LIMITS);
  expect(limitsAt(3, LIMITS).level).toBeCloseTo(1 - 0.05 / 3, 12);
  expect(limitsAt(3, LIMITS).ledgerLevel).toBeCloseTo(1 - 0.1 / 3, 12);
  expect(limitsAt(3, LIMITS).sufficientShare).toBe(LIMITS.sufficientShare);
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

  test("goes on with what the ledger needs of every problem, and with what sees a rival that is open", () => {
    const { goesOn } = decisionOf(judged({ "steadier-steps": "contributes", contaminated: "cannot be told" }), all);
    expect(goesOn).toContain("handoff");
    expect(goesOn).toContain("contamination-control");
    expect(goesOn).not.toContain("power-sampling");
    expect(goesOn).not.toContain("guess-control");
  });
});
