// experiments/ · Mass annealed: the base's chance of being right, from the tuned policy's right answers walked down the checkpoints.
//
// A chain moves among the right texts of one policy: cut before one of n tokens, let the policy write to the end, keep what is right with
// chance min(1, n/n'). Proposals come from the policy itself, so its law given that it is right is stationary (Metropolis and Hastings; the
// last factor because cuts depend on the length). Where it has settled the next earlier policy takes the texts over. Neighbours score each
// other's texts, and Bennett's acceptance ratio (maths/bridge) gives p(earlier)/p(later) from both; the product begins at the tuned policy's own success.
// R. M. Neal (2001), Stat. Comput. 11, 125–139, for the walk; every answer is an answer of its own, so a run that was killed makes them again.
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { told as toldIn } from "./cross-read.ts";
import { lengthsApart, type Spread, spreadOf } from "./mass-lengths.ts";
import { type Ratios, ratiosOf, type Text } from "./mass-ratio.ts";
import { promptsOf, textKey } from "./mass-told.ts";

const NAME = "rare-mass";
/** Fresh answers of the tuned policy to each rare problem: stored ones that were scored are no fair sample once right ones are picked. */
export const DRAWS = 12;
const CHAINS = 6;
/**
 * Moves of a chain under one policy; what it has after so many of them is scored. Where slips are mended, chains of 8 moves were by a fifth to
 * a third too low, and of 16 by a tenth to a fifth (docs/log.md, 2026-11-28).
 */
const MOVES = 16;
const SCORED_FROM = 12;
/** Whole rollouts a problem: fresh draws, and moves of half a rollout each under all policies but the tuned one; all score what any came by. */
export function annealedPrice(policies: number): { readonly generated: number; readonly scored: number } {
  const texts = DRAWS + (policies - 1) * CHAINS * (MOVES - SCORED_FROM);
  return { generated: DRAWS + ((policies - 1) * CHAINS * MOVES) / 2, scored: policies * texts };
}

/** A right text: the record whose answer completed it. */
interface Right {
  readonly record: RolloutRecord;
  readonly tokenIds: readonly number[];
}

const wholeOf = (record: RolloutRecord): readonly number[] => [
  ...(record.prefix?.tokenIds ?? []),
  ...(record.tokenIds ?? []),
];

interface Walk {
  /** Right draws of the tuned policy, in their order. */
  readonly first: readonly Right[];
  /** By stage, the policy below the tuned one first: each chain's texts, the one it began with first. */
  readonly stages: readonly (readonly (readonly Right[])[])[];
}

type Named = ReadonlyMap<string, RolloutRecord>;

const nameOf = (round: number, problem: string, what: string): string => `${NAME}/${round}/${problem}/${what}`;

/** Of a fresh answer of the tuned policy; it and the next earlier policy score what is right of them. */
export const drawnName = (problem: string, i: number): string => nameOf(0, problem, `drawn-${i}`);

/** The way of solving that a text goes; undefined where the task tells no ways. */
type WayOf = ((record: RolloutRecord) => string) | undefined;

function wayIn({ reader: { strategy } }: Seen): WayOf {
  return strategy === undefined ? undefined : ({ problem, text = "" }) => strategy(problem, text);
}

/** Ways take turns, so that chains begin in all that there are. */
function inTurns(first: readonly Right[], wayOf: WayOf): readonly Right[] {
  if (wayOf === undefined) return first;
  const ways = [...Map.groupBy(first, ({ record }) => wayOf(record)).values()];
  const most = Math.max(0, ...ways.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => ways.flatMap((own) => own.slice(turn, turn + 1))).flat();
}

/** Played again from the answers as far as they go. @param stages policies below the tuned one */
function walkOf(problem: string, drawn: Named, stages: number, wayOf: WayOf): Walk {
  const first = Array.from({ length: DRAWS }, (_, i) => drawn.get(drawnName(problem, i))).flatMap((record): Right[] =>
    record?.verdict === "right" && record.tokenIds !== undefined ? [{ record, tokenIds: record.tokenIds }] : [],
  );
  if (first.length === 0) return { first, stages: [] };
  const done: (readonly Right[])[][] = [];
  const begin = inTurns(first, wayOf);
  let now = Array.from({ length: CHAINS }, (_, chain) => begin[chain % begin.length]!);
  for (let stage = 0; stage < stages; stage++) {
    const chains = now.map((one, chain) => {
      const states = [one];
      for (let move = 0; move < MOVES; move++) {
        const answer = drawn.get(nameOf(1 + stage * MOVES + move, problem, `chain-${chain}`));
        if (answer === undefined) return states;
        const before = states.at(-1)!;
        const tokenIds = wholeOf(answer);
        const takes = lotOf(before, chain, stage * MOVES + move).take < before.tokenIds.length / tokenIds.length;
        states.push(
          answer.verdict === "right" && answer.tokenIds !== undefined && takes ? { record: answer, tokenIds } : before,
        );
      }
      return states;
    });
    done.push(chains);
    if (chains.some(({ length }) => length <= MOVES)) break;
    now = chains.map((states) => states.at(-1)!);
  }
  return { first, stages: done };
}

