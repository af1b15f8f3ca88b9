// bench/ · Rehearsal: what rehearsals of the worlds' studies foretold, beside what those studies then said; bench/results/rehearsal.md.
//
// node bench/rehearsal.ts ROWS.jsonl CACHE KEPT [STUDIES] > bench/results/rehearsal.md. The rows are those of bench/world-studies.ts with every
// experiment, from worlds in CACHE, the answers kept in KEPT (--seen). Foretold from each world's lengths, sizes, mean success of the base and
// gain, the base's habits as its paired rollouts of one study show them, and the rival that was planted: nothing else of the world.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Played, toldApart } from "../src/attribution/rehearsal.ts";
import { playAll } from "../src/cli/rehearse-crew.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { stream } from "../src/maths/random.ts";
import { habitsOf } from "../src/study/habits.ts";
import { usualDesign } from "../src/study/rehearse-design.ts";
import type { StandingName } from "../src/terms/standing.ts";
import type { RolloutRecord } from "../src/terms/record.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld, type OpenWorld } from "../src/worlds/open.ts";
import { readerOf } from "../test/support/live-study.ts";
import { exact, PLANTED } from "./exact-shares.ts";
import { POOL, POOL_SEED, type StudyRow } from "./world-studies.ts";

const [rowsFile, cache, kept, count = "12"] = process.argv.slice(2);
const rows = readFileSync(rowsFile!, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as StudyRow);
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

/** Answers of a study, and what can be read in them. */
function answersOf(open: OpenWorld, { world, seed, study }: StudyRow, folder: string): Parameters<typeof habitsOf>[0] {
  const file = join(folder, `${world}-${seed}-${study}.json.gz`);
  const { rollouts } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { rollouts: RolloutRecord[] };
  const { task, study: own } = open.world;
  const pool = own.steps.flatMap((steps) => [...task.problems({ seed: POOL_SEED, steps, count: POOL })]);
  return {
    rollouts,
    problems: pool.map((problem) => ({ ...problem, family: world })),
    reader: readerOf(open, pool),
    policies: [open.policies[0]!, open.policies.at(-1)!].map(({ name }) => name),
  };
}

/** Exact share of the gain from which on a rival is a cause of it. */
const REAL = 0.05;

interface Line {
  readonly world: string;
  readonly rival: string;
  readonly foretold: number;
  readonly is: number;
  readonly of: number;
}
const lines: Line[] = [];
const widths: { world: string; cause: string; foretold: number; is: number }[] = [];

for (const [world, own] of Map.groupBy(rows, (row) => row.world)) {
  const { study } = worldNamed(world);
  const truth = world === "mixed" ? PLANTED[world]! : PLANTED[world]!.slice(0, 1);
  const played: Played[] = [];
  for (const [seed, studies] of Map.groupBy(own, (row) => row.seed)) {
    const [first] = studies;
    const open = openWorld(worldNamed(world), { seed, cache: cache! });
    const habits = habitsOf(answersOf(open, first!, kept!));
    const { problems, rollouts, truth: known } = first!;
    const base = known["p0"]!;
    const design = {
      ...usualDesign(),
      steps: Array.from({ length: problems }, (_, i) => study.steps[i % study.steps.length]!),
      rollouts,
      base,
      gain: Math.max(0, known["p1"]! - base),
      without: { variants: true, gold: true, luck: open.world.grading !== "outcome" },
      habits,
    };
    const scenes = Array.from({ length: Number(count) }, (_, i) => ({
      scene: { truth, seed: stream(seed, `bench/rehearsal/${world}`, i).uint32() },
      design,
    }));
    played.push(...(await playAll(scenes, () => {})));
    console.error(world, seed, JSON.stringify(habits));
  }
  for (const { name } of EXPLANATIONS) {
    // Whoever has a part of the gain there can be set aside by nobody.
    if (PLANTED[world]!.includes(name) || own.some((row) => (exact(row, name) ?? 0) >= REAL)) continue;
    const told = played.map(({ standings }) => truth.every((one) => toldApart(standings["all"]!, one, name)));
    const seen = own.map(({ standings }) =>
      truth.every((one) => toldApart(standings as Record<string, StandingName>, one, name)),
    );
    lines.push({
      world,
      rival: name,
      foretold: mean(told.map(Number)),
      is: seen.filter(Boolean).length,
      of: seen.length,
    });
  }
  const causes = new Set(played.flatMap(({ halfWidths }) => Object.keys(halfWidths)));
  for (const cause of causes) {
    const real = own.flatMap(({ ledger }) => {
      const entry = ledger.find((one) => one.cause === cause);
      return entry?.alone === undefined || !entry.alone.every(Number.isFinite)
        ? []
        : [(entry.alone[1] - entry.alone[0]) / 2];
    });
    const paper = played.flatMap(({ halfWidths }) => halfWidths[cause] ?? []);
    if (real.length > 0 && paper.length > 0) widths.push({ world, cause, foretold: mean(paper), is: mean(real) });
  }
}

