// worlds/ · Truth bits: what the base lacks along a later policy's right answers, and at which of their places.
import { logSumExp } from "../maths/logspace.ts";
import type { Accepted } from "../tasks/task.ts";
import type { PairTruth } from "../terms/truth.ts";
import { logValues, sum, type TruthTable } from "./truth-table.ts";

/**
 * The base's missing bits (DESIGN §4, formula 1), exactly. Along a right answer y, cut at the ends of its steps, place t has
 * b_t = log2 V0(u_{t+1}) − log2 V0(u_t), V0 of the whole answer being 1; what follows the last step is the place of the answer.
 *
 * Entry i of the profile, i < L, is the i-th step of y, however many operations that step takes; entry L is the answer. An
 * answer with fewer than L steps has nothing in the entries between; of one with more, all further steps count to entry L − 1.
 * So each answer's bits, and their mean under the weights π1(y)/p1, add up to −log2 p0.
 *
 * Effective places are 2^entropy of the positive bits' shares; 1, an empty sum's, for an answer without positive bits.
 *
 * Both are absent where the later policy or the base is never right, and where the later policy is ever right by way of a
 * prefix from which the base never is: there the bits of single places are infinite, and cancel.
 *
 * @param policy  which of the table's policies is the later one
 */
export function missingBits(table: TruthTable, policy: number): Pick<PairTruth, "missingBits" | "effectivePlaces"> {
  const { steps } = table.problem;
  const rows = table.rows.flatMap(({ accepted, logProbs }) => {
    const log = sum(logProbs[policy]!, 0, accepted.text.length);
    return log === Number.NEGATIVE_INFINITY ? [] : [{ log, prefixes: prefixesOf(accepted) }];
  });
  const whole = logSumExp(rows.map(({ log }) => log));
  const values = logValues(table, 0, new Set(rows.flatMap(({ prefixes }) => prefixes)));
  if (rows.length === 0 || [...values.values()].includes(Number.NEGATIVE_INFINITY)) return {};

  const profile = Array.from({ length: steps + 1 }, () => 0);
  let effectivePlaces = 0;
  for (const { log, prefixes } of rows) {
    const weight = Math.exp(log - whole);
    const bits = profile.map(() => 0);
    for (let t = 1; t < prefixes.length; t++) {
      const place = t === prefixes.length - 1 ? steps : Math.min(t, steps) - 1;
      bits[place] = bits[place]! + (values.get(prefixes[t]!)! - values.get(prefixes[t - 1]!)!) / Math.LN2;
    }
    bits.forEach((own, place) => {
      profile[place] = profile[place]! + weight * own;
    });
    effectivePlaces += weight * effective(bits);
  }
  return { missingBits: profile, effectivePlaces };
}

/** From nothing to the whole answer, cut at the ends of its steps. */
function prefixesOf({ text, stepEnds }: Accepted): string[] {
  return [0, ...stepEnds, text.length].map((end) => text.slice(0, end));
}

function effective(bits: readonly number[]): number {
  const positive = bits.filter((own) => own > 0);
  const all = positive.reduce((total, own) => total + own, 0);
  const entropy = positive.reduce((total, own) => total - (own / all) * Math.log2(own / all), 0);
  return 2 ** entropy;
}
