// maths/ · MBAR: ratios of many normalising constants from samples of some of the states, all samples used for all ratios.
//
// M. R. Shirts & J. D. Chodera (2008), J. Chem. Phys. 129, 124105. With q_k the unnormalised density of state k, N_k samples of it,
// N in all, and l_k = log Z_k (their −f_k):
//   Z_k = Σ_n q_k(x_n) / D_n,   D_n = Σ_j N_j q_j(x_n) / Z_j                                              (eq. 11)
// whose asymptotic covariance is that of eqs 8 and D8, Θ = Wᵀ (1 − W N Wᵀ)⁺ W with W_nk = q_k(x_n) / (Z_k D_n).
// Eq. 11 holds at the minimum of a convex function of l; with P_nj = N_j W_nj, the chance that sample n is state j's,
// its gradient is N_j − Σ_n P_nj and its Hessian diag(Σ_n P_nj) − PᵀP. It is found by Newton's method, from Bennett's ratios (bridge.ts)
// along the tree of the pairs that overlap best; eq. 11 itself, repeated, creeps. l is known up to a constant, and l_0 = 0.
// Two states give bridge.ts.
import { balancePoint, LEAST_INFORMATION } from "./bridge.ts";
import { invertPositive } from "./sandwich.ts";

export interface MbarInput {
  /** log q_k(x_n), K × N, state-major: entry k N + n; −Infinity where x_n is impossible under k. Samples in order of their states. */
  readonly logDensities: Float64Array;
  /** N_k of each of K states: whole numbers, some above 0. A state without samples is told from those of the others. */
  readonly counts: readonly number[];
}

export interface Mbar {
  /** log Z_k/Z_0 in nats, of K states; [0] is 0. */
  readonly logZ: Float64Array;
  /** Of log Z_k/Z_0, K × K row-major; row and column 0 are 0. Samples are taken as independent: thin correlated ones first. */
  readonly covariance: Float64Array;
  /**
   * Second eigenvalue of the overlap matrix O_ij = Σ_n P_ni P_nj / N_i of the sampled states, in [0, 1]: next to 1 where they fall
   * into two groups that hardly touch (P. V. Klimovich, M. R. Shirts & D. L. Mobley 2015, J. Comput.-Aided Mol. Des. 29, 397–411).
   * Absent where one state alone is sampled.
   */
  readonly secondEigenvalue?: number;
  /** Those two groups: the states of one, and Σ P_ni P_nj over i in one and j in the other, the samples that link them. */
  readonly weakest?: { readonly states: readonly number[]; readonly information: number };
}

/** Samples of each state that Bennett's ratios are begun from. */
const ENOUGH = 500;
const MOST_STEPS = 100;
const MOST_HALVINGS = 12;
/** Steps of eq. 11 where the Hessian is singular. */
const MOST_CREEPS = 10;
/** Newton converges quadratically: after a step of 1e−9 it stands at rounding. */
const SETTLED = 1e-9;

/**
 * All log Z_k/Z_0 with their covariance.
 *
 * @returns nothing where they are not determined: no sample is possible under some state; some sampled states are never reached by
 *   samples of the others (Y. Vardi 1985, Ann. Stat. 13, 178–203); the weakest link is less than LEAST_INFORMATION; or Newton did not settle
 * @throws RangeError where the matrix is not K × N, holds NaN or +Infinity, or finds a sample impossible under its own state
 */
