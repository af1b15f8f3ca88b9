// bench/ · Large: 100,000 problems × 2 policies explained, and logs of 2 GB in every format, with time and peak memory.
//
// node bench/large.ts [PROBLEMS] [MEGABYTES] writes bench/results/large.md. An hour or more; 10 GB of disk.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MOST_PROBLEMS } from "../src/importers/importer.ts";
import { expit } from "../src/maths/logspace.ts";
import { stream } from "../src/maths/random.ts";
import { bothSides, measured } from "./importers.ts";

const problems = Number(process.argv[2] ?? 100_000);
const megabytes = Number(process.argv[3] ?? 2000);
const RUNS = 2;
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "crucis-large-"));

function countsFile(name: string, n: number, tilt: number): string {
  const random = stream(1, "bench/large");
  const scatter = stream(2, `bench/large/${name}`);
  const lines = Array.from({ length: problems }, (_, i) => {
    const z = 0.3 + 2 * random.normal() + tilt + (tilt === 0 ? 0 : 0.8 * scatter.normal());
    return `{"id": "p${i}", "c": ${scatter.binomial(n, expit(z))}, "n": ${n}}\n`;
  });
  const file = join(folder, `${name}-${n}.jsonl`);
  writeFileSync(file, lines.join(""));
  return file;
}

const rows = [16, 64, 128].map((n) => {
  const files = [countsFile("base", n, 0), countsFile("tuned", n, 1.2)];
  const begun = performance.now();
  // /usr/bin/time reports the peak of resident memory in kB on its last line.
  const command = [process.execPath, "src/cli/main.ts", "explain", ...files, "--json"];
  const script = `/usr/bin/env time -f %M "$@" 2>&1 >/dev/null | tail -n 1`;
  const peak = execFileSync("bash", ["-c", script, "bash", ...command], { cwd: root, encoding: "utf8" });
  return { n, seconds: (performance.now() - begun) / 1000, gib: Number(peak) / 1024 ** 2 };
});
rmSync(folder, { recursive: true });

console.log(rows);
const logs = await measured(megabytes * 1e6, [], RUNS);
const both = await bothSides(megabytes * 1e6);

const size = `${(megabytes / 1000).toFixed(0)} GB`;
const table = `# ${problems.toLocaleString("en")} problems × 2 policies explained

Whole command, from counts files to the JSON document, one run each. Made by \`node bench/large.ts\` on
${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| rollouts a problem | seconds | peak memory, GiB |
|---|---|---|
${rows.map(({ n, seconds, gib }) => `| ${n} | ${seconds.toFixed(1)} | ${gib.toFixed(2)} |`).join("\n")}

# Logs of other tools, ${size} each

Bar: 500 MB. One version of the code, one go of this script; every file is made once, read ${RUNS} times each way, and gone before the next is made.
All peaks are told, and the shorter time. Others shared the two cores: seconds are rough; memory is each process's own, its largest resident size as
the kernel counts it, in 10⁶ bytes.

\`crucis import\` reads a file three times (its hash; whether all of it can be read; its rows) and writes every row, token ids and log-probabilities
included. "As explain reads" is the reading of one side by \`crucis explain\`, once, with what its experiments look at; counts have no rollouts to import.
Rows are as in bench/logs.ts, their texts cut from four million characters, mostly 16 rollouts a problem. \`inspect .eval\` and \`trl\` are compressed:
${size} is what they hold. "counts, bare" and "a problem a row" have more problems than a file may, and must be refused with one sentence;
"most problems" has as many as a log may (${MOST_PROBLEMS.toLocaleString("en")} less a thousand), with a question and a reference answer on each of its short rows.

${logs}
The whole of \`crucis explain\` with ${size} of "rollouts" on each side, one run: ${both.seconds.toFixed(0)} s, ${both.peak.toFixed(0)} MB.

What grows with a file is not its texts but its problems, hence their limits (src/importers/importer.ts), and in \`explain\` its rollouts: 16 bytes each,
and about twelve more where short answers are mostly different ones. Answers that are long and all different are kept whole by \`explain\`: such a
file is in no row, and may take more.
`;
writeFileSync(new URL("results/large.md", import.meta.url), table);
console.log(table);
