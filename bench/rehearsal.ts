// bench/ · Rehearsal: what rehearsals of the worlds' studies foretold, beside what those studies then said; bench/results/rehearsal.md.
//
// node bench/rehearsal.ts ROWS.jsonl CACHE KEPT [STUDIES [LOOKS [PLAYED.jsonl]]] > bench/results/rehearsal.md. What stands in PLAYED is not played again. The rows are those of
// bench/world-studies.ts with every experiment and two or more studies a world and seed, from worlds in CACHE, the answers kept in KEPT (--seen). What is known of a study is read in the next one of the same
// world and seed, on other draws of problems: the base's paired rollouts alone (base), a first look at all that was asked on a part of its problems (0.5), or both (base+0.125).
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { EVERYTHING, type Played, STORED, toldApart } from "../src/attribution/rehearsal.ts";
import { type Part, playAll } from "../src/cli/rehearse-crew.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import type { Explanation } from "../src/explanations/explanation.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { stream } from "../src/maths/random.ts";
import { habitsOf } from "../src/study/habits.ts";
import { shareAsSeen } from "../src/study/imagined-as-seen.ts";
import { portraitOf } from "../src/study/portrait.ts";
import type { RehearsalDesign } from "../src/study/rehearse.ts";
import { unreadBy, usualDesign } from "../src/study/rehearse-design.ts";
import { LIMITS } from "../src/terms/limits.ts";
import type { StandingName } from "../src/terms/standing.ts";
import type { RolloutRecord } from "../src/terms/record.ts";
import type { Seen } from "../src/terms/seen.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld, type OpenWorld } from "../src/worlds/open.ts";
import { readerOf } from "../test/support/live-study.ts";
import { exact, PLANTED, playedFor } from "./exact-shares.ts";
import { byLot, problemsFor, type StudyRow } from "./world-studies.ts";

const [rowsFile, cache, seenFolder, count = "4", looks = "base,0.125,0.25,0.5", playedFile] = process.argv.slice(2);
const atHands = looks
  .split(",")
  .map(
    (one): AtHand => ({ base: one.startsWith("base"), look: one === "base" ? 0 : Number(one.replace("base+", "")) }),
  );
const rows = readFileSync(rowsFile!, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as StudyRow);
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
/** What is at hand before a study. */
interface AtHand {
  /** The base's paired rollouts. */
  readonly base: boolean;
  /** All that was asked on so large a part of the problems of each length. */
  readonly look: number;
}
const keyOf = ({ base, look }: AtHand): string => (base ? (look === 0 ? "base" : `base+${look}`) : `${look}`);

function knownFrom(open: OpenWorld, row: StudyRow, folder: string, atHand: AtHand): Seen {
  const { world, seed, study, problems } = row;
  const file = join(folder, `${world}-${seed}-${study}.json.gz`);
  const { rollouts } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { rollouts: RolloutRecord[] };
  const pool = problemsFor(open.world, row);
  const asked = new Set(rollouts.filter(({ experiment }) => experiment === STORED).map(({ problem }) => problem));
  const each = Math.ceil((atHand.look * problems) / open.world.study.steps.length);
  // In the pool's order the first of it would be looked at, whatever the study.
  const rungs = [...Map.groupBy(pool, ({ steps }) => steps)].map(([steps, rung]) =>
    byLot(
      rung.filter(({ id }) => asked.has(id)),
      problems,
      stream(seed, `bench/rehearsal/look/${world}/${steps}`, study),
    ),
  );
  const base = open.policies[0]!.name;
  const lookedAt = new Set(rungs.flatMap((rung) => rung.slice(0, each).map(({ id }) => id)));
  return {
    rollouts: rollouts.filter(
      ({ problem, experiment, policy }) =>
        lookedAt.has(problem) || (atHand.base && experiment === STORED && policy === base),
    ),
    scores: [],
    problems: rungs
      .flatMap((rung) => (atHand.base ? rung : rung.slice(0, each)))
      .map((problem) => ({ ...problem, family: world })),
    reader: readerOf(open, pool),
    policies: [base, open.policies.at(-1)!.name],
  };
}

/** Exact share of the gain from which on a rival is a cause of it. */
const REAL = 0.05;

/** An entry that was told in fewer studies, real or on paper, has no mean half-width. */
const FEW = 3;

const rivalNamed = (name: string): Explanation => EXPLANATIONS.find((one) => one.name === name)!;

