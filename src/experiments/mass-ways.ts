// experiments/ · Mass of ways: how often the base is right by one way of solving, where its own rollouts never show it.
//
// Two methods look at what the tuned policy wrote that way. Whole right answers, weighted by the balance heuristic. And plans, weighted
// alike, times how often the base finishes one rightly when it is handed over: a plan is short, so its weight is hardly moved by drift.
// Below there is a floor without chance; above, both methods' limits, and what they take for granted: who went that way at all would begin
// as the tuned policy does. Nothing but direct samples bounds what nobody wrote.
import { clopperPearson } from "../maths/intervals.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { Seen } from "../terms/seen.ts";
import { type Reading, readingsOf } from "./cross-read.ts";
import { isOf } from "./handoff-sources.ts";
import { textMass } from "./mass-texts.ts";

/** Of every way by which the tuned policy was right on enough problems, `mass/way/<name>`: P(right by it) under the base, mean over problems. */
export function massOfWays(seen: Seen, level: number): Finding[] {
  const { strategy } = seen.reader;
  if (strategy === undefined || seen.reader.segments === undefined) return [];
  const tuned = seen.policies.at(-1)!;
  const byProblem = Map.groupBy(readingsOf(seen, tuned).list, ({ rollout }) => rollout.problem);
  const wayOf = ({ rollout }: Reading): string => strategy(rollout.problem, rollout.text ?? "");
  const plans = handedPlans(seen, tuned);
  const ways = new Set(
    [...byProblem.values()].flat().flatMap((one) => (one.by === "later" && one.right ? [wayOf(one)] : [])),
  );
  return [...ways].sort().flatMap((way): Finding[] => {
    const own = [...byProblem].filter(([, list]) =>
      list.some((one) => one.by === "later" && one.right && wayOf(one) === way),
    );
    if (own.length < LIMITS.fewestClusters) return [];
    return [{ name: `mass/way/${way}`, estimate: bounds(own, (one) => wayOf(one) === way, plans, level) }];
  });
}

function bounds(
  problems: readonly (readonly [string, readonly Reading[]])[],
  isOfWay: (one: Reading) => boolean,
  plans: ReadonlyMap<string, HandedPlan>,
  level: number,
): Estimate {
  const texts = problems.map(([, list]) => textMass(list.map((one) => ({ ...one, right: one.right && isOfWay(one) }))));
  const floor = mean(texts.map(({ logFloor }) => Math.exp(logFloor ?? Number.NEGATIVE_INFINITY)));
  const whole = upper(
    texts.flatMap(({ logBalance }) => (logBalance === undefined ? [] : [Math.exp(logBalance)])),
    level,
  );
  const begun = problems.flatMap(([, list]) => {
    const weights = list.filter(({ by }) => by === "later").map((one) => (isOfWay(one) ? planWeight(one, plans) : 0));
    return weights.some((one) => one === undefined) ? [] : [mean(weights as number[])];
  });
  const plan = begun.length < problems.length / 2 ? undefined : upper(begun, level);
  if (whole === undefined || plan === undefined)
    return refused(
      `only whole answers were weighted (${whole === undefined ? "none" : whole.value.toExponential(1)}): of most plans it is not known where they end, or the base goes that way itself`,
      "run the handoff experiment, and score more rollouts",
    );
  const ofWay = new Set(problems.map(([id]) => id));
  const met = [...plans.values()].filter(({ problem }) => ofWay.has(problem));
  const right = met.reduce((sum, one) => sum + one.right, 0);
  const drawn = met.reduce((sum, one) => sum + one.drawn, 0);
  const finished = clopperPearson(right, drawn, level).high;
  return {
    kind: "bounded",
    low: floor,
    high: Math.max(floor, whole.high, plan.high * finished),
    level,
    method: `P(right that way) under the base, mean over problems; below, different answers that were scored; above, the larger limit of two methods: whole answers of the tuned policy, weighted (${whole.value.toExponential(1)}), and its plans, weighted (${plan.value.toExponential(1)}), of which the base finished ${right} of ${drawn} rightly`,
  };
}

interface HandedPlan {
  readonly problem: string;
  /** Tokens of the plan. */
  readonly tokens: number;
  /** Continuations by the base, and right ones. */
  drawn: number;
  right: number;
}

/** Plans of the tuned policy that the base went on from, by problem and text; one spelling in tokens stands for all. */
function handedPlans({ rollouts, reader }: Seen, tuned: string): Map<string, HandedPlan> {
  const plans = new Map<string, HandedPlan>();
  for (const record of rollouts) {
    const { prefix, problem, text = "", verdict, why } = record;
    if (record.experiment !== "handoff" || prefix === undefined || why === "engine error") continue;
    if (!isOf(record.rollout, "100", tuned)) continue;
    const end = reader.segments!(problem, text).planEnd;
    if (end === undefined) continue;
    const key = `${problem} ${text.slice(0, end)}`;
    const own = plans.get(key) ?? { problem, tokens: prefix.tokenIds.length, drawn: 0, right: 0 };
    own.drawn++;
    if (verdict === "right") own.right++;
    plans.set(key, own);
  }
  return plans;
}

/** π0 over π1 of the plan; undefined where it was never handed over. */
function planWeight({ rollout, base, later }: Reading, plans: ReadonlyMap<string, HandedPlan>): number | undefined {
  for (const [key, { tokens, problem }] of plans) {
    if (problem !== rollout.problem || !`${problem} ${rollout.text ?? ""}`.startsWith(key)) continue;
    const sum = (list: readonly number[]): number => list.slice(0, tokens).reduce((a, b) => a + b, 0);
    return Math.exp(sum(base) - sum(later));
  }
  return undefined;
}

function mean(list: readonly number[]): number {
  return list.reduce((a, b) => a + b, 0) / list.length;
}

/** Mean over problems and its upper limit; nothing of fewer than two. */
function upper(values: readonly number[], level: number): { value: number; high: number } | undefined {
  if (values.length < 2) return undefined;
  const value = mean(values);
  // In parts of the mean: squares of 1e-200 are 0.
  const spread = value === 0 ? 0 : mean(values.map((one) => (one / value - 1) ** 2));
  const relative = Math.sqrt(spread / (values.length - 1));
  return { value, high: value * (1 + studentHalfWidth(level, values.length - 1) * relative) };
}