/** Where a chain cuts, and the lot by which it takes a step; the same for the same text and move. */
function lotOf({ record, tokenIds }: Right, chain: number, move: number): { kept: number; take: number } {
  const random = stream(record.seed ?? 0, `${NAME}/annealed/${chain}`, move);
  return { kept: random.integer(tokenIds.length), take: random.uniform() };
}

function drawnBy({ rollouts }: Seen): Named {
  return new Map(rollouts.filter(({ experiment }) => experiment === NAME).map((record) => [record.rollout, record]));
}

/** @param problems rare ones, with a rollout of theirs that names the prompt */
export function annealedAsks(
  seen: Seen,
  problems: readonly { readonly id: string; readonly own: readonly RolloutRecord[] }[],
  round: number,
  seed: number,
): LiveAsk[] {
  const drawn = drawnBy(seen);
  const down = seen.policies.toReversed();
  const ask = (
    policy: string,
    problem: string,
    what: string,
    index: number,
    prefix: { rollout: string; tokenIds: readonly number[] },
  ): LiveAsk => {
    const rollout = nameOf(round, problem, what);
    return {
      kind: "sample",
      policy,
      ask: { rollout, experiment: NAME, problem, index, seed: stream(seed, rollout).uint32(), prefix },
    };
  };
  // Asked for where something may be to be scored alone: before the first move of a policy.
  const promptOf = round > 0 && (round - 1) % MOVES === 0 ? promptsOf(seen) : () => undefined;
  return problems.flatMap(({ id, own }): LiveAsk[] => {
    if (round === 0)
      return Array.from({ length: DRAWS }, (_, i) =>
        ask(down[0]!, id, `drawn-${i}`, i, { rollout: own[0]!.rollout, tokenIds: [] }),
      );
    const stage = Math.floor((round - 1) / MOVES);
    const move = (round - 1) % MOVES;
    const last = down.length - 1;
    if (stage > last || (stage === last && move > 0)) return [];
    const walk = walkOf(id, drawn, Math.min(stage + 1, last), wayIn(seen));
    const { first, stages } = walk;
    // With the next policy's first move: a round in which nothing is new to be scored would else be taken for the end.
    const scored =
      move > 0
        ? []
        : stage === 0
          ? scores(down, first, [], promptOf(id))
          : scores(
              down,
              settled(stages[stage - 1] ?? []),
              [...first, ...stages.slice(0, stage - 1).flatMap(settled)],
              promptOf(id),
            );
    const moved = (stages[stage] ?? []).flatMap((states, chain): LiveAsk[] => {
      if (states.length - 1 !== move) return [];
      const now = states.at(-1)!;
      const { kept } = lotOf(now, chain, stage * MOVES + move);
      const prefix = { rollout: now.record.rollout, tokenIds: now.tokenIds.slice(0, kept) };
      return [ask(down[stage + 1]!, id, `chain-${chain}`, chain, prefix)];
    });
    return [...scored, ...moved];
  });
}

/** Last texts of all chains. */
function settled(chains: readonly (readonly Right[])[]): Right[] {
  return chains.flatMap((states) => states.slice(SCORED_FROM + 1));
}

/** Every policy scores every text once, whichever chain came to it and under whom: MBAR asks of each what all give it. */
function scores(
  policies: readonly string[],
  texts: readonly Right[],
  before: readonly Right[],
  promptTokenIds: readonly number[] | undefined,
): LiveAsk[] {
  // Policies that are asked in other words cannot score each other's texts.
  if (promptTokenIds === undefined) return [];
  const had = new Set(before.map(({ tokenIds }) => textKey(tokenIds)));
  const fresh = texts.filter(({ tokenIds }) => {
    const key = textKey(tokenIds);
    if (had.has(key)) return false;
    had.add(key);
    return true;
  });
  return policies.flatMap((policy) =>
    fresh.map(({ record: { rollout }, tokenIds }): LiveAsk => {
      return { kind: "score", policy, ask: { rollout, promptTokenIds, tokenIds } };
    }),
  );
}

