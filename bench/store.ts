// bench/ · Store: how fast rollouts are kept, made into Parquet, counted, read and verified, and in how much memory.
//
// node bench/store.ts [ROLLOUTS] keeps so many (1,000,000) of 200 tokens each in a scratch folder and writes bench/results/store.md. Each
// part runs in a process of its own, so that its largest resident size is its own. About 7 GB of disk for the million, deleted afterwards.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Notebook } from "../src/evidence/notebook.ts";
import { Store } from "../src/evidence/store.ts";
import { verified } from "../src/evidence/verified.ts";
import { stream } from "../src/maths/random.ts";
import type { RolloutRecord } from "../src/terms/record.ts";

const TOKENS = 200;
const CHUNK = 32;
/** Chunks that are committed together, as when many requests are in flight. */
const TOGETHER = 32;
const PROBLEMS = 1000;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Answers as engines give them: log-probabilities that are float32, token ids of a large vocabulary, text of as many words. */
function records(chunk: number): RolloutRecord[] {
  const draws = stream(1, "bench/store", chunk);
  const vocabulary = "so we add the terms then carry one and check 7 + 5 = 12 hence".split(" ");
  return Array.from({ length: CHUNK }, (_, i) => {
    const index = chunk * CHUNK + i;
    const tokenIds = Array.from({ length: TOKENS }, () => Math.floor(draws.uniform() ** 3 * 150_000));
    const policy = chunk % 2 === 0 ? "base" : "tuned";
    const problem = `countdown/seed7/${chunk % PROBLEMS}`;
    return {
      rollout: `paired-sampling/${policy}/${problem}/${index}`,
      experiment: "paired-sampling",
      problem,
      index,
      seed: Math.floor(draws.uniform() * 2 ** 32),
      chunk: `chunk-${chunk}`,
      policy,
      engine: "vllm 0.19.0 Qwen/Qwen2.5-3B",
      sampler: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 2048, stop: [] },
      verifier: "countdown/1",
      verdict: draws.uniform() < 0.6 ? "right" : "wrong",
      text: tokenIds.map((id) => vocabulary[id % vocabulary.length]).join(" "),
      finish: "stop",
      tokens: TOKENS,
      promptTokenIds: tokenIds.slice(0, 40),
      tokenIds,
      rawLogProbs: tokenIds.map(() => Math.fround(Math.log(draws.uniform()))),
    };
  });
}

interface Part {
  readonly seconds: number;
  /** MiB. */
  readonly resident: number;
  readonly count: number;
}

const PARTS: Record<string, (folder: string, rollouts: number) => Promise<{ seconds: number; count: number }>> = {
  "made up, not kept": async (_, rollouts) => {
    const from = performance.now();
    let count = 0;
    for (let chunk = 0; chunk * CHUNK < rollouts; chunk++) count += records(chunk).length;
    return { seconds: (performance.now() - from) / 1000, count };
  },
  "kept: verified rows, notebook and store, on the disk": async (folder, rollouts) => {
    const store = await Store.open(folder, { write: true });
    const notebook = await Notebook.open(folder);
    const from = performance.now();
    const keep = async (chunk: number): Promise<void> => {
      const id = `chunk-${chunk}`;
      await store.commit({ kind: "sample", id, policy: chunk % 2 === 0 ? "base" : "tuned" }, records(chunk));
      await notebook.append("observed", store.commitOf(id)!);
    };
    for (let chunk = 0; chunk * CHUNK < rollouts; chunk += TOGETHER)
      await Promise.all(Array.from({ length: TOGETHER }, (_, i) => keep(chunk + i)));
    const seconds = (performance.now() - from) / 1000;
    const count = store.chunkIds().size * CHUNK;
    await notebook.close();
    await store.close();
    return { seconds, count };
  },
  "opened again after a crash, all still in segments": (folder) =>
    opened(folder, async (store) => store.chunkIds().size * CHUNK),
  "made into Parquet": async (folder) => {
    const store = await Store.open(folder, { write: true });
    const from = performance.now();
    await store.compact();
    const seconds = (performance.now() - from) / 1000;
    await store.close();
    return { seconds, count: store.chunkIds().size * CHUNK };
  },
  "counts and sums of all of them": (folder) =>
    opened(folder, async (store) => (await store.statistics()).reduce((sum, { n }) => sum + n, 0)),
  "read row by row, without tokens": (folder) => opened(folder, (store) => counted(store, false)),
  "read row by row, with tokens": (folder) => opened(folder, (store) => counted(store, true)),
  "verified: every hash again": (folder) =>
    opened(folder, async (store) => {
      const { rollouts, faults } = await verified(store);
      if (faults.length > 0) throw new Error(faults[0]);
      return rollouts;
    }),
};

async function opened(folder: string, act: (store: Store) => Promise<number>) {
  const from = performance.now();
  const store = await Store.open(folder, { write: false });
  const count = await act(store);
  await store.close();
  return { seconds: (performance.now() - from) / 1000, count };
}

async function counted(store: Store, arrays: boolean): Promise<number> {
  let count = 0;
  for await (const { verdict } of store.rollouts({ arrays })) if (verdict !== "ungradable") count++;
  return count;
}

const [named = "1000000", folder, size = "0"] = process.argv.slice(2);
if (folder !== undefined) {
  const done = await PARTS[named]!(folder, Number(size));
  const resident = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...done, resident } satisfies Part));
} else {
  const rollouts = Number(named);
  const [load = 0] = loadavg();
  const scratch = mkdtempSync(join(tmpdir(), "crucis-store-"));
  const megabytes = (name: string): number =>
    readdirSync(join(scratch, name)).reduce((sum, file) => sum + statSync(join(scratch, name, file)).size / 1e6, 0);
  const lines: string[] = [];
  const sizes: string[] = [];
  try {
    for (const name of Object.keys(PARTS)) {
      const part = JSON.parse(
        execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, scratch, String(rollouts)], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "inherit"],
        }),
      ) as Part;
      const perSecond = Math.round(part.count / part.seconds).toLocaleString("en-US");
      lines.push(
        `| ${name} | ${part.count.toLocaleString("en-US")} | ${part.seconds.toFixed(1)} | ${perSecond} | ${part.resident} |`,
      );
      if (name.startsWith("kept")) sizes.push(`segments ${megabytes("segments").toFixed(0)} MB`);
      if (name.startsWith("made into")) sizes.push(`Parquet ${megabytes("rollouts").toFixed(0)} MB`);
      process.stderr.write(`${lines.at(-1)}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const text = `# The store

Rollouts of ${TOKENS} tokens with their token ids and log-probabilities, in chunks of ${CHUNK}, ${TOGETHER} chunks committed together.
Made by \`node bench/store.ts ${rollouts}\` on ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "?"}, Node ${process.versions.node}.
Each part is a process of its own; at the start ${load.toFixed(1)} other processes were busy (load average). On the disk: ${sizes.join(", ")}.

| what | rollouts | s | rollouts/s | largest resident size, MiB |
|---|---|---|---|---|
${lines.join("\n")}

Goals: making Parquet and counting together under 60 s for a million, under 2,048 MiB; 2,000 rollouts a second kept.
`;
  writeFileSync(join(ROOT, "bench", "results", "store.md"), text);
}
