// bench/ · Logs: made logs of other tools, as large as asked for, the same on every machine.
import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { crc32, zstdCompressSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { MOST_PROBLEMS } from "../src/importers/importer.ts";

/** Rollouts of a problem. */
const SAMPLES = 16;

// Numerical Recipes' linear congruence: the files are the same on every machine.
let state = 20_261_123;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const below = (n: number): number => Math.floor(random() * n);
const WORDS = 'so we add the terms then carry one and check 7 + 5 = 12 hence \\n "quoted" ä 数'.split(" ");
let pool = "";
/** A piece of four million characters, most of them seen in no other row. */
function text(length: number): string {
  while (pool.length < 4 << 20) pool += `${WORDS[below(WORDS.length)]} `;
  const from = below(pool.length - length);
  return pool.slice(from, from + length);
}

const problemOf = (i: number): number => Math.floor(i / SAMPLES);
const right = (): boolean => random() < 0.6;
const question = (problem: number): string => `question ${problem}: ${"which terms are to be added here? ".repeat(6)}`;
const answer = (): string => `${text(1200)} The answer is \\boxed{${below(100)}}.`;
const ids = (count: number): number[] => Array.from({ length: count }, () => below(150_000));
const logs = (count: number): number[] => Array.from({ length: count }, () => Math.log(random() + 1e-9));

/** An agent's sample: a short answer under a long transcript. */
function sample(i: number): object {
  const message = { role: "assistant", content: answer() };
  return {
    id: `p-${problemOf(i)}`,
    epoch: 1 + (i % SAMPLES),
    input: question(problemOf(i)),
    target: "12",
    messages: [{ role: "user", content: "question" }, message],
    output: { choices: [{ message, stop_reason: "stop" }], usage: { output_tokens: 100 + below(900) } },
    scores: { match: { value: right() ? "C" : "I", answer: "12" } },
    events: Array.from({ length: 20 }, () => ({ event: "model", input: text(1400) })),
  };
}

const HEADER = { version: 2, status: "success", eval: { task: "made" }, results: { total_samples: 0 } };

type Write = (bytes: string | Uint8Array) => number;
/** Writes until there are so many bytes, and says how many rollouts they hold. */
type Make = (write: Write, bytes: number) => number;

const lines =
  (row: (i: number) => object, rolloutsIn: (rows: number) => number = (rows) => rows): Make =>
  (write, bytes) => {
    let i = 0;
    for (let size = 0; size < bytes; i++) size += write(`${JSON.stringify(row(i))}\n`);
    return rolloutsIn(i);
  };

const inspectJson: Make = (write, bytes) => {
  let size = write(`${JSON.stringify(HEADER).slice(0, -1)},"samples":[\n`);
  let i = 0;
  for (; size < bytes; i++) size += write(`${i === 0 ? "" : ","}${JSON.stringify(sample(i), null, 2)}`);
  write("]}\n");
  return i;
};

/** So many bytes are in the archive, inflated; it is smaller, by what zstd saves. Its directory has the 64-bit form of large archives. */
const inspectEval: Make = (write, bytes) => {
  const listed: Buffer[] = [];
  let size = 0;
  let inflated = 0;
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
    listed.push(Buffer.concat([Buffer.from("504b01021400", "hex"), fields, where, Buffer.from(name)]));
    inflated += Buffer.byteLength(content);
    size += write(Buffer.concat([Buffer.from("504b0304", "hex"), fields, Buffer.from(name), body]));
  };
  add("header.json", JSON.stringify(HEADER));
  for (let i = 0; inflated < bytes; i++)
    add(`samples/p-${problemOf(i)}_epoch_${1 + (i % SAMPLES)}.json`, JSON.stringify(sample(i), null, 2));
  const directory = listed.reduce((sum, { length }) => sum + length, 0);
  const end64 = Buffer.alloc(56);
  end64.write("504b0606", 0, "hex");
  end64.writeBigUInt64LE(44n, 4);
  for (const [at, value] of [
    [24, listed.length],
    [32, listed.length],
    [40, directory],
    [48, size],
  ] as const)
    end64.writeBigUInt64LE(BigInt(value), at);
  const locator = Buffer.alloc(20);
  locator.write("504b0607", 0, "hex");
  locator.writeBigUInt64LE(BigInt(size + directory), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.write("504b050600000000", 0, "hex");
  end.writeUInt16LE(0, 20);
  for (const part of [...listed, end64, locator, end]) write(part);
  return listed.length - 1;
};

/** A document stands there once for each of two filters. */
const lmEval = lines(
  (i) => ({
    doc_id: i >> 1,
    doc: { question: text(300), context: text(1500) },
    target: `#### ${below(100)}`,
    arguments: { gen_args_0: { arg_0: `${text(1500)} question ${i >> 1}`, arg_1: {} } },
    resps: [[answer()]],
    filtered_resps: ["12"],
    filter: i % 2 === 0 ? "strict" : "flexible",
    metrics: ["exact_match"],
    exact_match: right() ? 1 : 0,
  }),
  (rows) => Math.ceil(rows / 2),
);

const reasoningGym: Make = (write, bytes) => {
  let size = write('{"metadata":{},"categories":[{"name":"sums","datasets":[{"name":"sums","results":[');
  let i = 0;
  for (; size < bytes; i++) {
    const completions = Array.from({ length: SAMPLES }, () => {
      return { model_answer: `${below(100)}`, full_model_response: answer(), score: right() ? 1 : 0.01 };
    });
    const result = { question: question(i), expected_answer: "12", metadata: { made: text(300) }, completions };
    size += write(`${i === 0 ? "" : ","}${JSON.stringify(result)}`);
  }
  write("]}]}]}\n");
  return i * SAMPLES;
};

/** So many bytes of rows, made a table in groups of 20,000. */
async function toParquet(file: string): Promise<void> {
  const duck = await DuckDBInstance.create(":memory:", { memory_limit: "1GB" });
  const connection = await duck.connect();
  await connection.run(
    `COPY (SELECT step, prompt, completion, correct::DOUBLE AS correct FROM read_json('${file}', format = 'newline_delimited')) ` +
      `TO '${file}.table' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 20000)`,
  );
  connection.closeSync();
  duck.closeSync();
  renameSync(`${file}.table`, file);
}

export interface Log {
  readonly name: string;
  readonly make: Make;
  /** Which of several scores counts. */
  readonly scorer?: string;
  /** Counts are read by `crucis explain` alone: there are no rollouts to import. */
  readonly counts?: true;
  /** It has more problems than a file may have: the code of the refusal. */
  readonly refused?: string;
  /** Makes of the rows what the tool writes. */
  readonly finish?: (file: string) => Promise<void>;
}

const TOO_MANY = "too-many-problems";
const MOST = MOST_PROBLEMS - 1000;
const SOLUTION = "and so the sum is carried over to the next place. ".repeat(40);

export const LOGS: readonly Log[] = [
  {
    name: "counts, with texts",
    make: lines((i) => ({ id: `p-${i}`, c: below(65), n: 64, problem: question(i), solution: SOLUTION })),
    counts: true,
  },
  {
    name: "counts, bare",
    make: lines((i) => ({ id: `p-${i}`, c: below(65), n: 64 })),
    counts: true,
    refused: TOO_MANY,
  },
  {
    // Ids and sources long enough to be parts of the text that they were cut from, for V8.
    name: "counts-csv",
    make: (write, bytes) => {
      let size = write("id,c,n,source,solution\n");
      let i = 0;
      for (; size < bytes; i++)
        size += write(`a-problem-of-many-${i},${below(65)},64,a-source-of-problems,"${SOLUTION}"\n`);
      return i;
    },
    counts: true,
  },
  {
    name: "a problem a row",
    make: lines((i) => ({ id: `p-${i}`, text: text(100), correct: right() })),
    refused: TOO_MANY,
  },
  {
    // Nearly as many as there may be, as many rows as go into the file, each with its question and its reference answer.
    name: "most problems",
    make: lines((i) => ({
      problem_id: `made-${i % MOST}`,
      prompt: `What is the sum of ${i % MOST} and of seven times that, if each of the terms is first doubled and then given to whoever asked?`,
      gold: `${16 * (i % MOST)}`,
      text: `\\boxed{${below(1e6)}}`,
      reward: right() ? 1 : 0,
      num_tokens: 100 + below(2000),
    })),
  },
  {
    name: "rollouts",
    make: lines((i) => ({
      problem_id: `p-${problemOf(i)}`,
      answer: "12",
      text: answer(),
      reward: right() ? 1 : 0,
      num_tokens: 100,
      token_ids: ids(100),
      logprobs: logs(100),
    })),
  },
  {
    name: "rollouts, short",
    // 24 of a problem: with 16 there would be more problems than a log may have.
    make: lines((i) => ({
      problem_id: `p-${Math.floor(i / 24)}`,
      text: `${text(200)} \\boxed{${below(100)}}`,
      reward: right() ? 1 : 0,
      num_tokens: 100 + below(2000),
      finish_reason: "stop",
    })),
  },
  { name: "lm-eval", make: lmEval, scorer: "strict" },
  {
    name: "verifiers",
    make: lines((i) => ({
      example_id: problemOf(i),
      prompt: [{ role: "user", content: question(problemOf(i)) }],
      completion: [{ role: "assistant", content: answer() }],
      task: "sums",
      answer: "12",
      reward: right() ? 1 : 0,
      error: null,
      timing: { generation_ms: 9.5 },
      is_completed: true,
      is_truncated: false,
      metrics: { correct: 1 },
      token_usage: { input_tokens: 5, output_tokens: 100 + below(900) },
    })),
  },
  {
    name: "traces",
    make: lines((i) => ({
      id: "e",
      env: { id: "sums", name: "sums" },
      task: { key: `${problemOf(i)}`, hash: "h", data: { prompt: question(problemOf(i)), answer: "12" } },
      run: { type: "eval", id: "r" },
      ok: true,
      errors: [],
      traces: [
        {
          agent: { name: "solver", trainable: true },
          nodes: [
            { message: { role: "user", content: "q" }, sampled: false, token_ids: [1, 2], mask: [false, false] },
            {
              message: { role: "assistant", content: answer() },
              sampled: true,
              token_ids: ids(300),
              mask: ids(300).map(() => true),
              logprobs: logs(300),
            },
          ],
          calls: [{ node: 1, finish_reason: "stop", usage: { completion_tokens: 300 } }],
          rewards: { correct: { score: right() ? 1 : 0, weight: 1 } },
          ok: true,
          errors: [],
        },
      ],
    })),
  },
  {
    name: "verl",
    make: lines((i) => ({
      input: question(problemOf(i)),
      output: answer(),
      gts: "12",
      score: right() ? 1 : 0,
      step: 120,
      reward: 1,
      pred: `${below(100)}`,
    })),
  },
  {
    name: "open-instruct",
    make: lines((i) => ({
      step: 1,
      prompt_idx: 0,
      prompt_tokens: [...ids(100).map((_, k) => k), problemOf(i)],
      response_tokens: ids(300),
      reward: right() ? 10 : 0,
      finish_reason: "stop",
      dataset: "sums",
      logprobs: logs(300),
    })),
  },
  {
    name: "openai-batch",
    make: lines((i) => ({
      id: `batch-${i}`,
      custom_id: `t${problemOf(i)}-s${i % SAMPLES}`,
      response: {
        status_code: 200,
        body: {
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: answer() },
              logprobs: {
                content: logs(50).map((logprob) => ({ token: "x", logprob, bytes: [51], top_logprobs: [] })),
              },
              finish_reason: "stop",
            },
          ],
          usage: { prompt_tokens: 5, completion_tokens: 50 },
        },
      },
      error: null,
      correct: right(),
    })),
  },
  { name: "inspect .json", make: inspectJson },
  { name: "inspect .eval", make: inspectEval },
  { name: "reasoning-gym", make: reasoningGym },
  {
    name: "trl",
    make: lines((i) => ({ step: 7, prompt: question(problemOf(i)), completion: answer(), correct: +right() })),
    finish: toParquet,
  },
];

/** @returns how many rollouts are in it */
export async function writeLog({ make, finish }: Log, file: string, bytes: number): Promise<number> {
  const handle = openSync(file, "w");
  let waiting: Uint8Array[] = [];
  let size = 0;
  const flush = (): void => {
    for (let all = Buffer.concat(waiting); all.length > 0; ) all = all.subarray(writeSync(handle, all));
    waiting = [];
    size = 0;
  };
  const written = make((piece) => {
    const part = typeof piece === "string" ? Buffer.from(piece) : piece;
    waiting.push(part);
    size += part.length;
    if (size > 1 << 20) flush();
    return part.length;
  }, bytes);
  flush();
  closeSync(handle);
  await finish?.(file);
  return written;
}
