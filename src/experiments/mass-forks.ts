// experiments/ · Mass forks: proposals in which the tuned policy writes only where a gate is open, and the base all the rest, so that their
// drift everywhere else cancels from the weight.
//
// The gate is a function of the prefix alone: open up to the commitment (the plan), and behind a few tokens that other problems' rollouts
// show the two policies to part at (mass-gate). Stored answers of the tuned policy give the plans; the base goes on; where it comes to an
// open place the tuned policy writes there, and the base goes on again. With u the tokens written behind an open gate,
//   Ẑ = mean of right(x) · Π_{t ∈ u} π0(x_t | x_<t) / π1(x_t | x_<t)
// has mean p0 where the tuned policy writes all that the base may write there, and a lower one where it does not.
import { logSumExp } from "../maths/logspace.ts";
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Reader, Seen } from "../terms/seen.ts";
import type { Paired } from "./handoff-sources.ts";
import { type Gate, gatesOf } from "./mass-gate.ts";
import { weightedSpread } from "./mass-lengths.ts";
import { diagnosed, type Logs, promptsOf, textKey, type Weighed } from "./mass-told.ts";

const NAME = "rare-mass";
/** Stored answers of the tuned policy whose plans are handed over; no more keep their tokens. */
const DRAWN = 64;
/** Open places of a text behind its plan; after them the gate is shut. */
const MOST_FORKS = 4;

/** A continuation is half a rollout; a text has two open places at most in the mean, each with one of either policy. */
export const forkPrice = { generated: DRAWN / 2 + DRAWN, scored: DRAWN / 4 };

/** One draw, played again from its answers as far as they go. */
type Draw = { readonly index: number; readonly answers: number } & (
  | {
      readonly is: "waiting";
      readonly on: "base" | "tuned";
      readonly source: string;
      readonly tokenIds: readonly number[];
    }
  /** What an engine did not answer is no draw. */
  | { readonly is: "failed" }
  | {
      readonly is: "over";
      readonly record: RolloutRecord;
      readonly tokenIds: readonly number[];
      /** Places that the tuned policy wrote. */
      readonly gated: readonly number[];
    }
);

const nameOf = (round: number, problem: string, i: number): string => `${NAME}/${round}/${problem}/fork-${i}`;

const wholeOf = ({ prefix, tokenIds = [] }: RolloutRecord): readonly number[] => [
  ...(prefix?.tokenIds ?? []),
  ...tokenIds,
];

/** Tokens up to the first at whose end the plan is complete: told from them alone. Nothing where the gate stays open to the end. */
function planOf(reader: Reader, source: RolloutRecord, first: RolloutRecord | undefined): number | undefined {
  // It was asked for with it; how tokens and characters fall together is not kept for good.
  if (first?.prefix !== undefined) return first.prefix.tokenIds.length;
  const { text = "", problem, tokenIds = [] } = source;
  const end = reader.segments!(problem, text).planEnd;
  if (end === undefined) return undefined;
  const tokens = end === 0 ? 0 : reader.tokensWithin(source, end - 1) + 1;
  return end === text.length && tokens >= tokenIds.length ? undefined : tokens;
}

function played(reader: Reader, source: RolloutRecord, gate: Gate, drawn: ReadonlyMap<string, RolloutRecord>): Draw {
  const { index } = source;
  let answers = 0;
  const answer = (): RolloutRecord | undefined => drawn.get(nameOf(answers, source.problem, index));
  const plan = planOf(reader, source, answer());
  const over = (record: RolloutRecord, tokenIds: readonly number[], gated: readonly number[]): Draw => ({
    is: "over",
    index,
    answers,
    record,
    tokenIds,
    gated,
  });
  const all = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  if (plan === undefined) return over(source, source.tokenIds!, all(source.tokenIds!.length));
  const gated = all(plan);
  let [prefix, last, met] = [source.tokenIds!.slice(0, plan), source, 0];
  const isOpen = (tokenIds: readonly number[], at: number): boolean => met < MOST_FORKS && gate(tokenIds, at);
  for (;;) {
    const rest = answer();
    if (rest === undefined)
      return { is: "waiting", on: "base", index, answers, source: last.rollout, tokenIds: prefix };
    if (rest.tokenIds === undefined) return { is: "failed", index, answers };
    answers++;
    const text = wholeOf(rest);
    let at = prefix.length;
    while (at < text.length && !isOpen(text, at)) at++;
    if (at === text.length) return over(rest, text, gated);
    const fork = answer();
    if (fork === undefined)
      return { is: "waiting", on: "tuned", index, answers, source: rest.rollout, tokenIds: text.slice(0, at) };
    const other = wholeOf(fork);
    if (fork.tokenIds === undefined || other.length === at) return { is: "failed", index, answers };
    answers++;
    while (at < other.length && isOpen(other, at)) {
      gated.push(at++);
      met++;
    }
    if (at === other.length) return over(fork, other, gated);
    [prefix, last] = [other.slice(0, at), fork];
  }
}

/** Everything that the draws of a problem are made of; read once for all problems. */
export interface Forking {
  readonly seen: Seen;
  readonly paired: Paired;
  readonly gateOf: (problem: string) => Gate;
  readonly drawn: ReadonlyMap<string, RolloutRecord>;
}

export function forking(seen: Seen, paired: Paired): Forking {
  const own = seen.rollouts.filter(({ experiment, rollout }) => experiment === NAME && rollout.includes("/fork-"));
  const drawn = new Map(own.map((record) => [record.rollout, record]));
  return { seen, paired, gateOf: gatesOf(seen), drawn };
}

