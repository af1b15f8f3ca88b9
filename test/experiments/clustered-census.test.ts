// test/ · Clustered census: ways that nobody named, held against the signatures of worlds whose task names them.
import { beforeAll, describe, expect, it, test } from "vitest";
import { clusteredCensus } from "../../src/experiments/clustered-census.ts";
import { strategyCensus } from "../../src/experiments/strategy-census.ts";
import { waysByShape } from "../../src/experiments/ways-by-shape.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { adjustedRand } from "../../src/maths/adjusted-rand.ts";
import { stream } from "../../src/maths/random.ts";
import { drawFrom, lawOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { openWorld } from "../../src/worlds/open.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { liveStudy, readerOf, studyProblems } from "../support/live-study.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

/** Five problems of each number of steps, twenty rollouts, and the beginnings that the census itself hands over: nothing is read by the task. */
async function unread(name: string): Promise<{ seen: Seen; known: Seen }> {
  const open = openWorld(worldNamed(name), { seed: 1, cache: "examples/worlds" });
  const problems = [...Map.groupBy(studyProblems(open), ({ steps }) => steps).values()].flatMap((own) =>
    own.slice(0, 5),
  );
  const policies = [open.policies[0]!.name, open.policies.at(-1)!.name];
  const options = { policies, problems, rollouts: 20, seed: 7, experiments: ["strategy-census"], unread: true };
  const { seen } = await liveStudy(open, options);
  return { seen, known: { ...seen, reader: readerOf(open, problems) } };
}

const paired = (seen: Seen) => seen.rollouts.filter(({ experiment }) => experiment === "paired-sampling");

describe("known-route, where an old way is chosen more often", () => {
  let drawn: Awaited<ReturnType<typeof unread>>;
  beforeAll(async () => {
    drawn = await unread("known-route");
  }, 120_000);

  test("its three ways are found as the task's signatures have them", () => {
    const found = waysByShape(drawn.seen, OPTIONS);
    if (found.kind === "refused") throw new Error(found.why);
    const own = paired(drawn.known);
    const wayOf = own.map(({ text }) => found.wayOf(text!));
    const signature = own.map(({ problem, text }) => drawn.known.reader.strategy!(problem, text!));
    expect(adjustedRand(wayOf, signature)).toBeGreaterThan(0.9);
    expect(found.ways.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  test("a cluster's share is the signature's within its interval, under both policies", () => {
    const found = new Findings(strategyCensus.live!.estimate(drawn.seen, OPTIONS).findings);
    const named = new Findings(strategyCensus.live!.estimate(drawn.known, OPTIONS).findings);
    const rises = [1, 2, 3].find(
      (number) =>
        found.measured(`census/cluster/${number}/share/tuned`)!.value >
        10 * found.measured(`census/cluster/${number}/share/base`)!.value,
    );
    for (const policy of ["base", "tuned"]) {
      const signature = named.measured(`strategy/stepwise/share/${policy}`)!.value;
      const { low, high } = found.measured(`census/cluster/${rises}/share/${policy}`)!;
      expect(low!).toBeLessThanOrEqual(signature);
      expect(high!).toBeGreaterThanOrEqual(signature);
      expect(found.measured(`census/commitment/${policy}`)!.low).toBeGreaterThan(0.5);
    }
    expect(named.get("census/clusters")).toBeUndefined();
  });

  test("without anything handed over it is refused, and the mend says what to hand over", () => {
    const [refusal] = clusteredCensus({ ...drawn.seen, rollouts: paired(drawn.seen) }, OPTIONS);
    expect(refusal).toMatchObject({
      name: "census/commitment",
      estimate: { kind: "refused", why: expect.stringContaining("handed over"), mend: expect.stringContaining("hand") },
    });
  });

  test("where what stands behind a beginning is not what it would have led to, no way is told", () => {
    // The continuations of one problem, each behind another's beginning: nothing is kept.
    const random = stream(1, "clustered-census");
    const from = Map.groupBy(paired(drawn.seen), ({ problem, policy }) => `${policy} ${problem}`);
    const rollouts = drawn.seen.rollouts.map((record) => {
      if (record.prefix === undefined) return record;
      const own = from.get(`${record.policy} ${record.problem}`)!;
      const source = drawn.seen.rollouts.find(({ rollout }) => rollout === record.prefix!.rollout)!;
      const cut = record.prefix.tokenIds.length;
      const { text } = own[random.integer(own.length)]!;
      return { ...record, text: source.text!.slice(0, cut) + text!.slice(cut) };
    });
    expect(waysByShape({ ...drawn.seen, rollouts }, OPTIONS).kind).toBe("refused");
  });
});

it("steady-hand, where steps slip less and there is one way: no second one is invented", {
  timeout: 120_000,
}, async () => {
  const { seen } = await unread("steady-hand");
  expect(seen.rollouts.some(({ prefix }) => prefix !== undefined)).toBe(true);
  const found = new Findings(strategyCensus.live!.estimate(seen, OPTIONS).findings);
  expect(found.get("census/commitment")).toMatchObject({
    kind: "refused",
    why: expect.stringContaining("every rollout goes the same way"),
  });
  expect(found.get("census/clusters")).toBeUndefined();
});

describe("on paper", () => {
  function study(rival: string, seed: number, oneWay = false): Seen {
    const random = stream(seed, `clustered-census/${rival}`);
    const rivals = EXPLANATIONS.filter(({ name }) => name === rival);
    const law = lawOf(rivals, { steps: [2, 4, 6], base: 0.35, gain: 0.25 }, random);
    const steps = Array.from({ length: 24 }, (_, i) => [2, 4, 6][i % 3]!);
    const design = { policies: ["base", "tuned"], rollouts: 20, scored: 0, experiments: ["handoff"], seed };
    const problems = drawFrom(law, steps, random).map((problem) => ({
      ...problem,
      behaviours: problem.behaviours.map((own) =>
        oneWay ? { ...own, ways: own.ways.slice(0, 1).map((way) => ({ ...way, share: 1 })) } : own,
      ),
    }));
    return imaginedStudy(problems, design).seen;
  }

  it.each(["steadier-steps", "recovery", "format-learned", "longer-outputs", "verifier-exploit"])(
    "of %s with one way alone no second one is told",
    { timeout: 120_000 },
    (rival) => {
      for (const seed of [1, 2]) expect(waysByShape(study(rival, seed, true), OPTIONS).kind).toBe("refused");
    },
  );

  // Both policies of every rival go the paper's two ways; what training moved is not always which.
  it.each([
    ["amplified-strategy", 1],
    ["steadier-steps", 1],
    ["format-learned", 0],
  ] as const)(
    "of %s the ways that are told are the paper's, or none are, of two studies in %i at least",
    { timeout: 120_000 },
    (rival, least) => {
      // Of steadier-steps with seed 3, 25 mended texts of one way went to the other while groups were put together by what is lost over all texts.
      const told = [2, 3].flatMap((seed) => {
        const seen = study(rival, seed);
        const found = waysByShape(seen, OPTIONS);
        if (found.kind === "refused") return [];
        const own = paired(seen);
        return adjustedRand(
          own.map(({ text }) => found.wayOf(text!)),
          own.map(({ problem, text }) => seen.reader.strategy!(problem, text!)),
        );
      });
      for (const agreement of told) expect(agreement).toBeGreaterThan(0.9);
      expect(told.length).toBeGreaterThanOrEqual(least);
    },
  );
});

test("texts that differ by chance alone, and begin alike, are of one way", () => {
  const random = stream(2, "clustered-census");
  const text = (): string =>
    `so ${random.uniform() < 0.5 ? "a" : "b"} = 1; then ${random.uniform() < 0.5 ? "c" : "d"}.`;
  const seen = madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([1, 2], 6),
    rollouts: 16,
    draw: () => ({ text: text(), tokens: 20 }),
  });
  const rollouts = seen.rollouts.flatMap((record) => {
    const prefix = { rollout: record.rollout, tokenIds: [1, 2, 3] };
    const name = `strategy-census/0/${record.rollout}`;
    return [record, { ...record, rollout: name, experiment: "strategy-census", prefix, text: text() }];
  });
  expect(waysByShape({ ...seen, rollouts }, OPTIONS).kind).toBe("refused");
});
