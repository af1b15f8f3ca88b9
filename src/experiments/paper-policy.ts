// experiments/ · Paper policy: a Behaviour that writes, token by token, with every probability known. It answers what an engine would.
//
// A text is: the way it goes about it (`A:`), its steps (`+` right, `-` or another sign wrong, `!` the one before mended), a mark of the
// answer and the answer. The tree of texts is folded by state, so that what is right from any place on is an exact sum.
import { expit, logit, logSumExp } from "../maths/logspace.ts";
import type { Behaviour, Way } from "../terms/behaviour.ts";

/** Pieces that every text is made of; ways follow them. */
const FIXED = [
  "+",
  "-",
  "!",
  "\n#### ",
  "\nThe answer is ",
  "7",
  "3",
  "seven or any",
  "~",
  "M:",
  "?:",
  "=",
  "*",
  "%",
  "&",
  "@",
  "^",
  "$",
  ".",
] as const;
export const RIGHT_STEP = 0;
export const REPAIR = 2;
export const MARK = 3;
export const NO_MARK = 4;
export const RIGHT_ANSWER = 5;
export const WRONG_ANSWER = 6;
const FOOLING = 7;
const CUT = 8;
export const RECALL = 9;
export const ASTRAY = 10;
/** One of as many as there are. */
export const WRONG_STEPS: readonly number[] = [1, 11, 12, 13, 14, 15, 16, 17];
export const BROKEN_OFF = 18;
const WAYS = FIXED.length;

/** What all right answers on paper are, but where problems have their own. */
export const GOLD = FIXED[RIGHT_ANSWER];

/** `A:` for the first way. */
export function wayPiece(way: number): string {
  return `${String.fromCharCode(65 + way)}:`;
}

/** The characters of a token. */
export function pieceOf(token: number): string {
  return FIXED[token] ?? wayPiece(token - WAYS);
}

export function spelled(tokenIds: readonly number[]): string {
  return tokenIds.map(pieceOf).join("");
}

export interface Move {
  readonly token: number;
  /** Natural log; −∞ for what this policy never writes and another may. */
  readonly logProb: number;
  readonly next: State;
}

/** A place in a text; no moves where it is over. */
export interface State {
  readonly moves: readonly Move[];
  /** P(right from here on), by the official reading. */
  readonly right: number;
  /** The same before the odds are raised. */
  readonly before: number;
  /** The text ended here because its tokens ran out. */
  readonly cut: boolean;
  /** The same place in any policy's texts on a problem has the same name. */
  readonly place: string;
  /** All that is to be done is done, and rightly: what comes states the answer. */
  readonly done: boolean;
}

export interface Written {
  readonly tokenIds: readonly number[];
  readonly logProbs: readonly number[];
  readonly finish: "stop" | "length";
  readonly right: boolean;
}

type Place =
  | { readonly at: "start" }
  /** `left` steps to do; `slipped`: the last one went wrong and may be mended; `lost`: one that went wrong stands. */
  | {
      readonly at: "step";
      readonly way: number;
      readonly done: number;
      readonly slipped: boolean;
      readonly lost: boolean;
    }
  /** `shown`: behind steps, and not said at once. */
  | { readonly at: "mark"; readonly lost: boolean; readonly shown: boolean }
  | { readonly at: "answer"; readonly lost: boolean; readonly shown: boolean; readonly readable: boolean }
  | { readonly at: "end"; readonly right: boolean; readonly cut: boolean };

export class PaperPolicy {
  readonly #behaviour: Behaviour;
  readonly #steps: number;
  readonly #states = new Map<string, State>();
  readonly start: State;

  /** @param steps L ≥ 1 of the problem */
  constructor(behaviour: Behaviour, steps: number) {
    this.#behaviour = behaviour;
    this.#steps = steps;
    this.start = this.#state({ at: "start" });
  }

  /** P(right) from the prompt, exact. */
  get success(): number {
    return this.start.right;
  }

  /** P(right) behind a prefix, exact. @throws RangeError where no policy writes that */
  rightFrom(prefix: readonly number[]): number {
    return this.#walk(prefix).right;
  }

