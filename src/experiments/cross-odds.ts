// experiments/ · Cross odds: a token against every other that might have stood in its place, under two policies.
import { log1mExp } from "../maths/logspace.ts";
import { ROUNDING } from "./cross-means.ts";

/** log p/(1 − p) of a log-probability. What is nearer to certain than log-probabilities are told is taken to be as far as that. */
export function logOdds(logProb: number): number {
  const told = Math.min(logProb, -ROUNDING);
  return told - log1mExp(told);
}

/**
 * How far two laws "this token, or another" lie apart, both directions added up: (p1 − p0)(logit p1 − logit p0), nats (H. Jeffreys 1946,
 * Proc. R. Soc. A 186, 453–461). 0 where the policies give the token one chance. A right token and a slip that competes with it tell nearly
 * the same, so it hardly matters which of the two was drawn; of the log-ratio the slip's is twenty times the other's.
 */
export function oddsDistance(base: number, later: number): number {
  return Math.max(0, (Math.exp(later) - Math.exp(base)) * (logOdds(later) - logOdds(base)));
}