interface Line {
  readonly world: string;
  readonly rival: string;
  readonly foretold: number;
  readonly is: number;
  readonly of: number;
}
interface Width {
  readonly world: string;
  readonly cause: string;
  readonly foretold: number;
  readonly is: number;
  /** Of each study, those of one seed together. */
  readonly each: readonly (readonly number[])[];
}
interface Foretold {
  readonly lines: readonly Line[];
  readonly widths: readonly Width[];
}

/** What is known of a world before a study of it: its lengths, the base's mean success and the gain, and what these answers show. */
function designFor(open: OpenWorld, row: StudyRow, seen: Seen): RehearsalDesign {
  const { study } = open.world;
  const { problems, rollouts, truth } = row;
  const base = truth["p0"]!;
  const portrait = portraitOf(seen);
  return {
    ...usualDesign(),
    steps: Array.from({ length: problems }, (_, i) => study.steps[i % study.steps.length]!),
    rollouts,
    base,
    gain: Math.max(0, truth["p1"]! - base),
    without: {
      variants: true,
      gold: true,
      luck: open.world.grading !== "outcome",
      reads: unreadBy(seen.reader),
    },
    habits: habitsOf(seen),
    ...(portrait === undefined ? {} : { portrait }),
  };
}

/** What a study on paper said, as far as it is held against a real one. */
type Said = Pick<Played, "truth" | "halfWidths"> & { readonly standings: Readonly<Record<string, StandingName>> };

/** By look, study and number: as a rival has it, and as seen. */
const kept = new Map<string, readonly Said[]>(
  playedFile === undefined || !existsSync(playedFile)
    ? []
    : readFileSync(playedFile, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as readonly [string, readonly Said[]]),
);

/** The row's studies on paper: those that were not kept are played. */
async function saidOf(row: StudyRow, other: StudyRow, atHand: AtHand): Promise<Said[]> {
  const { world, seed, study } = row;
  const keyAt = (i: number): string => `${keyOf(atHand)} ${world} ${seed} ${study} ${i}`;
  const numbers = Array.from({ length: Number(count) }, (_, i) => i);
  const missing = numbers.filter((i) => !kept.has(keyAt(i)));
  if (missing.length > 0) {
    const open = openWorld(worldNamed(world), { seed, cache: cache! });
    const design = designFor(open, row, knownFrom(open, other, seenFolder!, atHand));
    const scenes = scenesOf(row, design);
    const seedOf = (i: number): number => stream(seed, `bench/rehearsal/${world}/${study}`, i).uint32();
    const parts: Part[] = missing.flatMap((i) =>
      scenes.map((truth) => ({ scene: { truth, seed: seedOf(i) }, design })),
    );
    const said = (await playAll(parts, () => {})).map(
      ({ truth, halfWidths, standings }): Said => ({ truth, halfWidths, standings: standings[EVERYTHING]! }),
    );
    missing.forEach((i, k) => {
      const own = said.slice(k * scenes.length, (k + 1) * scenes.length);
      kept.set(keyAt(i), own);
      if (playedFile !== undefined) appendFileSync(playedFile, `${JSON.stringify([keyAt(i), own])}\n`);
    });
    console.error(keyOf(atHand), world, seed, study, parts.length);
  }
  return numbers.flatMap((i) => kept.get(keyAt(i))!);
}

/** As the planted rivals have it, or on as seen where the answers show these at work; and as seen, where both policies were. */
function scenesOf({ world }: StudyRow, design: RehearsalDesign): readonly (readonly string[])[] {
  const portrait = design.portrait?.baseAlone ? undefined : design.portrait;
  // A law of texts is nothing that answers can show.
  const works = (name: string): boolean =>
    portrait !== undefined && (shareAsSeen(portrait, [rivalNamed(name)]) ?? 0) >= LIMITS.negligibleShare;
  const told = claimedIn(world).every(works) ? [] : playedFor(world);
  // How well the ledger will be known is told by what goes on as seen, as `crucis rehearse` tells it.
  return portrait === undefined || told.length === 0 ? [told] : [told, []];
}

/** Who must be claimed there. */
const claimedIn = (world: string): readonly string[] =>
  world === "mixed" ? PLANTED[world]! : PLANTED[world]!.slice(0, 1);

