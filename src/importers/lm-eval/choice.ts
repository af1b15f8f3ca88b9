// importers/ · lm-eval choice: which metric of which filter counts: the one asked for, or the only one there is.
import { StudyError } from "../../terms/errors.ts";
import type { Row } from "../jsonl.ts";
import { at } from "../refusals.ts";
import { plain, show } from "../show.ts";

/** What a row holds besides its metrics, whose names older rows do not list. */
const OTHERS = new Set(
  "doc_id doc target arguments resps filtered_resps filter metrics doc_hash prompt_hash target_hash".split(" "),
);

/** The harness's own name for a metric and a filter: `exact_match,strict-match`. Rows without a filter's name have the metric's alone. */
const nameOf = (metric: string, filter: unknown): string =>
  typeof filter === "string" ? `${metric},${filter}` : metric;

export class Choice {
  readonly #file: string;
  readonly #asked: string | undefined;
  /** All there is, and of it what counts. */
  readonly #names = new Set<string>();
  readonly #chosen = new Set<string>();
  /** The first line with a second that could count; from there on the file is only read for the names of all. */
  #doubtful: number | undefined;

  constructor(file: string, asked: string | undefined) {
    this.#file = file;
    this.#asked = asked;
  }

  /** The metric that counts on this row; undefined where its filter does not count. */
  metricOf(row: Row, line: number): string | undefined {
    const { filter } = row;
    let counting: string | undefined;
    for (const metric of metricsOf(row)) {
      const name = nameOf(metric, filter);
      this.#names.add(name);
      if (this.#asked !== undefined && ![name, metric, filter].includes(this.#asked)) continue;
      this.#chosen.add(name);
      counting = metric;
    }
    if (this.#chosen.size > 1) this.#doubtful ??= line;
    return this.#doubtful === undefined ? counting : undefined;
  }

  /** Once all is read: refuses a file in which nothing was chosen, or more than one. */
  check(): void {
    if (this.#doubtful !== undefined) {
      const asked = this.#asked === undefined ? "nobody said which counts" : `${show(this.#asked)} fits several`;
      throw new StudyError({
        code: "several-scorers",
        what: `${at(this.#file, this.#doubtful)}: the file has several metrics and filters: ${this.#all()}`,
        why: `and ${asked}`,
        mend: "name the scorer that counts",
      });
    }
    if (this.#chosen.size > 0) return;
    const none = this.#names.size === 0;
    throw new StudyError({
      code: none ? "no-verdicts" : "no-such-scorer",
      what: `${plain(this.#file)} has no metric${this.#asked === undefined ? "" : ` and no filter ${show(this.#asked)}`}`,
      why: none ? "so nothing says which answers were right" : `but ${this.#all()}`,
      mend: none ? "give the samples of a run with metrics" : "name one that is there",
    });
  }

  #all(): string {
    return [...this.#names].map(show).join(", ");
  }
}

/** Those that are one number a row; perplexities and the like are several. */
function metricsOf(row: Row): string[] {
  const { metrics } = row;
  const names = Array.isArray(metrics)
    ? metrics.filter((name) => typeof name === "string")
    : Object.keys(row).filter((key) => !OTHERS.has(key));
  return names.filter((name) => (row[name] ?? null) === null || ["number", "boolean"].includes(typeof row[name]));
}
