// bench/ · World studies: whole studies of worlds on fresh problems, each with the exact answers beside it; rows for calibration.ts.
//
// node bench/world-studies.ts CACHE OUT.jsonl [--seeds 11,12,13] [--studies 3] [--problems 60] [--rollouts 64] [--worlds a,b] [--part i/n]
// appends one line a study to OUT.jsonl and skips those that are there. Answers are kept in a folder (--seen) and not drawn again. Worlds come from CACHE (bench/worlds.ts) or are built there.
// Every study draws its own problems from its seed's pool of fresh ones, whose mean is the truth that intervals for new problems must cover; with --new of its own, which share
// nothing with another study's: rehearsal.ts asks how studies of a policy come out, not on which problems.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { gathered } from "../src/evidence/gathered.ts";
import { type Stream, stream } from "../src/maths/random.ts";
import { explain } from "../src/study/explain.ts";
import type { Problem } from "../src/terms/problem.ts";
import { SEGMENTS, type ProblemTruth } from "../src/terms/truth.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { folderOf } from "../src/worlds/folder.ts";
import { probability } from "../src/worlds/measures.ts";
import { openWorld, type OpenWorld } from "../src/worlds/open.ts";
import type { World } from "../src/worlds/world.ts";
import { problemTruth } from "../src/worlds/truth.ts";
import { tableOf } from "../src/worlds/truth-table.ts";
import { executionTruth, stopsOf } from "./execution-truth.ts";
import { type LiveStudy, liveStudy, seenBefore, TWIN_SEED } from "../test/support/live-study.ts";

/** Fresh problems a number of steps: the pool. */
const POOL = 100;
/** No study of this repository has a seed near it. */
export const POOL_SEED = 424_242;
const EXPERIMENTS = "handoff,step-ladder,strategy-census,cross-scoring";
export const WORLDS_OF_ISSUE_5 =
  "steady-hand known-route second-look joined-parts neat-answer early-stop same-again mixed".split(" ");

