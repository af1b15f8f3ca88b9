// explanations/ · Steadier steps: the same way of solving with fewer slips per step.
import { judgeEntry } from "./by-ledger.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { everyWay, towards } from "./on-paper.ts";
import { growsWithSteps, handoffHarmless, noLawOfTexts, slipsFell, spreadBits } from "./signs.ts";

export const steadierSteps: Explanation = {
  name: "steadier-steps",
  claim: "the same way of solving with fewer slips per step",
  sign: "p1/p0 grows geometrically with the number of steps; missing bits spread evenly; p1 = p0^γ with γ < 1",
  moves: ["slips"],
  onPaper: {
    base: (usual) => usual,
    tuned: (base, by) => everyWay(base, ({ slip }) => ({ slip: towards(slip, 0, by) })),
  },
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "steadier-steps", [
      slipsFell,
      growsWithSteps,
      spreadBits,
      handoffHarmless,
      noLawOfTexts,
    ]) ?? judgeShape(findings, limits, { own: "steadier-steps", sign: { parameter: "gamma", below: 1 } }),
};
