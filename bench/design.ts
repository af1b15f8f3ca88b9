// bench/ · Design: what the adaptive hand-off costs and how wide its intervals are, beside the fixed design that one would write down.
//
// node bench/design.ts CACHE [SEED] writes bench/results/design.md. The adaptive study is run as it is; the fixed one (256 rollouts of
// everything, 6 fixed cuts) is priced by the same lengths, and its counts are drawn from the world's exact chances.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { split } from "../src/attribution/split.ts";
import { bitsOf } from "../src/experiments/handoff-bits.ts";
import { gainRows } from "../src/experiments/gain-rows.ts";
import { pairedBy } from "../src/experiments/handoff-sources.ts";
import { clusterBootstrap, jointIntervals, meanOf } from "../src/maths/cluster-bootstrap.ts";
import { stream } from "../src/maths/random.ts";
import { shapley } from "../src/maths/shapley.ts";
import type { GainRow } from "../src/terms/gain-row.ts";
import { type Cell, CELLS } from "../src/terms/truth.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { probability } from "../src/worlds/measures.ts";
import { openWorld } from "../src/worlds/open.ts";
import { problemTruth } from "../src/worlds/truth.ts";
import { tableOf } from "../src/worlds/truth-table.ts";
import { liveStudy, studyProblems } from "../test/support/live-study.ts";

const FIXED = 256;
const CUTS = 6;
const LEVEL = 0.9;
const [cache, seed = "1"] = process.argv.slice(2);
if (cache === undefined) throw new Error("name the cache of worlds");

const half = (interval: { low: number; high: number } | undefined): number =>
  interval === undefined ? Number.NaN : (interval.high - interval.low) / 2;
const rows: string[] = [];
for (const name of ["steady-hand", "known-route"]) {
  const open = openWorld(worldNamed(name), { seed: Number(seed), cache });
  const { world } = open;
  const ends = [open.policies[0]!, open.policies.at(-1)!];
  const policies = ends.map((one) => one.name);
  const problems = studyProblems(open);

  const { seen, tokens } = await liveStudy(open, { policies, rollouts: 64, seed: 31, experiments: ["handoff"] });
  const own = gainRows(seen, policies[1]!);
  const options = { level: LEVEL, replicates: 2000, seed: 1, yardstick: 1e-6 };
  const adaptive = split(own, own, options)!;
  const { findings } = bitsOf(seen, pairedBy(seen), { level: LEVEL, seed: 1 });
  const total = findings.find((one) => one.name === "missing-bits/total")!.estimate;

  // Lengths as they were: of whole rollouts by policy, and of what was written behind a plan or a work.
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length);
  const lengths = (policy: string): number[] =>
    seen.rollouts.flatMap((one) =>
      one.experiment === "paired-sampling" && one.policy === policy ? [one.tokens ?? 0] : [],
    );
  const behind = (at: "planEnd" | "answerStart"): number =>
    mean(
      seen.rollouts.flatMap(({ experiment, problem, text = "" }) => {
        const end = experiment === "paired-sampling" ? seen.reader.segments!(problem, text)[at] : undefined;
        return end === undefined ? [] : [text.length - end];
      }),
    );
  const [base, tuned] = policies.map((policy) => mean(lengths(policy))) as [number, number];
  const draws = problems.length * FIXED;
  const paired = draws * (base + tuned);
  const cells = draws * (2 * behind("planEnd") + 4 * behind("answerStart"));
  // One right answer of the tuned policy a problem, cut at sevenths.
  const cuts = draws * CUTS * (tuned / 2);
  const fixedTokens = paired + cells + cuts;
  const adaptiveTokens = Object.values(tokens).reduce((sum, one) => sum + one, 0);

  const chance = stream(1, "bench/design", 0);
  const fixedRows: GainRow[] = [];
  const bits: number[][] = [];
  for (const problem of problems) {
    const { pairs } = problemTruth(await tableOf(world, problem, ends), world.task.strategies);
    const value = new Map(
      CELLS.map((cell) => {
        const p = probability(pairs[0]!.cells[cell]);
        return [
          cell,
          Array.from({ length: FIXED }, () => chance.uniform() < p).filter(Boolean).length / FIXED,
        ] as const;
      }),
    );
    const at = (coalition: number): number =>
      value.get([0, 1, 2].map((i) => ((coalition >> i) & 1 ? "t" : "b")).join("") as Cell)!;
    const [plan, execution, answer] = Array.from(shapley(3, at)) as [number, number, number];
    const gain = at(7) - at(0);
    const common = {
      problem: problem.id,
      steps: problem.steps,
      gain,
      format: 0,
      finished: 0,
      matched: gain,
      weight: 1,
    };
    const way = own.find((row) => row.problem === problem.id)!;
    fixedRows.push({ ...way, ...common, segments: { plan, execution, answer }, drawn: [FIXED, FIXED] });
    if (at(0) > 0) bits.push([-Math.log2(at(0))]);
  }
  const fixed = split(fixedRows, fixedRows, options)!;
  const fixedBits = jointIntervals(
    clusterBootstrap({ clusters: bits.length, replicates: 2000, seed: 1, name: "bits", statistic: meanOf(bits) })!,
    LEVEL,
  ).entries[0];
  const width = (of: typeof fixed, cause: "steadier-steps" | "amplified-strategy"): string =>
    half(of.shares[cause]?.interval).toFixed(4);
  const k = (n: number): string => Math.round(n / 1000).toLocaleString("en-US");
  const measured =
    total.kind === "measured" && total.low !== undefined ? half({ low: total.low, high: total.high! }) : Number.NaN;
  rows.push(
    `| ${name} | adaptive, 64 rollouts | ${k(adaptiveTokens)} | ${width(adaptive, "steadier-steps")} | ${width(adaptive, "amplified-strategy")} | ${measured.toFixed(3)} |`,
    `| ${name} | fixed: ${FIXED} of everything, ${CUTS} cuts | ${k(fixedTokens)} | ${width(fixed, "steadier-steps")} | ${width(fixed, "amplified-strategy")} | ${half(fixedBits).toFixed(3)} |`,
    `| ${name} | **adaptive / fixed** | **${(adaptiveTokens / fixedTokens).toFixed(2)}** | ${(half(adaptive.shares["steadier-steps"]?.interval) / half(fixed.shares["steadier-steps"]?.interval)).toFixed(2)} | ${(half(adaptive.shares["amplified-strategy"]?.interval) / half(fixed.shares["amplified-strategy"]?.interval)).toFixed(2)} | ${(measured / half(fixedBits)).toFixed(2)} |`,
  );
}
const text = [
  "# The design",
  "",
  "Tokens of the adaptive study (paired rollouts and hand-offs, base against tuned, 60 problems) beside the fixed design, and half-widths of 90 % intervals: of the execution's and the plan's share of the gain, each by itself, and of the missing bits.",
  `Made by \`node bench/design.ts CACHE ${seed}\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]!.model.trim()}, Node ${process.versions.node}; worlds with seed ${seed}.`,
  "",
  "| world | design | thousand tokens | execution | plan | missing bits |",
  "|---|---|---|---|---|---|",
  ...rows,
  "",
  "Goal: at most half of the fixed design's tokens at the same half-widths. The saving comes from draws that are there already: a policy's own rollouts that went through a prefix are draws behind it (src/experiments/prefix-pool.ts). Where no two plans are alike word for word there is less of it.",
  "",
].join("\n");
writeFileSync(new URL("results/design.md", import.meta.url), text);
process.stdout.write(text);
