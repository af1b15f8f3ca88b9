// bench/ · Drive: how fast `crucis run` asks a server, verifies and keeps its answers; and what workers at one queue bring.
//
// node bench/drive.ts writes bench/results/drive.md. Runner, workers and server are processes of their own; with taskset, the server has
// one core to itself and everything else the other in the first table. PostgreSQL is started and removed again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { throwAwayPostgres } from "../tools/postgres.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(ROOT, "src/cli/main.ts");
const PROBLEMS = 100;

function pinned(core: number | undefined, args: readonly string[]): ChildProcess {
  const [command, ...rest] =
    core === undefined ? [process.execPath, ...args] : ["taskset", "-c", `${core}`, process.execPath, ...args];
  return spawn(command!, rest, { stdio: ["ignore", "pipe", "inherit"] });
}

async function serve(
  tokens: number,
  delay: number,
  core: number | undefined,
): Promise<{ url: string; end: () => void }> {
  const child = pinned(core, [join(ROOT, "bench/instant-server.ts"), `${tokens}`, `${delay}`]);
  const [port] = (await once(createInterface(child.stdout!), "line")) as [string];
  return { url: `http://127.0.0.1:${port}`, end: () => void child.kill() };
}

function folderOf(url: string, inFlight: number, rollouts: number): string {
  const folder = mkdtempSync(join(tmpdir(), "crucis-drive-"));
  const policy = (name: string): string =>
    `  - { name: ${name}, engine: vllm, url: "${url}", model: m, maxInFlight: ${inFlight} }`;
  const study = [
    "title: How fast is it asked?",
    "policies:",
    policy("base"),
    policy("tuned"),
    "sampler: { temperature: 1, topP: 1, maxTokens: 2048 }",
    "tasks: [ { questions: questions.jsonl, answerIn: last-number } ]",
    `rollouts: ${rollouts / PROBLEMS / 2}`,
    "chunk: 16",
    "experiments: []",
  ];
  const question = (i: number): string =>
    JSON.stringify({ id: `q${i}`, prompt: `What is ${i} - ${i} + 7?`, answer: "7" });
  writeFileSync(join(folder, "study.yaml"), study.join("\n"));
  writeFileSync(join(folder, "questions.jsonl"), Array.from({ length: PROBLEMS }, (_, i) => question(i)).join("\n"));
  return folder;
}

interface Driven {
  /** From the first question asked to the last answer kept. */
  readonly seconds: number;
  readonly kept: number;
}

async function drive(folder: string, extra: readonly string[], core: number | undefined): Promise<Driven> {
  const child = pinned(core, [CLI, "run", folder, "--json", ...extra]);
  let began: number | undefined;
  let ended = 0;
  let kept = 0;
  for await (const line of createInterface(child.stdout!)) {
    const event = JSON.parse(line) as { kind: string; asks?: number };
    if (event.kind === "stage") began ??= performance.now();
    if (event.kind !== "kept") continue;
    kept += event.asks!;
    ended = performance.now();
  }
  if (began === undefined || kept === 0) throw new Error("crucis run kept nothing");
  return { seconds: (ended - began) / 1000, kept };
}

const rows: string[] = [];
const note = (row: string): void => void (rows.push(row), process.stderr.write(`${row}\n`));
const big = (x: number): string => Math.round(x).toLocaleString("en-US");
const load = loadavg()[0]!.toFixed(1);

for (const tokens of [20, 200]) {
  const rollouts = tokens === 20 ? 40_000 : 20_000;
  const server = await serve(tokens, 0, 1);
  const folder = folderOf(server.url, 1000, rollouts);
  const { seconds, kept } = await drive(folder, [], 0);
  note(`| ${tokens} | ${big(kept)} | ${seconds.toFixed(1)} | ${big(kept / seconds)} |`);
  server.end();
  rmSync(folder, { recursive: true });
}
const driven = rows.splice(0);

const postgres = await throwAwayPostgres();
let one = 0;
for (const workers of [1, 2, 3]) {
  const server = await serve(200, 100, undefined);
  const folder = folderOf(server.url, 32, 6400 * workers);
  const crew = Array.from({ length: workers }, () => pinned(undefined, [CLI, "worker", "--queue", postgres.url]));
  const { seconds, kept } = await drive(folder, ["--queue", postgres.url], undefined);
  await Promise.all(crew.map((child) => child.exitCode ?? once(child, "close")));
  one ||= kept / seconds;
  note(
    `| ${workers} | ${big(kept)} | ${seconds.toFixed(1)} | ${big(kept / seconds)} | ${(kept / seconds / one).toFixed(2)} |`,
  );
  server.end();
  rmSync(folder, { recursive: true });
}
await postgres.remove();

const day = new Date().toISOString().slice(0, 10);
const table = [
  "# Driving a server",
  "",
  `\`crucis run\` against a server that speaks vLLM's dialect (bench/instant-server.ts); every answer is read, verified, and kept in the store and the notebook.`,
  `Made by \`node bench/drive.ts\` on ${day}, ${cpus().length} cores of ${cpus()[0]!.model.trim()}, Node ${process.versions.node}; load average at the start ${load}.`,
  "",
  "The server answers at once; 1,000 requests in flight. The runner has one core, the server the other.",
  "",
  "| tokens an answer | rollouts | s | rollouts/s |",
  "|---|---|---|---|",
  ...driven,
  "",
  "The server takes 100 ms for an answer of 200 tokens; every worker may have 32 requests in flight; runner, workers, server and PostgreSQL share the cores.",
  "",
  "| workers | rollouts | s | rollouts/s | times one worker |",
  "|---|---|---|---|---|",
  ...rows,
  "",
  "Goals: 2,000 rollouts/s in the first table; 2.5 times one worker with three in the second.",
  "",
].join("\n");
writeFileSync(join(ROOT, "bench/results/drive.md"), table);
process.stdout.write(table);