const BINS = [0, 0.1, 0.3, 0.7, 0.9, 1.0001];
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]): string =>
  [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...body.map((c) => `| ${c.join(" | ")} |`)].join(
    "\n",
  );
const curve = BINS.slice(0, -1).flatMap((from, i) => {
  const own = lines.filter(({ foretold }) => foretold >= from && foretold < BINS[i + 1]!);
  if (own.length === 0) return [];
  const [is, of] = [own.reduce((sum, one) => sum + one.is, 0), own.reduce((sum, one) => sum + one.of, 0)];
  const { low, high } = clopperPearson(is, of, 0.95);
  return [
    [
      `${from} to ${Math.min(1, BINS[i + 1]!)}`,
      own.length,
      mean(own.map(({ foretold }) => foretold)).toFixed(2),
      `${(is / of).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
      `${is} of ${of}`,
    ],
  ];
});
const within = lines.filter(({ foretold, is, of }) => Math.abs(foretold - is / of) <= 0.1).length;
const close = widths.filter(({ foretold, is }) => Math.abs(foretold / is - 1) <= 0.25).length;
const material = widths.filter(({ is }) => is >= 0.02);
const closeMaterial = material.filter(({ foretold, is }) => Math.abs(foretold / is - 1) <= 0.25).length;
const byWorld = [...Map.groupBy(lines, ({ world }) => world)].map(([world, own]) => [
  world,
  PLANTED[world]!.join(", "),
  mean(own.map(({ foretold }) => foretold)).toFixed(2),
  mean(own.map(({ is, of }) => is / of)).toFixed(2),
  own
    .filter(({ foretold, is, of }) => Math.abs(foretold - is / of) > 0.1)
    .map(({ rival, foretold, is, of }) => `${rival} ${foretold.toFixed(2)} / ${(is / of).toFixed(2)}`)
    .join(", "),
]);
console.log(`# Does rehearsal tell the truth?

Made by \`node bench/rehearsal.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown machine"}, Node ${process.version}. ${rows.length} real studies of planted
worlds (${rows[0]!.problems} problems, ${rows[0]!.rollouts} rollouts, every experiment; ${new Set(rows.map(({ seed }) => seed)).size} seeds) against ${count} studies on paper of each world's and seed's planted rival, which know of the
world its lengths, the base's mean success and habits (from the paired rollouts of one study), and the gain. *Told apart*: the planted rival is claimed and the other one set aside. Rivals with an
exact share of ${REAL} or more are causes there, and are not held against the planted one.

## Foretold and realised

${table(["foretold", "pairs", "mean foretold", "realised [95 %]", "studies"], curve)}

${within} of ${lines.length} pairs of planted and other rival lie within ± 0.1 of each other, one by one (realised in steps of 1/${lines[0]!.of}).

## World by world

${table(["world", "planted", "mean foretold", "mean realised", "pairs off by more than 0.1 (foretold / realised)"], byWorld)}

## Half-widths of the ledger

${close} of ${widths.length} entries are foretold within 25 %; of those whose half-width is 0.02 of the gain or more ${closeMaterial} of ${material.length}.

${table(
  ["world", "entry", "foretold", "realised", "ratio"],
  widths.map(({ world, cause, foretold, is }) => [
    world,
    cause,
    foretold.toFixed(3),
    is.toFixed(3),
    (foretold / is).toFixed(2),
  ]),
)}
`);
