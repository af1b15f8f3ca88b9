// bench/ · World pages: docs/worlds.md and one page and learning curve a world, from what bench/worlds.ts has built.
//
// node bench/world-pages.ts CACHE
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { standalone } from "../src/report/figures/figure.ts";
import { learningCurve } from "../src/report/figures/learning-curve.ts";
import { SEGMENTS, type TruthDocument } from "../src/terms/truth.ts";
import { WORLDS } from "../src/worlds/all.ts";
import { CURVE_FILE, readCurve } from "../src/worlds/curve.ts";
import { folderOf } from "../src/worlds/folder.ts";
import { parseTruth } from "../src/worlds/truth-document.ts";
import type { World } from "../src/worlds/world.ts";

const SEEDS = [1, 2, 3];
const [cache] = process.argv.slice(2);
if (cache === undefined) throw new Error("name the folder of the worlds");

const short = (x: number): string =>
  x === 0 ? "0" : Math.abs(x) < 1e-3 ? x.toExponential(1) : String(Number(x.toPrecision(3)));
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

interface Made {
  readonly truth: TruthDocument;
  /** Absent where a build was cut short and taken up again. */
  readonly seconds?: { readonly build: number; readonly truth: number };
}

function made(world: World): Made[] {
  return SEEDS.map((seed) => {
    const folder = folderOf(world, seed, cache!);
    const file = join(folder, "truth.json");
    if (!existsSync(file)) throw new Error(`${file} is not there: run node bench/worlds.ts ${cache}`);
    return {
      truth: parseTruth(JSON.parse(readFileSync(file, "utf8")), file),
      ...(existsSync(join(folder, "seconds.json"))
        ? { seconds: JSON.parse(readFileSync(join(folder, "seconds.json"), "utf8")) as Made["seconds"] & object }
        : {}),
    };
  });
}

const promiseRows = (all: readonly Made[]): string[][] =>
  all[0]!.truth.promises.map(({ what, planted, intended }, i) => [
    what,
    planted,
    intended,
    ...all.map(({ truth }) => {
      const { measured, kept } = truth.promises[i]!;
      return kept ? short(measured) : `**${short(measured)}, broken**`;
    }),
  ]);

/** Mean over the problems of the tuned policy's Shapley shares in probability. */
function sharesOf(truth: TruthDocument): string[] {
  const pairs = truth.problems.map(({ pairs: all }) => all.at(-1)!);
  return SEGMENTS.map((segment) => short(pairs.reduce((sum, { shares }) => sum + shares[segment], 0) / pairs.length));
}

/** Mean of those problems that have one. */
function placesOf(truth: TruthDocument): string {
  const known = truth.problems.flatMap(({ pairs }) => pairs.at(-1)!.effectivePlaces ?? []);
  return known.length === 0 ? "–" : short(known.reduce((sum, places) => sum + places, 0) / known.length);
}

const overview = WORLDS.map((world) => {
  const all = made(world);
  const [first] = all;
  writePage(world, all);
  const steps = first!.truth.rungs.map((rung) => rung.steps);
  return { world, all, steps };
});

function writePage(world: World, all: readonly Made[]): void {
  const { truth } = all[0]!;
  const curve = readCurve(folderOf(world, SEEDS[0]!, cache!), CURVE_FILE)!;
  const trained = curve.points.length > 0;
  if (trained)
    writeFileSync(
      `docs/worlds/${world.name}.svg`,
      `${standalone(learningCurve.draw(curve, { width: 720, id: world.name }))}\n`,
    );
  const { pretraining, training } = world;
  const later =
    training.kind === "reinforcement"
      ? `${training.options.steps} steps of reinforcement, ${training.options.prompts} problems × ${training.options.groupSize} answers each`
      : training.kind === "imitation"
        ? `${training.options.steps} steps of imitation, ${training.options.batchSize} answers each`
        : `no training: ${training.policies.length} policies made from the base exactly`;
  const page = [
    `# ${world.name}`,
    `**Planted.** ${world.planted}`,
    `**Training.** ${world.changes}`,
    `Task \`${world.task.name}\`, judged by ${world.grading}, at most ${world.maxTokens} tokens an answer. Pretraining: ${pretraining.steps} steps, ${pretraining.batchSize} answers each; then ${later}. Policies: ${truth.policies.join(", ")}. Parts that move: ${world.moves.length === 0 ? "none" : world.moves.join(", ")}.`,
    "## Promised and measured",
    table(["quantity", "planted", "intended", ...SEEDS.map((seed) => `seed ${seed}`)], promiseRows(all)),
    `A seed whose training does not keep every promise is refused. The numbers are exact, over ${truth.problems.length} problems.`,
    "## Success by number of steps, seed 1",
    table(
      ["L", ...truth.policies],
      truth.rungs.map(({ steps, right }) => [String(steps), ...right.map(short)]),
    ),
    "## Where the gain of the tuned policy lies",
    table(
      ["seed", "plan", "execution", "answer", "N_eff"],
      all.map((one, i) => [String(SEEDS[i]), ...sharesOf(one.truth), placesOf(one.truth)]),
    ),
    "Shapley shares of p1 − p0 over the eight cells of the hand-off factorial, mean over the problems; N_eff is the effective number of places of the base's missing bits, mean over the problems and the tuned policy's right answers.",
    ...(trained
      ? [
          `![${learningCurve.title(curve)}](${world.name}.svg)`,
          `${learningCurve.conclude(curve)} Made by \`crucis world build ${world.name}\`.`,
        ]
      : []),
  ];
  writeFileSync(`docs/worlds/${world.name}.md`, `${page.join("\n\n")}\n`);
}

const longest = Math.max(...overview.flatMap(({ all }) => all.flatMap(({ seconds }) => seconds?.build ?? [])));
const lines = [
  "# The planted worlds",
  "Tiny language models, really pretrained on a corpus with a planted flaw and really trained by reinforcement on a verifiable reward, whose truth is computed exactly. One file each in `src/worlds/`, one page each here. A world is only as good as its training: each promises what shall move and what shall not, and a build that does not keep its promises is refused with the number that says so.",
  table(
    ["world", "quantity", "planted", "intended", ...SEEDS.map((seed) => `seed ${seed}`)],
    overview.flatMap(({ world, all }) =>
      promiseRows(all).map((row, i) => [i === 0 ? `[${world.name}](worlds/${world.name}.md)` : "", ...row]),
    ),
  ),
  `All numbers are exact: sums over the listed accepted strings of each world's study problems. Built by \`node bench/worlds.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), one or two threads each, with other work on the machine; the longest build took ${Math.round(longest)} s. A dash: cut short and taken up again, so not timed.`,
  "## How long it took",
  table(
    ["world", "build, s, seeds 1–3", "truth, s, seeds 1–3"],
    overview.map(({ world, all }) => [
      world.name,
      all.map(({ seconds }) => (seconds === undefined ? "–" : Math.round(seconds.build))).join(", "),
      all.map(({ seconds }) => (seconds === undefined ? "–" : Math.round(seconds.truth))).join(", "),
    ]),
  ),
  "## Two ship with the repository",
  "`steady-hand` and `known-route` with seed 1, in `examples/worlds/`: nothing needs to be trained to use them. The others are built by `crucis world build NAME`.",
];
writeFileSync("docs/worlds.md", `${lines.join("\n\n")}\n`);