async function foretellAll(atHand: AtHand): Promise<Foretold> {
  const lines: Line[] = [];
  const widths: Width[] = [];
  for (const [world, own] of Map.groupBy(rows, (row) => row.world)) {
    const truth = claimedIn(world);
    const played: Said[] = [];
    const wide: Said[] = [];
    for (const row of own) {
      const ofSeed = own.filter(({ seed }) => seed === row.seed);
      const other = ofSeed[(ofSeed.indexOf(row) + 1) % ofSeed.length]!;
      if (other === row) throw new Error(`${world} ${row.seed} has one study: what is known comes from another`);
      const all = await saidOf(row, other, atHand);
      const asSeen = all.filter((one) => one.truth.length === 0);
      const caused = all.filter((one) => one.truth.length > 0);
      played.push(...(caused.length === 0 ? asSeen : caused));
      wide.push(...(asSeen.length === 0 ? caused : asSeen));
    }
    for (const { name } of EXPLANATIONS) {
      // Whoever has a part of the gain there can be set aside by nobody.
      if (PLANTED[world]!.includes(name) || own.some((row) => (exact(row, name) ?? 0) >= REAL)) continue;
      const told = played.map(({ standings }) => truth.every((one) => toldApart(standings, one, name)));
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
    const causes = new Set(wide.flatMap(({ halfWidths }) => Object.keys(halfWidths)));
    for (const cause of causes) {
      const halfWidth = ({ ledger }: StudyRow): number[] => {
        const entry = ledger.find((one) => one.cause === cause);
        return entry?.alone === undefined || !entry.alone.every(Number.isFinite)
          ? []
          : [(entry.alone[1] - entry.alone[0]) / 2];
      };
      const each = [...Map.groupBy(own, ({ seed }) => seed).values()].map((pair) => pair.flatMap(halfWidth));
      const real = each.flat();
      const paper = wide.flatMap(({ halfWidths }) => halfWidths[cause] ?? []);
      if (Math.min(real.length, paper.length) >= FEW)
        widths.push({ world, cause, foretold: mean(paper), is: mean(real), each });
    }
  }
  return { lines, widths };
}

const BINS = [0, 0.1, 0.3, 0.7, 0.9, 1.0001];
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]): string =>
  [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...body.map((c) => `| ${c.join(" | ")} |`)].join(
    "\n",
  );

/** Nobody reads the third digit of a share of the gain. */
const MATERIAL = 0.02;
const near = ({ foretold, is }: Width): boolean => Math.abs(foretold / is - 1) <= 0.25;

const some = (widths: readonly Width[]): string => `${widths.filter(near).length} of ${widths.length}`;
const WIDTHS = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 1];

function widthsOf(widths: readonly Width[]): string {
  const bins = WIDTHS.slice(0, -1).flatMap((from, i) => {
    const own = widths.filter(({ foretold }) => foretold >= from && foretold < WIDTHS[i + 1]!);
    if (own.length === 0) return [];
    const [foretold, is] = [mean(own.map((one) => one.foretold)), mean(own.map((one) => one.is))];
    const name = `${from} to ${WIDTHS[i + 1]!}`;
    const ok = near({ ...own[0]!, foretold, is }) ? "yes" : "no";
    return [[name, own.length, foretold.toFixed(4), is.toFixed(4), (foretold / is).toFixed(2), ok, some(own)]];
  });
  return table(
    ["foretold", "entries", "mean foretold", "mean realised", "ratio", "within 25 %", "of them, one by one"],
    bins,
  );
}

/** What no foretelling could better: how often one study's half-width lies within a quarter of the other's. */
function alike(widths: readonly Width[]): string {
  const pairs = widths.flatMap(({ each }) => each.flatMap((own) => own.slice(1).map((one, i) => [own[i]!, one])));
  return `${pairs.filter(([one, other]) => Math.abs(one! / other! - 1) <= 0.25).length} of ${pairs.length}`;
}

