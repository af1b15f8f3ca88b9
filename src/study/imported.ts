// study/ · Imported: rollouts that somebody else drew, as rows of a study, in chunks whose ids come from the file alone.
import { createHash } from "node:crypto";
import type { Chunk, RolloutRecord } from "../terms/record.ts";
import type { Rollout } from "../terms/rollout.ts";
import type { Seen } from "../terms/seen.ts";
import { PAIRED } from "./plan.ts";

/** The `experiment` of rows that no experiment of the study asked for. */
export const IMPORTED = "imported";

/** Rows that are kept together. The number is part of every chunk's id: another one would import files twice. */
const ROWS = 256;

export interface ImportedFile {
  /** As the user named it. */
  readonly file: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** The importer that read it. */
  readonly format: string;
  readonly policy: string;
}

/** Who drew the rows is asked nothing, and how they drew is not known. */
export type ImportedChunk = Pick<Chunk, "kind" | "id" | "policy">;

/** Give it every rollout in file order, then call `end`. A chunk's records are there only during the call. The same file gives the same chunks, whenever and wherever it is read. */
export class ImportedRows {
  readonly #from: ImportedFile;
  readonly #onChunk: (chunk: ImportedChunk, records: readonly RolloutRecord[]) => void;
  #rows: Omit<RolloutRecord, "chunk">[] = [];
  #first = 0;

  constructor(from: ImportedFile, onChunk: (chunk: ImportedChunk, records: readonly RolloutRecord[]) => void) {
    this.#from = from;
    this.#onChunk = onChunk;
  }

  /** @param index how many of the problem's the file holds before it */
  add(problem: string, index: number, { verdict, text, tokens, cutOff, tokenIds, logProbs }: Rollout): void {
    const { file, format, policy, sha256 } = this.#from;
    this.#rows.push({
      // Within the file, so that what another file holds of the problem changes nothing.
      rollout: `${IMPORTED}/${policy}/${sha256.slice(0, 16)}/${problem}/${index}`,
      experiment: IMPORTED,
      problem,
      index,
      policy,
      engine: `imported: ${format} ${file}`,
      verifier: "as imported",
      verdict: verdict.kind,
      ...(verdict.kind === "ungradable" ? { why: verdict.why } : {}),
      ...(text === undefined ? {} : { text }),
      ...(cutOff === undefined ? {} : { finish: cutOff ? "length" : "stop" }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(tokenIds === undefined ? {} : { tokenIds }),
      ...(logProbs === undefined ? {} : { processedLogProbs: logProbs }),
    });
    if (this.#rows.length === ROWS) this.end();
  }

  /** Gives the last chunk, which is seldom full. */
  end(): void {
    if (this.#rows.length === 0) return;
    const { policy, sha256 } = this.#from;
    const last = this.#first + this.#rows.length;
    const chunk = createHash("sha256")
      .update(JSON.stringify([IMPORTED, sha256, policy, this.#first, last]))
      .digest("hex");
    const records = this.#rows.map((row) => ({ ...row, chunk }));
    this.#rows = [];
    this.#first = last;
    this.#onChunk({ kind: "sample", id: chunk, policy }, records);
    // Whoever waits for the disk afterwards would hold the texts of all chunks that wait.
    records.length = 0;
  }
}

/** Imported answers to problems of the study count as drawn by it: they show how a policy goes about them. */
export function asPaired<T extends Pick<Seen, "rollouts" | "problems">>(seen: T): T {
  const own = new Set(seen.problems.map(({ id }) => id));
  const rollouts = seen.rollouts.map((record) =>
    record.experiment === IMPORTED && own.has(record.problem) ? { ...record, experiment: PAIRED } : record,
  );
  return { ...seen, rollouts };
}
