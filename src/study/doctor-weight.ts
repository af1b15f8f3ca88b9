// study/ · Doctor's weight: a policy's own rollouts, scored by itself, must weigh 1 in the mean; their spread is the mismatch floor.
import type { CheckOutcome } from "../terms/doctor.ts";
import type { Measured } from "../terms/estimate.ts";

/** One rollout's natural logs, token by token: as it was drawn, and as it is scored. */
export interface Weighed {
  readonly drawn: readonly number[];
  readonly scored: readonly number[];
}

/** More than this a token, and a rollout of a hundred tokens weighs e^10 or e^−10: no longer one density. */
const MOST_NATS = 0.1;
/** The mean weight may be off by so much, and by so many standard errors. */
const OFF = 0.02;
const ERRORS = 4;
/** Of a standard normal, two-sided 95 %. */
const Z = 1.959964;

export interface UnitWeight {
  readonly outcome: CheckOutcome;
  /** Absent where a drawn token scores as impossible. */
  readonly unitWeight?: Measured;
  readonly mismatch?: Measured;
}

/** @param rollouts  two or more, of at least one token each */
export function unitWeightOf(rollouts: readonly Weighed[]): UnitWeight {
  const differences = rollouts.map(({ drawn, scored }) => scored.map((one, t) => one - drawn[t]!));
  const tokens = differences.flat();
  const impossible = tokens.filter((one) => !Number.isFinite(one)).length;
  if (impossible > 0)
    return {
      outcome: {
        kind: "failed",
        why: `${impossible} of ${tokens.length} tokens that it drew have, drawn or scored, probability zero`,
      },
    };
  const weights = differences.map((list) => Math.exp(sum(list)));
  const mean = sum(weights) / weights.length;
  const se = Math.sqrt(sum(weights.map((weight) => (weight - mean) ** 2)) / (weights.length - 1) / weights.length);
  const floor = Math.sqrt(sum(tokens.map((one) => one * one)) / tokens.length);
  const worst = tokens.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const unitWeight: Measured = {
    kind: "measured",
    value: mean,
    se,
    low: mean - Z * se,
    high: mean + Z * se,
    level: 0.95,
    method: `mean of exp(scored − drawn) over ${rollouts.length} of its own rollouts`,
  };
  const mismatch: Measured = {
    kind: "measured",
    value: floor,
    method: `root mean square of scored − drawn over ${tokens.length} tokens, in nats`,
    diagnostic: { mean: sum(tokens) / tokens.length, worst },
  };
  return { outcome: judged(mean, se, floor), unitWeight, mismatch };
}

function judged(mean: number, se: number, floor: number): CheckOutcome {
  const spread = `scored and drawn log-probabilities differ by ${nats(floor)} nats a token`;
  if (floor > MOST_NATS) return { kind: "failed", why: `${spread}, where ${MOST_NATS} is the most for one density` };
  if (!(Math.abs(mean - 1) <= OFF + ERRORS * se))
    return {
      kind: "failed",
      why: `its own rollouts weigh ${mean.toPrecision(3)} ± ${se.toPrecision(2)} in the mean, not 1`,
    };
  return { kind: "passed", seen: `mean weight ${mean.toFixed(3)}; ${spread}` };
}

/** Two digits. */
export const nats = (x: number): string => (x === 0 ? "0" : x.toPrecision(2));

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
