// importers/ · Reasoning Gym: its evaluations, a category or a dataset each with a list of results, read result by result.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import { ungradable, type Verdict } from "../terms/verdict.ts";
import { type Path, type Plan, Walker } from "./document/walk.ts";
import { keepFamilies } from "./families.ts";
import { differsAt, Gathering } from "./gather.ts";
import { type Importer, type ImportOptions, RIGHT_ABOVE } from "./importer.ts";
import { isObject, type Row } from "./jsonl.ts";
import { duplicateId, wrongType } from "./refusals.ts";
import { badReward, checkedThreshold, fromReward } from "./reward.ts";
import { NAMES } from "./rollout-fields.ts";
import { plain } from "./show.ts";

export const reasoningGym: Importer = {
  name: "reasoning-gym",
  what: "a Reasoning Gym evaluation (JSON with categories or results)",
  // A row of rollouts may have any field too, but it names its problem.
  recognises: ({ keys }) =>
    (keys.has("categories") || (keys.has("results") && keys.has("name"))) && !NAMES.id.some((name) => keys.has(name)),
  async read(source, options) {
    const { file, head } = source;
    const rightAbove = checkedThreshold(options.rightAbove ?? RIGHT_ABOVE);
    const evaluation = new Evaluation(file, rightAbove, options);
    const dataset = { name: true, results: { "*": true } } as const;
    const plan: Plan = head.keys.has("categories") ? { categories: { "*": { datasets: { "*": dataset } } } } : dataset;
    const walker = new Walker(file, plan, evaluation, true);
    for await (const chunk of source.chunks()) walker.write(chunk);
    walker.end();
    const problems = keepFamilies(evaluation.problems(), options.families, file);
    return { policy: options.policy, file, format: "reasoning-gym", problems, rightAbove };
  },
};

/** Results that may stand before the name of their dataset, which the tool writes first. */
const NAMELESS = 10_000;

/** Sees the document go by: `categories`, their `datasets`, and of each its `name` and `results`; or one dataset alone. */
class Evaluation {
  readonly #file: string;
  readonly #rightAbove: number;
  readonly #gathering: Gathering;
  /** Where the first dataset of each name has its results. */
  readonly #first = new Map<string, string>();
  readonly #lists = new Set<string>();
  #name: string | undefined;
  #waiting: Place[] = [];

  constructor(file: string, rightAbove: number, options: ImportOptions) {
    this.#file = plain(file);
    this.#rightAbove = rightAbove;
    this.#gathering = new Gathering(options, differsAt(String), () => this.#file);
  }

