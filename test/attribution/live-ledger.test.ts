import { describe, expect, test } from "vitest";
import { liveLedger } from "../../src/attribution/live-ledger.ts";
import { CAUSES } from "../../src/attribution/split.ts";
import type { LedgerExhibit } from "../../src/terms/exhibit.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { GainRow } from "../../src/terms/gain-row.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, NO_GAIN } from "../support/findings.ts";

/** Twelve problems of two steps: of a gain near 0.4 a quarter is form, the rest slips. */
const rows = (part: number, more: Partial<GainRow> = {}): GainRow[] =>
  Array.from({ length: 12 }, (_, i) => {
    const execution = part * (0.3 + (i % 3) / 100);
    const format = part * (0.1 + (i % 2) / 100);
    return {
      problem: `p${i}`,
      steps: 2,
      drawn: [64, 64],
      gain: format + execution,
      format,
      finished: 0,
      matched: execution,
      weight: 1,
      segments: { plan: 0, execution, answer: 0 },
      onWay: [1, 1],
      ...more,
    };
  });

const asked = (of: readonly (readonly GainRow[])[], found = findings(GAIN)) =>
  liveLedger(found, LIMITS, {
    policies: ["base", "half", "tuned"].slice(-of.length - 1),
    rows: of,
    seed: 1,
    yardstick: 0,
  });
const exhibitOf = ({ exhibits }: ReturnType<typeof asked>) => exhibits[0] as LedgerExhibit;
const without = (field: "segments" | "format") =>
  rows(1).map((row) => {
    const rest: Partial<Record<keyof GainRow, unknown>> = { ...row };
    delete rest[field];
    return rest as unknown as GainRow;
  });

describe("the ledger of a live study", () => {
  const told = asked([rows(0.4), rows(1)]);
  const found = new Findings(told.findings);

  test("has every cause once, with what identified it and what that assumes, and adds up to one", () => {
    expect(told.entries!.map(({ cause }) => cause)).toEqual(["weak-baseline", "contaminated", ...CAUSES]);
    const shares = told.entries!.flatMap(({ share }) => (share.kind === "measured" ? [share.value] : []));
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
    for (const { identifiedBy, assumes } of told.entries!) {
      expect(identifiedBy).not.toBe("");
      expect(assumes).not.toBe("");
    }
  });

  test("names findings by cause, those of a checkpoint with its name behind", () => {
    expect(found.measured("ledger/format-learned")).toEqual(
      told.entries!.find(({ cause }) => cause === "format-learned")!.share,
    );
    expect(found.measured("ledger/format-learned/half")!.value).toBeCloseTo(
      0.4 * found.measured("ledger/format-learned")!.value,
      12,
    );
    expect(told.findings).toHaveLength(2 + 2 * CAUSES.length);
  });

  test("gives limits that hold together, and beside them narrower ones that hold alone", () => {
    const { value, low, high, level, diagnostic } = found.measured("ledger/steadier-steps")!;
    expect(level).toBe(LIMITS.ledgerLevel);
    const limits = [low!, Number(diagnostic!["aloneLow"]), value, Number(diagnostic!["aloneHigh"]), high!];
    expect(limits).toEqual(limits.toSorted((a, b) => a - b));
    expect(new Set(limits).size).toBe(5);
  });

  test("is drawn cumulatively: the checkpoint's bars stop short, the tuned policy's reach the whole gain", () => {
    const { causes, checkpoints, gain } = exhibitOf(told);
    const reach = checkpoints.map(({ shares }) => shares.reduce((sum, { value = 0 }) => sum + value, 0));
    expect(checkpoints.map(({ checkpoint }) => checkpoint)).toEqual(["half", "tuned"]);
    expect(reach[0]).toBeCloseTo(0.4, 12);
    expect(reach[1]).toBeCloseTo(1, 12);
    expect(causes.at(-1)).toBe("unexplained");
    expect(gain.low).toBeLessThan(gain.value);
    expect(gain.value).toBeLessThan(gain.high);
  });

  test("leaves out bars of causes that no rollout shows", () => {
    expect(exhibitOf(told).causes).not.toContain("longer-outputs");
    expect(found.measured("ledger/longer-outputs")!.value).toBe(0);
  });
});

test("a checkpoint that answered fewer problems is compared on the problems that all answered", () => {
  const told = asked([rows(0.4).slice(2), rows(1)]);
  const alike = asked([rows(0.4).slice(2), rows(1).slice(2)]);
  expect(told.findings).toEqual(alike.findings);
});

test("without an established gain there is nothing to share out, and no entries", () => {
  const told = asked([rows(1)], findings(NO_GAIN));
  expect(told.entries).toBeUndefined();
  expect(told.exhibits).toEqual([]);
  expect(told.findings).toMatchObject([{ name: "ledger", estimate: { kind: "refused" } }]);
});

test("one problem is too few, and the sentence counts it", () => {
  const [only] = asked([rows(1).slice(0, 1)]).findings;
  expect(only).toMatchObject({
    name: "ledger",
    estimate: { kind: "refused", why: expect.stringContaining("got 1") },
  });
});

