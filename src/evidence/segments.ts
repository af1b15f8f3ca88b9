// evidence/ · Segments: `segments/*.jsonl`, what a running study has kept so far. The rows of a chunk and then the line that commits
// them, in one write: a chunk without that line was never there.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { StudyError } from "../terms/errors.ts";
import { canonical } from "./canonical.ts";
import { lineOf, type Row } from "./rows.ts";

/** What the notebook says of a chunk that was observed. */
export interface Commit extends Readonly<Record<string, unknown>> {
  readonly chunk: string;
  readonly kind: "sample" | "score";
  readonly policy: string;
  readonly rows: number;
  /** Generated tokens of the rows, where they are known; scored ones of scores. */
  readonly tokens: number;
  /** SHA-256, in hexadecimal, of the rows' lines in sorted order, each with its end: Parquet does not keep their order. */
  readonly sha256: string;
}

/** A chunk as it is written: rows, then the commit. */
export function pieceOf(
  commit: Omit<Commit, "rows" | "sha256">,
  records: readonly Row[],
): { piece: Buffer; longest: number; commit: Commit } {
  const lines = records.map(lineOf);
  const sealed = { ...commit, rows: lines.length, sha256: hashOf(lines) } as Commit;
  const piece = Buffer.from(`${[...lines, canonical({ commit: sealed })].join("\n")}\n`);
  return { piece, longest: lines.reduce((most, line) => Math.max(most, Buffer.byteLength(line)), 0), commit: sealed };
}

export function hashOf(lines: readonly string[]): string {
  const hash = createHash("sha256");
  for (const line of lines.toSorted()) hash.update(`${line}\n`);
  return hash.digest("hex");
}

export function segmentFiles(folder: string): string[] {
  const path = join(folder, "segments");
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(path, name));
}

/** Begins a line that commits; no row begins so, since every row has a chunk and no field before it. */
const COMMITS = '{"commit":{';
const READ_BYTES = 1 << 20;

export interface KeptChunk {
  readonly commit: Commit;
  readonly lines: readonly string[];
  /** Bytes of the segment up to the end of this chunk. */
  readonly end: number;
}

/** The committed chunks of one segment in their order. @throws StudyError where the segment has gone */
export async function* chunksOf(file: string): AsyncGenerator<KeptChunk> {
  let lines: string[] = [];
  let end = 0;
  let rest = "";
  const input = createReadStream(file, { encoding: "utf8", highWaterMark: READ_BYTES });
  try {
    for await (const part of input as AsyncIterable<string>) {
      const pieces = (rest + part).split("\n");
      rest = pieces.pop()!;
      for (const line of pieces) {
        end += Buffer.byteLength(line) + 1;
        if (!line.startsWith(COMMITS)) {
          lines.push(line);
          continue;
        }
        yield { commit: commitIn(line, file, end), lines, end };
        lines = [];
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new StudyError({
        code: "segment-gone",
        what: `${file} went while it was read`,
        why: "since the run that writes this folder has just made Parquet of it",
        mend: "ask again",
      });
    throw error;
  }
}

function commitIn(line: string, file: string, end: number): Commit {
  try {
    return (JSON.parse(line) as { commit: Commit }).commit;
  } catch {
    throw new StudyError({
      code: "segment-damaged",
      what: `${file} has a commit that ends at byte ${end} and is not JSON`,
      why: "so the disk or somebody has changed it",
      mend: "restore the folder from a copy",
    });
  }
}
