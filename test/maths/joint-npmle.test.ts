import { describe, expect, it } from "vitest";
import { jointNpmle } from "../../src/maths/joint-npmle.ts";
import { expit } from "../../src/maths/logspace.ts";
import { pairedCells } from "../../src/maths/paired-cells.ts";
import { stream } from "../../src/maths/random.ts";
import { deepscalerCells } from "../support/deepscaler.ts";

describe("the free joint law", () => {
  it("on DeepScaleR reaches the optimum of its grid, above what 4,000 EM iterations reached", () => {
    const fit = jointNpmle(deepscalerCells(), { points: 80 });
    expect(fit.logLikelihood).toBeGreaterThan(-6445.7);
    expect(fit.gap).toBeLessThan(1e-3);
    expect(fit.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  it("finds two planted groups: where they are, how large, and which success rates go together", () => {
    const random = stream(5, "test/joint-npmle");
    const c0: number[] = [];
    const c1: number[] = [];
    const n = new Array<number>(600).fill(200);
    for (let i = 0; i < 600; i++) {
      const [p0, p1] = i < 200 ? [0.2, 0.9] : [0.6, 0.3];
      c0.push(random.binomial(200, p0));
      c1.push(random.binomial(200, p1));
    }
    const fit = jointNpmle(pairedCells({ c0, n0: n, c1, n1: n }));
    const width = fit.grid1.length;
    let near = 0;
    let far = 0;
    fit.atoms.forEach((atom, k) => {
      const p0 = expit(fit.grid0[Math.floor(atom / width)]!);
      const p1 = expit(fit.grid1[atom % width]!);
      if (Math.abs(p0 - 0.2) < 0.05 && Math.abs(p1 - 0.9) < 0.05) near += fit.weights[k]!;
      else if (!(Math.abs(p0 - 0.6) < 0.08 && Math.abs(p1 - 0.3) < 0.08)) far += fit.weights[k]!;
    });
    expect(Math.abs(near - 1 / 3)).toBeLessThan(0.01);
    expect(far).toBeLessThan(0.01);
  });

  it("gives problems that are never or always solved to the atoms at 0 and 1", () => {
    const n = new Array<number>(40).fill(64);
    const c0 = n.map((_, i) => (i < 20 ? 0 : 64));
    const fit = jointNpmle(pairedCells({ c0, n0: n, c1: c0, n1: n }));
    expect(fit.atoms.length).toBe(2);
    expect(fit.logLikelihood).toBeCloseTo(40 * Math.log(0.5), 2);
  });
});
