// maths/ · Slip and repair: the two rates of a chain that goes wrong, and right again, step by step.
//
// After each verified step the work is right or wrong. From right it slips with probability ε, from wrong it is repaired with
// probability ρ, whatever came before: a two-state Markov chain (T. W. Anderson & L. A. Goodman 1957, Ann. Math. Stat. 28, 89–110).
// The likelihood falls apart into the two rates, each events over steps at risk, so a cut-off only ends the counting. Standard
// errors are those of a ratio of sums with problems as clusters (influence (events_g − rate · atRisk_g) / atRisk).
import { oneSidedUpper } from "./intervals.ts";
import { expit, logit } from "./logspace.ts";
import { studentHalfWidth } from "./student.ts";

export interface StepStates {
  /** Whether the work was right after step 1, 2, …; before step 1 it is right. */
  readonly right: readonly boolean[];
  /** Problem. */
  readonly cluster: number;
}

export interface Rate {
  /** Transitions seen. */
  readonly events: number;
  /** Steps begun in the state from which it could come. */
  readonly atRisk: number;
  /** events / atRisk. */
  readonly value: number;
  /** By cluster; absent where the events are none or all: no spread is seen then. */
  readonly se?: number;
  /** On the logit scale; where no spread is seen, one-sided limits for independent steps, with 0 or 1 on the other side. */
  readonly low: number;
  readonly high: number;
}

export interface SlipRepair {
  /** Absent where no step began right, or wrong: the rate was never put to the test. */
  readonly slip?: Rate;
  readonly repair?: Rate;
}

/** The two rates of pooled rollouts, with intervals at `level`. RangeError below 2 clusters. */
export function slipRepair(rollouts: readonly StepStates[], level: number): SlipRepair {
  const slips = new Map<number, Count>();
  const repairs = new Map<number, Count>();
  for (const { right, cluster } of rollouts) {
    let was = true;
    for (const is of right) {
      count(was ? slips : repairs, cluster, is !== was);
      was = is;
    }
  }
  const clusters = new Set(rollouts.map(({ cluster }) => cluster)).size;
  if (clusters < 2) throw new RangeError(`errors by cluster need 2 problems or more, got ${clusters}`);
  const slip = rate(slips, clusters, level);
  const repair = rate(repairs, clusters, level);
  return { ...(slip && { slip }), ...(repair && { repair }) };
}

/**
 * P(right after `steps` steps), begun right: (ρ + ε (1 − ε − ρ)^steps) / (ε + ρ); (1 − ε)^steps where nothing is repaired.
 *
 * @param slip ε in [0, 1]
 * @param repair ρ in [0, 1]
 */
export function rightAfter(steps: number, slip: number, repair: number): number {
  const total = slip + repair;
  return total === 0 ? 1 : (repair + slip * (1 - total) ** steps) / total;
}

interface Count {
  events: number;
  atRisk: number;
}

function count(into: Map<number, Count>, cluster: number, event: boolean): void {
  const so = into.get(cluster) ?? { events: 0, atRisk: 0 };
  so.atRisk++;
  if (event) so.events++;
  into.set(cluster, so);
}

function rate(counts: Map<number, Count>, clusters: number, level: number): Rate | undefined {
  let events = 0;
  let atRisk = 0;
  for (const so of counts.values()) {
    events += so.events;
    atRisk += so.atRisk;
  }
  if (atRisk === 0) return undefined;
  const value = events / atRisk;
  const seen = { events, atRisk, value };
  if (events === 0) return { ...seen, low: 0, high: oneSidedUpper(0, atRisk, level) };
  if (events === atRisk) return { ...seen, low: 1 - oneSidedUpper(0, atRisk, level), high: 1 };
  let square = 0;
  for (const so of counts.values()) square += (so.events - value * so.atRisk) ** 2;
  const se = Math.sqrt((clusters / (clusters - 1)) * square) / atRisk;
  const half = (studentHalfWidth(level, clusters - 1) * se) / (value * (1 - value));
  return { ...seen, se, low: expit(logit(value) - half), high: expit(logit(value) + half) };
}