function curveOf(lines: readonly Line[]): string {
  const bins = BINS.slice(0, -1).flatMap((from, i) => {
    const own = lines.filter(({ foretold }) => foretold >= from && foretold < BINS[i + 1]!);
    if (own.length === 0) return [];
    const [is, of] = [own.reduce((sum, one) => sum + one.is, 0), own.reduce((sum, one) => sum + one.of, 0)];
    const { low, high } = clopperPearson(is, of, 0.95);
    const foretold = own.reduce((sum, one) => sum + one.foretold * one.of, 0) / of;
    return [
      [
        `${from} to ${Math.min(1, BINS[i + 1]!)}`,
        own.length,
        foretold.toFixed(2),
        `${(is / of).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
        `${is} of ${of}`,
        Math.abs(foretold - is / of) <= 0.1
          ? "yes"
          : low - 0.1 <= foretold && foretold <= high + 0.1
            ? "not told"
            : "no",
      ],
    ];
  });
  return table(["foretold", "pairs", "mean foretold", "realised [95 %]", "studies", "within ± 0.1"], bins);
}

function worldsOf(lines: readonly Line[]): string {
  return table(
    ["world", "planted", "mean foretold", "mean realised", "pairs off by more than 0.1 (foretold / realised)"],
    [...Map.groupBy(lines, ({ world }) => world)].map(([world, own]) => [
      world,
      PLANTED[world]!.join(", "),
      mean(own.map(({ foretold }) => foretold)).toFixed(2),
      mean(own.map(({ is, of }) => is / of)).toFixed(2),
      own
        .filter(({ foretold, is, of }) => Math.abs(foretold - is / of) > 0.1)
        .map(({ rival, foretold, is, of }) => `${rival} ${foretold.toFixed(2)} / ${(is / of).toFixed(2)}`)
        .join(", "),
    ]),
  );
}

const within = (lines: readonly Line[]): string =>
  `${lines.filter(({ foretold, is, of }) => Math.abs(foretold - is / of) <= 0.1).length} of ${lines.length}`;
const foretold: { readonly atHand: AtHand; readonly lines: readonly Line[]; readonly widths: readonly Width[] }[] = [];
for (const atHand of atHands) foretold.push({ atHand, ...(await foretellAll(atHand)) });
const material = (widths: readonly Width[]): readonly Width[] => widths.filter(({ is }) => is >= MATERIAL);
const first = foretold[0]!;
const titleOf = ({ base, look }: AtHand): string =>
  look === 0
    ? "From the base's answers alone"
    : `After a first look at ${partInWords(look)}${base ? ", with the base's answers to all" : ""}`;
const partInWords = (part: number): string =>
  part === 1 ? "all problems" : part === 0.5 ? "half of the problems" : `one problem in ${Math.round(1 / part)}`;

console.log(`# Does rehearsal tell the truth?

Made by \`node bench/rehearsal.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown machine"}, Node ${process.version}. ${rows.length} real studies of planted
worlds (${rows[0]!.problems} problems, ${rows[0]!.rollouts} rollouts, every experiment; seeds ${[...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b).join(", ")}${rows.every(({ anew }) => anew) ? "; each on problems and twins drawn for it alone" : ""}), each foretold by ${count} studies on paper of its world's planted rivals. What they know of the
world: its lengths, the base's mean success and the gain; and the base's paired rollouts, or a first look at some of the problems with all that was asked on them, or both. These come
from *another* study of the same world and seed, on problems of its own draw. *Told apart*: the planted rival is claimed and the other one set aside. Rivals with an exact share of
${REAL} or more are causes there, and are not held against the planted one.

${foretold
  .map(
    ({ atHand, lines, widths }) => `## ${titleOf(atHand)}

${curveOf(lines)}

${within(lines)} pairs of planted and other rival lie within ± 0.1 of each other, one by one.

${worldsOf(lines)}

Half-widths of the ledger: ${some(material(widths))} entries whose half-width is ${MATERIAL} of the gain or more are foretold within 25 %, one by one, and ${some(widths)} of all. Entries that were told in fewer than ${FEW} studies, real or on paper, are left out.

${widthsOf(widths)}
`,
  )
  .join("\n")}
## Half-widths, entry by entry

One study's half-width lies within 25 % of the other's, of the same policies and size, for ${alike(material(first.widths))} of ${MATERIAL} or more and ${alike(first.widths)} of all: no foretelling can be much nearer.

${table(
  [
    "world",
    "entry",
    "realised",
    ...foretold.map(({ atHand }) => `foretold / realised, ${titleOf(atHand).toLowerCase()}`),
  ],
  first.widths.map((one) => [
    one.world,
    one.cause,
    one.is.toFixed(4),
    ...foretold.map(({ widths }) => {
      const own = widths.find(({ world, cause }) => world === one.world && cause === one.cause);
      return own === undefined ? "–" : (own.foretold / own.is).toFixed(2);
    }),
  ]),
)}
`);
