// maths/ · Crossing: where a falling function of one number passes 0.

/**
 * Where a falling function passes 0, to a ten-thousandth of the way; the nearer end where it does not. At most one step more than halving
 * would take, and mostly little more than half as many: I. F. D. Oliveira & R. H. C. Takahashi (2020), ACM TOMS 47, 5 (ITP).
 */
export function crossing(of: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [above, below] = [of(low), of(high)];
  if (above <= 0) return low;
  if (below >= 0) return high;
  const width = 1e-4 * (to - from);
  let slack = width * 2 ** Math.ceil(Math.log2((to - from) / width));
  for (; high - low > width; slack /= 2) {
    const middle = (low + high) / 2;
    const straight = (above * high - below * low) / (above - below);
    const toMiddle = Math.sign(middle - straight);
    const nudge = (0.2 * (high - low) ** 2) / (to - from);
    const nudged = nudge <= Math.abs(middle - straight) ? straight + toMiddle * nudge : middle;
    const room = slack - (high - low) / 2;
    const x = Math.abs(nudged - middle) <= room ? nudged : middle - toMiddle * room;
    const y = of(x);
    if (y > 0) [low, above] = [x, y];
    else if (y < 0) [high, below] = [x, y];
    else return x;
  }
  return (low + high) / 2;
}
