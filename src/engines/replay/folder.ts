// engines/ · Folder: what a study's folder keeps of one policy, out of rollouts/*.parquet, scores/*.parquet and problems.jsonl.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { StudyError } from "../../terms/errors.ts";
import type { RolloutRecord, ScoreRecord } from "../../terms/record.ts";
import type { Sampler } from "../engine.ts";
import { Kept, type KeptRollout, type KeptScore } from "./kept.ts";

type Row = Readonly<Record<string, unknown>>;

const ROLLOUT_COLUMNS = [
  "rollout",
  "policy",
  "problem",
  "index",
  "seed",
  "prefix",
  "variant",
  "engine",
  "sampler",
  "text",
  "finish",
  "tokens",
  "promptTokenIds",
  "tokenIds",
  "rawLogProbs",
  "processedLogProbs",
] as const satisfies readonly (keyof RolloutRecord)[];
const SCORE_COLUMNS = [
  "rollout",
  "policy",
  "sampler",
  "rawLogProbs",
  "processedLogProbs",
  "ranks",
] as const satisfies readonly (keyof ScoreRecord)[];

/** @throws StudyError where the folder is not a finished study's */
export async function readFolder(folder: string, policy: string): Promise<{ kept: Kept; engines: string[] }> {
  const segments = join(folder, "segments");
  if (existsSync(segments) && readdirSync(segments).some((name) => name.endsWith(".jsonl")))
    throw unusable(`${segments} holds answers that are not yet in rollouts/*.parquet`, "end the study with crucis run");
  const prompts = promptsOf(folder);
  const puts = putsIn(folder);
  const scored = await scoresOf(folder, policy);
  const [rollouts, scores, engines]: [KeptRollout[], KeptScore[], Set<string>] = [[], [], new Set()];
  for await (const row of rowsOf(folder, "rollouts", ROLLOUT_COLUMNS)) {
    const { rollout, promptTokenIds = [], prefix, tokenIds = [] } = row;
    for (const score of scored.get(rollout!) ?? []) {
      const before = [...promptTokenIds, ...(prefix?.tokenIds ?? [])];
      scores.push({ ...score, tokenIds: [...before, ...tokenIds], from: before.length });
    }
    // An answer that never came is none.
    if (row.policy !== policy || row.text === undefined) continue;
    engines.add(row.engine!);
    const put = puts.get(placeOf(policy, row.problem!, row.variant)) ?? prompts.get(row.problem!);
    if (put === undefined)
      throw unusable(
        row.variant === undefined
          ? `${folder}/problems.jsonl lacks problem ${row.problem}`
          : `${folder}/prompts.jsonl lacks problem ${row.problem}, put as ${row.variant}`,
        "restore the file",
      );
    rollouts.push(keptOf(row as RolloutRecord, put));
  }
  if (rollouts.length === 0)
    throw unusable(`${folder} holds no answer of a policy ${policy}`, "name one of its policies as model");
  return { kept: new Kept(rollouts, scores), engines: [...engines] };
}

interface Put {
  readonly prompt: string;
  /** What the answer was begun with: nobody drew that. */
  readonly opening: string;
}

function keptOf(record: RolloutRecord, { prompt, opening }: Put): KeptRollout {
  const { index, seed, sampler, text, finish, prefix, tokens } = record;
  const { promptTokenIds, tokenIds, rawLogProbs, processedLogProbs } = record;
  return {
    prompt,
    index,
    text: text!.slice(opening.length),
    finish: finish!,
    ...(seed === undefined ? {} : { seed }),
    ...(sampler === undefined ? {} : { sampler }),
    ...(prefix === undefined ? {} : { prefix: prefix.tokenIds }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(promptTokenIds === undefined ? {} : { promptTokenIds }),
    ...(tokenIds === undefined ? {} : { tokenIds }),
    ...(rawLogProbs === undefined ? {} : { rawLogProbs }),
    ...(processedLogProbs === undefined ? {} : { processedLogProbs }),
  };
}

type Scored = Omit<KeptScore, "tokenIds" | "from">;

/** What the policy gave, by rollout. */
async function scoresOf(folder: string, policy: string): Promise<Map<string, Scored[]>> {
  const scores = new Map<string, Scored[]>();
  for await (const { rollout, policy: scorer, sampler, rawLogProbs, processedLogProbs, ranks } of rowsOf(
    folder,
    "scores",
    SCORE_COLUMNS,
  )) {
    if (scorer !== policy || rawLogProbs === undefined) continue;
    const score: Scored = {
      rawLogProbs,
      ...(sampler === undefined ? {} : { sampler }),
      ...(processedLogProbs === undefined ? {} : { processedLogProbs }),
      ...(ranks === undefined ? {} : { ranks }),
    };
    scores.set(rollout!, [...(scores.get(rollout!) ?? []), score]);
  }
  return scores;
}

type Read = Partial<Omit<RolloutRecord, "sampler">> & Pick<ScoreRecord, "ranks"> & { readonly sampler?: Sampler };

/** Files of before these were told have no such columns. */
const NEWER: readonly string[] = ["ranks" satisfies keyof ScoreRecord, "variant" satisfies keyof RolloutRecord];

/** Rows of every file there, in order; numbers of 64 bits become numbers, null becomes absent. */
async function* rowsOf(folder: string, part: string, columns: readonly string[]): AsyncGenerator<Read> {
  const place = join(folder, part);
  const names = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith(".parquet")) : [];
  for (const name of names.sort()) {
    const path = join(place, name);
    let rows: Row[];
    try {
      const file = await asyncBufferFromFile(path);
      const metadata = await parquetMetadataAsync(file);
      const there = new Set(metadata.schema.map((column) => column.name));
      rows = await parquetReadObjects({
        file,
        metadata,
        columns: columns.filter((column) => !NEWER.includes(column) || there.has(column)),
        compressors: { ZSTD: (page) => zstdDecompressSync(page) },
      });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw unusable(`${path} cannot be read as Parquet: ${said}`, "restore the file");
    }
    for (const row of rows) yield plain(row) as Read;
  }
}

/** Nested values may lie as JSON. */
const NESTED = new Set(["sampler", "prefix"]);

function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (value === null || value === undefined) return [];
      return [[name, numbers(NESTED.has(name) && typeof value === "string" ? JSON.parse(value) : value)]];
    }),
  );
}

function numbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, Number);
  if (Array.isArray(value)) return value.map(numbers);
  return typeof value === "object" && value !== null ? plain(value as Row) : value;
}

/** Texts of the prompts, by problem: rollouts name the problem only. */
function promptsOf(folder: string): Map<string, Put> {
  const path = join(folder, "problems.jsonl");
  if (!existsSync(path))
    throw unusable(
      `${folder} has no problems.jsonl, so nobody knows the prompts' texts`,
      "give the folder of a study that crucis run ended",
    );
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const { id, prompt } = JSON.parse(line) as { id: string; prompt: string };
      return [id, { prompt, opening: "" }];
    }),
  );
}

const placeOf = (policy: string, problem: string, variant = ""): string => JSON.stringify([policy, problem, variant]);

/** Prompts that were not the problem's own text; a folder of before there were such has no such file. */
function putsIn(folder: string): Map<string, Put> {
  const path = join(folder, "prompts.jsonl");
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const { policy, problem, variant, prompt, opening } = JSON.parse(line) as Put & {
        policy: string;
        problem: string;
        variant?: string;
      };
      return [placeOf(policy, problem, variant), { prompt, opening }];
    }),
  );
}

function unusable(what: string, mend: string): StudyError {
  return new StudyError({ code: "replay-folder", what, mend });
}
