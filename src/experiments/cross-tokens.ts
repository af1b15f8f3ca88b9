// experiments/ · Cross tokens: few tokens or a thousand cuts, against what a policy's scores differ by from its own draws; and what
// the base's own sampler excludes.
import { clusterJackknife } from "../maths/cluster-jackknife.ts";
import type { Trials } from "../maths/clustered-share.ts";
import { type Estimate, type Measured, refused } from "../terms/estimate.ts";
import { type Labels, labelsOf, meanOver, orElse, ratioOver, ROUNDING, withError } from "./cross-means.ts";
import type { Reading } from "./cross-read.ts";
import { type Clusters, shareEstimate, shareOver, tally } from "./ladder-counts.ts";

/** Share of the tokens that are called the top. */
const TOP = 0.01;

/** One rollout's tokens, each with what one side gives it over the other, in nats. */
interface Weighed {
  readonly problem: string;
  readonly index: number;
  readonly values: readonly number[];
}

export interface Concentration {
  readonly topShare: Estimate;
  readonly neff: Estimate;
}

/** log π(later) − log π(base) of each token; not finite where a sampler never gives it. */
export const logRatios = ({ base, later }: Reading): number[] => later.map((one, t) => one - base[t]!);

const NOTHING_MORE = refused(
  "the later policy likes no token of its right rollouts more than the base does",
  "nothing is to be mended: there is no difference to place",
);
const NO_RIGHT = refused(
  "no right rollout of the later policy was scored by both",
  "score more rollouts, or give easier problems",
);

/** Along right rollouts of the later policy. */
export function concentrationOf(readings: readonly Reading[], clusters: Clusters, level: number): Concentration {
  const right = readings.filter(({ by, right: won }) => by === "later" && won);
  const weighed = right.map((reading): Weighed => {
    const { problem, index } = reading.rollout;
    return { problem, index, values: logRatios(reading) };
  });
  if (right.length === 0) return { topShare: NO_RIGHT, neff: NO_RIGHT };
  return concentrated(weighed, labelsOf(right, clusters), level, NOTHING_MORE);
}

/** What the base shows against itself: its scores of its own rollouts against the log-probabilities that it drew them with. */
export function ownConcentration(readings: readonly Reading[], clusters: Clusters, level: number): Concentration {
  const told = readings.flatMap((reading) => (reading.by === "base" && reading.own !== undefined ? [reading] : []));
  if (told.length === 0) return { topShare: UNDRAWN, neff: UNDRAWN };
  const weighed = told.map(({ rollout: { problem, index }, own }): Weighed => {
    const { drawn, scored } = own!;
    return { problem, index, values: scored.map((one, t) => one - drawn[t]!) };
  });
  const exact = refused(
    "the base scores its own tokens exactly as it drew them, to single precision, so there is no noise to compare with",
    "nothing is to be mended: whatever differs is the policies' own",
  );
  return concentrated(weighed, labelsOf(told, clusters), level, exact);
}

const UNDRAWN = refused(
  "the log-probabilities that rollouts were drawn with are not told in the density (raw or processed) that they are scored in",
  "use an engine that tells them, or draw at temperature 1 without top-p, top-k and min-p, where both densities are one",
);

function concentrated(weighed: readonly Weighed[], labels: Labels, level: number, none: Estimate): Concentration {
  const topShare = topShareOf(weighed, labels);
  const halves = [0, 1].map((half) => weighed.filter(({ index }) => index % 2 === half));
  const apart = (value: (list: readonly Weighed[]) => number | undefined): Measured["diagnostic"] => {
    const [even, odd] = halves.map(value);
    return even === undefined || odd === undefined ? {} : { "even minus odd rollouts": even - odd };
  };
  const neff = (list: readonly Weighed[], diagnostic: Measured["diagnostic"] = {}): Measured | undefined =>
    meanOver(
      list.flatMap(({ problem, values }) => {
        const places = effectivePlaces(values);
        return places === undefined ? [] : [{ problem, value: places }];
      }),
      labels,
      { level, method: "2^entropy of a rollout's tokens, mean over problems", range: [1, Infinity], diagnostic },
    );
  return {
    topShare: orElse(
      topShare === undefined
        ? undefined
        : withError(topShare.value, topShare.se, labels.count - 1, {
            level,
            method: "share of the positive log-ratio, tokens of all these rollouts together",
            range: [0, 1],
            diagnostic: { rollouts: weighed.length, ...apart((list) => topShareOf(list, labels)?.value) },
          }),
      none,
    ),
    neff: orElse(neff(weighed, { rollouts: weighed.length, ...apart((list) => neff(list)?.value) }), none),
  };
}

