import { expect, it } from "vitest";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured } from "../support/findings.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(luckyGuess);

const judge = (more: Parameters<typeof findings>[0]) => luckyGuess.judge(findings({ ...GAIN, ...more }), LIMITS);

it("is judged by its entry in the ledger, and where that is nearly all nobody else is needed", () => {
  const entry = { "ledger/lucky-guess": measured(0.98, { low: 0.85, high: 1.1 }) };
  expect(judge(entry).standing).toBe("alone sufficient");
  const other = steadierSteps.judge(findings({ ...GAIN, ...entry }), LIMITS);
  expect(other).toMatchObject({ standing: "not needed", because: ["ledger/lucky-guess"] });
});

it("is not needed where right answers that show no work, or bare answers, make up hardly any of the gain", () => {
  expect(judge({ "guess/unworked": measured(-0.02, { low: -0.06, high: 0.03 }) })).toMatchObject({
    standing: "not needed",
    because: ["guess/unworked"],
  });
  expect(judge({ "guess/share": measured(-1, { low: -1.4, high: -0.6 }) }).standing).toBe("not needed");
});

it("cannot be told where bare answers reach some of the gain and nothing tells guesses from knowledge", () => {
  expect(judge({ "guess/share": measured(0.6, { low: 0.4, high: 0.8 }) }).standing).toBe("cannot be told");
});
