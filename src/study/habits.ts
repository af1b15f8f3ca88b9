// study/ · Habits: how the base of a study goes about its problems, read in answers that are there already. What is imagined then starts
// from this base, not from a usual one.
import { mainWay } from "../experiments/main-way.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";

/** Of steps along the base's main way; what its task does not tell is absent. */
export interface Habits {
  /** ε in (0, 1), mean over first tries. */
  readonly slip?: number;
  /** ρ in [0, 1), of slips. */
  readonly repair?: number;
  /** Standard deviation over problems of a slip's log-odds, ≥ 0, counting noise taken off. */
  readonly scatter?: number;
  /** Share of rollouts that go another way, in [0, 1). */
  readonly other?: number;
  /** Of those, the share that is right, in (0, 1); absent where there are too few. */
  readonly otherRight?: number;
}

/** A share of none of n is told as half of one. */
const HALF = 0.5;

/** Of the base's paired rollouts. The main way is that of the tuned policy's right answers, else the base's own. */
export function habitsOf({ rollouts, reader, policies }: Pick<Seen, "rollouts" | "reader" | "policies">): Habits {
  const paired = rollouts.filter(({ experiment, text }) => experiment === "paired-sampling" && text !== undefined);
  const of = (policy: string) => paired.filter((record) => record.policy === policy);
  const base = of(policies[0]!);
  const way = mainWay(reader, of(policies.at(-1)!)) ?? mainWay(reader, base);
  const onWay = way === undefined ? base : base.filter(({ problem, text }) => reader.strategy!(problem, text!) === way);
  const other = way === undefined || base.length === 0 ? {} : otherOf(base, onWay);
  if (reader.steps === undefined) return other;
  const counts = new Map<string, { tries: number; slips: number }>();
  let [slips, repairs] = [0, 0];
  for (const { problem, text } of onWay) {
    const own = counts.get(problem) ?? { tries: 0, slips: 0 };
    counts.set(problem, own);
    for (const { right, repairs: again } of reader.steps(problem, text!)) {
      if (again) repairs++;
      else {
        own.tries++;
        if (!right) {
          own.slips++;
          slips++;
        }
      }
    }
  }
  const tries = [...counts.values()].reduce((sum, one) => sum + one.tries, 0);
  if (tries === 0) return other;
  const slip = Math.max(HALF, Math.min(tries - HALF, slips)) / tries;
  return {
    ...other,
    slip,
    ...(slips === 0 ? {} : { repair: Math.min(repairs, slips - HALF) / slips }),
    scatter: scatterOf([...counts.values()], slip),
  };
}

/** Rollouts off the main way from which their success is told. */
const TOLD = 30;

function otherOf(base: readonly RolloutRecord[], onWay: readonly RolloutRecord[]): Habits {
  const own = new Set(onWay);
  const off = base.filter((record) => !own.has(record));
  const right = off.filter(({ verdict }) => verdict === "right").length;
  const share = { other: off.length / base.length };
  if (off.length < TOLD) return share;
  return { ...share, otherRight: Math.max(HALF, Math.min(off.length - HALF, right)) / off.length };
}

/** By moments: the spread of rates beyond what counting gives, on the log-odds scale (delta method). */
function scatterOf(counts: readonly { readonly tries: number; readonly slips: number }[], slip: number): number {
  const told = counts.filter(({ tries }) => tries > 1);
  if (told.length < 2) return 0;
  const size = told.reduce((sum, { tries }) => sum + tries, 0);
  const spread = told.reduce((sum, { tries, slips }) => sum + tries * (slips / tries - slip) ** 2, 0) / size;
  const counting = (slip * (1 - slip) * told.length) / size;
  return Math.sqrt(Math.max(0, spread - counting)) / (slip * (1 - slip));
}
