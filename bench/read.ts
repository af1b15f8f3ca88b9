// bench/ · Read: how fast rollouts are read and paired, a million rows in two files.
//
// node bench/read.ts [ROWS] [--no-texts] times five readings and writes bench/results/read.md.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { readEvidence } from "../src/importers/read.ts";
import { matchProblems } from "../src/study/pair.ts";
import { median } from "./median.ts";

const ROLLOUTS_PER_PROBLEM = 128;
const RUNS = 5;
const rows = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 1_000_000);
const keepTexts = !process.argv.includes("--no-texts");

// Numerical Recipes' linear congruence: the file is the same on every machine.
let state = 20_260_901;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const WORDS = [
  "so",
  "we",
  "add",
  "the",
  "terms",
  "then",
  "carry",
  "one",
  "and",
  "check:",
  "7",
  "+",
  "5",
  "=",
  "12",
  "hence",
];

function row(i: number): string {
  let text = "";
  while (text.length < 125) text += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return JSON.stringify({
    problem_id: `p-${Math.floor(i / ROLLOUTS_PER_PROBLEM)}`,
    text,
    reward: random() < 0.6 ? 1 : 0,
    finish_reason: random() < 0.05 ? "length" : "stop",
    num_tokens: Math.floor(random() * 2048),
    source: "made",
  });
}

function write(file: string, count: number): void {
  const handle = openSync(file, "w");
  for (let i = 0; i < count; ) {
    let block = "";
    for (let j = 0; j < 10_000 && i < count; j++) block += `${row(i++)}\n`;
    writeSync(handle, block);
  }
  closeSync(handle);
}

const folder = mkdtempSync(join(tmpdir(), "crucis-bench-"));
try {
  const files = ["base", "tuned"].map((policy) => ({ policy, file: join(folder, `${policy}.jsonl`) }));
  for (const { file } of files) write(file, rows / 2);
  const size = files.reduce((sum, { file }) => sum + statSync(file).size, 0);
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const policies = [];
    for (const { policy, file } of files) policies.push(await readEvidence(file, { policy, keepTexts }));
    const matched = matchProblems(policies);
    seconds.push((performance.now() - start) / 1000);
    const read = matched.rows.flat().reduce((sum, { n }) => sum + n, 0);
    if (read !== rows) throw new Error(`${rows} rows were written and ${read} were read and paired`);
  }
  const table = `# Reading and pairing rollouts

${rows.toLocaleString("en")} rows in two files, ${(size / 2 ** 20).toFixed(0)} MiB (${Math.round(size / rows)} bytes a row), texts ${keepTexts ? "kept" : "dropped"}.
Made by \`node bench/read.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| median of ${RUNS}, s | all runs, s | largest resident size, MiB |
|---|---|---|
| ${median(seconds).toFixed(2)} | ${seconds.map((s) => s.toFixed(2)).join(", ")} | ${Math.round(process.resourceUsage().maxRSS / 1024)} |
`;
  writeFileSync(new URL("results/read.md", import.meta.url), table);
  console.log(table);
} finally {
  rmSync(folder, { recursive: true });
}
