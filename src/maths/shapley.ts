// maths/ · Shapley: what each player of a game is worth, over all orders of joining; exact, by all coalitions.
//
// L. S. Shapley (1953), "A value for n-person games", in Contributions to the Theory of Games II, 307–317, eq. (13):
// φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)).

/** Players at most: the value is asked for once for each of 2^n coalitions. */
export const MOST_PLAYERS = 16;

/**
 * The players' shares of v(all) − v(none), to which they add up.
 *
 * @param players  n, 1 … 16; RangeError outside
 * @param value  v of a coalition, a bit mask: bit i is player i. Called once for each of the 2^n masks, ascending
 */
export function shapley(players: number, value: (coalition: number) => number): Float64Array {
  if (!(Number.isInteger(players) && players >= 1 && players <= MOST_PLAYERS))
    throw new RangeError(`Shapley values need 1 to ${MOST_PLAYERS} players, got ${players}`);
  const values = Float64Array.from({ length: 2 ** players }, (_, coalition) => value(coalition));
  // |S|! (n − |S| − 1)! / n! = 1 / (n · C(n − 1, |S|)), by the size of S.
  const weights = new Float64Array(players);
  for (let size = 0, choices = 1; size < players; size++) {
    weights[size] = 1 / (players * choices);
    choices = (choices * (players - 1 - size)) / (size + 1);
  }
  const shares = new Float64Array(players);
  for (let coalition = 0; coalition < values.length; coalition++) {
    const weight = weights[bitsIn(coalition)];
    for (let i = 0; i < players; i++) {
      if ((coalition >> i) & 1) continue;
      shares[i] = shares[i]! + weight! * (values[coalition | (1 << i)]! - values[coalition]!);
    }
  }
  return shares;
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) bits++;
  return bits;
}
