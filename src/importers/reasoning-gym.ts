// importers/ · Reasoning Gym: its evaluation files, one JSON document: categories of datasets, or a single dataset.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import { ungradable, type Verdict } from "../terms/verdict.ts";
import { keepFamilies } from "./families.ts";
import { type Importer, RIGHT_ABOVE } from "./importer.ts";
import { isObject, type Row, readDocument } from "./jsonl.ts";
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
  async read(source, { policy, families, keepTexts = true, rightAbove = RIGHT_ABOVE, onRollout }) {
    const { file } = source;
    checkedThreshold(rightAbove);
    const root = new Place(await readDocument(source), plain(file), "");
    const problems: ProblemRecord[] = [];
    const firstPlaces = new Map<string, string>();
    for (const dataset of datasetsOf(root)) {
      const family = dataset.at("name").text();
      for (const [index, result] of dataset.at("results").list().entries()) {
        const id = `${family}#${index}`;
        const first = firstPlaces.get(id);
        if (first !== undefined) throw duplicateId(`${result}`, id, `at ${first}`);
        firstPlaces.set(id, result.path);
        const { problem, rollouts } = problemOf(result, id, family, rightAbove);
        if (onRollout !== undefined) for (const rollout of rollouts) onRollout(problem, rollout);
        problems.push({ ...problem, rollouts: keepTexts ? rollouts : rollouts.map(withoutText) });
      }
    }
    if (problems.length === 0)
      throw new StudyError({
        code: "no-rows",
        what: `${root} holds no results`,
        mend: "give an evaluation of at least one problem",
      });
    return { policy, file, format: "reasoning-gym", problems: keepFamilies(problems, families, file), rightAbove };
  },
};

function datasetsOf(root: Place): Place[] {
  if (root.at("categories").value === undefined) return [root];
  return root
    .at("categories")
    .list()
    .flatMap((category) => category.at("datasets").list());
}

function problemOf(
  result: Place,
  id: string,
  family: string,
  rightAbove: number,
): { problem: ProblemRecord; rollouts: Rollout[] } {
  const prompt = result.at("question").optionalText();
  const gold = result.at("expected_answer").optionalText();
  const rollouts = result
    .at("completions")
    .list()
    .map((completion) => rolloutOf(completion, rightAbove));
  if (rollouts.length === 0) {
    throw new StudyError({
      code: "nothing-drawn",
      what: `${result.at("completions")} has 0 entries`,
      why: "but a problem needs 1 rollout or more",
      mend: "leave the result out",
    });
  }
  const absent = rollouts.filter(({ verdict }) => verdict.kind === "ungradable").length;
  const problem = {
    id,
    family,
    ...(prompt ? { prompt } : {}),
    ...(gold ? { gold } : {}),
    n: rollouts.length,
    right: rollouts.filter(({ verdict }) => verdict.kind === "right").length,
    ungradable: absent === 0 ? {} : { "no verdict": absent },
  };
  return { problem, rollouts };
}

function withoutText(rollout: Rollout): Rollout {
  const { text: _, ...kept } = rollout;
  return kept;
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
    return new Place(this.#object()[key], this.#file, this.path === "" ? key : `${this.path}.${key}`);
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

  #object(): Row {
    return isObject(this.value) ? this.value : this.#refuse("an object");
  }

  #refuse(wanted: string): never {
    throw wrongType(`${this}`, this.value, wanted, "write the file as Reasoning Gym's evaluation does");
  }
}