function drawsOf({ seen, paired, gateOf, drawn }: Forking, problem: string): Draw[] {
  if (seen.reader.segments === undefined) return [];
  const gate = gateOf(problem);
  return (paired.get(seen.policies.at(-1)!)?.get(problem) ?? [])
    .filter(({ index, why }) => index < DRAWN && why !== "engine error")
    .map((source) => played(seen.reader, source, gate, drawn));
}

type Over = Extract<Draw, { is: "over" }>;

const isRight = (draw: Draw): draw is Over => draw.is === "over" && draw.record.verdict === "right";

/** What the tuned policy had a say in, and what comes before it. */
const weighedOf = ({ tokenIds, gated }: Over): readonly number[] => tokenIds.slice(0, gated.at(-1)! + 1);

/** Of each such beginning, the draw that came to it first: it is scored once. */
function firsts(draws: readonly Draw[]): ReadonlyMap<string, Over> {
  const found = new Map<string, Over>();
  for (const draw of draws.filter(isRight).sort((a, b) => a.answers - b.answers)) {
    const key = textKey(weighedOf(draw));
    if (draw.gated.length > 0 && !found.has(key)) found.set(key, draw);
  }
  return found;
}

export function forkAsks(
  seen: Seen,
  paired: Paired,
  problems: readonly { readonly id: string }[],
  round: number,
  seed: number,
): LiveAsk[] {
  // By then every draw is over: the base goes on behind the plan and behind each fork.
  if (round > 1 + 2 * MOST_FORKS || problems.length === 0) return [];
  // A draw goes on with an answer a round; where none came in the round before, all are over.
  const before = new Set(
    seen.rollouts.flatMap(({ rollout, problem }) =>
      rollout.startsWith(`${NAME}/${round - 1}/`) && rollout.includes("/fork-") ? [problem] : [],
    ),
  );
  const going = problems.filter(({ id }) => round === 0 || before.has(id));
  if (going.length === 0) return [];
  const all = forking(seen, paired);
  const promptOf = promptsOf(seen);
  const policies = { base: seen.policies[0]!, tuned: seen.policies.at(-1)! };
  return going.flatMap(({ id }): LiveAsk[] => {
    const promptTokenIds = promptOf(id);
    if (promptTokenIds === undefined) return [];
    const draws = drawsOf(all, id);
    const on = draws.flatMap((draw): LiveAsk[] => {
      if (draw.is !== "waiting" || draw.answers !== round) return [];
      const { index } = draw;
      const rollout = nameOf(round, id, index);
      const prefix = { rollout: draw.source, tokenIds: draw.tokenIds };
      const ask = { rollout, experiment: NAME, problem: id, index, seed: stream(seed, rollout).uint32(), prefix };
      return [{ kind: "sample", policy: policies[draw.on], ask }];
    });
    const scores = [...firsts(draws).values()].flatMap((draw): LiveAsk[] => {
      // An answer that the tuned policy wrote alone is a stored one: whoever reads stored ones' scores takes them for a fair sample.
      if (draw.answers !== round || round === 0) return [];
      const ask = { rollout: draw.record.rollout, promptTokenIds, tokenIds: weighedOf(draw) };
      return Object.values(policies).map((policy) => ({ kind: "score", policy, ask }));
    });
    return [...on, ...scores];
  });
}

export interface Forks extends Weighed {
  /** Natural logs of the weights of all draws, −∞ for what is not right and what is not known. */
  readonly logWeights: readonly number[];
}

/** @returns nothing where no draw was made */
export function forks(all: Forking, logs: Logs, problem: string): Forks | undefined {
  const draws = drawsOf(all, problem).filter(({ is }) => is !== "failed");
  if (draws.length < 2 || draws.every(({ answers }) => answers === 0)) return undefined;
  const { policies } = all.seen;
  const first = firsts(draws);
  const weights = draws.map((draw): number | undefined => {
    if (draw.is === "waiting") return undefined;
    if (!isRight(draw)) return Number.NEGATIVE_INFINITY;
    if (draw.gated.length === 0) return 0;
    const { rollout } = first.get(textKey(weighedOf(draw)))!.record;
    const [zero, one] = [policies[0]!, policies.at(-1)!].map((policy) => logs.get(`${policy} ${rollout}`));
    if (zero === undefined || one === undefined) return undefined;
    const log = draw.gated.reduce((sum, at) => sum + zero[at]! - one[at]!, 0);
    // What the tuned policy never writes was written by another engine than scored it.
    return Number.isNaN(log) || log === Number.POSITIVE_INFINITY ? undefined : log;
  });
  const unknown = weights.filter((one) => one === undefined).length;
  const logWeights = weights.map((one) => one ?? Number.NEGATIVE_INFINITY);
  const logMean = logSumExp(logWeights) - Math.log(logWeights.length);
  if (logMean === Number.NEGATIVE_INFINITY)
    return { logWeights, ...(unknown === 0 ? {} : { lacks: "proposals that part at forks only were not scored" }) };
  const { effective, k, lacks } = diagnosed(logWeights);
  const shares = logWeights.map((log) => Math.exp(log - logMean));
  const variance = shares.reduce((sum, one) => sum + (one - 1) ** 2, 0) / (shares.length - 1);
  const missing = unknown === 0 ? lacks : `not known in ${unknown} draws`;
  return {
    logWeights,
    logFloor: logMean,
    lengths: weightedSpread(
      draws.flatMap((draw, i) => (isRight(draw) ? [{ tokens: draw.tokenIds.length, logWeight: logWeights[i]! }] : [])),
    ),
    ...(effective === undefined ? {} : { effective }),
    ...(k === undefined ? {} : { k }),
    ...(missing === undefined
      ? { logMass: logMean, relativeError: Math.sqrt(variance / shares.length) }
      : { lacks: `proposals that part at forks only are ${missing}` }),
  };
}
