// bench/ · Importers: how fast each format's own logs are read, and the largest resident size while it is.
//
// node bench/importers.ts [MEGABYTES] writes files of that size (300), reads each in a process of its own, and writes bench/results/importers.md.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, zstdCompressSync } from "node:zlib";

const megabytes = Number(process.argv[2] ?? 300);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "crucis-importers-"));
const SAMPLES = 8;

// Numerical Recipes' linear congruence: the files are the same on every machine.
let state = 20_261_123;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const WORDS = 'so we add the terms then carry one and check 7 + 5 = 12 hence \\n "quoted" ä 数'.split(" ");
const text = (length: number): string => {
  let made = "";
  while (made.length < length) made += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return made;
};

/** An agent's sample: a short answer under a long transcript. */
function sample(i: number): object {
  const answer = text(400);
  const message = { role: "assistant", content: answer };
  return {
    id: `p-${Math.floor(i / SAMPLES)}`,
    epoch: 1 + (i % SAMPLES),
    input: `question ${Math.floor(i / SAMPLES)}`,
    target: "12",
    messages: [{ role: "user", content: "question" }, message],
    output: { choices: [{ message, stop_reason: "stop" }], usage: { output_tokens: 100 } },
    scores: { match: { value: random() < 0.6 ? "C" : "I", answer: "12" } },
    events: Array.from({ length: 10 }, () => ({ event: "model", input: text(700), output: { content: answer } })),
  };
}

const header = { version: 2, status: "success", eval: { task: "made" }, results: { total_samples: 0 } };
const enough = (bytes: number): boolean => bytes >= megabytes * 2 ** 20;

type Write = (bytes: string | Uint8Array) => number;

function inspectJson(write: Write): number {
  let size = write(`${JSON.stringify(header).slice(0, -1)},"samples":[\n`);
  let i = 0;
  for (; !enough(size); i++) size += write(`${i === 0 ? "" : ","}${JSON.stringify(sample(i), null, 2)}`);
  write("]}\n");
  return i;
}

/** The archive is smaller than what it holds, by what zstd saves. */
function inspectEval(write: Write): number {
  const listed: Buffer[] = [];
  let size = 0;
  let count = 0;
  const add = (name: string, content: string): void => {
    const body = zstdCompressSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(93, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(name.length, 22);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(size, 10);
    listed.push(Buffer.from("504b01021400", "hex"), fields, where, Buffer.from(name));
    size += write(Buffer.concat([Buffer.from("504b0304", "hex"), fields, Buffer.from(name), body]));
    count++;
  };
  add("header.json", JSON.stringify(header));
  // 16-bit counts and 32-bit places: larger archives have a 64-bit form, which is not written here.
  while (!enough(size) && count < 65_000) {
    const i = count - 1;
    add(`samples/p-${Math.floor(i / SAMPLES)}_epoch_${1 + (i % SAMPLES)}.json`, JSON.stringify(sample(i), null, 2));
  }
  const end = Buffer.alloc(22);
  end.write("504b0506", 0, "hex");
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(
    listed.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(size, 16);
  for (const part of listed) write(part);
  write(end);
  return count - 1;
}

function lmEval(write: Write): number {
  let size = 0;
  let i = 0;
  for (; !enough(size); i++) {
    const row = {
      doc_id: i,
      doc: { question: text(300), context: text(1500) },
      target: "12",
      arguments: { gen_args_0: { arg_0: `question ${i}`, arg_1: {} } },
      resps: [[text(400)]],
      filtered_resps: ["12"],
      filter: "strict",
      metrics: ["exact_match"],
      exact_match: random() < 0.6 ? 1 : 0,
    };
    size += write(`${JSON.stringify(row)}\n`);
  }
  return i;
}

function rollouts(write: Write): number {
  let size = 0;
  let i = 0;
  for (; !enough(size); i++) {
    const row = {
      problem_id: `p-${Math.floor(i / SAMPLES)}`,
      text: text(400),
      reward: random() < 0.6 ? 1 : 0,
      token_ids: Array.from({ length: 100 }, () => Math.floor(random() * 150_000)),
      logprobs: Array.from({ length: 100 }, () => Math.log(random() + 1e-9)),
    };
    size += write(`${JSON.stringify(row)}\n`);
  }
  return i;
}

// A process takes over the peak of the one that started it; the peak of its own memory stands in /proc.
const READ = `
import { readFileSync } from "node:fs";
import { readEvidence } from "./src/importers/read.ts";
const start = performance.now();
let seen = 0;
const { problems } = await readEvidence(process.argv[1], { policy: "base", keepTexts: false, onRollout: () => void seen++ });
const kept = problems.reduce((sum, { n }) => sum + n, 0);
console.log(JSON.stringify([(performance.now() - start) / 1000, Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024, seen, kept]));
`;

const rows: string[] = [];
try {
  for (const [name, make] of Object.entries({
    "inspect .json": inspectJson,
    "inspect .eval": inspectEval,
    "lm-eval": lmEval,
    rollouts,
  })) {
    const file = join(folder, "log");
    const handle = openSync(file, "w");
    const written = make((bytes) => writeSync(handle, bytes as string));
    closeSync(handle);
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", READ, file], {
      cwd: root,
      encoding: "utf8",
    });
    const [seconds, peak, seen, kept] = JSON.parse(said) as [number, number, number, number];
    if (seen !== written || kept !== written)
      throw new Error(`${name}: ${written} written, ${seen} handed on, ${kept} kept`);
    const size = statSync(file).size / 2 ** 20;
    rows.push(
      `| ${name} | ${size.toFixed(0)} | ${written.toLocaleString("en")} | ${seconds.toFixed(1)} | ${Math.round(size / seconds)} | ${Math.round(peak)} |`,
    );
    console.log(rows.at(-1));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const table = `# Logs of other tools, read

Texts not kept, every rollout handed on. Made by \`node bench/importers.ts ${megabytes}\` on ${new Date().toISOString().slice(0, 10)},
${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}. Each file is read in a process of its own.

| format | MiB | rollouts | s | MiB/s | largest resident size, MiB |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
writeFileSync(new URL("results/importers.md", import.meta.url), table);
console.log(table);