  enter(path: Path, list: boolean): void {
    const place = this.#place(path, list ? [] : {});
    // Lists stand under names; in lists, and at the root, stand objects.
    if (typeof path.at(-1) !== "string") {
      place.object();
      return;
    }
    place.list();
    if (this.#lists.has(place.path)) throw twice(place);
    this.#lists.add(place.path);
  }

  take(path: Path, value: unknown): void {
    const place = this.#place(path, value);
    if (path.at(-1) === "name") {
      if (this.#name !== undefined) throw twice(place);
      this.#name = place.text();
      for (const result of this.#waiting) this.#result(result);
      this.#waiting = [];
    } else if (path.at(-2) !== "results") {
      if (typeof path.at(-1) === "string") place.list();
      else place.object();
    } else if (this.#name !== undefined) {
      this.#result(place);
    } else if (this.#waiting.push(place) > NAMELESS) {
      throw new StudyError({
        code: "name-too-late",
        what: `${place} stands before the name of its dataset, with ${NAMELESS} others`,
        why: "and a problem is named by its dataset",
        mend: "write the name first, as Reasoning Gym does",
      });
    }
  }

  leave(path: Path): void {
    if (typeof path.at(-1) === "string") return;
    const isDataset = path.length === 4 || !this.#lists.has("categories");
    if (isDataset) this.#place([...path, "name"], this.#name).text();
    else if (path.length === 0) return;
    const list = this.#place([...path, isDataset ? "results" : "datasets"]);
    if (!this.#lists.has(list.path)) list.list();
    if (isDataset) this.#name = undefined;
  }

  problems(): ProblemRecord[] {
    const problems = this.#gathering.problems();
    if (problems.length > 0) return problems;
    throw new StudyError({
      code: "no-rows",
      what: `${this.#file} holds no results`,
      mend: "give an evaluation of at least one problem",
    });
  }

  /** The walk's path is good only for a moment, and so it is written down. */
  #place(path: Path, value?: unknown): Place {
    const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
    return new Place(value, this.#file, name.replace(/^\./, ""));
  }

  #result(result: Place): void {
    const family = this.#name as string;
    const [, list = "", index = ""] = /^(.*)\[(\d+)\]$/.exec(result.path) ?? [];
    const id = `${family}#${index}`;
    const first = this.#first.get(family) ?? list;
    this.#first.set(family, first);
    if (first !== list) throw duplicateId(`${result}`, id, `at ${first}[${index}]`);
    const prompt = result.at("question").optionalText();
    const gold = result.at("expected_answer").optionalText();
    const shared = { id, family, ...(prompt ? { prompt } : {}), ...(gold ? { gold } : {}) };
    const completions = result.at("completions").list();
    if (completions.length === 0) {
      throw new StudyError({
        code: "nothing-drawn",
        what: `${result.at("completions")} has 0 entries`,
        why: "but a problem needs 1 rollout or more",
        mend: "leave the result out",
      });
    }
    const rollouts = completions.map((completion) => rolloutOf(completion, this.#rightAbove));
    for (const rollout of rollouts) this.#gathering.add(shared, rollout, Number(index));
  }
}

function twice(place: Place): StudyError {
  return new StudyError({
    code: "duplicate-key",
    what: `${place} stands there twice`,
    why: "and only one of them can be meant",
    mend: "write the file as Reasoning Gym's evaluation does",
  });
}

function rolloutOf(completion: Place, rightAbove: number): Rollout {
  const text = completion.at("full_model_response").optionalText();
  const extracted = completion.at("model_answer").optionalText();
  return {
    verdict: verdictOf(completion.at("score"), rightAbove),
    ...(text === undefined ? {} : { text }),
    ...(extracted ? { extracted } : {}),
  };
}

function verdictOf(score: Place, rightAbove: number): Verdict {
  if (score.value === undefined || score.value === null) return ungradable("no verdict");
  return fromReward(score.value, rightAbove) ?? badReward(`${score}`, score.value);
}

/** A value of the document and the way to it, for sentences: `base.json, categories[0].datasets[1].name`. */
class Place {
  readonly value: unknown;
  readonly path: string;
  readonly #file: string;

  constructor(value: unknown, file: string, path: string) {
    this.value = value;
    this.#file = file;
    this.path = path;
  }

  at(key: string): Place {
    return new Place(this.object()[key], this.#file, this.path === "" ? key : `${this.path}.${key}`);
  }

  list(): Place[] {
    if (!Array.isArray(this.value)) return this.#refuse("a list");
    return this.value.map((entry, i) => new Place(entry, this.#file, `${this.path}[${i}]`));
  }

  text(): string {
    const text = this.optionalText();
    return text || this.#refuse("a text that is not empty");
  }

  optionalText(): string | undefined {
    if (this.value === undefined || this.value === null) return undefined;
    return typeof this.value === "string" ? this.value : this.#refuse("text");
  }

  toString(): string {
    return this.path === "" ? this.#file : `${this.#file}, ${this.path}`;
  }

  object(): Row {
    return isObject(this.value) ? this.value : this.#refuse("an object");
  }

  #refuse(wanted: string): never {
    throw wrongType(`${this}`, this.value, wanted, "write the file as Reasoning Gym's evaluation does");
  }
}
