import { expect, it } from "vitest";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => luckyGuess.judge(findings(estimates), LIMITS);

it("cannot be told from success counts, however well a shape fits them", () => {
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")) })).toMatchObject({
    standing: "cannot be told",
    because: [],
  });
});

it("is not needed where any gain is negligible, or where format alone accounts for it", () => {
  expect(judge({ "gain@1": measured(0.001, { se: 0.001 }) }).standing).toBe("not needed");
  const format = {
    "regrade/share": measured(0.97, { low: 0.9, high: 1 }),
    "regrade/gain/lenient": measured(0, { low: -0.01, high: 0.01 }),
  };
  expect(judge({ ...GAIN, ...format }).standing).toBe("not needed");
});
