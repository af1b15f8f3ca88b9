// worlds/ · Transform: policies that are exact functions of a network's, made token by token while it answers.
import type { Accepted } from "../tasks/task.ts";
import { logAddExp, logSumExp } from "../maths/logspace.ts";
import type { Bend, Bending } from "./transformer/sampling.ts";
import { CHARACTERS, decode } from "./vocabulary.ts";

/** π ∝ π0^α at every token: logits × α. */
export function power(alpha: number): Bending {
  const bend = (logProbs: Float64Array): void => {
    for (let i = 0; i < logProbs.length; i++) logProbs[i] = alpha * logProbs[i]!;
    const whole = logSumExp(logProbs);
    for (let i = 0; i < logProbs.length; i++) logProbs[i] = logProbs[i]! - whole;
  };
  return () => ({ bend, push() {} });
}

/** The accepted answers of a problem with the base's log-probability of each of their tokens. */
export type Scored = readonly { readonly accepted: Accepted; readonly logProbs: ArrayLike<number> }[];

/**
 * π(y) ∝ π0(y) e^{R(y)/β}, R = 1 where y is right and else 0. Token by token that is
 * π(v | u) = π0(v | u) Z(uv) / Z(u) with Z(u) = 1 + (e^{1/β} − 1) V0(u), V0(u) the base's chance to finish rightly from u:
 * known exactly, because the accepted answers are listed.
 *
 * @param scored  the accepted answers to a prompt; called once a problem
 * @param promptEnd  the character that ends a prompt; what stands behind it is a prefix of an answer
 */
export function tilt(beta: number, scored: (prompt: string) => Scored, promptEnd: string): Bending {
  const factor = Math.log(Math.expm1(1 / beta));
  const tables = new Map<string, ReadonlyMap<string, number>>();
  const tableOf = (prompt: string): ReadonlyMap<string, number> => {
    let table = tables.get(prompt);
    if (table === undefined) {
      table = new Map([...values(scored(prompt))].map(([prefix, value]) => [prefix, logAddExp(0, factor + value)]));
      tables.set(prompt, table);
    }
    return table;
  };
  return (tokens): Bend => {
    const whole = decode(tokens);
    const end = whole.indexOf(promptEnd) + 1;
    // A prompt itself is no answer: within it nothing is weighted.
    if (end === 0) return { bend() {}, push() {} };
    const table = tableOf(whole.slice(0, end));
    let prefix = whole.slice(end);
    return {
      bend(logProbs) {
        const here = table.get(prefix);
        // Off the accepted strings Z is 1 before and after every token.
        if (here === undefined) return;
        for (let v = 0; v < logProbs.length; v++)
          logProbs[v] = logProbs[v]! + (table.get(prefix + CHARACTERS[v]!) ?? 0) - here;
      },
      push(token) {
        prefix += CHARACTERS[token]!;
      },
    };
  };
}

/** log V0 of every prefix of an accepted string, natural. */
function values(scored: Scored): Map<string, number> {
  const found = new Map<string, number>();
  for (const { accepted, logProbs } of scored) {
    let rest = 0;
    for (let t = accepted.text.length; t >= 0; t--) {
      const prefix = accepted.text.slice(0, t);
      const before = found.get(prefix);
      found.set(prefix, before === undefined ? rest : logAddExp(before, rest));
      if (t > 0) rest += logProbs[t - 1]!;
    }
  }
  return found;
}
