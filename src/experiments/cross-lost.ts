// experiments/ · Cross lost: what training did to steps behind work that is already lost, over what it did to the same steps before.
//
// π1 ∝ π0·e^{R/β} is written token by token as π1(a | u) = π0(a | u)·Z(ua)/Z(u), Z = 1 + (e^{1/β} − 1)·V0 (Doob's transform), V0(u) the base's
// chance to end rightly from u. Behind a prefix with which nothing right begins V0 is 0, so Z is 1 and π1 = π0 exactly. Whoever slips less
// slips less there too, and a temperature is set there too: for them the ratio is about 1. It is the part of what training did to steps
// that is no tilt's.
import { type Estimate, type Measured, refused } from "../terms/estimate.ts";
import { LIMITS } from "../terms/limits.ts";
import type { Reader } from "../terms/seen.ts";
import { ratioOver, ROUNDING } from "./cross-means.ts";
import { oddsDistance } from "./cross-odds.ts";
import type { Reading } from "./cross-read.ts";
import type { Clusters } from "./ladder-counts.ts";

/** One step of one rollout, as far as it was written before or wholly behind what lost the work. */
interface Moved {
  readonly problem: string;
  /** Steps that are held against each other: the same policy, problem, way and place in the row of steps. */
  readonly stratum: string;
  readonly behind: boolean;
  /** Root of its tokens' summed distance between the policies: nats, and linear in a small shift of log-odds. */
  readonly by: number;
  /** The same between how its own policy drew and scored it: the engine's noise; absent where not told. */
  readonly noise?: number;
}

export function afterLossOf(readings: readonly Reading[], reader: Reader, clusters: Clusters, level: number): Estimate {
  const { lost, steps } = reader;
  if (lost === undefined || steps === undefined)
    return refused(
      "the task does not say from where on nothing right can come",
      "give a task whose steps are verified",
    );
  const lucky = readings.filter(
    ({ right, rollout: { problem, text } }) => right && text !== undefined && lost(problem, text) !== undefined,
  ).length;
  if (lucky > 0)
    return refused(
      `${lucky} ${lucky === 1 ? "answer" : "answers"} that the task calls lost were passed, so something right could still come`,
      "grade every step, or give a stricter judge",
    );
  // Who cannot tell which characters a token is has all tokens lie within none.
  const placed = readings.filter(({ rollout }) => reader.tokensWithin(rollout, 0) === 0);
  if (readings.length > 0 && placed.length === 0)
    return refused(
      "nothing at hand tells which characters of its text each token is",
      "let crucis run judge it, where the engines can be asked; no answer is drawn again",
    );
  const cells = Map.groupBy(
    placed.flatMap((reading) => movedOf(reading, reader)),
    ({ stratum }) => stratum,
  );
  const matched = [...cells.values()].flatMap((cell) => {
    const [behind, before] = [true, false].map((is) => cell.filter((one) => one.behind === is)) as [Moved[], Moved[]];
    return behind.length === 0 || before.length === 0 ? [] : [{ behind, before }];
  });
  const problems = new Set(matched.map(({ behind }) => behind[0]!.problem)).size;
  if (problems < LIMITS.fewestClusters)
    return refused(
      `steps behind lost work, and the same ones before, were scored on ${problems} ${problems === 1 ? "problem" : "problems"}, and an interval needs ${LIMITS.fewestClusters}`,
      "score more rollouts, or give longer problems",
    );
  // Mantel and Haenszel's weights: a stratum counts as its difference of means is known.
  const parts = matched.map(({ behind, before }) => {
    const weight = (behind.length * before.length) / (behind.length + before.length);
    return {
      label: clusters.get(behind[0]!.problem)!,
      sum: weight * meanOf(behind),
      size: weight * meanOf(before),
      weight,
    };
  });
  const moved = total(parts, "size") / total(parts, "weight");
  const noise = noiseOf(matched.flatMap(({ behind, before }) => [...behind, ...before]));
  if (!(moved > ROUNDING) || (noise ?? 0) > LIMITS.negligibleShare * moved)
    return refused(
      moved > ROUNDING
        ? `an engine's own noise is ${Math.round((100 * noise!) / moved)} % of what training did to steps before work was lost`
        : "training did nothing to steps before work was lost",
      moved > ROUNDING
        ? "use an engine that scores as it draws"
        : "nothing is to be mended: there is nothing to compare",
    );
  const diagnostic: Measured["diagnostic"] = {
    problems,
    "steps behind": matched.reduce((sum, { behind }) => sum + behind.length, 0),
    "steps before": matched.reduce((sum, { before }) => sum + before.length, 0),
    "moved before": moved,
    "moved behind": total(parts, "sum") / total(parts, "weight"),
    ...(noise === undefined ? {} : { noise }),
  };
  return ratioOver(parts, {
    level,
    method: "how far steps were moved behind lost work, over the same steps before it",
    range: [0, Number.POSITIVE_INFINITY],
    diagnostic,
  })!;
}

function movedOf(reading: Reading, { lost, steps, strategy, tokensWithin }: Reader): Moved[] {
  const { rollout, by, base, later, own } = reading;
  const { problem, text } = rollout;
  if (text === undefined) return [];
  const at = lost!(problem, text);
  // The token that lost the work was drawn where something right could still come.
  const losing = at === undefined ? Number.POSITIVE_INFINITY : tokensWithin(rollout, at - 1);
  const way = strategy?.(problem, text) ?? "";
  return steps!(problem, text).flatMap(({ from, to }, place): Moved[] => {
    const first = tokensWithin(rollout, from);
    const behind = first > losing;
    const end = behind ? tokensWithin(rollout, to) : Math.min(tokensWithin(rollout, to), losing + 1);
    const distance = distanceOver(base, later, first, end);
    const noise = own === undefined ? undefined : distanceOver(own.drawn, own.scored, first, end);
    return distance === undefined
      ? []
      : [
          {
            problem,
            stratum: JSON.stringify([by, problem, way, place]),
            behind,
            by: distance,
            ...(noise === undefined ? {} : { noise }),
          },
        ];
  });
}

/** Of tokens that both give a chance; nothing where there are none. */
function distanceOver(
  one: readonly number[],
  other: readonly number[],
  first: number,
  end: number,
): number | undefined {
  let [sum, count] = [0, 0];
  for (let t = first; t < end; t++) {
    if (!Number.isFinite(one[t]!) || !Number.isFinite(other[t]!)) continue;
    // Where log-probabilities differ by their rounding nothing was moved.
    if (Math.abs(one[t]! - other[t]!) > ROUNDING) sum += oddsDistance(one[t]!, other[t]!);
    count += 1;
  }
  return count === 0 ? undefined : Math.sqrt(sum);
}

const meanOf = (list: readonly Moved[]): number => list.reduce((sum, { by }) => sum + by, 0) / list.length;

function noiseOf(list: readonly Moved[]): number | undefined {
  const told = list.flatMap(({ noise }) => (noise === undefined ? [] : [noise]));
  return told.length === 0 ? undefined : told.reduce((sum, one) => sum + one, 0) / told.length;
}

function total<K extends string>(parts: readonly Readonly<Record<K, number>>[], of: K): number {
  return parts.reduce((sum, part) => sum + part[of], 0);
}
