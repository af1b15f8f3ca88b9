// evidence/ · Verified: whether a study's folder holds what its notebook says, row by row. Reads only.
import { lineOf, type Row } from "./rows.ts";
import { Notebook } from "./notebook.ts";
import { hashOf } from "./segments.ts";
import type { Store } from "./store.ts";

export interface Verified {
  readonly facts: number;
  readonly chunks: number;
  readonly rollouts: number;
  readonly scores: number;
  /** Chunks that are kept and not yet in the notebook, while a study is not judged: a run that was killed, or is on its way. */
  readonly unobserved: number;
  /** What differs, one sentence each, in the notebook's order; none where all is as it was observed. */
  readonly faults: readonly string[];
}

/**
 * The folder may be written meanwhile: what was observed before the call is examined.
 *
 * @throws StudyError where the notebook's chain is broken, naming the first line
 */
export async function verified(store: Store): Promise<Verified> {
  const entries = Notebook.read(store.folder);
  const observed = new Map<string, { readonly n: number; readonly rows: number; readonly sha256: string }>();
  for (const { n, kind, fact } of entries)
    if (kind === "observed")
      observed.set(String(fact["chunk"]), { n, rows: Number(fact["rows"]), sha256: String(fact["sha256"]) });
  const faults = new Map<string, string>();
  const open = new Map<string, string[]>();
  const closed = new Set<string>();
  const unobserved = new Set<string>();
  const take = (record: Row): void => {
    const { chunk } = record;
    const expected = observed.get(chunk);
    if (expected === undefined) {
      unobserved.add(chunk);
      return;
    }
    if (closed.has(chunk)) {
      faults.set(
        chunk,
        `${line(expected.n)} observed ${expected.rows} rows of chunk ${short(chunk)}, and more are there`,
      );
      return;
    }
    const lines = open.get(chunk) ?? [];
    lines.push(lineOf(record));
    open.set(chunk, lines);
    if (lines.length < expected.rows) return;
    open.delete(chunk);
    closed.add(chunk);
    const hash = hashOf(lines);
    if (hash !== expected.sha256)
      faults.set(
        chunk,
        `${line(expected.n)} observed rows of chunk ${short(chunk)} with hash ${short(expected.sha256)}, and they now have ${short(hash)}: an answer was changed`,
      );
  };
  let [rollouts, scores] = [0, 0];
  for await (const record of store.rollouts()) {
    take(record);
    rollouts++;
  }
  for await (const record of store.scores()) {
    take(record);
    scores++;
  }
  for (const [chunk, { n, rows }] of observed)
    if (rows > 0 && !closed.has(chunk))
      faults.set(
        chunk,
        `${line(n)} observed ${rows} rows of chunk ${short(chunk)}, and ${open.get(chunk)?.length ?? 0} are there`,
      );
  const judged = entries.at(-1)?.kind === "judged";
  if (judged)
    for (const chunk of unobserved)
      faults.set(chunk, `chunk ${short(chunk)} is kept, and the notebook never observed it: answers were added`);
  const inOrder = [...faults].sort(([a], [b]) => (observed.get(a)?.n ?? 0) - (observed.get(b)?.n ?? 0));
  return {
    facts: entries.length,
    chunks: observed.size,
    rollouts,
    scores,
    unobserved: judged ? 0 : unobserved.size,
    faults: inOrder.map(([, fault]) => fault),
  };
}

const line = (n: number): string => `notebook.jsonl, line ${n + 1},`;
const short = (hash: string): string => hash.slice(0, 12);