export interface Annealed {
  /** Natural log of P(right) under the base; absent where neighbours do not touch, or nobody scores. */
  readonly logMass?: number;
  readonly relativeError?: number;
  /** Why there is no estimate, a clause. */
  readonly lacks?: string;
  /** Right texts of the base that the last chain came by. */
  readonly texts: number;
  /** Of neighbours' right texts, the least: 1 where they are the same, next to 0 where they hardly touch. */
  readonly overlap?: number;
  readonly ratios?: Ratios;
}

/**
 * @param success right ones of the tuned policy's own rollouts, of those drawn
 * @param came lengths of right texts that the base came to by itself: where its chains' texts are shorter or longer, they still
 *   are the tuned policy's
 */
export function annealed(
  { policies, drawn, scores: told, wayOf }: Walked,
  problem: string,
  success: { readonly right: number; readonly drawn: number },
  came: Spread,
): Annealed {
  const down = policies.toReversed();
  const walk = walkOf(problem, drawn, down.length - 1, wayOf);
  const last = walk.stages.at(-1) ?? [];
  const texts = new Set(last.flat().map(({ tokenIds }) => tokenIds.join(" "))).size;
  const none: Annealed = { texts };
  if (success.right === 0 || walk.stages.length < down.length - 1 || last.some(({ length }) => length <= MOVES))
    return none;
  const lengths = last.map((states) => states.slice(SCORED_FROM + 1).map(({ tokenIds }) => tokenIds.length));
  const apart = lengthsApart(spreadOf(lengths), came);
  if (apart !== undefined)
    return {
      ...none,
      lacks: `the annealed chain has not settled: its texts have ${apart[0].toFixed(1)} tokens, those that the base came to by itself ${apart[1].toFixed(1)}`,
    };
  const stuck = wayOf === undefined ? undefined : stuckIn(walk, wayOf);
  if (stuck !== undefined)
    return {
      ...none,
      lacks: `the annealed chain has not mixed: its runs began by ${stuck.join(" and ")}, and none left its way`,
    };
  const logsOf = ({ tokenIds }: Right): Text[] => {
    const logs = down.map((policy) => told.get(`${policy} ${problem} ${textKey(tokenIds)}`));
    return logs.some((one) => one === undefined) ? [] : [logs as Text];
  };
  const scored = walk.first.map((one) => logsOf(one)[0]);
  const place = walk.first.flatMap((one, i) => (scored[i] === undefined ? [] : [one]));
  const begun = inTurns(walk.first, wayOf);
  const found = ratiosOf({
    policies: down,
    first: scored.filter((one) => one !== undefined),
    chains: Array.from({ length: CHAINS }, (_, chain) => {
      const from = place.indexOf(begun[chain % begun.length]!);
      const parts = walk.stages.map((own) => own[chain]!.slice(SCORED_FROM + 1).flatMap(logsOf));
      return from < 0 ? { texts: parts } : { from, texts: parts };
    }),
    seed: walk.first[0]!.record.seed ?? 0,
  });
  if ("lacks" in found) return { ...none, ...found };
  const ofTuned = (1 - success.right / success.drawn) / success.right;
  return {
    logMass: Math.log(success.right / success.drawn) + found.told.value,
    relativeError: Math.hypot(Math.sqrt(ofTuned), found.told.error),
    texts,
    overlap: found.overlap,
    ratios: found,
  };
}

/** Ways that runs began by, where there are several and no run ever went from one to another: how much each is worth is then not known. */
function stuckIn({ stages }: Walk, wayOf: NonNullable<WayOf>): readonly string[] | undefined {
  const visited = Array.from(
    { length: CHAINS },
    (_, chain) => new Set(stages.flatMap((chains) => chains[chain]!.map(({ record }) => wayOf(record)))),
  );
  const begun = [...new Set(stages[0]!.map(([first]) => wayOf(first!.record)))].sort();
  return begun.length > 1 && visited.every(({ size }) => size === 1) ? begun : undefined;
}

/** What was drawn and scored on all problems, read once. */
export interface Walked {
  readonly policies: readonly string[];
  readonly drawn: Named;
  /** By `policy problem text`: sum over each text by each policy, in the density that chains are drawn from. */
  readonly scores: ReadonlyMap<string, number>;
  readonly wayOf: WayOf;
}

export function walked(seen: Seen): Walked {
  const sums = new Map<string, number>();
  const drawn = drawnBy(seen);
  for (const score of seen.scores) {
    const record = drawn.get(score.rollout);
    // Of what parts at forks only the beginning is scored.
    if (record === undefined || score.rollout.includes("/fork-")) continue;
    const logs = toldIn(score, "processed");
    if (logs !== undefined)
      sums.set(
        `${score.policy} ${record.problem} ${textKey(wholeOf(record))}`,
        logs.reduce((a, b) => a + b, 0),
      );
  }
  return { policies: seen.policies, drawn, scores: sums, wayOf: wayIn(seen) };
}
