import { expect, it } from "vitest";
import { ledger } from "../../src/attribution/ledger.ts";
import { refused } from "../../src/terms/estimate.ts";
import { findings, GAIN, measured, NO_GAIN } from "../support/findings.ts";

const share = (value: number, low: number, high: number) => measured(value, { low, high, level: 0.95 });
const sum = (entries: ReturnType<typeof ledger>): number =>
  entries.reduce((total, { share: part }) => total + (part.kind === "measured" ? part.value : Number.NaN), 0);

it("adds up to one, the unexplained entry included, with the interval mirrored", () => {
  const entries = ledger(findings({ ...GAIN, "regrade/share": share(0.3, 0.2, 0.45) }));
  expect(sum(entries)).toBe(1);
  expect(entries.map(({ cause }) => cause)).toEqual(["format-learned", "unexplained"]);
  expect(entries[1]!.share).toMatchObject({ value: 0.7, low: 0.55, high: 0.8 });
});

it("takes length only where format was not measured: their order would matter", () => {
  const both = { "regrade/share": share(0.3, 0.2, 0.4), "budget/share": share(0.5, 0.4, 0.6) };
  expect(ledger(findings({ ...GAIN, ...both })).map(({ cause }) => cause)).toEqual(["format-learned", "unexplained"]);
  const entries = ledger(
    findings({ ...GAIN, "regrade/share": refused("no texts", "give texts"), "budget/share": both["budget/share"] }),
  );
  expect(entries.map(({ cause }) => cause)).toEqual(["longer-outputs", "unexplained"]);
});

it("leaves all of it unexplained where success counts are all there is", () => {
  expect(ledger(findings(GAIN))).toMatchObject([{ cause: "unexplained", share: { value: 1 } }]);
});

it("refuses to share out a gain that is not established", () => {
  expect(ledger(findings(NO_GAIN))[0]!.share.kind).toBe("refused");
});
