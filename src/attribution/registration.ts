// attribution/ · Registration: what every rival foretold before the first answer, and what then was seen.
import type { Findings } from "../terms/finding.ts";
import type { Played } from "./rehearsal.ts";

/** Of one finding under one rival, over its studies on paper: smallest, middle and largest value. */
export interface Prediction {
  readonly finding: string;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface Predictions {
  /** On paper, of each rival. */
  readonly studies: number;
  readonly byRival: Readonly<Record<string, readonly Prediction[]>>;
}

/** How a rival's predictions fared. */
export interface Fared {
  readonly name: string;
  /** Shares that it foretold and that were measured. */
  readonly findings: number;
  /** Of those, how many lie between the smallest and the largest value foretold. */
  readonly inside: number;
  /** How far they lie outside, mean over all of them; a share's own unit. */
  readonly distance: number;
  /** Those that lie farthest outside. */
  readonly off: readonly (Prediction & { readonly observed: number })[];
}

/** Farthest findings that are named. */
const NAMED = 3;
/** Figures that are kept: a prediction from a handful of studies is no better known. */
const FIGURES = 4;

/** A value drawn as those on paper were lies between their smallest and largest with this chance: (n − 1) / (n + 1), whatever its law. */
export function rangeLevel(studies: number): number {
  return (studies - 1) / (studies + 1);
}

/** Of findings that half of a rival's studies measured or more; studies with one cause only. */
export function predictionsOf(played: readonly Played[]): Predictions {
  const alone = Map.groupBy(
    played.filter(({ truth }) => truth.length === 1),
    ({ truth }) => truth[0]!,
  );
  const short = (value: number): number => Number(value.toPrecision(FIGURES));
  return {
    studies: Math.min(...Array.from(alone.values(), ({ length }) => length)),
    byRival: Object.fromEntries(
      Array.from(alone, ([rival, studies]) => {
        const all = new Set(studies.flatMap(({ values }) => Object.keys(values)));
        const names = [...all].filter(
          (name) => 2 * studies.filter(({ values }) => values[name] !== undefined).length >= studies.length,
        );
        return [
          rival,
          names.sort().map((finding): Prediction => {
            const values = studies.flatMap((one) => one.values[finding] ?? []).sort((a, b) => a - b);
            const middle = (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
            return { finding, low: short(values[0]!), median: short(middle), high: short(values.at(-1)!) };
          }),
        ];
      }),
    ),
  };
}

/**
 * Shares that a cause has of the gain, or a law of how the policies differ: what they are does not depend on how good the base is or how long answers are, which nobody
 * knew. All others are sealed too, and anybody can hold them against what was seen.
 */
const SCALE_FREE = /^(ledger\/[^/]+|cross\/(alone\/.*|fork-law)|(regrade|sweep|recall)\/share)$/;
/** On paper some shares never vary; nearer to what was foretold than this is inside. */
const SLACK = 0.02;

/** Every rival beside what was seen, the one that foretold it best first; one that foretold nothing of it last. */
export function fared({ byRival }: Predictions, findings: Findings): Fared[] {
  return Object.entries(byRival)
    .map(([name, predictions]): Fared => {
      const met = predictions.flatMap((one) => {
        const observed = SCALE_FREE.test(one.finding) ? findings.measured(one.finding)?.value : undefined;
        return observed === undefined ? [] : [{ ...one, observed }];
      });
      const beyond = ({ low, high, observed }: (typeof met)[number]): number =>
        Math.max(low - observed, observed - high, 0);
      const off = met.filter((one) => beyond(one) > SLACK).sort((a, b) => beyond(b) - beyond(a));
      const distance = met.reduce((sum, one) => sum + beyond(one), 0) / Math.max(1, met.length);
      return { name, findings: met.length, inside: met.length - off.length, distance, off: off.slice(0, NAMED) };
    })
    .sort((a, b) => Number(a.findings === 0) - Number(b.findings === 0) || a.distance - b.distance);
}
