// bench/ · Read: how fast rollouts are read. `node bench/read.ts [rows] [--no-texts]` writes a file of a million rows from a seed, and times five readings.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEvidence } from "../src/importers/read.ts";

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

function write(file: string): void {
  const handle = openSync(file, "w");
  for (let i = 0; i < rows; ) {
    let block = "";
    for (let j = 0; j < 10_000 && i < rows; j++) block += `${row(i++)}\n`;
    writeSync(handle, block);
  }
  closeSync(handle);
}

const folder = mkdtempSync(join(tmpdir(), "crucis-bench-"));
try {
  const file = join(folder, "rollouts.jsonl");
  write(file);
  const { size } = statSync(file);
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { problems } = await readEvidence(file, { policy: "base", keepTexts });
    seconds.push((performance.now() - start) / 1000);
    const read = problems.reduce((sum, { n }) => sum + n, 0);
    if (read !== rows) throw new Error(`${rows} rows were written and ${read} were read`);
  }
  const median = seconds.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  const mebibytes = size / 2 ** 20;
  console.log(
    `${rows} rows, ${mebibytes.toFixed(0)} MiB (${Math.round(size / rows)} bytes a row), texts ${keepTexts ? "kept" : "dropped"}`,
  );
  console.log(
    `median of ${RUNS}: ${median.toFixed(2)} s (${seconds.map((s) => s.toFixed(2)).join(", ")}), ${(mebibytes / median).toFixed(0)} MiB/s`,
  );
  console.log(`largest resident size: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
} finally {
  rmSync(folder, { recursive: true });
}
