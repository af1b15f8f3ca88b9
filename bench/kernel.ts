// bench/ · Kernel: how often the comparison chooses the shape that made the data, and says "none" when none did.
//
// node bench/kernel.ts SEEDS [SHARD/SHARDS] [N…] appends one JSON line a study to bench/results/kernel.jsonl (kept out of git);
// node bench/kernel.ts --table turns them into bench/results/kernel.md.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { compareKernels } from "../src/maths/kernel-comparison.ts";
import { stream } from "../src/maths/random.ts";
import { isAdequate } from "../src/experiments/kernel-findings.ts";
import { LIMITS } from "../src/terms/limits.ts";
import { LOST, NONE, SCATTER, simulate, TRUTH } from "./simulate.ts";

const PROBLEMS = 500;
const FILE = new URL("results/kernel.jsonl", import.meta.url);
const TABLE = new URL("results/kernel.md", import.meta.url);

interface Row {
  truth: string;
  n: number;
  seed: number;
  chosen: string;
  /** Nats over all problems to the best blend with the free kernel, and their standard error. */
  distance: number;
  se: number;
  seconds: number;
}

function rows(): Row[] {
  if (!existsSync(FILE)) return [];
  return readFileSync(FILE, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

function run(seeds: number, shard: number, shards: number, depths: readonly number[]): void {
  const known = new Set(rows().map(({ truth, n, seed }) => `${truth}/${n}/${seed}`));
  let at = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    for (const n of depths) {
      for (const truth of [...Object.keys(TRUTH), NONE]) {
        if (at++ % shards !== shard || known.has(`${truth}/${n}/${seed}`)) continue;
        const begun = performance.now();
        const { chosen } = compareKernels(simulate(truth, PROBLEMS, n, seed), { stream: stream(seed, "bench/kernel") });
        const row: Row = {
          truth,
          n,
          seed,
          chosen: chosen.shape.name,
          distance: chosen.distance.value,
          se: chosen.distance.se,
          seconds: (performance.now() - begun) / 1000,
        };
        appendFileSync(FILE, `${JSON.stringify(row)}\n`);
      }
    }
  }
}

function table(): void {
  const all = rows();
  const depths = [...new Set(all.map(({ n }) => n))].sort((a, b) => a - b);
  const of = (truth: string, n: number): Row[] => all.filter((row) => row.truth === truth && row.n === n);
  const adequate = ({ distance, se }: Row): boolean => isAdequate({ value: distance, se }, PROBLEMS);
  const share = (list: readonly Row[], good: (row: Row) => boolean): string =>
    `${list.filter(good).length} / ${list.length}`;
  const cell = (truth: string, n: number): string => {
    const list = of(truth, n);
    if (list.length === 0) return "–";
    if (truth === NONE) return `${share(list, (row) => !adequate(row))} "none fits"`;
    return `${share(list, ({ chosen }) => chosen === truth)} right, ${share(list, adequate)} adequate`;
  };
  const wrong = all.filter(({ truth, chosen }) => truth !== NONE && truth !== chosen);
  const counted = new Map<string, number>();
  for (const { truth, n, chosen } of wrong)
    counted.set(`${truth}, n = ${n}: ${chosen}`, (counted.get(`${truth}, n = ${n}: ${chosen}`) ?? 0) + 1);
  const extreme = (pick: (...values: number[]) => number, of_: (row: Row) => boolean): string =>
    depths
      .map((n) => pick(...all.filter((row) => row.n === n && of_(row)).map(({ distance }) => distance)).toFixed(1))
      .join(", ");
  const median = all.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
  writeFileSync(
    TABLE,
    `# Which shape made the data?

Studies of ${PROBLEMS} simulated problems, z0 ~ N(0.3, 2²), scatter ${SCATTER} logits, ${100 * LOST} % lost, one seed a study. Chosen is the
simplest shape within one standard error, or 4 nats, of the best held-out score (10 folds); "none fits" means that a blend with
the free kernel certainly adds more than ${LIMITS.adequateNats} nats a problem and ${LIMITS.noiseNats} in all (src/terms/limits.ts).
\`none\`: half of the problems + 3 logits, half − 1.
Made by \`node bench/kernel.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}; median ${median.toFixed(1)} s a study on one core.

| truth | parameters | ${depths.map((n) => `n = ${n}`).join(" | ")} |
|---|---|${depths.map(() => "---").join("|")}|
${[...Object.keys(TRUTH), NONE].map((truth) => `| ${truth} | ${(TRUTH[truth] ?? []).join(", ") || "–"} | ${depths.map((n) => cell(truth, n)).join(" | ")} |`).join("\n")}

Nats that the best blend adds, by n (${depths.join(", ")}): at most ${extreme(Math.max, ({ truth }) => truth !== NONE)} on data from a
listed shape, at least ${extreme(Math.min, ({ truth }) => truth === NONE)} on data from none.

Wrong choices:
${[...counted].map(([what, times]) => `- ${what}, ${times} times`).join("\n") || "- none"}
`,
  );
}

if (process.argv[2] === "--table") table();
else {
  const [shard = 0, shards = 1] = (process.argv[3] ?? "0/1").split("/").map(Number);
  run(
    Number(process.argv[2] ?? 100),
    shard,
    shards,
    process.argv.length > 4 ? process.argv.slice(4).map(Number) : [64, 16, 256],
  );
}