  /**
   * Goes on behind a prefix to the end.
   *
   * @param uniform gives numbers in [0, 1)
   * @param maxTokens of what is written here; a text that runs out of them is filled up to it
   */
  write(prefix: readonly number[], uniform: () => number, maxTokens: number): Written {
    const tokenIds: number[] = [];
    const logProbs: number[] = [];
    let state = this.#walk(prefix);
    while (state.moves.length > 0 && tokenIds.length < maxTokens) {
      let left = uniform();
      // Rounding may leave a sliver behind the last move that can be made.
      let chosen: Move | undefined;
      for (const move of state.moves) {
        if (move.logProb === Number.NEGATIVE_INFINITY) continue;
        chosen = move;
        left -= Math.exp(move.logProb);
        if (left < 0) break;
      }
      tokenIds.push(chosen!.token);
      logProbs.push(chosen!.logProb);
      state = chosen!.next;
    }
    while (state.cut && tokenIds.length < maxTokens) {
      tokenIds.push(CUT);
      logProbs.push(0);
    }
    const over = state.moves.length === 0;
    return {
      tokenIds,
      logProbs,
      finish: over && !state.cut ? "stop" : "length",
      right: over && state.right === 1,
    };
  }

  /** Natural logs of what it gives to each token of a text. @throws RangeError where no policy writes that */
  score(tokenIds: readonly number[]): number[] {
    let state = this.start;
    return tokenIds.map((token) => {
      if (state.cut && token === CUT) return 0;
      const move = found(state, token);
      state = move.next;
      return move.logProb;
    });
  }

