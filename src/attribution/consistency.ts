// attribution/ · Consistency: standings held against one another; where two contradict each other, the one that rests on less yields.
//
// Explanations co-occur, but one gain cannot be due whole to two of them. What a rival rests on, from more to less: the log-ratio of
// texts (a law of the whole distribution, below any way of solving), the ledger (what policies did), the shape of success counts.
import type { Explanation } from "../explanations/explanation.ts";
import type { Standing } from "../terms/standing.ts";

/** A rival with its standing. */
export interface Judged extends Standing {
  readonly explanation: Explanation;
}

const GROUNDS = ["cross/", "ledger/"] as const;
const SHAPE = GROUNDS.length;

/** 0 for the log-ratio, 1 for the ledger, 2 for counts alone. */
function groundOf({ because }: Judged): number {
  const found = GROUNDS.findIndex((prefix) => because.some((name) => name.startsWith(prefix)));
  return found < 0 ? SHAPE : found;
}

/** The same rivals; a standing changes only where a better founded one contradicts it. */
export function reconcile(judged: readonly Judged[]): Judged[] {
  // That nothing changed is no cause: it is judged by differences alone.
  const whole = judged.filter(
    ({ standing, explanation }) => standing === "alone sufficient" && explanation.moves.length,
  );
  const best = whole.toSorted((a, b) => groundOf(a) - groundOf(b))[0];
  if (best === undefined || groundOf(best) === SHAPE) return [...judged];
  return judged.map((one) => (one === best ? one : heldAgainst(one, best)));
}

function heldAgainst(one: Judged, best: Judged): Judged {
  const claims = one.standing === "alone sufficient" || one.standing === "contributes";
  if (!claims || one.explanation.moves.length === 0 || groundOf(one) <= groundOf(best)) return one;
  const { name } = best.explanation;
  const because = [...new Set([...one.because, ...best.because])];
  // A law of the whole distribution acts through what the policies do, and the ledger says through what.
  if (groundOf(one) < SHAPE) {
    if (one.standing === "contributes") return one;
    const reason = `${one.reason}; but ${name} accounts for all that changed, and may have done this`;
    return { ...one, standing: "contributes", reason, because };
  }
  const reason = `${one.reason}; but the ledger gives the whole gain to ${name}, and counts name no cause`;
  return { ...one, standing: "cannot be told", reason, because };
}
