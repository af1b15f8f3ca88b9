// experiments/ · Prefix pool: the hand-off's cells from all that was drawn behind a prefix, whoever's text it came from.
//
// What a policy writes behind a prefix depends on the prefix alone, so its own rollouts that went through it and its continuations of
// others' rollouts are draws of one law. Where plans repeat word for word this saves most of the hand-overs and, since a cell and its
// neighbour share their draws, most of the noise of their difference; where no two are alike it is a mean over sources.
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader } from "../terms/seen.ts";
import { type Cell, ROUNDS } from "./handoff-plan.ts";
import { isOf } from "./handoff-sources.ts";

/** What became of a rollout: of the same kind for every cell. */
export interface Outcome {
  readonly right: boolean;
  readonly finished: boolean;
}

/** Means over draws; finished ≥ right. What of a cell was right is right / finished. */
export interface Mass {
  readonly right: number;
  readonly finished: number;
}

/** One text, cut where the hand-overs are. */
export interface Passage {
  readonly policy: string;
  /** Characters that its policy was given. */
  readonly given: number;
  /** Absent where the text leaves every way that can be right before it. */
  readonly plan?: string;
  /** Up to the statement of the answer; absent where the text goes wrong before it. */
  readonly work?: string;
  readonly outcome: Outcome;
}

/** @param given characters of the text that were handed over; 0 for a rollout from the prompt */
export function passageOf(reader: Reader, record: RolloutRecord, given: number, outcome: Outcome): Passage {
  const { policy, problem, text = "" } = record;
  const { planEnd, answerStart } = reader.segments!(problem, text);
  return {
    policy,
    given,
    outcome,
    ...(planEnd === undefined ? {} : { plan: text.slice(0, planEnd) }),
    ...(planEnd === undefined || answerStart === undefined ? {} : { work: text.slice(0, answerStart) }),
  };
}

/** The hand-overs at the ends of segments, of one pair of policies, with the characters that were given; what an engine did not answer is no draw. */
export function handovers(
  reader: Reader,
  handed: readonly RolloutRecord[],
  later: string,
): { readonly record: RolloutRecord; readonly given: number }[] {
  return ROUNDS.flat().flatMap(({ cell, at }) =>
    handed
      .filter(({ rollout, why }) => why !== "engine error" && isOf(rollout, cell, later))
      .flatMap((record) => {
        const given = reader.segments!(record.problem, record.text ?? "")[at];
        // Its prefix ends a segment; where tokens and characters do not fall together it may have been given less.
        return given === undefined ? [] : [{ record, given }];
      }),
  );
}

/** Those of one problem. */
export function handedOver(
  reader: Reader,
  handed: readonly RolloutRecord[],
  later: string,
  outcomeOf: (record: RolloutRecord) => Outcome,
): Passage[] {
  return handovers(reader, handed, later).map(({ record, given }) =>
    passageOf(reader, record, given, outcomeOf(record)),
  );
}

type Writer = "base" | "later";

/** Everything that two policies drew on one problem. */
export class PrefixPool {
  readonly #names: Readonly<Record<Writer, string>>;
  readonly #passages: readonly Passage[];
  readonly #groups = new Map<string, ReadonlyMap<string, readonly Passage[]>>();
  readonly #answered = new Map<string, Mass | undefined>();
  readonly #means = new Map<Writer, Mass | undefined>();
  readonly #works = new Map<string, Mass | undefined>();

  constructor(names: Readonly<Record<Writer, string>>, passages: readonly Passage[]) {
    this.#names = names;
    this.#passages = passages;
  }

