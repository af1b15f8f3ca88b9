// maths/ · Balance heuristic: one policy's mean of something from rollouts of several, each weighted as if drawn from their mixture.
//
// E. Veach & L. J. Guibas (1995), SIGGRAPH '95, 419–428; A. B. Owen & Y. Zhou (2000), J. Am. Stat. Assoc. 95, 135–143
// (deterministic mixture). With n_j rollouts of policy q_j, N in all, and target p,
//   Ẑ = Σ_i f(x_i) p(x_i) / Σ_j n_j q_j(x_i),
// which is unbiased for E_p f wherever some q_j > 0 covers f p. No weight N p/Σ_j n_j q_j is above N/n_p where p itself is among the
// policies, so no rollout can count for more than N/n_p of its kind, whatever the others do. All in natural logs, down to 1e−300 and below.
import { logSumExp } from "./logspace.ts";

export interface MixtureInput {
  /** log p(x_i) of each of N rollouts, normalised as the policies are; −Infinity where the target never makes it. */
  readonly logTarget: ArrayLike<number>;
  /** log q_j(x_i): J rows of length N; −Infinity where policy j never makes it, but not for its own rollouts. */
  readonly logProposals: readonly ArrayLike<number>[];
  /** j of each rollout: which policy made it, 0 … J − 1. */
  readonly madeBy: ArrayLike<number>;
  /** log f(x_i), f ≥ 0: 0 where the behaviour is seen, −Infinity where not. All 0 where not said, which gives E_p 1 = 1. */
  readonly logValues?: ArrayLike<number>;
  /**
   * Which rollouts of a policy go together (a problem, a prefix): a label each, compared within a policy only. Clusters of a policy
   * must be alike in law and independent of each other and of other policies'. Each rollout on its own where not said.
   */
  readonly clusters?: ArrayLike<number>;
}

export interface MixtureEstimate {
  /** log Ẑ. */
  readonly logValue: number;
  /**
   * Standard error of Ẑ over Ẑ, each policy a stratum of a fixed size: Σ_j G_j/(G_j − 1) Σ_g (S_g − S̄_j)², S_g a cluster's sum.
   * Absent where a policy's rollouts are all of one cluster.
   */
  readonly relativeError?: number;
  /** Rollouts with a share in Ẑ. */
  readonly contributing: number;
  /** Largest such share, in (0, 1]. */
  readonly largestShare: number;
}

/**
 * Log of N p(x_i)/Σ_j n_j q_j(x_i) for each rollout, with mean 1 over the mixture: for weights.ts and pareto.ts.
 *
 * @throws RangeError for rows of unlike length, a policy that is not there, NaN or +Infinity, or a rollout its own policy never makes
 */
export function balanceWeights(input: Omit<MixtureInput, "logValues" | "clusters">): Float64Array {
  const { logTarget, logProposals, madeBy } = input;
  const n = logTarget.length;
  const counts = new Float64Array(logProposals.length);
  check(input);
  for (let i = 0; i < n; i++) counts[madeBy[i]!] = counts[madeBy[i]!]! + 1;
  const terms = new Float64Array(counts.length);
  return Float64Array.from({ length: n }, (_, i) => {
    logProposals.forEach((row, j) => (terms[j] = row[i]!));
    return logTarget[i]! - logSumExp(terms, counts) + Math.log(n);
  });
}

/**
 * E_p f by the balance heuristic.
 *
 * @returns nothing where no rollout has f p > 0: the estimate is 0, of which there is no log and no error
 * @throws RangeError as balanceWeights, and for values or clusters of another length
 */
export function balanceHeuristic(input: MixtureInput): MixtureEstimate | undefined {
  const { madeBy, logProposals, logValues, clusters } = input;
  const shares = balanceWeights(input);
  const n = shares.length;
  for (const [name, row] of Object.entries({ logValues, clusters }))
    if (row !== undefined && row.length !== n)
      throw new RangeError(`${name} must have a number for each of ${n} rollouts, got ${row.length}`);
  if (logValues !== undefined)
    for (let i = 0; i < n; i++) {
      if (!(logValues[i]! < Number.POSITIVE_INFINITY))
        throw new RangeError(`log values are finite or −Infinity, but number ${i} is ${logValues[i]}`);
      shares[i] = shares[i]! + logValues[i]!;
    }
  const logSum = logSumExp(shares);
  if (logSum === Number.NEGATIVE_INFINITY) return undefined;
  // From here on as parts of Ẑ, which add up to 1.
  for (let i = 0; i < n; i++) shares[i] = Math.exp(shares[i]! - logSum);
  const sums = logProposals.map(() => new Map<number, number>());
  for (let i = 0; i < n; i++) {
    const own = sums[madeBy[i]!]!;
    const label = clusters?.[i] ?? i;
    own.set(label, (own.get(label) ?? 0) + shares[i]!);
  }
  let variance: number | undefined = 0;
  for (const { size, ...stratum } of sums.map((of) => ({ size: of.size, values: [...of.values()] }))) {
    if (size === 1) variance = undefined;
    if (size < 2 || variance === undefined) continue;
    const mean = stratum.values.reduce((sum, own) => sum + own, 0) / size;
    variance += (size / (size - 1)) * stratum.values.reduce((sum, own) => sum + (own - mean) ** 2, 0);
  }
  return {
    logValue: logSum - Math.log(n),
    ...(variance !== undefined && { relativeError: Math.sqrt(variance) }),
    contributing: shares.filter((own) => own > 0).length,
    largestShare: shares.reduce((most, own) => Math.max(most, own), 0),
  };
}

function check({ logTarget, logProposals, madeBy }: Omit<MixtureInput, "logValues" | "clusters">): void {
  const n = logTarget.length;
  if (n === 0 || madeBy.length !== n || logProposals.some((row) => row.length !== n))
    throw new RangeError(`every row must have a number for each of ${n} rollouts, and there must be some`);
  const rows = [logTarget, ...logProposals];
  for (let i = 0; i < n; i++) {
    const j = madeBy[i]!;
    if (!(Number.isInteger(j) && j >= 0 && j < logProposals.length))
      throw new RangeError(`rollout ${i} is of policy ${j}, of ${logProposals.length} from 0`);
    for (const row of rows)
      if (!(row[i]! < Number.POSITIVE_INFINITY))
        throw new RangeError(`log densities are finite or −Infinity, but one of rollout ${i} is ${row[i]}`);
    if (logProposals[j]![i] === Number.NEGATIVE_INFINITY)
      throw new RangeError(`rollout ${i} is impossible under policy ${j}, which made it`);
  }
}
