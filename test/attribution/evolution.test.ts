import { describe, expect, test } from "vitest";
import { evolution } from "../../src/attribution/evolution.ts";
import type { EvolutionExhibit, LedgerExhibit } from "../../src/terms/exhibit.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { Seen, SeenProblem } from "../../src/terms/seen.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const policies = ["base", "step-10", "step-20", "tuned"];
const options = { level: 0.9, yardstick: 1e-4 };

/** Of 50 rollouts a problem, so many go each way, policy by policy; the rest go the usual way. */
const COUNTS: Readonly<Record<string, readonly number[]>> = {
  grows: [5, 5, 20, 30],
  comes: [0, 0, 6, 8],
  fades: [12, 10, 4, 1],
  stays: [2, 2, 2, 2],
};
const wayOf = (policy: string, i: number): string => {
  let end = 0;
  for (const [way, counts] of Object.entries(COUNTS)) {
    end += counts[policies.indexOf(policy)]!;
    if (i < end) return way;
  }
  return "usual";
};
const seenWith = (more: (policy: string, problem: SeenProblem, i: number) => object = () => ({})): Seen =>
  madeSeen({
    policies,
    problems: problemsOf([2], 20),
    rollouts: 50,
    draw: (policy, problem, i) => ({ text: wayOf(policy, i), tokens: 10 + i, ...more(policy, problem, i) }),
    reader: { strategies: [...Object.keys(COUNTS), "never", "usual"], strategy: (_, text) => text },
  });
const told = (seen: Seen, found: Findings = new Findings([]), more = {}) => {
  const { findings, exhibits } = evolution(seen, found, { ...options, ...more });
  return { found: new Findings(findings), exhibit: exhibits[0] as EvolutionExhibit };
};
const behaviour = (exhibit: EvolutionExhibit, name: string) => exhibit.behaviours.find((one) => one.name === name);
const measure = (exhibit: EvolutionExhibit, name: string) => exhibit.measures.find((one) => one.name === name);

describe("behaviours", () => {
  const { exhibit, found } = told(seenWith());

  test("what the base does, and the tuned policy more often, was amplified, with the checkpoints of its rise", () => {
    expect(behaviour(exhibit, "grows")).toMatchObject({ status: "amplified", changes: ["step-20", "tuned"] });
    expect(behaviour(exhibit, "grows")!.shares.map(({ value }) => value)).toEqual([0.1, 0.1, 0.4, 0.6]);
  });

  test("what the base never did emerged at the first checkpoint whose lower end passes the base's upper end", () => {
    const comes = behaviour(exhibit, "comes")!;
    expect(comes).toMatchObject({ status: "emerged", emergedAt: "step-20" });
    expect(comes.shares[2]!.low).toBeGreaterThan(comes.shares[0]!.high!);
    expect(comes.shares[1]!.low).toBeLessThanOrEqual(comes.shares[0]!.high!);
    expect(found.measured("strategy/comes/status")).toMatchObject({
      value: 0,
      diagnostic: { status: "emerged", emergedAt: "step-20" },
    });
  });

  test("what is done less often faded, and what is done as often is steady: neither was amplified", () => {
    expect(behaviour(exhibit, "fades")?.status).toBe("faded");
    expect(behaviour(exhibit, "stays")).toMatchObject({ status: "steady", changes: [] });
  });

  test("what no policy ever did is not followed", () => {
    expect(behaviour(exhibit, "never")).toBeUndefined();
    expect(found.get("strategy/never/status")).toBeUndefined();
  });

  test("what the base does so rarely that training could not meet it is not amplified: the yardstick decides", () => {
    const strict = told(seenWith(), undefined, { yardstick: 0.2 }).exhibit;
    expect(behaviour(strict, "grows")).toMatchObject({ status: "emerged", emergedAt: "step-20" });
  });
});

test("one rollout of the tuned policy decides nothing, and says how many of the base would", () => {
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([2], 20),
    rollouts: 10,
    draw: (policy, { id }, i) => ({ text: policy === "tuned" && id === "L2/0" && i === 0 ? "odd" : "usual" }),
    reader: { strategies: ["odd", "usual"], strategy: (_, text) => text },
  });
  const { exhibit } = told(seen);
  const odd = behaviour(exhibit, "odd")!;
  expect(odd.status).toBe("undecided");
  // The upper end of 0 of n at 90 %, two-sided, must fall below the lower end of 1 of 200.
  expect(1 - 0.05 ** (1 / odd.samples!)).toBeLessThanOrEqual(odd.shares[1]!.low!);
  expect(1 - 0.05 ** (1 / (odd.samples! - 2))).toBeGreaterThan(odd.shares[1]!.low!);
});

test("a readable form is counted among work that is right but for its form", () => {
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([2], 10),
    rollouts: 20,
    // Half of the work is right; the base writes it down badly four times of five.
    draw: (policy, _, i) => ({
      text: i < 10 ? "right work" : "wrong work",
      verdict: i < (policy === "base" ? 2 : 10) ? "right" : "wrong",
    }),
    reader: { lenient: (_, text) => text === "right work" },
  });
  const { exhibit, found } = told(seen);
  expect(behaviour(exhibit, "readable form")).toMatchObject({
    status: "amplified",
    shares: [{ value: 0.2 }, { value: 1 }],
  });
  expect(found.measured("evolution/readable-form/status")?.value).toBe(0.2);
  expect(exhibit.missing).toContainEqual(expect.objectContaining({ what: "strategies" }));
});