  /**
   * Undefined where nothing was drawn that the cell needs. Draws that would need what was not drawn are worth the mean of those that were
   * asked for.
   *
   * A draw counts by whether its own writer finished it, and for what came of it by those who took over where they finished: a text that
   * went wrong is never handed over, so with the finishing of whoever took over the right ones alone would count more, or less.
   */
  cell(cell: Cell): Mass | undefined {
    const [plan, execution, answer] = Array.from(cell, (digit): Writer => (digit === "0" ? "base" : "later"));
    const whole = this.#passages.filter(({ policy, given }) => policy === this.#names[plan!] && given === 0);
    return mean(
      whole.map((one) =>
        one.plan === undefined
          ? ended(one)
          : takenOver(one, this.#execution(one.plan, execution!, answer!), this.#went(one.plan, "plan", execution!)),
      ),
    );
  }

  #behind(prefix: string, of: "plan" | "work", writer: Writer): readonly Passage[] {
    const all = remembered(this.#groups, of, () =>
      Map.groupBy(this.#passages, (one) => `${one.policy} ${one[of] ?? ""}`),
    );
    return (all.get(`${this.#names[writer]} ${prefix}`) ?? []).filter(
      (one) => one[of] === prefix && one.given <= prefix.length,
    );
  }

  /** What `answer` made of anybody's work, behind whatever plan: for plans behind which nobody was asked. */
  #answers(answer: Writer): Mass | undefined {
    return remembered(this.#means, answer, () =>
      mean(
        this.#passages.flatMap(({ work, outcome }) =>
          work === undefined || !outcome.finished
            ? []
            : [takenOver({ outcome }, this.#answer(work, answer), this.#went(work, "work", answer))],
        ),
      ),
    );
  }

  /** By itself, so that nobody had to ask. */
  #went(prefix: string, of: "plan" | "work", writer: Writer): boolean {
    return this.#behind(prefix, of, writer).some(({ given }) => given < prefix.length);
  }

  /** Mean over what `execution` writes behind a plan, finished by `answer`. */
  #execution(plan: string, execution: Writer, answer: Writer): Mass | undefined {
    return remembered(this.#works, `${execution} ${answer} ${plan}`, () =>
      mean(
        this.#behind(plan, "plan", execution).map((one) =>
          one.work === undefined
            ? ended(one)
            : takenOver(one, this.#answer(one.work, answer), this.#went(one.work, "work", answer)),
        ),
        () => this.#answers(answer),
      ),
    );
  }

  #answer(work: string, answer: Writer): Mass | undefined {
    return remembered(this.#answered, `${answer} ${work}`, () => mean(this.#behind(work, "work", answer).map(ended)));
  }
}

/** One draw of a mean: what it is worth, and how that is known. */
interface Draw {
  /** Own: nobody took over. Met: who took over had gone through its prefix. Asked: somebody was asked to go on, or (no mass) could have been. */
  readonly is: "own" | "met" | "asked";
  readonly mass?: Mass;
}

function ended(one: Passage): Draw {
  return { is: "own", mass: atEnd(one) };
}

/** A draw that its writer finished, by what others made of it. */
function takenOver({ outcome: { finished } }: Pick<Passage, "outcome">, made: Mass | undefined, met: boolean): Draw {
  const is = met ? "met" : "asked";
  if (made === undefined) return { is };
  const done = finished && made.finished > 0;
  return { is, mass: done ? { right: made.right / made.finished, finished: 1 } : NOTHING };
}

const NOTHING: Mass = { right: 0, finished: 0 };

function atEnd({ outcome: { right, finished } }: Passage): Mass {
  return { right: right ? 1 : 0, finished: finished ? 1 : 0 };
}

/**
 * What was not asked is worth what was asked. Not what was met: texts that were never met are rare ones, longer and repaired; and not what
 * nobody took over: a text that went wrong is never handed over, so without the unasked right ones would count too little.
 *
 * @param elsewhere what such a draw is worth where none was asked here
 */
function mean(draws: readonly Draw[], elsewhere?: () => Mass | undefined): Mass | undefined {
  const worth = (is: Draw["is"]): Mass[] =>
    draws.flatMap((one) => (one.is === is && one.mass !== undefined ? [one.mass] : []));
  const [asked, met, own] = [worth("asked"), worth("met"), worth("own")];
  const known = [...asked, ...met, ...own];
  if (known.length === 0) return undefined;
  const unasked = draws.length - known.length;
  const stands = unasked === 0 ? undefined : (average(asked) ?? average(met) ?? elsewhere?.());
  const of = (part: keyof Mass): number => {
    const sum = known.reduce((total, one) => total + one[part], 0);
    return stands === undefined ? sum / known.length : (sum + unasked * stands[part]) / draws.length;
  };
  return { right: of("right"), finished: of("finished") };
}

function average(list: readonly Mass[]): Mass | undefined {
  if (list.length === 0) return undefined;
  const of = (part: keyof Mass): number => list.reduce((total, one) => total + one[part], 0) / list.length;
  return { right: of("right"), finished: of("finished") };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}
