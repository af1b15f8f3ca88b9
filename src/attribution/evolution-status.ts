// attribution/ · Evolution status: had the base a behaviour already, or did it emerge, and at which checkpoint?
import type { ClusteredShare } from "../maths/clustered-share.ts";

export interface Status {
  readonly status: "amplified" | "emerged" | "faded" | "steady" | "undecided";
  /** Index of the first policy whose lower limit passes the base's upper limit. */
  readonly emergedAt?: number;
  /** Of the base, about: as many rollouts would decide it. */
  readonly samples?: number;
}

/**
 * *Reached*: the base showed it, and its lower limit lies above the yardstick. Then amplified, faded or steady, by whether the tuned
 * policy's limits and the base's keep clear of each other. Not reached: *emerged* where some later policy's lower limit passes the
 * base's upper limit, else *undecided*.
 *
 * @param shares one a policy, the base first; undefined where a policy has no trial
 */
export function statusOf(
  shares: readonly (ClusteredShare | undefined)[],
  { level, yardstick }: { readonly level: number; readonly yardstick: number },
): Status {
  const [base, ...later] = shares;
  const tuned = later.at(-1);
  if (base === undefined || tuned === undefined) return { status: "undecided" };
  if (base.events > 0 && base.low > yardstick) {
    if (tuned.low > base.high) return { status: "amplified" };
    return { status: tuned.high < base.low ? "faded" : "steady" };
  }
  const first = later.findIndex((share) => share !== undefined && share.low > base.high);
  if (first >= 0) return { status: "emerged", emergedAt: first + 1 };
  const most = later.reduce((highest, share) => Math.max(highest, share?.low ?? 0), 0);
  const samples = deciding(base, most, level);
  return { status: "undecided", ...(samples === undefined ? {} : { samples }) };
}

/**
 * Rollouts of the base after which its upper limit, at the share seen so far, lies below `target`: either it does then, or the
 * base has shown it more often. Nothing where the base shows it as often as the target already.
 */
function deciding({ value, trials }: ClusteredShare, target: number, level: number): number | undefined {
  if (!(target > value)) return undefined;
  // Chernoff's bound on a share this low at a chance of `target`: P(≤ value) ≤ exp(−n KL(value ‖ target)).
  const kl =
    (value === 0 ? 0 : value * Math.log(value / target)) +
    (value === 1 ? 0 : (1 - value) * (Math.log1p(-value) - Math.log1p(-target)));
  return Math.max(trials + 1, Math.ceil(Math.log(2 / (1 - level)) / kl));
}
