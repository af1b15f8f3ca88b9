// experiments/ · Mass told: the chances that policies give to texts, in the density they were drawn in; and when weighted answers tell their own error.
import { paretoSmooth } from "../maths/pareto.ts";
import { weightDiagnostics } from "../maths/weights.ts";
import type { ScoreRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { told } from "./cross-read.ts";
import { lengthsApart, type Spread } from "./mass-lengths.ts";

/** What weighted answers come to. */
export interface Weighed {
  /** Natural log of the mean, nought for each right answer whose weight is not known: in the mean no higher than the truth. Absent where it is 0. */
  readonly logFloor?: number;
  /** Natural log of the mean, and its standard error over it: only where it tells its own error. */
  readonly logMass?: number;
  readonly relativeError?: number;
  /** Kish's effective number of right answers, and the shape of the weights' tail; absent where none was right or no tail could be fitted. */
  readonly effective?: number;
  readonly k?: number;
  /** Tokens of the right answers, weighted alike; absent where none counts. */
  readonly lengths?: Spread;
  /** Why there is no estimate, a clause; absent where there is nothing to be said of it. */
  readonly lacks?: string;
}

/** Fewer answers than these, in effect, do not tell their own error. */
const FEWEST = 10;
/** Log-probabilities are kept in single precision: what is alike but for that has no tail. */
const GRAIN = 1e6;

/** @param logWeights of all draws, one at least above 0; −∞ for what counts nothing */
export function diagnosed(logWeights: readonly number[]): Pick<Weighed, "effective" | "k" | "lacks"> {
  const { effective } = weightDiagnostics(logWeights)!;
  const { k, trusted, threshold } = paretoSmooth(logWeights.map((log) => Math.round(log * GRAIN) / GRAIN));
  const found = { effective, ...(k === undefined ? {} : { k }) };
  if (Math.round(effective) < FEWEST)
    return { ...found, lacks: `worth ${effective.toFixed(1)} right answers in effect` };
  if (trusted === false)
    return { ...found, lacks: `with a tail too heavy to be told (k̂ ${k!.toFixed(2)} above ${threshold.toFixed(2)})` };
  return found;
}

/** Without the estimate where its answers are not as long as those that the base came to by itself. */
export function heldAgainst<T extends Weighed>(found: T, came: Spread, name: string): T {
  const apart =
    found.logMass === undefined || found.lengths === undefined ? undefined : lengthsApart(found.lengths, came);
  if (apart === undefined) return found;
  const { logMass: _, relativeError: __, ...rest } = found;
  const lacks = `${name} have ${apart[0].toFixed(1)} tokens, those that the base came to by itself ${apart[1].toFixed(1)}`;
  return { ...rest, lacks } as T;
}

/** By `policy rollout`: natural logs of each token's chance, only where told in the density that drew it. */
export type Logs = ReadonlyMap<string, readonly number[]>;

export function logsOf({ scores }: Seen): Logs {
  const first = new Map<string, ScoreRecord>();
  for (const score of scores) {
    const key = `${score.policy} ${score.rollout}`;
    const before = first.get(key);
    // Asked for twice, both hold; whichever row comes first, the same one is read.
    if (score.detail === undefined && (before === undefined || score.chunk < before.chunk)) first.set(key, score);
  }
  const logs = new Map<string, readonly number[]>();
  for (const [key, score] of first) {
    const own = told(score, "processed");
    if (own !== undefined) logs.set(key, own);
  }
  return logs;
}

/** Of each problem the prompt, where all policies were asked in the same words: else their chances are of other things. */
export function promptsOf({ rollouts, policies }: Seen): (problem: string) => readonly number[] | undefined {
  const asked = new Map<string, readonly number[]>();
  for (const { experiment, policy, problem, promptTokenIds } of rollouts)
    if (experiment === "paired-sampling" && promptTokenIds !== undefined)
      asked.set(`${policy} ${problem}`, promptTokenIds);
  return (problem) => {
    const [first, ...others] = policies.map((policy) => asked.get(`${policy} ${problem}`)?.join(" "));
    return others.every((one) => one === first) ? asked.get(`${policies[0]!} ${problem}`) : undefined;
  };
}

/** A text, as a key. */
export function textKey(tokenIds: readonly number[]): string {
  return tokenIds.join(" ");
}