  #walk(prefix: readonly number[]): State {
    let state = this.start;
    for (const token of prefix) if (!(state.cut && token === CUT)) state = found(state, token).next;
    return state;
  }

  #state(place: Place): State {
    const key = nameOf(place);
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { ...this.#made(place), place: key, done: this.#isDone(place) };
      this.#states.set(key, state);
    }
    return state;
  }

  #made(place: Place): Omit<State, "place" | "done"> {
    if (place.at === "end") {
      const right = place.right ? 1 : 0;
      return { moves: [], right, before: right, cut: place.cut };
    }
    const { temperature, odds } = this.#behaviour;
    const open = this.#choices(place).map(([token, chance, next]) => ({
      token,
      next: this.#state(next),
      logProb: temperature * Math.log(chance),
    }));
    const before = normalised(open);
    // Re-weighted texts are written token by token with the weight of what can still come (Doob's transform).
    const moves =
      odds === 0
        ? before
        : normalised(
            before.map((move) => ({
              ...move,
              logProb: move.logProb + Math.log1p(move.next.before * Math.expm1(odds)),
            })),
          );
    return {
      moves,
      right: mean(moves, ({ right }) => right),
      before: mean(before, (next) => next.before),
      cut: false,
    };
  }

  #isDone(place: Place): boolean {
    if (place.at === "mark") return !place.lost;
    return place.at === "step" && !place.slipped && !place.lost && place.done === this.#stepsOf(place.way);
  }

  #stepsOf(way: number): number {
    return stepsOf(this.#behaviour.ways[way]!, this.#steps);
  }

  /** How often it breaks off before one step of that way. */
  #ending(way: number): number {
    return 1 - (1 - (this.#behaviour.breaksOff ?? 0)) ** (1 / this.#stepsOf(way));
  }

  #broken(chance: number): (readonly [number, number, Place])[] {
    return this.#behaviour.breaksOff === undefined
      ? []
      : [[BROKEN_OFF, chance, { at: "end", right: false, cut: false }]];
  }

  /** Tokens that may come, their chances before temperature and odds, and where they lead. What no policy writes is not listed. */
  #choices(place: Exclude<Place, { at: "end" }>): (readonly [number, number, Place])[] {
    const { ways, joins, readable, cutOffs, recall, astray, luck, misstated, misguessed = 0, grader } = this.#behaviour;
    if (place.at === "start")
      return [
        ...ways.map(({ share }, way) => {
          const begin = { at: "step", way, done: 0, slipped: false, lost: false } as const;
          return [WAYS + way, (1 - astray) * (1 - recall) * share * (1 - this.#ending(way)), begin] as const;
        }),
        ...this.#broken(
          (1 - astray) * (1 - recall) * ways.reduce((sum, { share }, way) => sum + share * this.#ending(way), 0),
        ),
        [RECALL, (1 - astray) * recall, { at: "mark", lost: false, shown: false }],
        [ASTRAY, astray, { at: "end", right: false, cut: false }],
      ];
    if (place.at === "step") {
      const { way, done, slipped, lost } = place;
      const { repair, pace, wrongs = 1 } = ways[way]!;
      const slip = slipAt(ways[way]!, done);
      const shown = pace < Number.POSITIVE_INFINITY;
      const steps = this.#stepsOf(way);
      // What a slip leads to where it is not mended is what comes after the step, with the work lost.
      const after = (gone: boolean): (readonly [number, number, Place])[] => {
        const stated = this.#choices({ at: "mark", lost: gone || done < steps, shown });
        if (done === steps) return stated;
        const slipping = { ...place, done: done + 1, slipped: true, lost: gone };
        const tried: (readonly [number, number, Place])[] = [
          [RIGHT_STEP, 1 - slip, { ...place, done: done + 1, slipped: false, lost: gone }],
          ...WRONG_STEPS.slice(0, wrongs).map((token) => [token, slip / wrongs, slipping] as const),
        ];
        const going = done === 1 ? [...weighted(tried, joins), ...weighted(stated, 1 - joins)] : tried;
        // Before the first step no way was chosen yet.
        if (done === 0) return going;
        const ending = this.#ending(way);
        return [...weighted(going, 1 - ending), ...this.#broken(ending)];
      };
      if (!slipped) return after(lost);
      return [[REPAIR, repair, { ...place, slipped: false }], ...weighted(after(true), 1 - repair)];
    }
    const { lost, shown } = place;
    if (place.at === "mark")
      return [
        [MARK, (1 - cutOffs) * readable, { at: "answer", lost, shown, readable: true }],
        [NO_MARK, (1 - cutOffs) * (1 - readable), { at: "answer", lost, shown, readable: false }],
        [CUT, cutOffs, { at: "end", right: false, cut: true }],
      ];
    const end = (right: boolean): Place => ({ at: "end", right, cut: false });
    const known = lost ? luck : 1 - (shown ? misstated : misguessed);
    return [
      [RIGHT_ANSWER, known, end(place.readable)],
      [WRONG_ANSWER, (1 - known) * (1 - grader), end(false)],
      [FOOLING, (1 - known) * grader, end(place.readable)],
    ];
  }
}

/** How many steps a way does on a problem of L steps. */
export function stepsOf({ pace }: Pick<Way, "pace">, steps: number): number {
  return Math.max(1, Math.ceil(steps / pace));
}

/** @param done steps before it */
function slipAt({ slip, harder }: Way, done: number): number {
  const by = harder?.[done] ?? 0;
  return by === 0 ? slip : expit(logit(slip) + by);
}

function nameOf(place: Place): string {
  if (place.at === "step") return `step ${place.way} ${place.done} ${place.slipped} ${place.lost}`;
  if (place.at === "mark") return `mark ${place.lost} ${place.shown}`;
  if (place.at === "answer") return `answer ${place.lost} ${place.shown} ${place.readable}`;
  return place.at === "end" ? `end ${place.right} ${place.cut}` : place.at;
}

function weighted(
  list: readonly (readonly [number, number, Place])[],
  by: number,
): (readonly [number, number, Place])[] {
  return list.map(([token, chance, next]) => [token, by * chance, next] as const);
}

function normalised(moves: readonly Move[]): Move[] {
  const total = logSumExp(moves.map(({ logProb }) => logProb));
  return moves.map((move) => ({ ...move, logProb: move.logProb - total }));
}

function mean(moves: readonly Move[], of: (next: State) => number): number {
  return moves.reduce((sum, { logProb, next }) => sum + Math.exp(logProb) * of(next), 0);
}

function found({ moves }: State, token: number): Move {
  const move = moves.find((one) => one.token === token);
  if (move === undefined) throw new RangeError(`no policy on paper writes ${JSON.stringify(pieceOf(token))} there`);
  return move;
}
