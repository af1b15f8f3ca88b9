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

  it("contributes at most where they do not reach it", () => {
    expect(judge([0.4, 0.3, 0.5])).toMatchObject({ standing: "contributes" });
    expect(judge([0.4, 0.3, 0.5]).because).toContain("power/share");
  });
});
