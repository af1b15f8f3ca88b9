// importers/ · Inspect score: which of a sample's scores counts, and when its value is a verdict.
import { StudyError } from "../../terms/errors.ts";
import { RIGHT, type Verdict, WRONG } from "../../terms/verdict.ts";
import { isObject } from "../jsonl.ts";
import { wrongType } from "../refusals.ts";
import { fromReward } from "../reward.ts";
import type { Threshold } from "../rollout-verdict.ts";
import { show } from "../show.ts";

export interface Score {
  readonly value: unknown;
  readonly answer?: string;
}

/** The scores of a sample by name. A score of several values has one name for each: `grader.accuracy`. */
export function scoresIn(scores: unknown): Map<string, Score> {
  const named = new Map<string, Score>();
  if (!isObject(scores)) return named;
  for (const [name, score] of Object.entries(scores)) {
    if (!isObject(score)) continue;
    const answer = typeof score.answer === "string" && score.answer !== "" ? { answer: score.answer } : {};
    if (!isObject(score.value)) named.set(name, { value: score.value, ...answer });
    else for (const [key, value] of Object.entries(score.value)) named.set(`${name}.${key}`, { value, ...answer });
  }
  return named;
}

/** Which score counts: the one asked for, or the only one there is. */
export class Chosen {
  #name: string | undefined;
  readonly #asked: boolean;
  readonly #file: string;
  readonly #seen = new Set<string>();

  constructor(asked: string | undefined, file: string) {
    this.#name = asked;
    this.#asked = asked !== undefined;
    this.#file = file;
  }

  /** Undefined where the sample was not scored, or not by the scorer asked for. */
  of(scores: ReadonlyMap<string, Score>, place: string): Score | undefined {
    for (const name of scores.keys()) this.#seen.add(name);
    if (!this.#asked && this.#seen.size > 1) {
      throw new StudyError({
        code: "several-scorers",
        what: `${place}: the samples have several scores: ${this.#names()}`,
        why: "and only one of them can say what is right",
        mend: "name the one that counts",
      });
    }
    this.#name ??= this.#seen.values().next().value;
    return this.#name === undefined ? undefined : scores.get(this.#name);
  }

  /** Refuses a name that no sample knew, where there were others. */
  check(): void {
    if (this.#name === undefined || this.#seen.size === 0 || this.#seen.has(this.#name)) return;
    throw new StudyError({
      code: "no-such-scorer",
      what: `${this.#file} has no score ${show(this.#name)}`,
      why: `but ${this.#names()}`,
      mend: "name one that is there",
    });
  }

  #names(): string {
    const names = [...this.#seen];
    return names.slice(0, 8).map(show).join(", ") + (names.length > 8 ? ", …" : "");
  }
}

/** Inspect's letters, and the words it takes for numbers. `N` is no answer, which its accuracy counts as wrong too. */
const WORDS: Readonly<Record<string, Verdict | number>> = {
  c: RIGHT,
  i: WRONG,
  n: WRONG,
  p: 0.5,
  yes: RIGHT,
  true: RIGHT,
  no: WRONG,
  false: WRONG,
};

/** Undefined where there is none: null and NaN are Inspect's words for unscored. */
export function verdictOf(value: unknown, threshold: Threshold, place: string): Verdict | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "boolean") return value ? RIGHT : WRONG;
  const word = typeof value === "string" ? value.toLowerCase() : undefined;
  const known = word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (typeof known === "object") return known;
  const number = known ?? (word?.trim() ? Number(word) : value);
  const verdict = fromReward(number, threshold.rightAbove);
  if (verdict === undefined)
    throw wrongType(place, value, "a score that is C, I, P, N or a number", "name a scorer that gives one of them");
  threshold.used = true;
  return verdict;
}
