// experiments/ · Handoff findings: cells, what each segment is worth, how they interact, and whether handing over does harm by itself.
//
// A Shapley share is a weighted sum of the eight cells, so its mean over problems and its interval need no bootstrap.
import { shapley } from "../maths/shapley.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { Seen } from "../terms/seen.ts";
import { SEGMENTS } from "../terms/truth.ts";
import { cellsOf } from "./handoff-cells.ts";
import { CELLS, type Cell, mostSources } from "./handoff-plan.ts";
import { isOf, type Paired } from "./handoff-sources.ts";
import { clusteredMeans, combined, type Means, shareGone } from "./shares.ts";

type Weights = readonly number[];

/** The cell that a coalition of segments makes: bit i is segment i, written by the later policy. */
const cellOf = (coalition: number): Cell => SEGMENTS.map((_, i) => (coalition >> i) & 1).join("") as Cell;

/** weights[segment][cell], in the order of CELLS. */
const SHAPLEY: readonly Weights[] = SEGMENTS.map((_, segment) =>
  CELLS.map((cell) => shapley(SEGMENTS.length, (coalition) => (cellOf(coalition) === cell ? 1 : 0))[segment]!),
);

const pick = (values: Partial<Record<Cell, number>>): Weights => CELLS.map((cell) => values[cell] ?? 0);
const GAIN = pick({ "111": 1, "000": -1 });
/** What a coalition adds beyond what its parts add (Möbius coefficients). */
const INTERACTIONS: Readonly<Record<string, Weights>> = {
  "plan-execution": pick({ "110": 1, "100": -1, "010": -1, "000": 1 }),
  "plan-answer": pick({ "101": 1, "100": -1, "001": -1, "000": 1 }),
  "execution-answer": pick({ "011": 1, "010": -1, "001": -1, "000": 1 }),
  all: pick({ "111": 1, "110": -1, "101": -1, "011": -1, "100": 1, "010": 1, "001": 1, "000": -1 }),
};

export function factorial(seen: Seen, paired: Paired, later: string, level: number): Finding[] {
  const suffix = later === seen.policies.at(-1) ? "" : `/${later}`;
  const rows = cellsOf(seen, paired, later);
  const columns = CELLS.length;
  const values = Float64Array.from(rows.flatMap(({ cells }) => CELLS.map((cell) => cells[cell])));
  const means = clusteredMeans(values, columns, undefined);
  const method = "mean over problems, normal interval over problems";
  const found = (name: string, estimate: Estimate): Finding => ({ name: `handoff/${name}${suffix}`, estimate });
  const logs = logWeights(means);
  return [
    ...CELLS.map((cell) => found(`cell/${cell}`, combined(means, pick({ [cell]: 1 }), level, `P(right), ${method}`))),
    ...SEGMENTS.flatMap((segment, i) => [
      found(segment, combined(means, SHAPLEY[i]!, level, `Shapley share over eight cells, ${method}`)),
      found(
        `${segment}-share`,
        shareGone(
          means,
          GAIN,
          GAIN.map((weight, cell) => weight - SHAPLEY[i]![cell]!),
          level,
          "Shapley share of the gain, Fieller's interval over problems",
        ),
      ),
      found(`${segment}-bits`, logs === undefined ? NO_LOGS : inBits(means, logs, i, level)),
    ]),
    ...Object.entries(INTERACTIONS).map(([name, weights]) =>
      found(`interaction/${name}`, combined(means, weights, level, `Möbius coefficient of the cells, ${method}`)),
    ),
    ...controls(seen, paired, later, level, suffix),
  ];
}

const NO_LOGS = refused(
  "a cell of the factorial had no right answer, so its logarithm is not known",
  "draw more rollouts, or easier problems",
);

/** Of each cell's mean, the derivative of log2; absent where a cell is 0. */
function logWeights({ mean }: Means): Float64Array | undefined {
  return mean.some((value) => value <= 0) ? undefined : mean.map((value) => 1 / (value * Math.LN2));
}

/** Shapley share of log2 of the means; by the delta method. */
function inBits(means: Means, slopes: Float64Array, segment: number, level: number): Estimate {
  const weights = SHAPLEY[segment]!;
  const value = weights.reduce((sum, weight, cell) => sum + weight * Math.log2(means.mean[cell]!), 0);
  const linear = combined(
    means,
    weights.map((weight, cell) => weight * slopes[cell]!),
    level,
    "Shapley share of log2 of the cells' means, delta method over problems",
  );
  const shift = value - linear.value;
  return {
    ...linear,
    value,
    ...(linear.low === undefined || linear.high === undefined
      ? {}
      : { low: linear.low + shift, high: linear.high + shift }),
  };
}

/** Handed over to itself a policy does as well as one that was never stopped; a difference is the harm of handing over. */
function controls(seen: Seen, paired: Paired, later: string, level: number, suffix: string): Finding[] {
  const most = mostSources(seen, later);
  return (["base", "later"] as const).flatMap((who): Finding[] => {
    const policy = who === "base" ? seen.policies[0]! : later;
    const handed = Map.groupBy(
      seen.rollouts.filter(
        (record) => record.experiment === "handoff" && isOf(record.rollout, `control-${who}`, later),
      ),
      ({ problem }) => problem,
    );
    const rows = seen.problems.flatMap(({ id }) => {
      const own = paired.get(policy)?.get(id) ?? [];
      const list = (handed.get(id) ?? []).filter(({ why }) => why !== "engine error");
      const of = Math.min(Math.ceil(most / 2), own.length);
      if (of === 0) return [];
      const right = (records: typeof list): number => records.filter(({ verdict }) => verdict === "right").length;
      return [right(list) / of, right([...own]) / own.length];
    });
    if (rows.length === 0) return [];
    const means = clusteredMeans(Float64Array.from(rows), 2, undefined);
    const method = "right after a hand-over to itself minus right without, mean over problems";
    return [{ name: `handoff/control/${who}${suffix}`, estimate: combined(means, [1, -1], level, method) }];
  });
}
