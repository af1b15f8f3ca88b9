// test/ · Twins: what an experiment acts out of behaviours and what its estimator makes of it belong together. The large table: bench/twins.ts.
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../../src/maths/special.ts";
import { replicate, TWINS } from "../support/twins.ts";

const STUDIES = 40;
/** Those that take little time. */
const SOME = ["regrade/gain/lenient", "ladder/ratio/L=4", "strategy/stepwise/share/tuned"];
const SMALL = { problems: 40, rollouts: 16 };
/** Chance that a right estimator fails one of these: two in a thousand for each of the three. */
const Z = normalQuantile(1 - 0.002 / 2);

describe("the truth lies within an estimate's own error as a draw from it does", () => {
  it.each(TWINS.filter(({ finding }) => SOME.includes(finding)))(
    "$experiment: $finding",
    { timeout: 120_000 },
    (twin) => {
      const placed = Array.from({ length: STUDIES }, (_, i) => replicate(twin, i + 1, SMALL)).filter(
        (one) => one !== undefined,
      );
      expect(placed.length).toBe(STUDIES);
      const mean = placed.reduce((sum, { z }) => sum + z, 0) / STUDIES;
      expect(Math.abs(mean)).toBeLessThan(Z / Math.sqrt(STUDIES));
      const square = placed.reduce((sum, { z }) => sum + z * z, 0) / STUDIES;
      // The square of a normal has mean 1 and variance 2.
      expect(Math.abs(square - 1)).toBeLessThan(Z * Math.sqrt(2 / STUDIES));
      const bins = [0, 0, 0, 0];
      for (const { place } of placed) bins[Math.min(3, Math.floor(4 * place))]!++;
      const chiSquare = bins.reduce((sum, count) => sum + (count - STUDIES / 4) ** 2 / (STUDIES / 4), 0);
      // 99.8 % of χ² with three degrees of freedom.
      expect(chiSquare).toBeLessThan(14.8);
    },
  );
});
