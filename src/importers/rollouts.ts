// importers/ · Rollouts: JSON lines, one row a rollout, under the names the field's logs use.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import type { UngradableWhy } from "../terms/verdict.ts";
import { keepFamilies } from "./families.ts";
import { readAnswer, readId, readLabel, readText, readTokens } from "./fields.ts";
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

type Shared = "family" | "prompt" | "gold";

/** A problem while its rows come in. Its rows must agree on what is shared; `lines` says where each was first given. */
interface Draft {
  right: number;
  readonly ungradable: Partial<Record<UngradableWhy, number>>;
  readonly rollouts: Rollout[];
  readonly shared: Partial<Record<Shared, string>>;
  readonly lines: Partial<Record<Shared, number>>;
}

class RolloutReader {
  readonly threshold: Threshold;
  readonly #file: string;
  readonly #keepTexts: boolean;
  readonly #onRollout: ImportOptions["onRollout"];
  readonly #layouts = new Layouts();
  readonly #drafts = new Map<string, Draft>();
  #rows = 0;
  #judged = false;

  constructor(file: string, { rightAbove = RIGHT_ABOVE, keepTexts = true, onRollout }: ImportOptions) {
    this.#file = file;
    this.threshold = { rightAbove: checkedThreshold(rightAbove), used: false };
    this.#keepTexts = keepTexts;
    this.#onRollout = onRollout;
  }

  add(row: Row, line: number): void {
    const layout = this.#layouts.of(row);
    const file = this.#file;
    this.#rows++;
    this.#judged ||= layout.verdict.length + layout.correct.length + layout.reward.length + layout.error.length > 0;
    const idName = layout.id.length === 0 ? "id" : nameIn(row, layout.id);
    const id = readId(row[idName], file, line, idName);
    const draft = this.#draft(id);

    const cutOff = cutOffIn(row, layout, file, line);
    const verdict = verdictIn(row, layout, cutOff, file, line, this.threshold);
    if (verdict.kind === "right") draft.right++;
    else if (verdict.kind === "ungradable") draft.ungradable[verdict.why] = (draft.ungradable[verdict.why] ?? 0) + 1;

    const text = optional(readText, row, layout.text, file, line);
    const extracted = optional(readAnswer, row, layout.extracted, file, line);
    const tokens = optional(readTokens, row, layout.tokens, file, line);
    const rollout: { -readonly [K in keyof Rollout]: Rollout[K] } = { verdict };
    if (text !== undefined && this.#keepTexts) rollout.text = text;
    if (extracted !== undefined) rollout.extracted = extracted;
    if (tokens !== undefined) rollout.tokens = tokens;
    if (cutOff !== undefined) rollout.cutOff = cutOff;
    draft.rollouts.push(rollout);

    this.#agree(id, draft, "family", optional(readLabel, row, layout.family, file, line), row, layout.family, line);
    this.#agree(id, draft, "prompt", optional(readLabel, row, layout.prompt, file, line), row, layout.prompt, line);
    this.#agree(id, draft, "gold", optional(readAnswer, row, layout.gold, file, line), row, layout.gold, line);

    if (this.#onRollout === undefined) return;
    const whole = { ...rollout, ...(text === undefined ? {} : { text }), ...sampledIn(row, layout, file, line) };
    this.#onRollout({ id, ...draft.shared }, whole);
  }

  problems(): ProblemRecord[] {
    if (!this.#judged) {
      throw new StudyError({
        code: "no-verdicts",
        what: `${plain(this.#file)} has ${count(this.#rows, "row")} and no field ${[...NAMES.verdict, ...NAMES.correct, ...NAMES.reward].join(", ")} on any`,
        why: "so nothing says which answers were right",
        mend: "add what your own verifier said",
      });
    }
    return Array.from(this.#drafts, ([id, { right, ungradable, rollouts: kept, shared }]) => {
      return { id, ...shared, n: kept.length, right, ungradable, rollouts: kept };
    });
  }

  #draft(id: string): Draft {
    let draft = this.#drafts.get(id);
    if (draft === undefined) {
      draft = { right: 0, ungradable: {}, rollouts: [], shared: {}, lines: {} };
      this.#drafts.set(id, draft);
    }
    return draft;
  }

  #agree(
    id: string,
    draft: Draft,
    what: Shared,
    value: string | undefined,
    row: Row,
    names: readonly string[],
    line: number,
  ): void {
    if (value === undefined) return;
    const first = draft.shared[what];
    if (first === value) return;
    if (first === undefined) {
      draft.shared[what] = value;
      draft.lines[what] = line;
      return;
    }
    const [before, now] = showBoth(first, value);
    throw new StudyError({
      code: `${what}-differs`,
      what: `${at(this.#file, line, nameIn(row, names))}: problem ${show(id)} has ${now} here and ${before} on line ${draft.lines[what]}`,
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
