// importers/ · Rollout fields: under which names the field's logs keep the same thing, found once for each shape of row.
import type { Row } from "./jsonl.ts";

/** Where a row has several of one list, the first that is not null counts. */
export const NAMES = {
  id: ["problem_id", "problem", "task_id", "prompt_id", "example_id", "doc_id", "id"],
  verdict: ["verdict"],
  correct: ["correct", "acc", "passed"],
  reward: ["reward", "score"],
  error: ["error"],
  text: ["text", "response", "completion", "output"],
  extracted: ["extracted", "model_answer", "pred"],
  finish: ["finish_reason", "finish", "stop_reason"],
  tokens: ["tokens", "num_tokens", "completion_tokens", "token_count", "num_generated_tokens"],
  tokenIds: ["token_ids", "completion_ids", "response_tokens"],
  logProbs: ["logprobs", "log_probs"],
  gold: ["gold", "gold_answer", "answer", "target", "gts", "expected_answer", "ground_truth"],
  prompt: ["prompt", "question", "input"],
  family: ["source", "family", "dataset", "data_source"],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof NAMES;

/** For each role, the names a row of this shape has for it. */
export type Layout = Readonly<Record<Role, readonly string[]>>;

const FEW = 1000;

/** Tells a row's layout; rows with the keys of the row before cost one walk over them. */
export class Layouts {
  #keys: readonly string[] = [];
  #layout: Layout | undefined;
  readonly #byShape = new Map<string, Layout>();

  of(row: Row): Layout {
    let i = 0;
    for (const key in row) if (this.#keys[i++] !== key) i = -Infinity;
    if (this.#layout !== undefined && i === this.#keys.length) return this.#layout;
    return this.#look(Object.keys(row));
  }

  #look(keys: readonly string[]): Layout {
    const shape = JSON.stringify(keys);
    let layout = this.#byShape.get(shape);
    if (layout === undefined) {
      const there = new Set(keys);
      const entries = Object.entries(NAMES).map(([role, names]) => [role, names.filter((name) => there.has(name))]);
      layout = Object.fromEntries(entries) as Layout;
      if (this.#byShape.size >= FEW) this.#byShape.clear();
      this.#byShape.set(shape, layout);
    }
    this.#keys = keys;
    this.#layout = layout;
    return layout;
  }
}

/** The name under which the row keeps something for a role: the first not null, else the first. `names` is not empty. */
export function nameIn(row: Row, names: readonly string[]): string {
  const [first = ""] = names;
  return names.length > 1 ? (names.find((name) => row[name] !== null) ?? first) : first;
}
