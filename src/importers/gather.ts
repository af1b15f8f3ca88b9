// importers/ · Gather: rollouts into problems as they are read, wherever they stand; those of one problem must agree on what they share.
import { hash } from "node:crypto";
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import type { UngradableWhy } from "../terms/verdict.ts";
import { type ImportOptions, MOST_PROBLEMS } from "./importer.ts";
import { Kept } from "./kept.ts";
import { Names, own } from "./own.ts";
import { tooManyProblems } from "./refusals.ts";
import { show, showBoth } from "./show.ts";

export interface Shared {
  readonly id: string;
  readonly family?: string;
  readonly prompt?: string;
  readonly gold?: string;
}

/** What the rollouts of a problem must agree on. */
export type Agreed = "family" | "prompt" | "gold";

/** Two rollouts of one problem that do not agree, by the rows they stand on. */
export interface Difference {
  readonly what: Agreed;
  readonly id: string;
  readonly now: string;
  readonly row: number;
  readonly before: string;
  /** Where it was first given, and where the problem was first seen. */
  readonly given: number;
  readonly begun: number;
}

const NONE_UNGRADABLE: ProblemRecord["ungradable"] = {};
/** Of a prompt that is longer (or a reference answer, where nothing can be graded again), a shorter stand-in is kept where texts are not. */
const LONG = 100;

/** A problem while its rows come in, and afterwards where texts are not kept: files may hold millions. */
class Draft implements ProblemRecord {
  readonly id: string;
  declare family?: string;
  declare prompt?: string;
  declare gold?: string;
  n = 0;
  right = 0;
  ungradable = NONE_UNGRADABLE;
  declare readonly rollouts?: readonly Rollout[];
  readonly #begun: number;
  /** Rows; where all fields were given on the first one, as they mostly are, they are not kept. */
  #given: Partial<Record<Agreed, number>> | undefined;
  readonly #kept: Kept | undefined;
  #last = 0;

  constructor(id: string, row: number, kept: Kept | undefined) {
    this.id = id;
    this.#begun = row;
    this.#kept = kept;
    // Its own, as in any record, but made only when it is asked for. One function for all, or each would weigh as much as the rest.
    if (kept !== undefined) Object.defineProperty(this, "rollouts", { get: Draft.#rollouts, enumerable: true });
  }

  get begun(): number {
    return this.#begun;
  }

  static #rollouts(this: Draft): readonly Rollout[] | undefined {
    return this.#kept?.upTo(this.#last);
  }

  /** Undefined where they agree. */
  agree(what: Agreed, now: string | undefined, row: number, names: Names): Difference | undefined {
    const before = this[what];
    if (now === undefined || before === now) return undefined;
    if (before === undefined) {
      this[what] = names.same(now);
      if (row !== this.#begun) this.#given = { ...this.#given, [what]: row };
      return undefined;
    }
    const begun = this.#begun;
    return { what, id: this.id, now, row, before, given: this.#given?.[what] ?? begun, begun };
  }

  add(rollout: Rollout): void {
    const { verdict } = rollout;
    this.n++;
    if (verdict.kind === "right") this.right++;
    if (verdict.kind === "ungradable") {
      const { why } = verdict;
      const counted: Partial<Record<UngradableWhy, number>> = this.ungradable;
      this.ungradable = { ...counted, [why]: (counted[why] ?? 0) + 1 };
    }
    if (this.#kept !== undefined) this.#last = this.#kept.add(this.#last, rollout);
  }
}

export class Gathering {
  readonly #drafts = new Map<string, Draft>();
  readonly #kept: Kept | undefined;
  readonly #names = new Names();
  readonly #texts: ImportOptions["keepTexts"];
  readonly #onRollout: ImportOptions["onRollout"];
  readonly #differs: (difference: Difference) => StudyError;
  readonly #place: (row: number) => string;

  /**
   * @param differs the refusal where rollouts of one problem do not agree; its texts may be stand-ins
   * @param place where a row stands, for sentences
   */
  constructor(
    { keepTexts = true, keepRollouts = true, onRollout }: ImportOptions,
    differs: (difference: Difference) => StudyError,
    place: (row: number) => string,
  ) {
    this.#texts = keepTexts;
    this.#kept = keepRollouts ? new Kept() : undefined;
    this.#onRollout = onRollout;
    this.#differs = differs;
    this.#place = place;
  }

  /** The row on which a problem was first seen; undefined where it was not. */
  begun(id: string): number | undefined {
    return this.#drafts.get(id)?.begun;
  }

  /** `row` is where it was read, for sentences. Token ids and log-probabilities are handed on, never kept. */
  add({ id, family, prompt, gold }: Shared, rollout: Rollout, row: number): void {
    let draft = this.#drafts.get(id);
    if (draft === undefined) {
      if (this.#drafts.size === MOST_PROBLEMS) throw tooManyProblems(this.#place(row), MOST_PROBLEMS);
      draft = new Draft(own(id), row, this.#kept);
      this.#drafts.set(draft.id, draft);
    }
    const names = this.#names;
    const difference =
      draft.agree("family", family, row, names) ??
      draft.agree("prompt", this.#texts === true ? prompt : standIn(prompt), row, names) ??
      draft.agree("gold", this.#kept === undefined ? standIn(gold) : gold, row, names);
    if (difference !== undefined) throw this.#differs(difference);
    const { text, ...bare } = rollout;
    const kept = text === undefined || typeof this.#texts !== "function" ? text : this.#texts(text);
    draft.add(this.#texts === false || kept === undefined ? bare : { ...bare, text: kept });
    this.#onRollout?.(
      {
        id,
        ...(draft.family === undefined ? {} : { family: draft.family }),
        ...(prompt === undefined ? {} : { prompt }),
      },
      rollout,
      draft.n - 1,
    );
  }

  /** In the order in which they were first seen. */
  problems(): ProblemRecord[] {
    return Array.from(this.#drafts.values(), (draft) => (this.#texts === true ? { ...draft } : draft));
  }
}

/** The refusal for logs whose rows have places. */
export function differsAt(place: (row: number) => string): (difference: Difference) => StudyError {
  return ({ what, id, now, row, before, begun }) => {
    const [first, here] = showBoth(before, now);
    return new StudyError({
      code: `${what}-differs`,
      what: `${place(row)}: problem ${show(id)} has the ${what} ${here} here, and ${first} at ${place(begun)} or after it`,
      why: "and rollouts of one problem share it",
      mend: "give the file of one run",
    });
  };
}

/** What is the same for the same prompts, and tells different ones apart. */
function standIn(prompt: string | undefined): string | undefined {
  if (prompt === undefined || prompt.length <= LONG) return prompt;
  // Three dots: a text with a single … takes twice the memory.
  return `${prompt.slice(0, LONG / 2)}... (${prompt.length} characters, ${hash("sha256", prompt).slice(0, 16)})`;
}