export function mbar(input: MbarInput): Mbar | undefined {
  const { logDensities: logs, counts } = input;
  check(input);
  const states = counts.length;
  const samples = logs.length / states;
  const sampled = [...counts.keys()].filter((k) => counts[k]! > 0);
  if (!connected(input, sampled, samples)) return undefined;
  const solved = solve(logs, counts, sampled, samples);
  if (solved === undefined) return undefined;
  const { logDenominator, together } = solved;
  const logZ = Float64Array.from(counts, (_, k) => logMass(logs, k, logDenominator));
  if (logZ.some((l) => l === Number.NEGATIVE_INFINITY)) return undefined;

  // S = N^½ WᵀW N^½ of the sampled states, without its trivial pair: eigenvalue 1, eigenvector √(N_j/N).
  const m = sampled.length;
  const root = Float64Array.from(sampled, (k) => Math.sqrt(counts[k]!));
  const rest = Float64Array.from({ length: m * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    return together[at]! / (root[i]! * root[j]!) - (root[i]! * root[j]!) / samples;
  });
  const { values, vectors } = symmetricEigen(rest, m);
  const link = m === 1 ? {} : weakestLink(values, vectors, together, sampled);
  if (link.weakest !== undefined && !(link.weakest.information >= LEAST_INFORMATION)) return undefined;

  // Θ = G + G N^½ V diag(1 / (1 − λ)) Vᵀ N^½ G with G = WᵀW of all states (the pseudo-inverse through S's eigenvectors), which
  // differs from D8 by a constant: the trivial pair stands in it with λ = 0. Differences do not see it.
  const gram = overlaps(logs, logZ, logDenominator);
  const spread = Float64Array.from({ length: states * m }, (_, at) => {
    const [k, v] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let i = 0; i < m; i++) sum += gram[k * states + sampled[i]!]! * root[i]! * vectors[i * m + v]!;
    return sum / Math.sqrt(1 - values[v]!);
  });
  const theta = gram.map((own, at) => {
    const [a, b] = [Math.floor(at / states), at % states];
    let sum = own;
    for (let v = 0; v < m; v++) sum += spread[a * m + v]! * spread[b * m + v]!;
    return sum;
  });
  const covariance = theta.map((own, at) => {
    const [a, b] = [Math.floor(at / states), at % states];
    return a === 0 || b === 0 ? 0 : own - theta[a * states]! - theta[b]! + theta[0]!;
  });
  return { logZ: logZ.map((l) => l - logZ[0]!), covariance, ...link };
}

/** log Z_k/Z_j of an answer, with its standard error. */
export function logRatioOf({ logZ, covariance }: Mbar, k: number, j: number): { value: number; se: number } {
  const of = (a: number, b: number): number => covariance[a * logZ.length + b]!;
  const variance = k === j ? 0 : of(k, k) + of(j, j) - 2 * of(k, j);
  return { value: logZ[k]! - logZ[j]!, se: Math.sqrt(Math.max(0, variance)) };
}

/** One look at all samples from given l of the m sampled states. */
interface Pass {
  /** log Σ_j N_j q_j(x_n)/Z_j. */
  readonly logDenominator: Float64Array;
  /** Σ_n P_nj. */
  readonly sums: Float64Array;
  /** PᵀP, m × m. */
  readonly together: Float64Array;
  /** max |Σ_n P_nj / N_j − 1|. */
  readonly residual: number;
}

function solve(
  logs: Float64Array,
  counts: readonly number[],
  sampled: readonly number[],
  samples: number,
): Pass | undefined {
  const m = sampled.length;
  const sizes = Float64Array.from(sampled, (k) => counts[k]!);
  const logSizes = sizes.map(Math.log);
  const look = (l: Float64Array): Pass => {
    const logDenominator = new Float64Array(samples);
    const sums = new Float64Array(m);
    const together = new Float64Array(m * m);
    const p = new Float64Array(m);
    const offset = l.map((own, j) => logSizes[j]! - own);
    for (let n = 0; n < samples; n++) {
      let top = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < m; j++) {
        p[j] = logs[sampled[j]! * samples + n]! + offset[j]!;
        if (p[j]! > top) top = p[j]!;
      }
      let total = 0;
      for (let j = 0; j < m; j++) {
        p[j] = Math.exp(p[j]! - top);
        total += p[j]!;
      }
      logDenominator[n] = top + Math.log(total);
      for (let j = 0; j < m; j++) {
        const own = p[j]! / total;
        p[j] = own;
        sums[j] = sums[j]! + own;
        for (let i = 0; i <= j; i++) together[j * m + i] = together[j * m + i]! + own * p[i]!;
      }
    }
    for (let j = 0; j < m; j++) for (let i = 0; i < j; i++) together[i * m + j] = together[j * m + i]!;
    const residual = sums.reduce((most, sum, j) => Math.max(most, Math.abs(sum / sizes[j]! - 1)), 0);
    return { logDenominator, sums, together, residual };
  };

  let l: Float64Array = beginning(logs, counts, sampled, samples);
  let here = look(l);
  let creeps = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const move = newton(here, sizes);
    if (move === undefined) {
      // Flat as far as doubles go: either the states do not touch, or this is far from where they do.
      if (++creeps > MOST_CREEPS) return undefined;
      l = Float64Array.from(sampled, (k) => logMass(logs, k, here.logDenominator));
      l = l.map((own) => own - l[0]!);
      here = look(l);
      continue;
    }
    if (move.every((own) => Math.abs(own) < SETTLED)) return look(l.map((own, j) => own + move[j]!));
    // The function's slope along the move. A tenth of what it promises is asked for.
    const slope = move.reduce((sum, own, j) => sum + own * (sizes[j]! - here.sums[j]!), 0);
    let t = 1;
    for (let halving = 0; halving <= MOST_HALVINGS; halving++, t /= 2) {
      const there = l.map((own, j) => own + t * move[j]!);
      const seen = look(there);
      if (rise(here, seen, move, sizes, t) > 0.1 * t * slope && seen.residual >= here.residual) continue;
      l = there;
      here = seen;
      break;
    }
    if (t < 2 ** -MOST_HALVINGS) return undefined;
  }
  return undefined;
}

