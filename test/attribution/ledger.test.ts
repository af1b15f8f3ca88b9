import { expect, it } from "vitest";
import { ledger } from "../../src/attribution/ledger.ts";
import { refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured, NO_GAIN } from "../support/findings.ts";

const share = (value: number, low: number, high: number) => measured(value, { low, high, level: 0.95 });
const sum = (entries: ReturnType<typeof ledger>): number =>
  entries.reduce((total, { share: part }) => total + (part.kind === "measured" ? part.value : Number.NaN), 0);

it("adds up to one, the unexplained entry included, with the interval mirrored", () => {
  const entries = ledger(findings({ ...GAIN, "regrade/share": share(0.3, 0.2, 0.45) }), LIMITS);
  expect(sum(entries)).toBe(1);
  expect(entries.map(({ cause }) => cause)).toEqual(["format-learned", "unexplained"]);
  expect(entries[1]!.share).toMatchObject({ value: 0.7, low: 0.55, high: 0.8 });
});

it("takes format before length, and length where format was not measured: their order would matter", () => {
  const both = { "regrade/share": share(0.3, 0.2, 0.4), "budget/share": share(0.5, 0.4, 0.6) };
  expect(ledger(findings({ ...GAIN, ...both }), LIMITS).map(({ cause }) => cause)).toEqual([
    "format-learned",
    "unexplained",
  ]);
  const entries = ledger(
    findings({ ...GAIN, "regrade/share": refused("no texts", "give texts"), "budget/share": both["budget/share"] }),
    LIMITS,
  );
  expect(entries.map(({ cause }) => cause)).toEqual(["longer-outputs", "unexplained"]);
});

it("leaves all of it unexplained where success counts are all there is", () => {
  expect(ledger(findings(GAIN), LIMITS)).toMatchObject([{ cause: "unexplained", share: { value: 1 } }]);
});

it("refuses to share out a gain that is not established", () => {
  expect(ledger(findings(NO_GAIN), LIMITS)[0]!.share.kind).toBe("refused");
});

it("takes length where format takes nothing worth naming", () => {
  const both = { "regrade/share": share(0, -0.02, 0.02), "budget/share": share(0.95, 0.9, 1) };
  expect(ledger(findings({ ...GAIN, ...both }), LIMITS).map(({ cause }) => cause)).toEqual([
    "longer-outputs",
    "unexplained",
  ]);
});