test("a repair is a behaviour of its own", () => {
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([2], 10),
    rollouts: 20,
    draw: (policy, _, i) => ({ text: policy === "tuned" && i < 8 ? "again" : "once" }),
    reader: { steps: (_, text) => [{ from: 0, to: 1, right: false, repairs: text === "again" }] },
  });
  const { exhibit } = told(seen);
  expect(behaviour(exhibit, "repair")).toMatchObject({
    status: "emerged",
    emergedAt: "tuned",
    shares: [{ value: 0 }, { value: 0.4 }],
  });
});

describe("measures", () => {
  test("slips are those of the ladder; what no experiment told is missing with its reason", () => {
    const slips = policies.map((policy, i) => ({
      name: `slips/${policy}`,
      estimate: {
        kind: "measured" as const,
        value: 0.2 - 0.05 * i,
        low: 0.19 - 0.05 * i,
        high: 0.21 - 0.05 * i,
        method: "made up",
      },
    }));
    const { exhibit } = told(seenWith(), new Findings(slips));
    expect(measure(exhibit, "slips")).toMatchObject({ changes: ["step-10", "step-20", "tuned"] });
    expect(measure(exhibit, "repairs")).toBeUndefined();
    expect(exhibit.missing.map(({ what }) => what)).toEqual(["repairs", "entropy"]);
  });

  test("entropy is the mean surprisal of a token under the sampler it was drawn with", () => {
    const seen = seenWith((policy, { id }) => ({
      // Two tokens at ½ and one at ¼ on every other problem; the tuned policy is sure.
      processedLogProbs:
        policy === "tuned" ? [0] : id.endsWith("1") ? [Math.log(0.25)] : [Math.log(0.5), Math.log(0.5)],
    }));
    const { exhibit, found } = told(seen);
    const ones = seen.problems.filter(({ id }) => id.endsWith("1")).length;
    const tokens = ones + 2 * (20 - ones);
    expect(found.measured("evolution/entropy/base")?.value).toBeCloseTo((2 * 20 * Math.LN2) / tokens, 12);
    expect(found.measured("evolution/entropy/tuned")).toMatchObject({ value: 0 });
    expect(measure(exhibit, "entropy")?.unit).toBe("nats a token");
  });

  test("raw log-probabilities of a bent sampler are no entropy of it", () => {
    const sampler = { temperature: 0.7, topP: 1, topK: 0, minP: 0, maxTokens: 8, stop: [] };
    const bent = told(seenWith(() => ({ rawLogProbs: [-1], sampler })));
    expect(bent.found.get("evolution/entropy/base")?.kind ?? "refused").toBe("refused");
    expect(bent.exhibit.missing.map(({ what }) => what)).toContain("entropy");
    const plain = told(seenWith(() => ({ rawLogProbs: [-1], sampler: { ...sampler, temperature: 1 } })));
    expect(plain.found.measured("evolution/entropy/base")?.value).toBeCloseTo(1, 12);
  });

  test("bits still missing fall with training, and one problem without a right answer leaves a bound", () => {
    const right = (policy: string): number => [10, 20, 30, 40][policies.indexOf(policy)]!;
    const solved = (policy: string, problem: SeenProblem, i: number) => ({
      verdict: i < right(policy) + (problem.id.endsWith("1") ? 5 : 0) ? "right" : "wrong",
    });
    const { exhibit, found } = told(seenWith(solved));
    expect(found.measured("evolution/bits-left/base")?.value).toBeCloseTo(
      -(18 * Math.log2(10.5 / 50.5) + 2 * Math.log2(15.5 / 50.5)) / 20,
      12,
    );
    expect(measure(exhibit, "missing bits")?.changes).toEqual(["step-10", "step-20", "tuned"]);
    const never = told(
      seenWith((policy, problem, i) =>
        policy === "base" && problem.id === "L2/0" ? { verdict: "wrong" } : solved(policy, problem, i),
      ),
    );
    const bound = never.found.get("evolution/bits-left/base");
    expect(bound).toMatchObject({ kind: "bounded" });
    expect(bound).not.toHaveProperty("high");
  });

  test("length is the mean over problems, and stays where it is", () => {
    const { exhibit, found } = told(seenWith((_, { id }) => ({ tokens: id.endsWith("1") ? 30 : 20 })));
    expect(found.measured("evolution/length/base")?.value).toBe(21);
    expect(measure(exhibit, "length")?.changes).toEqual([]);
  });

  test("the ledger so far: causes that are told from nothing, from 0 at the base on", () => {
    const ledger: LedgerExhibit = {
      kind: "ledger",
      policies: ["base", "tuned"],
      level: 0.9,
      gain: { value: 0.4, low: 0.3, high: 0.5 },
      causes: ["steadier-steps", "recovery", "unexplained"],
      checkpoints: ["step-10", "tuned"].map((checkpoint, i) => ({
        checkpoint,
        shares: [
          { value: 0.4 + 0.5 * i, low: 0.3 + 0.5 * i, high: 0.5 + 0.5 * i },
          {},
          { value: 0, low: -0.1, high: 0.1 },
        ],
      })),
      missing: [],
    };
    const { exhibit } = told(seenWith(), undefined, { ledger });
    expect(measure(exhibit, "steadier-steps")).toMatchObject({ unit: "of the whole gain so far" });
    expect(measure(exhibit, "steadier-steps")!.values.map(({ value }) => value)).toEqual([0, 0.4, undefined, 0.9]);
    expect(measure(exhibit, "recovery")).toBeUndefined();
    expect(measure(exhibit, "unexplained")).toBeUndefined();
  });
});

test("the same evidence gives the same evolution", () => {
  expect(told(seenWith()).exhibit).toEqual(told(seenWith()).exhibit);
});