/** 2^entropy of the positive values' shares, those that are no rounding; nothing where no value is positive. */
function effectivePlaces(values: readonly number[]): number | undefined {
  const positive = values.filter((value) => value > ROUNDING && value < Infinity);
  const sum = positive.reduce((total, value) => total + value, 0);
  if (!(sum > 0)) return undefined;
  return 2 ** -positive.reduce((total, value) => total + (value / sum) * Math.log2(value / sum), 0);
}

/** Share of the positive values that the largest hundredth of all finite values carries; a broken last token counts in part. */
function topShareOf(weighed: readonly Weighed[], labels: Labels): { value: number; se: number } | undefined {
  const sums = new Float64Array(labels.count);
  const counts = new Float64Array(labels.count);
  const positive: { readonly value: number; readonly label: number }[] = [];
  for (const { problem, values } of weighed) {
    const label = labels.of(problem);
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      counts[label] = counts[label]! + 1;
      if (value <= ROUNDING) continue;
      sums[label] = sums[label]! + value;
      positive.push({ value, label });
    }
  }
  positive.sort((a, b) => b.value - a.value);
  const sum = sums.reduce((a, b) => a + b, 0);
  const count = counts.reduce((a, b) => a + b, 0);
  const share = (without: number | undefined): [number] | undefined => {
    const all = sum - (without === undefined ? 0 : sums[without]!);
    let left = TOP * (count - (without === undefined ? 0 : counts[without]!));
    if (!(all > 1e-12 * sum)) return undefined;
    let top = 0;
    for (const { value, label } of positive) {
      if (label === without) continue;
      if (left <= 0) break;
      top += Math.min(1, left) * value;
      left -= 1;
    }
    return [Math.min(1, top / all)];
  };
  const whole = share(undefined);
  if (whole === undefined) return undefined;
  const found = labels.count < 2 ? undefined : clusterJackknife(labels.count, share);
  return { value: whole[0], se: found?.se[0] ?? 0 };
}

/** Mean |scored − drawn| of a policy's own tokens, in nats. */
export function floorOf(readings: readonly Reading[], clusters: Clusters, level: number): Estimate {
  const labels = labelsOf(readings, clusters);
  let impossible = 0;
  const parts = readings.flatMap(({ rollout, own }) => {
    if (own === undefined) return [];
    const differences = own.scored.map((one, t) => Math.abs(one - own.drawn[t]!)).filter(Number.isFinite);
    impossible += own.scored.length - differences.length;
    return [
      { label: labels.of(rollout.problem), sum: differences.reduce((a, b) => a + b, 0), size: differences.length },
    ];
  });
  return orElse(
    ratioOver(parts, {
      level,
      method: "mean |scored − drawn| of both policies' own tokens",
      range: [0, Infinity],
      ...(impossible === 0 ? {} : { diagnostic: { "tokens with probability zero, drawn or scored": impossible } }),
    }),
    UNDRAWN,
  );
}

export interface Excluded {
  /** Share of the later policy's right rollouts that the base's own sampler never gives. */
  readonly share: Estimate;
  /** Where the first such token stands, as a part of the rollout. */
  readonly first: Estimate;
}

export function excludedOf(readings: readonly Reading[], clusters: Clusters, level: number): Excluded {
  const right = readings.filter(({ by, right: won }) => by === "later" && won);
  const told = right.filter(({ baseSampler }) => baseSampler !== undefined);
  if (told.length === 0) {
    const none =
      right.length === 0
        ? NO_RIGHT
        : refused(
            "the base's engine scores without the sampler's cuts, so tokens that the sampler never gives are not known",
            "use an engine that scores under the sampler, or draw at temperature 1 without top-p, top-k and min-p",
          );
    return { share: none, first: none };
  }
  const trials = new Map<string, Trials>();
  const firsts = told.flatMap(({ rollout: { problem }, baseSampler }) => {
    const at = baseSampler!.indexOf(-Infinity);
    tally(trials, problem, at >= 0);
    return at < 0 ? [] : [{ problem, value: at / baseSampler!.length }];
  });
  return {
    share: shareEstimate(shareOver(trials, clusters, level), level, "right rollouts with such a token", [
      NO_RIGHT.why,
      NO_RIGHT.mend,
    ]),
    first: orElse(
      meanOver(firsts, labelsOf(told, clusters), {
        level,
        method: "tokens before it over all tokens, mean over problems",
        range: [0, 1],
        diagnostic: { rollouts: firsts.length },
      }),
      refused("no right rollout holds such a token", "nothing is to be mended: nothing was excluded"),
    ),
  };
}
