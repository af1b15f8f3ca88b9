import { expect, it } from "vitest";
import { type Judged, reconcile } from "../../src/attribution/consistency.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import type { StandingName } from "../../src/terms/standing.ts";

const judged = (name: string, standing: StandingName, ...because: string[]): Judged => ({
  explanation: EXPLANATIONS.find((one) => one.name === name)!,
  standing,
  reason: "as it was",
  because,
});
const standings = (...list: Judged[]) => reconcile(list).map(({ standing }) => standing);
const steady = judged("steadier-steps", "alone sufficient", "ledger/steadier-steps");

it("a shape yields to a ledger that gives the whole gain to another, and says so", () => {
  const [one, other] = reconcile([judged("reward-tilt", "alone sufficient", "kernel/elpd/reward-tilt"), steady]);
  expect(one).toMatchObject({
    standing: "cannot be told",
    reason: "as it was; but the ledger gives the whole gain to steadier-steps, and counts name no cause",
    because: ["kernel/elpd/reward-tilt", "ledger/steadier-steps"],
  });
  expect(other).toEqual(steady);
});

it("where all that changed is one law of texts, what policies did for it is no cause of its own", () => {
  const cold = judged("sharpened", "alone sufficient", "cross/anova/sharpening", "cross/slope");
  expect(standings(steady, cold)).toEqual(["contributes", "alone sufficient"]);
  const part = judged("recovery", "contributes", "ledger/recovery");
  expect(standings(part, cold)).toEqual(["contributes", "alone sufficient"]);
});

it("rivals that contribute, or rest on the same ground, are left as they are", () => {
  const part = judged("recovery", "contributes", "ledger/recovery");
  expect(standings(part, judged("composition", "contributes", "ledger/composition"))).toEqual([
    "contributes",
    "contributes",
  ]);
  const shapes = [
    judged("reward-tilt", "alone sufficient", "kernel/adequacy"),
    judged("sharpened", "contributes", "kernel/adequacy"),
  ];
  expect(standings(...shapes)).toEqual(["alone sufficient", "contributes"]);
});

it("that nothing changed is no cause, and neither contradicts one nor yields to one", () => {
  const none = judged("nothing-changed", "alone sufficient", "gain@1");
  expect(standings(none, judged("reward-tilt", "cannot be told"))).toEqual(["alone sufficient", "cannot be told"]);
  expect(standings(none, steady)).toEqual(["alone sufficient", "alone sufficient"]);
});
