// bench/ · Large: 100,000 problems × 2 policies explained, and logs of 2 GB in every format, with time and peak memory.
//
// node bench/large.ts [PROBLEMS] [MEGABYTES] writes bench/results/large.md. About half an hour; 10 GB of disk.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

const table = `# ${problems.toLocaleString("en")} problems × 2 policies explained

Whole command, from counts files to the JSON document, one run each. Made by \`node bench/large.ts\` on
${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| rollouts a problem | seconds | peak memory, GiB |
|---|---|---|
${rows.map(({ n, seconds, gib }) => `| ${n} | ${seconds.toFixed(1)} | ${gib.toFixed(2)} |`).join("\n")}

# Logs of other tools, ${(megabytes / 1000).toFixed(0)} GB each

Bar: 500 MB. One version of the code, one go; every file is read ${RUNS} times each way, all peaks are told and the shorter time. Rows as in
bench/logs.ts, their texts cut from four million characters, 16 rollouts a problem. \`crucis import\` reads a file three times (its hash;
whether all of it can be read; its rows) and writes every row, token ids and log-probabilities included; \`crucis explain\` reads it once, with
what its experiments look at. Each in a process of its own, largest resident size as the kernel counts it, in 10⁶ bytes. \`inspect .eval\` and \`trl\`
are compressed: ${(megabytes / 1000).toFixed(0)} GB is what they hold. The machine was shared: seconds are rough.

${logs}
The whole of \`crucis explain\` with ${(megabytes / 1000).toFixed(0)} GB of rollouts on each side: ${both.seconds.toFixed(0)} s, ${both.peak.toFixed(0)} MB.

What grows with a file is not its texts but its problems, up to 450 bytes each, in \`explain\` also 16 bytes a rollout. So a file may hold half a million
problems (\`MOST_PROBLEMS\`, src/importers/importer.ts) and is refused at the next one, while it is read: 2 GB of bare counts would be 50 million.
`;
writeFileSync(new URL("results/large.md", import.meta.url), table);
console.log(table);
