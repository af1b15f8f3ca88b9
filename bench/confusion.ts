// bench/ · Confusion: what studies with every experiment said of each rival in each planted world; docs/confusion.md is made of it.
//
// node bench/confusion.ts [--note NOTE] ROWS.jsonl… > docs/confusion.md; the note says what is to be known about the rows. The rows are those of bench/world-studies.ts with all experiments and --scored 8.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { exact, PLANTED } from "./exact-shares.ts";
import type { StudyRow } from "./world-studies.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { note: { type: "string" } } });
const rows = positionals.flatMap((file) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as StudyRow),
);
const WORLDS = Object.keys(PLANTED).filter((world) => rows.some((row) => row.world === world));
const SHORT: Readonly<Record<string, string>> = {
  "alone sufficient": "A",
  contributes: "c",
  "cannot be told": "?",
  "not needed": "–",
  "ruled out": "×",
};

const of = (k: number, n: number): string => {
  if (n === 0) return "–";
  const { low, high } = clopperPearson(k, n, 0.95);
  return `${k} of ${n} = ${(k / n).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
};
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]): string =>
  [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...body.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");

/** How many studies gave each standing, the frequent ones first: `6A`, `4– 2?`. */
function told(world: string, rival: string): string {
  const counts = new Map<string, number>();
  for (const { standings } of rows.filter((row) => row.world === world)) {
    const is = SHORT[standings[rival]!]!;
    counts.set(is, (counts.get(is) ?? 0) + 1);
  }
  const cell = [...counts].sort(([, a], [, b]) => b - a).map(([is, n]) => `${n}${is}`);
  return PLANTED[world]!.includes(rival) ? `**${cell.join(" ")}**` : cell.join(" ");
}

const NAMED = ["alone sufficient", "contributes"];
const claims = (row: StudyRow): string[] =>
  Object.keys(row.standings).filter((name) => NAMED.includes(row.standings[name]!));
const novel = rows.filter(({ world }) => world !== "new-route");
const falselyNovel = novel.filter((row) => claims(row).includes("novel-strategy"));
const wrongAlone = rows.filter((row) =>
  Object.entries(row.standings).some(([name, is]) => is === "alone sufficient" && !PLANTED[row.world]!.includes(name)),
);
const first = rows.filter(
  (row) =>
    NAMED.includes(row.standings[PLANTED[row.world]![0]!]!) ||
    row.standings[PLANTED[row.world]![0]!] === "alone sufficient",
);

const CAUSES = [
  "verifier-exploit",
  "format-learned",
  "longer-outputs",
  "amplified-strategy",
  "novel-strategy",
  "plan-undecided",
  "steadier-steps",
  "recovery",
  "composition",
  "answer",
];
const entries = rows.flatMap((row) =>
  row.world === "same-again"
    ? []
    : CAUSES.flatMap((cause) => {
        const truth = exact(row, cause);
        const entry = row.ledger.find((one) => one.cause === cause);
        if (truth === undefined || entry?.low === undefined) return [];
        const [low, high] = entry.alone!;
        return [{ world: row.world, held: low <= truth && truth <= high, width: (high - low) / 2 }];
      }),
);
const held = (list: readonly { held: boolean }[]): number => list.filter((one) => one.held).length;

const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
const { problems, rollouts } = rows[0]!;
const studies = 1 + Math.max(...rows.map(({ study }) => study));
process.stdout.write(
  [
    "# Confusion: rivals by worlds",
    "",
    `Whole studies with every experiment (${problems} problems, ${rollouts} rollouts a problem and policy, 8 of them scored, base against tuned) of ${WORLDS.length} planted worlds, seeds ${seeds.join(", ")}; ${rows.length} studies. Yardstick: a million rollouts. The prompts and samplers that a weak baseline needs were not declared, so it cannot be told.`,
    "",
    "```",
    `node bench/worlds.ts CACHE --seeds ${seeds.join()}`,
    "node bench/world-studies.ts CACHE rows.jsonl --seeds " +
      `${seeds.join()} --studies ${studies} --scored 8 --worlds ${WORLDS.join()} --experiments handoff,step-ladder,strategy-census,cross-scoring,guess-control,contamination-control,rare-mass,power-sampling`,
    "node bench/confusion.ts rows.jsonl > docs/confusion.md",
    "```",
    "",
    `Made on ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0]!.model.trim()}, Node ${process.versions.node}.`,
    "",
    ...(values.note === undefined ? [] : [values.note, ""]),
    "A: alone sufficient. c: contributes. ?: cannot be told. –: not needed. ×: ruled out. Bold: planted there. A number is of studies.",
    "",
    table(
      ["world", ...EXPLANATIONS.map(({ name }) => name)],
      WORLDS.map((world) => [world, ...EXPLANATIONS.map(({ name }) => told(world, name))]),
    ),
    `The planted rival, the first where a world has several, was said to contribute or to be alone sufficient in ${of(first.length, rows.length)}. A rival that was not planted was said to be alone sufficient in ${of(wrongAlone.length, rows.length)}. *novel-strategy* was said to contribute where it was not planted in ${of(falselyNovel.length, novel.length)} (bar 5 %).`,
    "",
    "## The ledger",
    "",
    "Entries with an exact share (means over a pool of fresh problems), and how often the 90 % interval of the entry by itself held it. What lucky-dip's luck is worth is no sum over strings; of early-stop it is known what was finished, not in which segment.",
    "",
    table(
      ["world", "held", "mean half-width"],
      WORLDS.flatMap((world) => {
        const own = entries.filter((one) => one.world === world);
        if (own.length === 0) return [];
        const width = own.reduce((sum, one) => sum + one.width, 0) / own.length;
        return [[world, `${held(own)} of ${own.length}`, width.toFixed(3)]];
      }),
    ),
    `All: ${of(held(entries), entries.length)} (bar 0.85 to 0.95).`,
    "",
    "## Sharpening and tilting, where they are exact",
    "",
    table(
      ["world", "seed", "slope [95 %]", "step [95 %]", "share of the gain that power samples reach"],
      rows
        .filter(({ world }) => world === "cold-sampler" || world === "plain-tilt")
        .map(({ world, seed, findings }) => {
          const cell = (name: string): string => {
            const [value, low, high] = findings[name] ?? [];
            if (value === undefined) return "–";
            return low === undefined
              ? value.toFixed(3)
              : `${value.toFixed(3)} [${low.toFixed(3)}, ${high!.toFixed(3)}]`;
          };
          return [world, seed, cell("cross/slope"), cell("cross/step"), cell("power/share")];
        }),
    ),
    "`cold-sampler` multiplies logits by 3, token by token; `plain-tilt` has β = 0.5, so slope 1 and step 1/β = 2 exactly.",
    "",
  ].join("\n"),
);
