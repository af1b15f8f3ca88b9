// experiments/ · Mass texts: what the base gives to right answers that were seen, whoever wrote them. A floor without chance, and the balance
// heuristic over all of them.
import { balanceHeuristic } from "../maths/balance-heuristic.ts";
import type { Reading } from "./cross-read.ts";

export interface TextMass {
  /** Natural log of Σ π0(text) over different right texts: the base is right at least that often. Absent where none was scored. */
  readonly logFloor?: number;
  /** Natural log of the balance heuristic's estimate, and its error over it. */
  readonly logBalance?: number;
  readonly relativeError?: number;
  readonly texts: number;
}

/** @param readings of one problem, by both policies, in a density without zeros of the sampler's making */
export function textMass(readings: readonly Reading[]): TextMass {
  const whole = readings.map(({ base, later, ...rest }) => ({
    ...rest,
    zero: base.reduce((sum, log) => sum + log, 0),
    one: later.reduce((sum, log) => sum + log, 0),
  }));
  const texts = new Map<string, number>();
  for (const { right, rollout, zero } of whole) if (right) texts.set((rollout.tokenIds ?? []).join(" "), zero);
  const floor = [...texts.values()].reduce((sum, log) => sum + Math.exp(log), 0);
  if (texts.size === 0 || floor === 0) return { texts: texts.size };
  const usable = whole.filter(({ zero, one }) => Math.max(zero, one) > Number.NEGATIVE_INFINITY);
  const present = (["base", "later"] as const).filter((by) => usable.some((one) => one.by === by));
  const balance = balanceHeuristic({
    logTarget: usable.map(({ zero }) => zero),
    logProposals: present.map((by) => usable.map(({ zero, one }) => (by === "base" ? zero : one))),
    madeBy: usable.map(({ by }) => present.indexOf(by)),
    logValues: usable.map(({ right }) => (right ? 0 : Number.NEGATIVE_INFINITY)),
  });
  return {
    logFloor: Math.log(floor),
    texts: texts.size,
    ...(balance === undefined ? {} : { logBalance: balance.logValue }),
    ...(balance?.relativeError === undefined ? {} : { relativeError: balance.relativeError }),
  };
}
