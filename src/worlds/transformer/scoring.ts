// worlds/ · Scoring: teacher-forced log-probabilities of many texts. What texts begin with in common is put through once.
import type { Sampler, Score, ScoreRequest } from "../../engines/engine.ts";
import { logSoftmax, process } from "./choice.ts";
import type { Decoder } from "./decoder.ts";
import type { Bending } from "./sampling.ts";

/** Rows [from, to) of the sorted texts, which agree up to and with some position; the first one's slot holds what is kept of it. */
interface Group {
  readonly from: number;
  readonly to: number;
}

interface Row {
  readonly request: ScoreRequest;
  readonly raw: number[];
  readonly processed: number[];
  readonly ranks: number[];
}

/** Scores in the order of the requests; pauses after every position, so that others get a turn. */
export function* scoring(
  decoder: Decoder,
  requests: readonly ScoreRequest[],
  bending: Bending | undefined,
): Generator<undefined, readonly Score[]> {
  const rows = requests.map((request): Row => ({ request, raw: [], processed: [], ranks: [] }));
  const sorted = rows.toSorted((a, b) => compare(a.request.tokenIds, b.request.tokenIds));
  for (let first = 0; first < sorted.length; first += decoder.slots)
    yield* together(decoder, sorted.slice(first, first + decoder.slots), bending);
  return rows.map(({ request, raw, processed, ranks }) => ({
    rawLogProbs: raw,
    ranks,
    ...(request.sampler === undefined ? {} : { processedLogProbs: processed }),
  }));
}

/** A text before those that go on from it, and these side by side. */
function compare(a: readonly number[], b: readonly number[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Sorted rows, at most one a slot. */
function* together(decoder: Decoder, rows: readonly Row[], bending: Bending | undefined): Generator<undefined, void> {
  const { vocabulary } = decoder.shape;
  const raw = new Float64Array(vocabulary);
  const processed = new Float64Array(vocabulary);
  let groups = split(rows, { from: 0, to: rows.length }, 0);
  for (let position = 0; groups.length > 0; position++) {
    const logits = decoder.step(
      groups.length,
      groups.map(({ from }) => rows[from]!.request.tokenIds[position]!),
      groups.map(({ from }) => from),
      groups.map(() => position),
    );
    const next: Group[] = [];
    groups.forEach((group, g) => {
      const branches = split(rows, group, position + 1);
      if (branches.length === 0) return;
      logSoftmax(logits, g * vocabulary, vocabulary, raw);
      bending?.(rows[group.from]!.request.tokenIds.slice(0, position + 1)).bend(raw);
      let sampler: Sampler | undefined;
      for (const branch of branches) {
        const token = rows[branch.from]!.request.tokenIds[position + 1]!;
        const rank = rankOf(raw, token);
        for (const row of rows.slice(branch.from, branch.to)) {
          if (position + 1 < row.request.from) continue;
          row.raw.push(raw[token]!);
          row.ranks.push(rank);
          if (row.request.sampler === undefined) continue;
          if (row.request.sampler !== sampler) {
            sampler = row.request.sampler;
            processed.set(raw);
            process(processed, sampler);
          }
          row.processed.push(processed[token]!);
        }
        if (branch.from !== group.from) decoder.copy(group.from, branch.from);
        next.push(branch);
      }
    });
    groups = next;
    yield;
  }
}

function rankOf(logProbs: Float64Array, token: number): number {
  return logProbs.reduce((rank, one) => (one > logProbs[token]! ? rank + 1 : rank), 1);
}

/** The rows of a group by their token at a position; those that have ended before it drop out. */
function split(rows: readonly Row[], { from, to }: Group, position: number): Group[] {
  const parts: Group[] = [];
  let begin = from;
  while (begin < to && rows[begin]!.request.tokenIds.length <= position) begin++;
  for (let end = begin; end < to; begin = end) {
    const token = rows[begin]!.request.tokenIds[position];
    while (end < to && rows[end]!.request.tokenIds[position] === token) end++;
    parts.push({ from: begin, to: end });
  }
  return parts;
}
