// importers/ · Rollouts: JSON lines, one row a rollout, under the names the field's logs use.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import { keepFamilies } from "./families.ts";
import { readAnswer, readId, readLabel, readText, readTokens } from "./fields.ts";
import { type Difference, Gathering, type Shared } from "./gather.ts";
import { type Importer, type ImportOptions, RIGHT_ABOVE } from "./importer.ts";
import { eachRow, type Row } from "./jsonl.ts";
import { openaiBatch } from "./openai-batch.ts";
import { at } from "./refusals.ts";
import { checkedThreshold } from "./reward.ts";
import { type Layout, Layouts, NAMES, nameIn } from "./rollout-fields.ts";
import { cutOffIn, type Threshold, verdictIn } from "./rollout-verdict.ts";
import { count, plain, show, showBoth } from "./show.ts";
import { readLogProbs, readTokenIds } from "./token-fields.ts";
import { verifiers } from "./verifiers.ts";

export const rollouts: Importer = {
  name: "rollouts",
  what: "rollouts as JSON lines (a problem's id, and a verdict or reward, on each row)",
  recognises(head) {
    const { keys } = head;
    const some = (...roles: (keyof typeof NAMES)[]): boolean =>
      roles.some((role) => NAMES[role].some((name) => keys.has(name)));
    const counted = keys.has("id") && keys.has("c") && keys.has("n");
    // A row of lm-eval may call its metric acc, but has one for each filter.
    const filtered = keys.has("filtered_resps");
    const others = counted || filtered || verifiers.recognises(head) || openaiBatch.recognises(head);
    return some("id") && some("verdict", "correct", "reward", "error", "text") && !others;
  },
  async read(source, options) {
    const reader = new RolloutReader(source.file, options);
    await eachRow(source, (row, line) => reader.add(row, line));
    const { policy, families } = options;
    const { threshold } = reader;
    const problems = keepFamilies(reader.problems(), families, source.file);
    return {
      policy,
      file: source.file,
      format: "rollouts",
      problems,
      ...(threshold.used ? { rightAbove: threshold.rightAbove } : {}),
    };
  },
};

class RolloutReader {
  readonly threshold: Threshold;
  readonly #file: string;
  readonly #gathering: Gathering;
  readonly #layouts = new Layouts();
  /** Somebody is told of token ids and log-probabilities. */
  readonly #sampled: boolean;
  #row: Row = {};
  #rows = 0;
  #judged = false;

  constructor(file: string, options: ImportOptions) {
    this.#file = file;
    this.threshold = { rightAbove: checkedThreshold(options.rightAbove ?? RIGHT_ABOVE), used: false };
    this.#sampled = options.onRollout !== undefined;
    this.#gathering = new Gathering(
      options,
      (difference) => this.#differs(difference),
      (line) => at(file, line),
    );
  }

  add(row: Row, line: number): void {
    const layout = this.#layouts.of(row);
    const file = this.#file;
    this.#rows++;
    this.#judged ||= layout.verdict.length + layout.correct.length + layout.reward.length + layout.error.length > 0;
    const idName = layout.id.length === 0 ? "id" : nameIn(row, layout.id);
    const id = readId(row[idName], file, line, idName);

    const cutOff = cutOffIn(row, layout, file, line);
    const verdict = verdictIn(row, layout, cutOff, file, line, this.threshold);
    const text = optional(readText, row, layout.text, file, line);
    const extracted = optional(readAnswer, row, layout.extracted, file, line);
    const tokens = optional(readTokens, row, layout.tokens, file, line);
    const rollout: { -readonly [K in keyof Rollout]: Rollout[K] } = { verdict };
    if (text !== undefined) rollout.text = text;
    if (extracted !== undefined) rollout.extracted = extracted;
    if (tokens !== undefined) rollout.tokens = tokens;
    if (cutOff !== undefined) rollout.cutOff = cutOff;
    if (this.#sampled) Object.assign(rollout, sampledIn(row, layout, file, line));

    const family = optional(readLabel, row, layout.family, file, line);
    const prompt = optional(readLabel, row, layout.prompt, file, line);
    const gold = optional(readAnswer, row, layout.gold, file, line);
    const shared: { -readonly [K in keyof Shared]: Shared[K] } = { id };
    if (family !== undefined) shared.family = family;
    if (prompt !== undefined) shared.prompt = prompt;
    if (gold !== undefined) shared.gold = gold;
    this.#row = row;
    this.#gathering.add(shared, rollout, line);
  }

  problems(): ProblemRecord[] {
    if (this.#judged) return this.#gathering.problems();
    throw new StudyError({
      code: "no-verdicts",
      what: `${plain(this.#file)} has ${count(this.#rows, "row")} and no field ${[...NAMES.verdict, ...NAMES.correct, ...NAMES.reward].join(", ")} on any`,
      why: "so nothing says which answers were right",
      mend: "add what your own verifier said",
    });
  }

  #differs({ what, id, now, row, before, given }: Difference): StudyError {
    const [first, here] = showBoth(before, now);
    const name = nameIn(this.#row, this.#layouts.of(this.#row)[what]);
    return new StudyError({
      code: `${what}-differs`,
      what: `${at(this.#file, row, name)}: problem ${show(id)} has ${here} here and ${first} on line ${given}`,
      why: "and rollouts of one problem share it",
      mend: "give different problems different ids, or correct the field",
    });
  }
}

/** Token ids and log-probabilities, each where it was kept. */
function sampledIn(row: Row, layout: Layout, file: string, line: number): Pick<Rollout, "tokenIds" | "logProbs"> {
  const tokenIds = optional((ids, ...where) => readTokenIds(ids, at(...where)), row, layout.tokenIds, file, line);
  const logProbs = optional(
    (values, ...where) => {
      const tokens = tokenIds?.length ?? (Array.isArray(values) ? values.length : 0);
      return readLogProbs(values, tokens, at(...where));
    },
    row,
    layout.logProbs,
    file,
    line,
  );
  return { ...(tokenIds === undefined ? {} : { tokenIds }), ...(logProbs === undefined ? {} : { logProbs }) };
}

type Reader<T> = (value: unknown, file: string, line: number, field: string) => T | undefined;

/** Rows without the field cost nothing. */
function optional<T>(reader: Reader<T>, row: Row, names: readonly string[], file: string, line: number): T | undefined {
  if (names.length === 0) return undefined;
  const name = nameIn(row, names);
  return reader(row[name], file, line, name);
}
