import { expect, test } from "vitest";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { usualPower } from "../../src/study/power.ts";
import { GROUNDS, USUAL_POWER } from "../../src/study/usual-power.ts";

test("every pair of rivals and every experiment that asks was rehearsed", () => {
  const names = EXPLANATIONS.map(({ name }) => name);
  expect(Object.keys(USUAL_POWER)).toHaveLength((names.length * (names.length - 1)) / 2);
  for (const [pair, row] of Object.entries(USUAL_POWER)) {
    expect(names).toEqual(expect.arrayContaining(pair.split(" ")));
    expect(row).toHaveLength(GROUNDS.length);
    for (const chance of row) expect(chance >= 0 && chance <= 1).toBe(true);
  }
  const asking = EXPERIMENTS.filter(({ live }) => live !== undefined).map(({ name }) => name);
  expect(GROUNDS).toEqual(expect.arrayContaining(asking));
});

test("power is the mean over the pairs, whichever of the two is named first", () => {
  const at = GROUNDS.indexOf("handoff");
  const own = USUAL_POWER["steadier-steps recovery"]![at]!;
  expect(usualPower("handoff", [["recovery", "steadier-steps"]])).toMatchObject({ kind: "measured", value: own });
  const two = usualPower("handoff", [
    ["steadier-steps", "recovery"],
    ["steadier-steps", "composition"],
  ]);
  expect(two).toMatchObject({ value: (own + USUAL_POWER["steadier-steps composition"]![at]!) / 2 });
});

test("what reads stored answers has the power of the paired rollouts, and an experiment nobody rehearsed has none", () => {
  const stored = USUAL_POWER["format-learned verifier-exploit"]![GROUNDS.indexOf("paired-sampling")]!;
  expect(usualPower("regrade", [["format-learned", "verifier-exploit"]])).toMatchObject({ value: stored });
  expect(usualPower("horoscope", [["format-learned", "verifier-exploit"]]).kind).toBe("refused");
  expect(usualPower("handoff", []).kind).toBe("refused");
});