test("without hand-offs, what they would tell is refused and stands inside unexplained, in the picture too", () => {
  const told = asked([without("segments")]);
  const found = new Findings(told.findings);
  for (const cause of ["amplified-strategy", "steadier-steps", "recovery", "composition", "answer"])
    expect(found.get(`ledger/${cause}`)).toMatchObject({ kind: "refused", mend: expect.stringContaining("handoff") });
  expect(found.measured("ledger/unexplained")!.value).toBeGreaterThan(0.7);
  expect(exhibitOf(told).missing.map(({ what }) => what)).toContain("steadier-steps");
});

test("a task that cannot tell form from work has no share of form: nobody saw that it was none", () => {
  const found = new Findings(asked([without("format")]).findings);
  expect(found.get("ledger/format-learned")).toMatchObject({
    kind: "refused",
    mend: "give a task with a lenient reading",
  });
  expect(found.measured("ledger/unexplained")!.value).toBeGreaterThan(0.2);
});

test("steps that nobody verified leave recovery and composition untold, and slips with the whole execution", () => {
  const found = new Findings(asked([rows(1)]).findings);
  expect(found.get("ledger/recovery")).toMatchObject({ kind: "refused", mend: expect.stringContaining("verified") });
  expect(found.get("ledger/composition")!.kind).toBe("refused");
  expect(found.measured("ledger/steadier-steps")!.value).toBeGreaterThan(0.7);
});

describe("what comes off before the ledger's other entries", () => {
  const share = (value: number, low: number, high: number) =>
    ({ kind: "measured", value, low, high, level: 0.95, method: "made up" }) as const;
  const beside = (found: readonly [string, ReturnType<typeof share>][]) =>
    asked([rows(0.4), rows(1)], findings({ ...GAIN, ...Object.fromEntries(found) }));

  test("told from nothing, it leaves only itself and what remains", () => {
    const told = beside([["sweep/share", share(0.6, 0.5, 0.7)]]);
    const found = new Findings(told.findings);
    expect(found.measured("ledger/weak-baseline")!.value).toBe(0.6);
    expect(found.measured("ledger/unexplained")).toMatchObject({ value: 0.4 });
    expect(found.measured("ledger/unexplained")!.low).toBeCloseTo(0.3, 12);
    expect(found.get("ledger/steadier-steps")).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("not told apart"),
    });
    expect(found.get("ledger/steadier-steps/half")?.kind).toBe("refused");
    expect(exhibitOf(told).causes).toEqual(["weak-baseline", "unexplained"]);
  });

  test("two of them add up", () => {
    const told = new Findings(
      beside([
        ["sweep/share", share(0.3, 0.2, 0.4)],
        ["recall/share", share(0.5, 0.4, 0.6)],
      ]).findings,
    );
    expect(told.measured("ledger/unexplained")!.value).toBeCloseTo(0.2, 12);
  });

  test("not told from nothing, it is a limit and in no sum", () => {
    const told = new Findings(beside([["recall/share", share(0.02, -0.1, 0.14)]]).findings);
    expect(told.get("ledger/contaminated")).toMatchObject({ kind: "bounded", high: 0.14 });
    expect(told.measured("ledger/steadier-steps")!.value).toBeGreaterThan(0.5);
    expect(told.get("ledger/weak-baseline")).toMatchObject({
      kind: "refused",
      mend: expect.stringContaining("variants"),
    });
  });
});

test("where nearly all of the gain was passed wrongly, no better asked base stands in front of that", () => {
  const some = rows(0.02).map((row, i) => ({
    ...row,
    gain: row.gain + 0.5 + (i % 2) / 50,
    fooled: 0.5 + (i % 2) / 50,
  }));
  const sweep = { kind: "measured", value: 0.9, low: 0.85, high: 0.95, level: 0.95, method: "made up" } as const;
  const found = new Findings(asked([some], findings({ ...GAIN, "sweep/share": sweep })).findings);
  expect(found.measured("ledger/verifier-exploit")!.low).toBeGreaterThan(0.8);
  expect(found.get("ledger/weak-baseline")).toMatchObject({
    kind: "refused",
    why: expect.stringContaining("stricter"),
  });
});

test("answers that were passed wrongly, and lucky ones, come off first", () => {
  const some = rows(1).map((row, i) => ({
    ...row,
    gain: row.gain + 0.1,
    fooled: 0.08 + (i % 2) / 100,
    lucky: 0.02 - (i % 2) / 100,
  }));
  const found = new Findings(asked([some]).findings);
  const gain = some.reduce((sum, row) => sum + row.gain, 0);
  expect(found.measured("ledger/verifier-exploit")!.value).toBeCloseTo((12 * 0.085) / gain, 10);
  expect(found.measured("ledger/lucky-guess")!.value).toBeCloseTo((12 * 0.015) / gain, 10);
  expect(found.measured("ledger/unexplained")!.value).toBeCloseTo(0, 10);
  expect(new Findings(asked([rows(1)]).findings).get("ledger/verifier-exploit")?.kind).toBe("refused");
});