/** By how much the convex function rises with t times the move: Σ_n Δ log denominator + Σ_j N_j Δl_j. */
function rise(here: Pass, there: Pass, move: Float64Array, sizes: Float64Array, t: number): number {
  let sum = move.reduce((adding, own, j) => adding + t * own * sizes[j]!, 0);
  for (let n = 0; n < here.logDenominator.length; n++) sum += there.logDenominator[n]! - here.logDenominator[n]!;
  return sum;
}

/** l from Bennett's ratios: of all pairs of a state that has its l and one that has not, the one with most information comes next. */
function beginning(
  logs: Float64Array,
  counts: readonly number[],
  sampled: readonly number[],
  samples: number,
): Float64Array {
  const starts = counts.map((_, k) => counts.slice(0, k).reduce((sum, count) => sum + count, 0));
  const ratios = (of: number, over: number, stride: number): Float64Array =>
    Float64Array.from({ length: Math.ceil(counts[of]! / stride) }, (_, i) => {
      const n = starts[of]! + i * stride;
      return logs[over * samples + n]! - logs[of * samples + n]!;
    });
  const strideOf = (k: number): number => Math.max(1, Math.floor(counts[k]! / ENOUGH));
  const between = (i: number, j: number) =>
    balancePoint(ratios(i, j, strideOf(i)), ratios(j, i, strideOf(j))) ??
    // The few samples possible under both may have been left out.
    balancePoint(ratios(i, j, 1), ratios(j, i, 1));
  const l = new Map<number, number>([[sampled[0]!, 0]]);
  const open: { to: number; l: number; information: number }[] = [];
  let last = sampled[0]!;
  while (l.size < sampled.length) {
    for (const to of sampled) {
      const found = l.has(to) ? undefined : between(last, to);
      if (found !== undefined) open.push({ to, l: l.get(last)! + found.logRatio, information: found.information });
    }
    const usable = open.filter(({ to }) => !l.has(to));
    // States linked through several others only: anywhere will do.
    const best = usable.reduce((most, one) => (one.information > most.information ? one : most), {
      to: sampled.find((k) => !l.has(k))!,
      l: 0,
      information: -1,
    });
    l.set(best.to, best.l);
    last = best.to;
  }
  return Float64Array.from(sampled, (k) => l.get(k)!);
}

/** Newton's step with l_0 held; nothing where the Hessian is singular. */
function newton({ sums, together }: Pass, sizes: Float64Array): Float64Array | undefined {
  const m = sizes.length;
  const free = m - 1;
  const hessian = Float64Array.from({ length: free * free }, (_, at) => {
    const [i, j] = [1 + Math.floor(at / free), 1 + (at % free)];
    if (i !== j) return -together[i * m + j]!;
    // Σ P_j − Σ P_j² as the sum over other states: where states hardly touch, the difference would be rounding.
    let across = 0;
    for (let other = 0; other < m; other++) if (other !== i) across += together[i * m + other]!;
    return across;
  });
  const inverse = invertPositive(hessian, free);
  if (inverse === undefined) return undefined;
  return Float64Array.from({ length: m }, (_, i) => {
    let move = 0;
    if (i > 0) for (let j = 1; j < m; j++) move += inverse[(i - 1) * free + j - 1]! * (sums[j]! - sizes[j]!);
    return move;
  });
}

/** The right side of eq. 11 in logs: log Σ_n q_k(x_n) / denominator. */
function logMass(logs: Float64Array, k: number, logDenominator: Float64Array): number {
  const from = k * logDenominator.length;
  let top = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < logDenominator.length; n++) top = Math.max(top, logs[from + n]! - logDenominator[n]!);
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (let n = 0; n < logDenominator.length; n++) sum += Math.exp(logs[from + n]! - logDenominator[n]! - top);
  return top + Math.log(sum);
}

