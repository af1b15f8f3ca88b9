// The gallery: published differences are settled where the numbers settle them, and what they leave open is said.
import { describe, expect, test } from "vitest";
import { type GalleryClaim, type GalleryEntry, judgeEntry, type Printed } from "../../src/attribution/gallery.ts";
import { leftBy } from "../../src/attribution/gallery-rivals.ts";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";

function entryOf(...claims: readonly (Partial<GalleryClaim> & { problems: number; printed: Printed })[]): GalleryEntry {
  return {
    title: "made up",
    source: { work: "w", authors: "a", link: "https://example.org", version: "1", readFrom: "nowhere" },
    licence: "none",
    leftOut: [],
    claims: claims.map((claim, i) => ({
      name: `claim-${i}`,
      says: "something",
      where: "Table 1",
      benchmark: "bench",
      policies: ["base", "tuned"],
      k: 256,
      ...claim,
    })),
  };
}
const judged = (problems: number, printed: Printed) => judgeEntry(entryOf({ problems, printed }), 0.95)[0]!;
const cells = (onlyBase: number, onlyTuned: number, both = 10): Printed => ({
  kind: "cells",
  both,
  onlyBase,
  onlyTuned,
});
const solved = (base: number, tuned: number): Printed => ({ kind: "solved", solved: [base, tuned] });
const means = (base: number, tuned: number): Printed => ({ kind: "means", means: [base, tuned], rounding: 0.0005 });

describe("verdicts", () => {
  test("four problems on one side of thirty settle nothing, and no four could", () => {
    const { test: exact, verdict, because, onlyTuned, difference } = judged(30, cells(4, 0, 19));
    expect(exact).toEqual({ kind: "cells", cells: { only0: 4, only1: 0, p: 0.125 } });
    expect(verdict).toBe("not settled");
    expect(because).toMatch(/Fewer than 6 such problems settle nothing/);
    // 1 − 0.025^(1/30)
    expect(onlyTuned).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.1157, 4) as number });
    expect(difference).toMatchObject({ value: expect.closeTo(-4 / 30, 12) as number });
  });

  test("of two totals the best case counts against a difference and the worst for it", () => {
    const { test: exact, verdict } = judged(30, solved(28, 25));
    expect(exact).toMatchObject({
      kind: "totals",
      best: { only0: 3, only1: 0, p: 0.25 },
      worst: { only0: 5, only1: 2 },
    });
    expect(verdict).toBe("not settled");
    expect(judged(30, solved(28, 10)).verdict).toBe("settled");
  });

  test("69.1 against 63.9 % of 821 is likely real, and the assumption is said", () => {
    const { test: exact, verdict, because, difference } = judged(821, solved(567, 525));
    expect(verdict).toBe("settled under an assumption");
    expect(because).toMatch(/Likely real, on one assumption: .*no less often solved/);
    expect(exact.kind === "totals" && exact.independent.p).toBeLessThan(0.05);
    expect(exact.kind === "totals" && exact.worst.p).toBeGreaterThan(0.05);
    // Under the worst pairing 0 is not excluded, and the interval holds under every pairing.
    expect(difference.kind === "measured" && difference.high! > 0).toBe(true);
  });

  test("where only nested sets would settle it, it is not settled", () => {
    const { verdict, because } = judged(821, solved(567, 547));
    expect(verdict).toBe("not settled");
    expect(because).toMatch(/only if nearly all that one solves the other solved too/);
  });

  test("means are tested at the widest spread they allow, less their rounding", () => {
    expect(judged(821, means(0.102, 0.283)).verdict).toBe("settled");
    const few = judged(30, means(0.29, 0.41));
    expect(few.verdict).toBe("not settled");
    expect(few.wanted).toMatchObject({ kind: "refused" });
    expect(judged(30, means(0.3, 0.3005)).test).toEqual({ kind: "means", worst: 1 });
    expect(judged(30, means(0, 1)).verdict).toBe("settled");
  });

  test("all claims of a page may share one level, and then fewer stand", () => {
    const claims = Array.from({ length: 11 }, () => ({ problems: 500, printed: cells(18, 5, 462) }));
    expect(judgeEntry(entryOf(...claims.slice(0, 1)), 0.95)[0]).toMatchObject({ verdict: "settled", afterAll: true });
    for (const one of judgeEntry(entryOf(...claims), 0.95))
      expect(one).toMatchObject({ verdict: "settled", afterAll: false });
  });
});

describe("what would settle it", () => {
  test("is a number of problems, and rollouts of both policies on each", () => {
    const { wanted } = judgeEntry(entryOf({ problems: 30, k: 1024, printed: cells(4, 0, 19) }), 0.95)[0]!;
    expect(wanted).toEqual({ kind: "problems", power: 0.9, least: 68, rolloutsEach: 2048 });
  });

  test("is a range where the pairing is not known, and has no price where the number of tries is not said", () => {
    expect(judged(30, solved(28, 25)).wanted).toMatchObject({ kind: "problems", least: 91, most: 252 });
    const { claims, ...rest } = entryOf({ problems: 51, printed: cells(4, 1, 19) });
    const { k, ...claim } = claims[0]!;
    expect(k).toBe(256);
    const [unsaid] = judgeEntry({ ...rest, claims: [claim] }, 0.95);
    expect(unsaid!.wanted).not.toHaveProperty("rolloutsEach");
  });

  test("is refused where no difference was seen", () => {
    expect(judged(30, cells(0, 0)).wanted).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/no difference/) as string,
    });
    expect(judged(30, solved(28, 28)).wanted).toMatchObject({ kind: "refused" });
  });

  test("is nothing where it is settled", () => {
    expect(judged(272, cells(22, 0, 173)).wanted).toEqual({ kind: "nothing" });
  });
});

describe("rivals", () => {
  const left = (problems: number, printed: Printed) => leftBy(judged(problems, printed), EXPLANATIONS, EXPERIMENTS);

  test("all remain where nothing is settled, that nothing changed among them", () => {
    const { open, closed, next } = left(30, cells(4, 0, 19));
    expect(open).toEqual(EXPLANATIONS.map(({ name }) => name));
    expect(closed).toEqual([]);
    expect(next.length).toBeGreaterThan(0);
  });

  test("a settled gain leaves all but that nothing changed", () => {
    const { open, closed } = left(821, means(0.102, 0.283));
    expect(closed.map(({ name }) => name)).toEqual(["nothing-changed"]);
    expect(open).toHaveLength(EXPLANATIONS.length - 1);
  });

  test("a settled loss is not made by what only makes right answers more frequent", () => {
    const { open, closed } = left(272, cells(22, 0, 173));
    expect(open).toEqual(expect.arrayContaining(["sharpened", "amplified-strategy", "lucky-guess"]));
    expect(closed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["nothing-changed", "steadier-steps", "reward-tilt"]),
    );
  });

  test("experiments come cheapest first, and each parts two that are open", () => {
    const { open, next } = left(272, cells(22, 0, 173));
    const prices = next.map(({ price }) => price.generatedRollouts);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const { separates } of next) {
      expect(separates.length).toBeGreaterThan(0);
      expect(separates.flat().every((name) => open.includes(name))).toBe(true);
    }
  });
});
