import { expect, it } from "vitest";
import { isAdequate } from "../../src/experiments/kernel-findings.ts";
import { pairedSampling } from "../../src/experiments/paired-sampling.ts";
import { Findings } from "../../src/terms/finding.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { deepscalerRows } from "../support/deepscaler.ts";
import { counted, pairOf, record } from "../support/evidence.ts";

const deepscaler = pairOf(
  ...((["base", "rl"] as const).map((name) =>
    deepscalerRows(name).map(({ id, c, n, source }) => counted(id, c, n, source)),
  ) as [[], []]),
);

it("on DeepScaleR tells what the issue asks for", { timeout: 60_000 }, () => {
  const { findings, exhibits } = pairedSampling.onEvidence!.estimate(deepscaler, { ...OPTIONS, draws: 40_000 });
  const found = new Findings(findings);
  const value = (name: string): number => found.measured(name)!.value;
  const behind = (a: string, b: string): number => {
    const { value: nats, se } = found.measured(`kernel/gap/${a}/${b}`)!;
    return nats / se!;
  };
  // The reference wrote these in numpy; sums in another order differ by some 1e-15.
  expect(Math.abs(value("pass@1/base") - 0.6041052476415094)).toBeLessThan(1e-12);
  expect(Math.abs(value("pass@128/tuned") - 0.870754716981132)).toBeLessThan(1e-12);
  expect([value("gains/first"), value("gains/last"), value("losses/first"), value("losses/last")]).toEqual([
    1, 10, 61, 128,
  ]);
  expect(found.get("first-loss")).toMatchObject({ kind: "bounded", low: 11, high: 61 });
  expect([value("shrinkages/observed"), value("expansions/observed")]).toEqual([33, 12]);
  for (const name of ["shrinkages/null", "expansions/null"]) expect(Math.abs(value(name) - 16.1)).toBeLessThan(0.5);
  expect(behind("reward-tilt", "steadier-steps")).toBeGreaterThan(4);
  expect(behind("reward-tilt", "strategy-mixture")).toBeGreaterThan(4);
  expect(found.measured("kernel/adequacy")!.diagnostic).toMatchObject({ shape: "tilt-and-sharpened", adequate: "yes" });
  expect(found.measured("kernel/free/log-likelihood")!.value).toBeGreaterThan(-6445.7);
  expect(value("kernel/lost")).toBeLessThan(5);
  expect(exhibits.map(({ kind }) => kind)).toEqual(["curves", "null", "kernel"]);
});

it("refuses the gain kernel with one rollout a problem or with few problems, and keeps the rest", () => {
  const single = Array.from({ length: 50 }, (_, i) => counted(`p${i}`, i % 2, 1));
  const few = Array.from({ length: 10 }, (_, i) => counted(`p${i}`, i % 5, 8));
  for (const [side, why] of [
    [single, /1 rollout a problem/],
    [few, /10 problems are paired/],
  ] as const) {
    const found = new Findings(pairedSampling.onEvidence!.estimate(pairOf(side, side), OPTIONS).findings);
    expect(found.get("kernel/adequacy")).toMatchObject({ kind: "refused", why: expect.stringMatching(why) });
    expect(found.measured("gain@1")!.value).toBe(0);
  }
});

it("refuses the gain kernel where a side solves nothing or everything", () => {
  const side = (right: number) => Array.from({ length: 40 }, (_, i) => counted(`p${i}`, right, 8));
  const some = Array.from({ length: 40 }, (_, i) => counted(`p${i}`, i % 9, 8));
  for (const [base, why] of [
    [side(0), /base solves none/],
    [side(8), /base never fails/],
  ] as const) {
    const found = new Findings(pairedSampling.onEvidence!.estimate(pairOf(base, some), OPTIONS).findings);
    expect(found.get("kernel/adequacy")).toMatchObject({ kind: "refused", why: expect.stringMatching(why) });
  }
});

it("bounds a rate from both sides where rollouts have no verdict", () => {
  const base = [record("a", "+~~-"), record("b", "----")];
  const found = new Findings(pairedSampling.onEvidence!.estimate(pairOf(base, base), OPTIONS).findings);
  expect(found.get("rate/base")).toMatchObject({ kind: "bounded", low: 0.125, high: 0.375 });
  expect(found.measured("pass@1/base")!.value).toBe(0.125);
});

it("names a checkpoint's findings after the checkpoint", () => {
  const side = Array.from({ length: 5 }, (_, i) => counted(`p${i}`, i % 3, 4));
  const along = { ...pairOf(side, side), policies: ["base", "step-10"] as const };
  const names = pairedSampling.onEvidence!.alongTheWay!(along, OPTIONS).map(({ name }) => name);
  expect(names).toContain("gain@1/step-10");
  expect(names).toContain("pass@4/step-10");
  expect(names.every((name) => name.endsWith("/step-10"))).toBe(true);
});

it("does not call a shape inadequate on few problems by less than luck gives", () => {
  expect(isAdequate({ value: 9, se: 0 }, 30)).toBe(true);
  expect(isAdequate({ value: 11, se: 0 }, 30)).toBe(false);
  expect(isAdequate({ value: 19, se: 0 }, 1000)).toBe(true);
  expect(isAdequate({ value: 21, se: 0 }, 1000)).toBe(false);
  expect(isAdequate({ value: 21, se: 1 }, 1000)).toBe(true);
});
