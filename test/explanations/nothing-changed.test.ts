import { expect, it } from "vitest";
import { nothingChanged } from "../../src/explanations/nothing-changed.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured, NO_GAIN } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => nothingChanged.judge(findings(estimates), LIMITS);

it("stands alone where the interval of the gain covers 0 and no problem changed", () => {
  expect(judge(NO_GAIN).standing).toBe("alone sufficient");
});

it("is ruled out by an established gain, and says by which", () => {
  const { standing, because, reason } = judge(GAIN);
  expect(standing).toBe("ruled out");
  expect(because).toContain("gain@1");
  expect(reason).toContain("0.200");
});

it("is ruled out by certified losses though pass@1 did not move", () => {
  expect(judge({ ...NO_GAIN, "losses/first": measured(9), "losses/last": measured(64) }).standing).toBe("ruled out");
});

it("is ruled out by single problems that changed though the mean did not", () => {
  expect(judge({ ...NO_GAIN, "problems/better": measured(9), "problems/worse": measured(11) }).standing).toBe(
    "ruled out",
  );
});

it("is not ruled out where all problems are alike: no spread is no certainty", () => {
  expect(judge({ "gain@1": measured(0, { low: -1, high: 1, se: 0 }) }).standing).toBe("alone sufficient");
});

it("cannot be told without a paired difference", () => {
  expect(judge({}).standing).toBe("cannot be told");
});
