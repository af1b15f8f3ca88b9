// bench/ · Truth: do sampled rollouts come out as the exact truth says? Success by number of steps, values of prefixes, a rare one.
//
// node bench/truth.ts CACHE [ROLLOUTS [WORLD …]] writes bench/results/truth.md, cell by cell.
import { writeFileSync } from "node:fs";
import { clopperPearson } from "../src/maths/intervals.ts";
import { stream } from "../src/maths/random.ts";
import type { Problem } from "../src/terms/problem.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld, type OpenWorld } from "../src/worlds/open.ts";
import { loadCheckpoint } from "../src/worlds/files/checkpoint.ts";
import { probability } from "../src/worlds/measures.ts";
import { Crew } from "../src/worlds/transformer/crew.ts";
import { tableOf, valueAt, type TruthTable } from "../src/worlds/truth-table.ts";
import { decode, encode, END_TOKEN } from "../src/worlds/vocabulary.ts";

const [cache, count = "200000", ...names] = process.argv.slice(2);
if (cache === undefined) throw new Error("name the folder of the worlds");
const rollouts = Number(count);
/** Heavy slips: among its long problems there is one that the base solves about once in a thousand. */
const RARE = "plain-tilt";
const worlds = names.length === 0 ? ["steady-hand", "known-route", "mixed", RARE] : names;
const SEED = 1;
const CHUNK = 2048;
const PREFIXES = 10;
const PREFIX_ROLLOUTS = 20_000;

interface Asked {
  readonly problem: Problem;
  readonly prefix: string;
}

/** How many of `total` rollouts, spread evenly over what is asked, are right. */
function sampled(crew: Crew, open: OpenWorld, asked: readonly Asked[], total: number, name: string): number {
  const { task, grading, maxTokens } = open.world;
  const { context } = crew.shape;
  const prompts = asked.map(({ problem, prefix }) => encode(problem.prompt + prefix));
  const seeds = stream(SEED, `bench/truth/${name}`);
  let right = 0;
  for (let done = 0; done < total; done += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, total - done) }, (_, i) => (done + i) % asked.length);
    // What a prefix has used up of the tokens is gone.
    const prefix = asked[0]!.prefix.length;
    const sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: maxTokens - prefix, stop: [] };
    const { tokens, lengths } = crew.sample(
      rows.map((which) => prompts[which]!),
      rows.map(() => seeds.uint32()),
      sampler,
    );
    rows.forEach((which, row) => {
      const { problem } = asked[which]!;
      const answer = decode(tokens.subarray(row * context + problem.prompt.length, row * context + lengths[row]!));
      if (task.verify(problem.prompt, answer, grading).kind === "right") right++;
    });
  }
  return right;
}

interface Line {
  readonly what: string;
  readonly exact: number;
  readonly right: number;
  readonly drawn: number;
  /** Sampled minus exact over its standard error. */
  readonly z: number;
  readonly note: string;
}

const lines: { readonly world: string; readonly policy: string; readonly line: Line }[] = [];

for (const name of worlds) {
  const open = openWorld(worldNamed(name), { seed: SEED, cache });
  const { world } = open;
  // What plain-tilt makes of its base is not in any weights.
  const ends = name === RARE ? [open.policies[0]!] : [open.policies[0]!, open.policies.at(-1)!];
  const tables: TruthTable[] = [];
  for (const steps of [1, 2, 3, 4, 5, 6])
    for (const problem of world.task.problems({ seed: world.study.seed, steps, count: world.study.count }))
      tables.push(await tableOf(world, problem, ends));
  for (const [policy, { name: policyName }] of ends.entries()) {
    const crew = new Crew(world.shape, 2, CHUNK, END_TOKEN);
    crew.setWeights(loadCheckpoint(open.folder, policyName).weights);
    const value = (table: TruthTable, prefix: string) => probability(valueAt(table, policy, prefix));
    const tell = (what: string, asked: readonly Asked[], exact: readonly number[], drawn: number, note = ""): void => {
      const right = sampled(crew, open, asked, drawn, `${name}/${policyName}/${what}`);
      const mean = exact.reduce((sum, p) => sum + p, 0) / exact.length;
      // Each prompt is drawn equally often, so their differences add nothing to the variance.
      const variance = exact.reduce((sum, p) => sum + p * (1 - p), 0) / exact.length / drawn;
      const { low, high } = clopperPearson(right, drawn, 0.95);
      const inside = low <= mean && mean <= high ? "in" : "outside";
      const line = { what, exact: mean, right, drawn, z: (right / drawn - mean) / Math.sqrt(variance), note };
      lines.push({ world: name, policy: policyName, line: { ...line, note: note === "" ? "" : `${note} ${inside}` } });
      console.log(
        name,
        policyName,
        what,
        mean.toPrecision(5),
        (right / drawn).toPrecision(5),
        `z ${line.z.toFixed(2)}`,
      );
      writeTable();
    };
    for (const steps of name === RARE ? [] : [1, 2, 3, 4, 5, 6]) {
      const own = tables.filter(({ problem }) => problem.steps === steps);
      tell(
        `L = ${steps}`,
        own.map(({ problem }) => ({ problem, prefix: "" })),
        own.map((table) => value(table, "")),
        rollouts,
      );
    }
    const random = stream(SEED, "bench/truth/prefixes");
    for (let i = 0; i < (name === RARE ? 0 : PREFIXES); i++) {
      const table = tables[random.integer(tables.length)]!;
      const text = table.rows[random.integer(table.rows.length)]!.accepted.text;
      const prefix = text.slice(0, 1 + random.integer(text.length - 1));
      const asked = [{ problem: table.problem, prefix }];
      tell(`V(${table.problem.prompt} ${prefix})`, asked, [value(table, prefix)], PREFIX_ROLLOUTS);
    }
    if (name === RARE && policy === 0) {
      const many = world.task.problems({ seed: SEED, steps: 6, count: 3000 });
      const rare: TruthTable[] = [];
      for (const problem of many) rare.push(await tableOf(world, problem, ends));
      const near = (table: TruthTable) => Math.abs(Math.log(value(table, "") / 1e-3));
      const [table] = rare.toSorted((a, b) => near(a) - near(b));
      const asked = [{ problem: table!.problem, prefix: "" }];
      tell(`rare: ${table!.problem.prompt}`, asked, [value(table!, "")], rollouts, "Clopper–Pearson 95 %:");
    }
    await crew.close();
  }
}

function writeTable(): void {
  const worst = Math.max(...lines.map(({ line }) => Math.abs(line.z)));
  const page = [
    "# Sampled rollouts against the exact truth",
    "",
    `Seed ${SEED}; rollouts spread evenly over the study problems of each number of steps; prefixes are beginnings of accepted answers. z is sampled minus exact over its standard error; the largest of ${lines.length} is ${worst.toFixed(2)}. Made by \`node bench/truth.ts\` on ${new Date().toISOString().slice(0, 10)}.`,
    "",
    "| world | policy | what | exact | sampled | rollouts | z | |",
    "|---|---|---|---|---|---|---|---|",
    ...lines.map(
      ({ world, policy, line }) =>
        `| ${world} | ${policy} | \`${line.what}\` | ${line.exact.toPrecision(6)} | ${(line.right / line.drawn).toPrecision(6)} | ${line.drawn} | ${line.z.toFixed(2)} | ${line.note} |`,
    ),
  ];
  writeFileSync("bench/results/truth.md", `${page.join("\n")}\n`);
}
