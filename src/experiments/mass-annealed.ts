// experiments/ · Mass annealed: the base's chance of being right, from the tuned policy's right answers walked down the checkpoints.
//
// A chain moves among the right texts of one policy: cut before one of n tokens, let the policy write to the end, keep what is right with
// chance min(1, n/n'). Proposals come from the policy itself, so its law given that it is right is stationary (Metropolis and Hastings; the
// last factor because cuts depend on the length). Where it has settled the next earlier policy takes the texts over. Neighbours score each
// other's texts, and Bennett's acceptance ratio (maths/bridge) gives p(earlier)/p(later) from both; the product begins at the tuned policy's own success.
// R. M. Neal (2001), Stat. Comput. 11, 125–139, for the walk; every answer is an answer of its own, so a run that was killed makes them again.
import { bridge } from "../maths/bridge.ts";
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { told as toldIn } from "./cross-read.ts";
import { lengthsApart, type Spread, spreadOf } from "./mass-lengths.ts";

const NAME = "rare-mass";
/** Fresh answers of the tuned policy to each rare problem: stored ones that were scored are no fair sample once right ones are picked. */
export const DRAWS = 12;
const CHAINS = 6;
/** Moves of a chain under one policy; the second half of its texts is scored. */
const MOVES = 8;
const SCORED_FROM = MOVES / 2;
/** Rounds that a policy takes: its moves, and the scoring. */
const STAGE = MOVES + 1;

/** Whole rollouts a problem, for base and tuned: fresh draws and moves of half a rollout each; both score what both came by. */
export const annealedPrice = { generated: DRAWS + (CHAINS * MOVES) / 2, scored: 2 * (DRAWS + (CHAINS * MOVES) / 2) };

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
        const answer = drawn.get(nameOf(1 + stage * STAGE + move, problem, `chain-${chain}`));
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
  return problems.flatMap(({ id, own }): LiveAsk[] => {
    if (round === 0)
      return Array.from({ length: DRAWS }, (_, i) =>
        ask(down[0]!, id, `drawn-${i}`, i, { rollout: own[0]!.rollout, tokenIds: [] }),
      );
    const stage = Math.floor((round - 1) / STAGE);
    const move = (round - 1) % STAGE;
    const policy = down[stage + 1];
    if (policy === undefined) return [];
    const walk = walkOf(id, drawn, stage + 1, wayIn(seen));
    if (walk.first.length === 0) return [];
    const score = (by: string, texts: readonly Right[]): LiveAsk[] => scores(by, texts, own);
    const begun = round === 1 ? [down[0]!, policy].flatMap((by) => score(by, walk.first)) : [];
    const chains = walk.stages[stage];
    if (chains === undefined) return begun;
    if (move === MOVES) {
      const neighbours = [down[stage], policy, down[stage + 2]].filter((by) => by !== undefined);
      return neighbours.flatMap((by) => score(by, settled(chains)));
    }
    return [
      ...begun,
      ...chains.flatMap((states, chain) => {
        if (states.length - 1 !== move) return [];
        const now = states.at(-1)!;
        const { kept } = lotOf(now, chain, stage * MOVES + move);
        return [
          ask(policy, id, `chain-${chain}`, chain, {
            rollout: now.record.rollout,
            tokenIds: now.tokenIds.slice(0, kept),
          }),
        ];
      }),
    ];
  });
}

/** Texts of the second half of all chains, each once. */
function settled(chains: readonly (readonly Right[])[]): Right[] {
  const texts = chains.flatMap((states) => states.slice(SCORED_FROM + 1));
  return [...new Map(texts.map((one) => [one.record.rollout, one])).values()];
}

function scores(policy: string, texts: readonly Right[], own: readonly RolloutRecord[]): LiveAsk[] {
  // The prompt as the base is asked it; policies that are asked otherwise cannot score each other's texts so.
  const promptTokenIds = own.find((record) => record.promptTokenIds !== undefined)?.promptTokenIds;
  if (promptTokenIds === undefined) return [];
  return texts.map(({ record, tokenIds }) => ({
    kind: "score",
    policy,
    ask: { rollout: record.rollout, promptTokenIds, tokenIds },
  }));
}

export interface Annealed {
  /** Natural log of P(right) under the base; absent where neighbours do not touch, or nobody scores. */
  readonly logMass?: number;
  readonly relativeError?: number;
  /** Why there is no estimate, a clause. */
  readonly lacks?: string;
  /** Right texts of the base that the last chain came by. */
  readonly texts: number;
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
  let logMass = Math.log(success.right / success.drawn);
  let variance = (1 - success.right / success.drawn) / success.right;
  for (let stage = 0; stage < walk.stages.length; stage++) {
    const [later, earlier] = [down[stage]!, down[stage + 1]!];
    const above =
      stage === 0
        ? walk.first.map((one) => [one])
        : walk.stages[stage - 1]!.map((states) => states.slice(SCORED_FROM + 1));
    const below = walk.stages[stage]!.map((states) => states.slice(SCORED_FROM + 1));
    const ratios = (chains: readonly (readonly Right[])[], sign: 1 | -1): number[] =>
      chains.flatMap((states) =>
        states.flatMap(({ record }) => {
          const [one, zero] = [told.get(`${later} ${record.rollout}`), told.get(`${earlier} ${record.rollout}`)];
          return one === undefined || zero === undefined ? [] : [sign * (zero - one)];
        }),
      );
    const [forward, reverse] = [ratios(above, 1), ratios(below, -1)];
    if (forward.length === 0 || reverse.length === 0)
      return { ...none, lacks: "the annealed chain's texts were not scored" };
    if (reverse.includes(Number.POSITIVE_INFINITY))
      return { ...none, lacks: `the annealed chain has not left texts that ${earlier} cannot write` };
    // Texts of one chain go together: as many are worth one as a chain has in this half.
    const perChain = stage === 0 ? 1 : MOVES / 2;
    const found = bridge({ forward, reverse, inefficiencies: [perChain, MOVES / 2] });
    if (found === undefined) return { ...none, lacks: `right texts of ${later} and ${earlier} hardly overlap` };
    logMass += found.logRatio;
    variance += found.se ** 2;
  }
  return { logMass, relativeError: Math.sqrt(variance), texts };
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
  /** Sum over each text by each policy, in the density that chains are drawn from. */
  readonly scores: ReadonlyMap<string, number>;
  readonly wayOf: WayOf;
}

export function walked(seen: Seen): Walked {
  const sums = new Map<string, number>();
  for (const score of seen.scores) {
    const logs = toldIn(score, "processed");
    if (logs !== undefined && score.rollout.startsWith(`${NAME}/`))
      sums.set(
        `${score.policy} ${score.rollout}`,
        logs.reduce((a, b) => a + b, 0),
      );
  }
  return { policies: seen.policies, drawn: drawnBy(seen), scores: sums, wayOf: wayIn(seen) };
}
