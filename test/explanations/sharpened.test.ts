import { describe, expect, it } from "vitest";
import { sharpened } from "../../src/explanations/sharpened.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured } from "../support/findings.ts";
import { judgedAsPart, judgedByShape } from "../support/rivals.ts";

const claimed = measured(1.5, { low: 1.4, high: 1.6 });
judgedByShape(sharpened, "alpha", claimed, measured(0.7, { low: 0.6, high: 0.8 }));
judgedAsPart(sharpened, "alpha", claimed);

describe("beside samples of the base raised to that power", () => {
  const law = {
    ...GAIN,
    "cross/anova/sharpening": measured(0.95, { low: 0.93, high: 0.97 }),
    "cross/slope": measured(2.9, { low: 2.8, high: 3 }),
    "cross/fork-law": measured(1, { low: 0.999, high: 1 }),
  };
  const judge = (share?: readonly [number, number, number]) =>
    sharpened.judge(
      findings(
        share === undefined ? law : { ...law, "power/share": measured(share[0], { low: share[1], high: share[2] }) },
      ),
      LIMITS,
    );

  it("is alone sufficient by its law at forks, and where they reach the gain that is said", () => {
    expect(judge().standing).toBe("alone sufficient");
    expect(judge([1, 0.8, 1.2]).standing).toBe("alone sufficient");
    expect(judge([1, 0.8, 1.2]).reason).toContain("reach 100 % [80 %, 120 %] of the gain");
  });

  // As in steady-hand's seed 22 with 30 problems.
  it("is not alone sufficient where its law certainly does not hold at forks, however well whole texts go with it", () => {
    const texts = {
      ...law,
      "cross/alone/sharpening": measured(0.87, { low: 0.83, high: 0.91 }),
      "power/share": measured(0.97, { low: 0.86, high: 1.08 }),
    };
    const at = (forks: ReturnType<typeof measured>) =>
      sharpened.judge(findings({ ...texts, "cross/fork-law": forks }), LIMITS).standing;
    expect(at(measured(0.85, { low: 0.79, high: 0.92 }))).not.toBe("alone sufficient");
    expect(at(measured(0.93, { low: 0.88, high: 0.97 }))).toBe("alone sufficient");
  });

  it("contributes at most where they do not reach it", () => {
    expect(judge([0.4, 0.3, 0.5])).toMatchObject({ standing: "contributes" });
    expect(judge([0.4, 0.3, 0.5]).because).toContain("power/share");
  });
});
