// bench/ · NPMLE: the free joint law of the DeepScaleR counts, this library against plain EM written with numpy.
//
// node bench/npmle.ts [REPEATS] writes bench/results/npmle.md. Needs python3 with numpy (Debian: python3-numpy).
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { jointNpmle } from "../src/maths/joint-npmle.ts";
import { deepscalerCells } from "../test/support/deepscaler.ts";
import { median } from "./median.ts";

const ITERATIONS = 4000;
const repeats = Number(process.argv[2] ?? 5);
const example = (name: string): string =>
  fileURLToPath(new URL(`../examples/deepscaler/${name}.jsonl`, import.meta.url));

interface Run {
  seconds: number;
  logLikelihood: number;
}

function numpy(how: "dense" | "separable", times: number): Run[] {
  const script = fileURLToPath(new URL("npmle.py", import.meta.url));
  const args = [script, example("base"), example("rl"), String(ITERATIONS), String(times), how];
  return execFileSync("/usr/bin/python3", args, {
    encoding: "utf8",
    env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
  })
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Run);
}

function ours(): Run {
  const cells = deepscalerCells();
  const begun = performance.now();
  const { logLikelihood } = jointNpmle(cells, { points: 80, tolerance: 0.01 });
  return { seconds: (performance.now() - begun) / 1000, logLikelihood };
}

const rows = [
  { name: "crucis, constrained Newton", runs: Array.from({ length: repeats }, ours) },
  { name: `numpy, plain EM, factorised likelihood, ${ITERATIONS} iterations`, runs: numpy("separable", repeats) },
  { name: `numpy, plain EM, dense likelihood, ${ITERATIONS} iterations`, runs: numpy("dense", repeats) },
].map(({ name, runs }) => ({
  name,
  seconds: median(runs.map((run) => run.seconds)),
  logLikelihood: runs[0]!.logLikelihood,
}));
const [first] = rows as [(typeof rows)[0]];

writeFileSync(
  new URL("results/npmle.md", import.meta.url),
  `# The free joint law: time to its optimum

1,060 problems × 128 rollouts a side (DeepScaleR), 82 × 82 grid, medians of ${repeats} runs, one thread each, in one process group.
Made by \`node bench/npmle.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| method | log likelihood reached | seconds | times ours |
|---|---|---|---|
${rows.map(({ name, seconds, logLikelihood }) => `| ${name} | ${logLikelihood.toFixed(2)} | ${seconds.toFixed(2)} | ${(seconds / first.seconds).toFixed(1)} |`).join("\n")}
`,
);
console.log(rows);
