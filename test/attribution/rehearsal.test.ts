import { describe, expect, test } from "vitest";
import { EVERYTHING, type Played, rehearsalOf, STORED, toldApart } from "../../src/attribution/rehearsal.ts";
import type { StandingName } from "../../src/terms/standing.ts";

const study = (truth: readonly string[], all: Record<string, StandingName>, over: Partial<Played> = {}): Played => ({
  truth,
  seed: 1,
  standings: { [EVERYTHING]: all, [STORED]: { a: "cannot be told", b: "cannot be told" } },
  halfWidths: { a: 0.05 },
  values: {},
  price: { [STORED]: { generated: 10, scored: 0 } },
  ...over,
});

describe("a pair of rivals", () => {
  test("is told apart where the cause is claimed and the other is set aside, and not where either is open", () => {
    expect(toldApart({ a: "contributes", b: "not needed" }, "a", "b")).toBe(true);
    expect(toldApart({ a: "alone sufficient", b: "ruled out" }, "a", "b")).toBe(true);
    expect(toldApart({ a: "contributes", b: "cannot be told" }, "a", "b")).toBe(false);
    expect(toldApart({ a: "cannot be told", b: "not needed" }, "a", "b")).toBe(false);
    expect(toldApart({ a: "contributes", b: "contributes" }, "a", "b")).toBe(false);
  });

  test("counts the studies of both as causes, and mistakes only where the wrong one alone is claimed", () => {
    const played = [
      study(["a"], { a: "alone sufficient", b: "not needed" }),
      study(["a"], { a: "not needed", b: "contributes" }),
      study(["b"], { a: "not needed", b: "contributes" }),
      study(["b"], { a: "cannot be told", b: "contributes" }),
    ];
    const [pair] = rehearsalOf(played, 0.9, () => undefined).pairs;
    expect(pair!.pair).toEqual(["a", "b"]);
    expect(pair!.apart[EVERYTHING]).toMatchObject({ value: 0.5, studies: 4 });
    expect(pair!.apart[STORED]).toMatchObject({ value: 0, low: 0 });
    expect(pair!.mistaken.value).toBe(0.25);
  });

  test("that is never told apart is named with why", () => {
    const open = { a: "cannot be told", b: "cannot be told" } as const;
    const { never } = rehearsalOf([study(["a"], open), study(["b"], open)], 0.9, (a, b) => `${a} looks like ${b}`);
    expect(never).toEqual([{ pair: ["a", "b"], why: "a looks like b" }]);
  });
});

test("an entry's width is the mean over studies that told it, and studies of no change are left out", () => {
  const is = { a: "contributes", "nothing-changed": "ruled out" } as const;
  const { widths } = rehearsalOf(
    [
      study(["a"], is, { halfWidths: { a: 0.1 } }),
      study(["a"], is, { halfWidths: { a: 0.2 } }),
      study(["a"], is, { halfWidths: {} }),
      study(["nothing-changed"], is, { halfWidths: { a: 9 } }),
    ],
    0.9,
    () => undefined,
  );
  expect(widths).toHaveLength(1);
  expect(widths[0]!.halfWidth).toBeCloseTo(0.15, 12);
  expect(widths[0]!.told).toMatchObject({ studies: 3 });
});

test("of two causes both must be claimed", () => {
  const both = rehearsalOf(
    [
      study(["a", "b"], { a: "contributes", b: "contributes" }),
      study(["a", "b"], { a: "contributes", b: "not needed" }),
      study(["a"], { a: "contributes", b: "not needed" }),
    ],
    0.9,
    () => undefined,
  ).together;
  expect(both).toMatchObject([{ truth: ["a", "b"], both: { value: 0.5, studies: 2 } }]);
});
