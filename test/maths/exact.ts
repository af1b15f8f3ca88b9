// test/maths · Exact: rational arithmetic on big integers, for truths that owe nothing to floating point.

const factorials = [1n];
const known = new Map<number, bigint>();

/** C(n, k); 0n outside 0 ≤ k ≤ n. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  const key = n * 65536 + Math.min(k, n - k);
  let value = known.get(key);
  if (value === undefined) {
    for (let i = factorials.length; i <= n; i++) factorials.push(factorials[i - 1]! * BigInt(i));
    value = factorials[n]! / (factorials[k]! * factorials[n - k]!);
    known.set(key, value);
  }
  return value;
}

/** The double next to above / below, however large the two are. */
export function quotient(above: bigint, below: bigint): number {
  const digits = (x: bigint): number => x.toString(16).length * 4;
  const shift = Math.max(0, digits(below) - digits(above) + 80);
  return Number((above << BigInt(shift)) / below) * 2 ** -Math.floor(shift / 2) * 2 ** -Math.ceil(shift / 2);
}

/** Relative distance. */
export function off(value: number, truth: number): number {
  return value === truth ? 0 : Math.abs(value - truth) / Math.abs(truth);
}
