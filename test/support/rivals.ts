// test/ · Rivals that are judged alike: by their share of the gain, by the shape of the kernel, or not at all yet.
import { describe, expect, it } from "vitest";
import type { Explanation } from "../../src/explanations/explanation.ts";
import { type Estimate, type Measured, refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "./findings.ts";

type Estimates = Readonly<Record<string, Estimate>>;
const standing = (explanation: Explanation, estimates: Estimates) => explanation.judge(findings(estimates), LIMITS);
const FORMAT: Estimates = {
  "regrade/share": measured(0.97, { low: 0.9, high: 1 }),
  "regrade/gain/lenient": measured(0, { low: -0.01, high: 0.01 }),
};

export function judgedUnseen(explanation: Explanation): void {
  describe(`${explanation.name}`, () => {
    it("cannot be told from success counts, however well a shape fits them", () => {
      const counts = { ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")) };
      expect(standing(explanation, counts)).toMatchObject({ standing: "cannot be told", because: [] });
    });

    it("is not needed where any gain is negligible, or where format alone accounts for it", () => {
      expect(standing(explanation, { "gain@1": measured(0.001, { low: -0.002, high: 0.004 }) }).standing).toBe(
        "not needed",
      );
      expect(standing(explanation, { ...GAIN, ...FORMAT }).standing).toBe("not needed");
    });
  });
}

export function judgedByShare(explanation: Explanation, share: string, rest: string): void {
  const part = (value: number, low: number, high: number) => ({ [share]: measured(value, { low, high }) });
  const left = (value: number, low: number, high: number) => ({ [rest]: measured(value, { low, high }) });
  const judge = (estimates: Estimates) => standing(explanation, { ...GAIN, ...estimates });

  describe(`${explanation.name}`, () => {
    it("is alone sufficient where it takes all but nothing of the gain and what remains covers 0", () => {
      const estimates = { ...part(0.97, 0.9, 1.04), ...left(0.006, -0.01, 0.02) };
      expect(judge(estimates).standing).toBe("alone sufficient");
    });

    it.each<[what: string, share: [number, number, number], rest: [number, number, number], verdict: string]>([
      ["contributes where it takes a part and a gain remains", [0.4, 0.3, 0.5], [0.12, 0.1, 0.14], "contributes"],
      ["is not needed where it takes less than a tenth", [0.02, -0.01, 0.05], [0.19, 0.15, 0.23], "not needed"],
      ["cannot be told where its share may be nothing or much", [0.3, -0.2, 0.8], [0.1, -0.1, 0.3], "cannot be told"],
    ])("%s", (_, taken, remains, verdict) => {
      expect(judge({ ...part(...taken), ...left(...remains) }).standing).toBe(verdict);
    });

    it("cannot be told, with the reason, where the evidence was refused", () => {
      const found = judge({ [share]: refused("no rollout has its text", "give texts") });
      expect(found).toMatchObject({ standing: "cannot be told", reason: "no rollout has its text" });
    });

    it("cannot be told where a gain is neither established nor excluded", () => {
      expect(standing(explanation, NO_GAIN).standing).toBe("cannot be told");
    });
  });
}

/** @param right the parameter as the claim wants it, @param wrong as it must not be */
export function judgedByShape(explanation: Explanation, parameter: string, right: Measured, wrong: Measured): void {
  const own = explanation.name;
  const named = (shape: string, value: Measured) => ({ [`kernel/parameter/${shape}/${parameter}`]: value });
  const judge = (estimates: Estimates) => standing(explanation, { ...GAIN, ...estimates });

  describe(`${own} by its shape`, () => {
    it("is alone sufficient where its shape alone predicts best, adequately, in the claimed direction", () => {
      expect(judge({ ...kernel(own, alone(own)), ...named(own, right) }).standing).toBe("alone sufficient");
    });

    it("is not needed where the shape fits in the opposite direction", () => {
      expect(judge({ ...kernel(own, alone(own)), ...named(own, wrong) }).standing).toBe("not needed");
    });

    it("is not needed where another shape predicts far better", () => {
      const found = judge(kernel("strategy-mixture", alone("strategy-mixture")));
      expect(found.standing).toBe("not needed");
      expect(found.because).toContain(`kernel/elpd/${own}`);
    });

    it("cannot be told from a shape that lies only two standard errors behind", () => {
      const found = judge({ ...kernel(own, { ...alone(own), "strategy-mixture": 20 }), ...named(own, right) });
      expect(found.standing).toBe("cannot be told");
      expect(found.reason).toContain("strategy-mixture");
    });

    it("cannot be told where no listed shape fits, or where a gain is neither established nor excluded", () => {
      expect(judge(kernel(own, alone(own), "no")).standing).toBe("cannot be told");
      expect(standing(explanation, { ...NO_GAIN, ...kernel(own, alone(own)) }).standing).toBe("cannot be told");
    });
  });
}

/** For a rival that may be one of two parts of a joint shape. */
export function judgedAsPart(explanation: Explanation, parameter: string, right: Measured): void {
  const joint = "tilt-and-sharpened";
  const direction = { [`kernel/parameter/${joint}/${parameter}`]: right };
  const judge = (behind: Readonly<Record<string, number>>) =>
    standing(explanation, { ...GAIN, ...kernel(joint, { ...alone(joint), ...behind }), ...direction });

  describe(`${explanation.name} as a part of ${joint}`, () => {
    it("contributes where the shape without it lies far behind", () => {
      expect(judge({}).standing).toBe("contributes");
    });

    it("cannot be told where a shape without it is nearly as good", () => {
      expect(judge({ "strategy-mixture": 20 }).standing).toBe("cannot be told");
    });
  });
}