/** WᵀW of all states, K × K. */
function overlaps(logs: Float64Array, logZ: Float64Array, logDenominator: Float64Array): Float64Array {
  const [states, samples] = [logZ.length, logDenominator.length];
  const gram = new Float64Array(states * states);
  const w = new Float64Array(states);
  for (let n = 0; n < samples; n++) {
    for (let j = 0; j < states; j++) {
      w[j] = Math.exp(logs[j * samples + n]! - logZ[j]! - logDenominator[n]!);
      for (let i = 0; i <= j; i++) gram[j * states + i] = gram[j * states + i]! + w[j]! * w[i]!;
    }
  }
  for (let j = 0; j < states; j++) for (let i = 0; i < j; i++) gram[i * states + j] = gram[j * states + i]!;
  return gram;
}

/** The two groups that the second eigenvector's signs make. */
function weakestLink(
  values: Float64Array,
  vectors: Float64Array,
  together: Float64Array,
  sampled: readonly number[],
): Pick<Mbar, "secondEigenvalue" | "weakest"> {
  const m = sampled.length;
  // Where all states are alike every eigenvalue is 0 but for rounding, and the first vector may be the trivial one, of one sign.
  const sides = sampled.map((_, v) => sampled.map((__, i) => vectors[i * m + v]! > 0));
  const inside = sides.find((own) => own.includes(true) && own.includes(false)) ?? sides[0]!;
  let information = 0;
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) if (inside[i] && !inside[j]) information += together[i * m + j]!;
  const states = sampled.filter((_, i) => inside[i]);
  return { secondEigenvalue: Math.min(1, Math.max(0, values[0]!)), weakest: { states, information } };
}

/** Whether from every sampled state samples lead to every other: else some ratio runs off to infinity. */
function connected({ logDensities, counts }: MbarInput, sampled: readonly number[], samples: number): boolean {
  const starts = counts.map((_, k) => counts.slice(0, k).reduce((sum, count) => sum + count, 0));
  const possible = (i: number, j: number): boolean => {
    for (let n = starts[i]!; n < starts[i]! + counts[i]!; n++)
      if (logDensities[j * samples + n]! > Number.NEGATIVE_INFINITY) return true;
    return false;
  };
  const reaches = (edge: (i: number, j: number) => boolean): number => {
    const seen = new Set([sampled[0]!]);
    for (const i of seen) for (const j of sampled) if (!seen.has(j) && edge(i, j)) seen.add(j);
    return seen.size;
  };
  return reaches(possible) === sampled.length && reaches((i, j) => possible(j, i)) === sampled.length;
}

export interface Eigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** n × n row-major; column v belongs to values[v], of length 1. */
  readonly vectors: Float64Array;
}

const MOST_SWEEPS = 60;

/**
 * Eigenvalues and -vectors of a small symmetric matrix by Jacobi's rotations in cyclic sweeps (G. H. Golub & C. F. Van Loan 2013,
 * Matrix Computations, 4th ed., §8.5).
 *
 * @param matrix n × n, symmetric, finite; only read
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  const size = Math.sqrt(a.reduce((sum, own) => sum + own * own, 0));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off = Math.max(off, Math.abs(a[p * n + q]!));
    if (off <= 1e-18 * size) break;
    for (let q = 1; q < n; q++) for (let p = 0; p < q; p++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  const vectors = Float64Array.from(v, (_, at) => v[Math.floor(at / n) * n + order[at % n]!]!);
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

/** The rotation in the plane of p and q that makes a_pq 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  // The smaller of the two angles: the larger would undo what is done.
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  const turn = (of: Float64Array, i: number, j: number): void => {
    const [x, y] = [of[i]!, of[j]!];
    of[i] = c * x - s * y;
    of[j] = s * x + c * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

function check({ logDensities, counts }: MbarInput): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(counts.every((count) => Number.isInteger(count) && count >= 0) && total > 0))
    throw new RangeError(`MBAR needs whole counts of samples, some above 0, got ${counts.join(", ")}`);
  if (logDensities.length !== total * counts.length)
    throw new RangeError(`${counts.length} states × ${total} samples are not ${logDensities.length} log densities`);
  logDensities.forEach((own, at) => {
    if (!(own < Number.POSITIVE_INFINITY))
      throw new RangeError(`log densities are finite or −Infinity, but number ${at} is ${own}`);
  });
  let n = 0;
  counts.forEach((count, k) => {
    for (const end = n + count; n < end; n++)
      if (logDensities[k * total + n] === Number.NEGATIVE_INFINITY)
        throw new RangeError(
          `sample ${n} is impossible under its own state ${k}: samples stand in order of their states`,
        );
  });
}
