import { expect, test } from "vitest";
import { CAUSES } from "../../src/attribution/split.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { undividedFor } from "../../src/explanations/by-ledger.ts";
import { refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured, NO_GAIN } from "../support/findings.ts";

const standing = (name: string, found: Parameters<typeof findings>[0]) =>
  EXPLANATIONS.find((one) => one.name === name)!.judge(findings(found), LIMITS);
const share = (value: number, low: number, high: number) => measured(value, { low, high, level: 0.9 });

test.each([
  [share(0.97, 0.9, 1.04), "alone sufficient"],
  [share(0.3, 0.2, 0.4), "contributes"],
  [share(0.02, -0.03, 0.07), "not needed"],
  [share(-0.2, -0.3, -0.1), "not needed"],
  [share(0.1, -0.1, 0.3), "cannot be told"],
] as const)("an entry of %o makes its rival %s", (entry, is) => {
  for (const name of [
    "steadier-steps",
    "recovery",
    "composition",
    "format-learned",
    "longer-outputs",
    "amplified-strategy",
  ])
    expect([name, standing(name, { ...GAIN, [`ledger/${name}`]: entry }).standing]).toEqual([name, is]);
});

test("an entry that nothing on any problem showed is not needed, and says how that is known", () => {
  const { standing: is, reason } = standing("recovery", {
    ...GAIN,
    "ledger/recovery": measured(0, { method: "no repairs" }),
  });
  expect([is, reason]).toEqual(["not needed", "its share of the gain is 0 %: no repairs"]);
});

test("a plan that is undecided leaves both strategies open; one that is amplified does not leave novelty open", () => {
  const undecided = {
    ...GAIN,
    "ledger/plan-undecided": share(0.9, 0.8, 1),
    "ledger/novel-strategy": measured(0),
    "ledger/amplified-strategy": measured(0),
  };
  expect(standing("novel-strategy", undecided).standing).toBe("cannot be told");
  expect(standing("amplified-strategy", undecided).standing).toBe("cannot be told");
  const known = {
    ...undecided,
    "ledger/plan-undecided": measured(0),
    "ledger/amplified-strategy": share(0.9, 0.85, 1),
  };
  expect(standing("novel-strategy", known).standing).toBe("not needed");
  expect(standing("amplified-strategy", known).standing).toBe("alone sufficient");
});

test("the ledger is believed before a matched token budget, which takes a way that needs more words for length", () => {
  const both = {
    ...GAIN,
    "budget/share": share(0.95, 0.9, 1),
    "budget/gain/matched": measured(0, { low: -0.01, high: 0.01 }),
    "ledger/longer-outputs": share(0, -0.01, 0.01),
  };
  expect(standing("longer-outputs", both).standing).toBe("not needed");
});

test("without a gain there is nothing to explain, whatever the entries say; an entry that is refused leaves the rival to the counts", () => {
  expect(standing("recovery", { ...NO_GAIN, "ledger/recovery": share(0.9, 0.85, 1) }).standing).not.toBe(
    "alone sufficient",
  );
  const untold = { ...GAIN, "ledger/recovery": refused("no steps", "give steps") };
  expect(standing("recovery", untold).reason).toBe("success counts do not show whether errors are repaired");
});

test("an undecided plan may be either strategy's, what was not handed over any such cause's, and nothing else is divided later", () => {
  const shared = Object.fromEntries(CAUSES.map((cause) => [cause, undividedFor(cause)]));
  for (const strategy of ["amplified-strategy", "novel-strategy"])
    expect(shared[strategy]).toEqual(["plan-undecided", "unexplained"]);
  for (const cause of ["steadier-steps", "recovery", "composition"]) expect(shared[cause]).toEqual(["unexplained"]);
  for (const cause of ["format-learned", "longer-outputs", "lucky-guess", "verifier-exploit"])
    expect(shared[cause]).toEqual([]);
});
