// importers/ · lm-eval: the harness's samples_*.jsonl, one row for each document and filter.
import { StudyError } from "../terms/errors.ts";
import { ungradable, type Verdict } from "../terms/verdict.ts";
import { readId } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, isObject, type Row } from "./jsonl.ts";
import { Choice } from "./lm-eval/choice.ts";
import { parsePython } from "./python-json.ts";
import { at, duplicateId } from "./refusals.ts";
import { RowLog } from "./row-log.ts";
import { count, show } from "./show.ts";

export const lmEval: Importer = {
  name: "lm-eval",
  what: "samples of lm-evaluation-harness (samples_*.jsonl)",
  recognises: ({ keys }) => keys.has("doc_id") && keys.has("resps") && keys.has("filtered_resps"),
  async read(source, options) {
    const { file } = source;
    const log = new RowLog(file, options);
    const choice = new Choice(file, options.scorer);
    await eachRow(
      source,
      (row, line) => {
        const metric = choice.metricOf(row, line);
        if (metric === undefined) return;
        const id = readId(row["doc_id"], file, line, "doc_id");
        const first = log.begun(id);
        if (first !== undefined)
          throw duplicateId(at(file, line, "doc_id"), id, `on line ${first} for the same filter`);
        // With --predict_only it stands for all metrics, and is 999.
        const verdict = metric === "bypass" ? ungradable("no verdict") : log.grade(row[metric], line, metric);
        const asked = { id, prompt: promptOf(row), gold: goldOf(row["target"]) };
        for (const answer of answersOf(row, verdict, file, line)) log.add(asked, answer, line);
      },
      parsePython,
    );
    choice.check();
    return log.evidence(lmEval.name);
  },
};

interface Answer {
  readonly verdict: Verdict;
  readonly text: string | undefined;
  readonly extracted: string | undefined;
}

/** The answers drawn for a document. There is one verdict, and it is the first answer's; the others have none. */
function answersOf(row: Row, verdict: Verdict, file: string, line: number): Answer[] {
  const requests: unknown[] = Array.isArray(row["resps"]) ? row["resps"] : [];
  const drawn: unknown = requests.length === 1 ? requests[0] : undefined;
  const graded = gradedOf(row["filtered_resps"]);
  const isText = (one: unknown): one is string => typeof one === "string";
  // The choices of a multiple-choice question, or the turns of a conversation, are one answer together.
  if (!Array.isArray(drawn) || drawn.length === 0 || !drawn.every(isText))
    return [{ verdict, text: undefined, extracted: graded }];
  if (drawn.length > 1) refuseVote(row, drawn, graded, file, line);
  const [text, ...others] = drawn;
  return [
    { verdict, text, extracted: graded === text ? undefined : graded },
    ...others.map((other) => ({ verdict: ungradable("no verdict"), text: other, extracted: undefined })),
  ];
}

/** What the filter took out of the answer, where it is one text; `[invalid]` is the regex filter's word for nothing. */
function gradedOf(filtered: unknown): string | undefined {
  let one: unknown = Array.isArray(filtered) && filtered.length === 1 ? filtered[0] : undefined;
  if (Array.isArray(one) && one.length === 1) one = one[0];
  return typeof one === "string" && one !== "" && one !== "[invalid]" ? one : undefined;
}

/** A filter that votes, or that grades all repeats together, says nothing of one answer. */
function refuseVote(row: Row, drawn: readonly string[], graded: string | undefined, file: string, line: number): void {
  const filtered: unknown = Array.isArray(row["filtered_resps"]) ? row["filtered_resps"][0] : undefined;
  const together = Array.isArray(filtered) && filtered.length > 1;
  const elsewhere =
    graded !== undefined && !drawn[0]?.includes(graded) && drawn.slice(1).some((text) => text.includes(graded));
  if (!together && !elsewhere) return;
  const filter = show(row["filter"]);
  const what = together
    ? `filter ${filter} graded ${count(filtered.length, "answer")} together`
    : `filter ${filter} graded ${show(graded)}, which is in another of the ${drawn.length} repeats but not in the first`;
  throw new StudyError({
    code: "graded-together",
    what: `${at(file, line)}: ${what}`,
    why: "so its value is of all repeats, not of one answer",
    mend: "choose a filter that takes the first, or give the repeats with a verdict each as rollouts",
  });
}

/** What the model was asked: the first argument, in the newer shape and in the older. */
function promptOf(row: Row): string | undefined {
  const all = row["arguments"];
  const first: unknown = isObject(all) ? Object.values(all)[0] : Array.isArray(all) ? all[0] : undefined;
  const prompt: unknown = isObject(first) ? first["arg_0"] : Array.isArray(first) ? first[0] : undefined;
  return typeof prompt === "string" ? prompt : undefined;
}

function goldOf(target: unknown): string | undefined {
  if (target === undefined || target === null) return undefined;
  return typeof target === "string" ? target : JSON.stringify(target);
}
