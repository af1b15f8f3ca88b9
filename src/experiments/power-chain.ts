// experiments/ · Power chain: Markov chains of whole texts whose law is the base's raised to a power.
//
// A. Karan & Y. Du (2025), arXiv 2510.14901, with a correction. Cut the text x of n tokens, and let the base write it to the end: x', of n' tokens. Half
// of the cuts keep nothing, so that no chain holds on to its beginning; the others fall before one of the tokens, each as likely. With target π^α and
// proposals from π itself, Metropolis and Hastings (1970, Biometrika 57, 97) accept with
//   min(1, [π(x')^α · c(k, n') π(old end | kept)] / [π(x)^α · c(k, n) π(new end | kept)]) = min(1, (π(new end)/π(old end))^(α−1) · c(k, n')/c(k, n)),
// c(k, n) the chance to keep k of n tokens: only the same cut of x' leads back to x. Without it long texts would come too often. The base as its
// sampler draws has full support on what it can draw at all.
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";

export interface Text {
  readonly tokenIds: readonly number[];
  /** Natural logs, one a token, of the law that draws. */
  readonly logProbs: readonly number[];
  readonly right: boolean;
}

/** log of the acceptance ratio for keeping `kept` tokens of `before`; at least 0: accepted for sure. */
export function logAcceptance(
  before: Omit<Text, "right">,
  end: Omit<Text, "right">,
  kept: number,
  alpha: number,
): number {
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const old = before.logProbs.slice(kept);
  return (
    (alpha - 1) * (sum(end.logProbs) - sum(old)) +
    Math.log(cutChance(kept, kept + end.tokenIds.length) / cutChance(kept, before.tokenIds.length))
  );
}

/** Chance to keep so many tokens of a text. */
export function cutChance(kept: number, tokens: number): number {
  return (kept === 0 ? 1 / 2 : 0) + 1 / (2 * tokens);
}

/** Of one chain, move `number`: where it cuts, and whether it would take a step with that ratio. The same for the same chain and move. */
export function moveOf(
  seed: number,
  chain: string,
  number: number,
  tokens: number,
): { kept: number; takes: (log: number) => boolean } {
  const random = stream(seed, `power-sampling/${chain}`, number);
  const whole = random.uniform() < 1 / 2;
  const kept = whole ? 0 : random.integer(tokens);
  const lot = random.uniform();
  return { kept, takes: (log) => Math.log(lot) < log };
}

export interface Chain {
  /** One a move that was answered, and the start before them. */
  readonly states: readonly Text[];
  readonly accepted: number;
  /** Where the next move cuts. */
  readonly kept: number;
}

/**
 * A chain played again from its answers.
 *
 * @param ends by number of the move: what the base wrote behind the cut; undefined where it was not asked yet, "failed" where its engine failed: then
 *   nothing moves
 */
export function played(
  start: Text,
  { seed, name, alpha }: { readonly seed: number; readonly name: string; readonly alpha: number },
  ends: (move: number) => Text | "failed" | undefined,
): Chain {
  const states = [start];
  let accepted = 0;
  for (let move = 0; ; move++) {
    const now = states.at(-1)!;
    const { kept, takes } = moveOf(seed, name, move, now.tokenIds.length);
    const end = ends(move);
    if (end === undefined) return { states, accepted, kept };
    if (end === "failed" || !takes(logAcceptance(now, end, kept, alpha))) {
      states.push(now);
      continue;
    }
    accepted++;
    states.push({
      tokenIds: [...now.tokenIds.slice(0, kept), ...end.tokenIds],
      logProbs: [...now.logProbs.slice(0, kept), ...end.logProbs],
      right: end.right,
    });
  }
}

/** In the density that its sampler draws from; undefined where not told. */
export function textOf({
  tokenIds,
  rawLogProbs,
  processedLogProbs,
  sampler,
  verdict,
}: RolloutRecord): Text | undefined {
  const plain =
    sampler !== undefined &&
    sampler.temperature === 1 &&
    sampler.topP === 1 &&
    sampler.topK === 0 &&
    sampler.minP === 0;
  const logProbs = processedLogProbs ?? (plain ? rawLogProbs : undefined);
  if (tokenIds === undefined || logProbs === undefined || tokenIds.length === 0) return undefined;
  return logProbs.length === tokenIds.length ? { tokenIds, logProbs, right: verdict === "right" } : undefined;
}