export interface StudyRow {
  readonly world: string;
  readonly seed: number;
  readonly study: number;
  readonly problems: number;
  readonly rollouts: number;
  /** No other study of the seed has its problems. */
  readonly anew?: true;
  /** Exact means over the seed's pool, in probability. */
  readonly truth: Readonly<Record<string, number>>;
  readonly ledger: readonly {
    readonly cause: string;
    readonly value?: number;
    readonly low?: number;
    readonly high?: number;
    readonly alone?: readonly [number, number];
  }[];
  readonly standings: Readonly<Record<string, string>>;
  /** Measured findings of the topics that tables read: [value, low, high]. */
  readonly findings: Readonly<Record<string, readonly (number | undefined)[]>>;
  readonly tokens: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Limits that hold for one entry by itself. */
function alone(diagnostic: Readonly<Record<string, number | string>> | undefined): readonly [number, number] {
  return [Number(diagnostic?.["aloneLow"]), Number(diagnostic?.["aloneHigh"])];
}

/** Each seed of a world has its own: studies of all seeds that share their problems share the luck of them. */
export function poolProblems({ task, study }: World, seed: number): Problem[] {
  return study.steps.flatMap((steps) => [...task.problems({ seed: POOL_SEED + seed, steps, count: POOL })]);
}

/** Worlds of one task would share the luck of problems and twins with seeds that go by the number of the study. */
function lotOf({ name }: World, what: "problems" | "twins", seed: number, study: number): number {
  return stream(seed, `bench/world-studies/new/${name}/${what}`, study).uint32();
}

/** What a study's problems are drawn from; `anew` is no other study's. */
export function problemsFor(
  world: World,
  { seed, study, anew }: { readonly seed: number; readonly study: number; readonly anew?: true | undefined },
): Problem[] {
  return poolProblems(world, anew ? lotOf(world, "problems", seed, study) : seed);
}

/** Lots that are sorted, not a shuffle: answers that are kept are of problems drawn so. */
export function byLot(problems: readonly Problem[], count: number, draws: Stream): Problem[] {
  return problems
    .map((problem) => ({ problem, at: draws.uniform() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ problem }) => problem);
}

/** Base against tuned only: what the table of a pool costs grows with the policies. */
async function poolTruth(open: OpenWorld, seed: number, folder: string): Promise<StudyRow["truth"]> {
  const { world } = open;
  const problems = poolProblems(world, seed);
  const file = join(folder, `pool-${POOL_SEED + seed}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as StudyRow["truth"];
  const policies = [open.policies[0]!, open.policies.at(-1)!] as const;
  const truths: ProblemTruth[] = [];
  // The ledger takes the form of the answer off first, so its segments are those of lenient grading.
  const readAnyhow: ProblemTruth[] = [];
  const executions: ReturnType<typeof executionTruth>[] = [];
  for (const problem of problems) {
    truths.push(problemTruth(await tableOf(world, problem, policies), world.task.strategies));
    const counting = { ...world, grading: "lenient" as const };
    const anyhow = await tableOf(counting, problem, policies);
    readAnyhow.push(problemTruth(anyhow, world.task.strategies));
    executions.push(executionTruth(anyhow, 1, await stopsOf(anyhow, policies)));
  }
  const mean = (of: (one: ProblemTruth) => number): number =>
    truths.reduce((sum, one) => sum + of(one), 0) / truths.length;
  const right = (policy: 0 | 1) => mean(({ policies: both }) => probability(both[policy]!.right));
  const lenient = (policy: 0 | 1) => mean(({ policies: both }) => probability(both[policy]!.lenient));
  const truth: Record<string, number> = { p0: right(0), p1: right(1), l0: lenient(0), l1: lenient(1) };
  for (const segment of SEGMENTS) {
    truth[segment] = mean(({ pairs }) => pairs[0]!.shares[segment]);
    truth[`lenient/${segment}`] =
      readAnyhow.reduce((sum, { pairs }) => sum + pairs[0]!.shares[segment], 0) / readAnyhow.length;
  }
  for (const part of ["slips", "repairs", "joins"] as const)
    truth[`execution/${part}`] = executions.reduce((sum, one) => sum + one[part], 0) / executions.length;
  for (const aside of Object.keys(truths[0]!.policies[0]!.asides))
    for (const policy of [0, 1] as const)
      truth[`aside/${aside}/${policy}`] = mean(({ policies: both }) => probability(both[policy]!.asides[aside]));
  if (world.name === "early-stop") {
    // Two factors, finished and right if finished, problem by problem; the rest of the gain is what finished answers gained.
    truth["unfinished"] = mean(({ policies: both }) => {
      const of = (policy: 0 | 1) => {
        const { asides, right: mass } = both[policy]!;
        const lost = Object.values(asides).reduce((sum, one) => sum + probability(one), 0);
        return { finished: 1 - lost, success: probability(mass) / (1 - lost) };
      };
      const [a, b] = [of(0), of(1)];
      return ((b.finished - a.finished) * (a.success + b.success)) / 2;
    });
  }
  const bits = truths.filter(({ pairs }) => pairs[0]!.missingBits !== undefined);
  truth["bits"] =
    bits.reduce((sum, { pairs }) => sum + pairs[0]!.missingBits!.reduce((a, b) => a + b, 0), 0) / bits.length;
  truth["neff"] = bits.reduce((sum, { pairs }) => sum + pairs[0]!.effectivePlaces!, 0) / bits.length;
  for (const steps of world.study.steps)
    for (const policy of [0, 1] as const) {
      const rung = truths.filter(({ problem }) => problem.steps === steps);
      truth[`p${policy}/L=${steps}`] =
        rung.reduce((sum, one) => sum + probability(one.policies[policy]!.right), 0) / rung.length;
    }
  for (const name of world.task.strategies)
    for (const policy of [0, 1] as const)
      truth[`plan/${name}/${policy}`] = mean(({ policies: both }) => probability(both[policy]!.plans[name]));
  writeFileSync(file, JSON.stringify(truth));
  return truth;
}

/** A study whose answers were kept: what is made of them may have changed. */
function drawnBefore(
  open: OpenWorld,
  policies: readonly string[],
  problems: readonly Problem[],
  { kept, twinSeed }: { readonly kept: string; readonly twinSeed: number },
) {
  type Kept = Pick<LiveStudy["seen"], "rollouts" | "scores"> & Pick<LiveStudy, "tokens">;
  const { rollouts, scores, tokens } = JSON.parse(gunzipSync(readFileSync(kept)).toString()) as Kept;
  const seen: LiveStudy["seen"] = { ...seenBefore(open, problems, { twinSeed }), policies, rollouts, scores };
  return { seen, tokens };
}

export async function oneStudy(
  open: OpenWorld,
  truth: StudyRow["truth"],
  seed: number,
  study: number,
  size: {
    problems: number;
    rollouts: number;
    seen: string;
    experiments: readonly string[];
    scored: number;
    anew?: true;
  },
): Promise<StudyRow> {
  const { world } = open;
  const begun = performance.now();
  const { steps } = world.study;
  const pool = problemsFor(world, { seed, study, anew: size.anew });
  // As many of each number of steps, as the pool has.
  const problems = steps.flatMap((L, i) => {
    const rung = pool.filter((problem) => problem.steps === L);
    const draws = stream(seed, `bench/world-studies/${world.name}/${L}`, study);
    const count = Math.floor(size.problems / steps.length) + (i < size.problems % steps.length ? 1 : 0);
    return byLot(rung, count, draws);
  });
  const policies = [open.policies[0]!.name, open.policies.at(-1)!.name];
  // Studies that share their twins share the luck of them.
  const own = 1000 * seed + study;
  const twinSeed = size.anew ? lotOf(world, "twins", seed, study) : TWIN_SEED + own;
  const kept = join(size.seen, `${world.name}-${seed}-${study}.json.gz`);
  const { seen, tokens } = existsSync(kept)
    ? drawnBefore(open, policies, problems, { kept, twinSeed })
    : await liveStudy(open, {
        policies,
        problems,
        rollouts: size.rollouts,
        seed: own,
        twinSeed,
        experiments: size.experiments,
        scored: size.scored,
      });
  if (!existsSync(kept))
    writeFileSync(
      kept,
      gzipSync(JSON.stringify({ rollouts: seen.rollouts, scores: seen.scores, tokens }), { level: 1 }),
    );
  const paired = seen.rollouts.filter(({ experiment }) => experiment === "paired-sampling");
  const evidence = await gathered(
    (async function* () {
      yield* paired;
    })(),
    world.name,
  );
  const inOrder = policies.map((name) => evidence.find(({ policy }) => policy === name)!);
  const { document } = explain(inOrder, { seen, seed: study, draws: 4000, rlRollouts: 1_000_000 });
  const spot = (estimate: (typeof document.findings)[number]["estimate"]) =>
    estimate.kind === "measured" ? [estimate.value, estimate.low, estimate.high] : undefined;
  return {
    world: world.name,
    seed,
    study,
    problems: size.problems,
    rollouts: size.rollouts,
    ...(size.anew === undefined ? {} : { anew: size.anew }),
    truth,
    tokens,
    ledger: document.ledger.map(({ cause, share }) => ({
      cause,
      ...(share.kind === "measured"
        ? {
            value: share.value,
            ...(share.low === undefined ? {} : { low: share.low, high: share.high!, alone: alone(share.diagnostic) }),
          }
        : {}),
    })),
    standings: Object.fromEntries(document.explanations.map(({ name, standing }) => [name, standing])),
    findings: Object.fromEntries(
      document.findings.flatMap(({ name, estimate }) => {
        const read =
          /^(handoff|missing-bits|ladder|ledger|cross|slips|repairs|gain@1|regrade|budget|sweep|guess|recall|power|mass)/.test(
            name,
          )
            ? spot(estimate)
            : undefined;
        return read === undefined ? [] : [[name, read] as const];
      }),
    ),
    seconds: (performance.now() - begun) / 1000,
  };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: "string", default: "11,12,13" },
      studies: { type: "string", default: "3" },
      problems: { type: "string", default: "60" },
      rollouts: { type: "string", default: "64" },
      worlds: { type: "string", default: WORLDS_OF_ISSUE_5.join() },
      part: { type: "string", default: "0/1" },
      seen: { type: "string", default: "seen" },
      experiments: { type: "string", default: EXPERIMENTS },
      scored: { type: "string", default: "0" },
      new: { type: "boolean", default: false },
    },
  });
  const [cache, out] = positionals;
  if (cache === undefined || out === undefined) throw new Error("name the cache of worlds and the file to write");
  const [part, parts] = values.part.split("/").map(Number) as [number, number];
  const done = new Set(
    existsSync(out)
      ? readFileSync(out, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as StudyRow)
          .map(({ world, seed, study }) => `${world} ${seed} ${study}`)
      : [],
  );
  mkdirSync(values.seen, { recursive: true });
  const size = {
    problems: Number(values.problems),
    rollouts: Number(values.rollouts),
    seen: values.seen,
    experiments: values.experiments.split(","),
    scored: Number(values.scored),
    ...(values.new ? { anew: true as const } : {}),
  };
  let at = 0;
  for (let study = 0; study < Number(values.studies); study++)
    for (const seed of values.seeds.split(",").map(Number))
      for (const name of values.worlds.split(",")) {
        if (at++ % parts !== part || done.has(`${name} ${seed} ${study}`)) continue;
        const world = worldNamed(name);
        const open = openWorld(world, { seed, cache });
        const truth = await poolTruth(open, seed, folderOf(world, seed, cache));
        const row = await oneStudy(open, truth, seed, study, size);
        appendFileSync(out, `${JSON.stringify(row)}\n`);
        process.stderr.write(`${name} ${seed} ${study}: ${row.seconds.toFixed(1)} s\n`);
      }
}
