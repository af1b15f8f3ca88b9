// importers/ · OpenAI Batch: the output file of a batch, also vLLM's run-batch; it holds answers and, unless somebody added them, no verdicts.
import { StudyError } from "../terms/errors.ts";
import { readId } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, isObject, type Row } from "./jsonl.ts";
import { answerOf } from "./messages.ts";
import { parsePython } from "./python-json.ts";
import { duplicateId, wrongType } from "./refusals.ts";
import { cutOffBy, RowLog, type Said, settled } from "./row-log.ts";
import { show } from "./show.ts";
import { readLogProbs, readTokenIds } from "./token-fields.ts";

/** `t12-s3` is sample 3 of problem t12, and so is `t12-s3-seed7`. */
const SAMPLE = /^(.+?)[-_/:.#]s(?:ample)?[-_=:]?\d+(?:[-_/:.#]seed[-_=:]?\d+)?$/;

/** Where somebody wrote their own grader's word beside each answer. */
const GRADES = ["correct", "reward", "score"];

export const openaiBatch: Importer = {
  name: "openai-batch",
  what: "the output of an OpenAI batch (custom_id, response)",
  recognises: ({ keys }) => keys.has("custom_id") && keys.has("response"),
  async read(source, options) {
    const { file } = source;
    const log = new RowLog(file, options);
    const first = new Map<string, number>();
    const read = (row: Row, line: number): void => {
      const name = readId(row["custom_id"], file, line, "custom_id");
      const before = first.get(name);
      if (before !== undefined) throw duplicateId(log.place(line, "custom_id"), name, `on line ${before}`);
      first.set(name, line);
      const field = options.scorer ?? GRADES.find((one) => row[one] !== undefined && row[one] !== null) ?? "reward";
      const graded = log.grade(row[field], line, field);
      const answers = answersIn(row, (where) => log.place(line, where));
      if (answers.length > 1 && graded.kind !== "ungradable") throw oneGrade(log.place(line, field), answers.length);
      const asked = { id: SAMPLE.exec(name)?.[1] ?? name };
      for (const answer of answers) {
        log.add(asked, { ...answer, verdict: settled(graded, false, answer.cutOff) }, line);
      }
      if (answers.length === 0) log.add(asked, { verdict: settled(graded, true, undefined) }, line);
    };
    await eachRow(source, read, parsePython);
    return log.evidence("openai-batch");
  },
};

/** None where the request failed. */
function answersIn(row: Row, place: (field: string) => string): Omit<Said, "verdict">[] {
  const { error, response } = row;
  if ((error !== undefined && error !== null) || !isObject(response)) return [];
  if (typeof response["status_code"] === "number" && response["status_code"] !== 200) return [];
  const body = isObject(response["body"]) ? response["body"] : {};
  const { choices, usage } = body;
  if (!Array.isArray(choices)) {
    throw wrongType(place("response.body.choices"), choices, "a list of choices", "give chat or text completions");
  }
  const used = choices.length === 1 && isObject(usage) ? usage["completion_tokens"] : undefined;
  return choices.map((choice: unknown, i) => {
    const at = `response.body.choices[${i}]`;
    if (!isObject(choice)) throw wrongType(place(at), choice, "a choice", "write it as the server does");
    const { message, text, finish_reason: finish } = choice;
    const tokenIds = readTokenIds(choice["token_ids"], place(`${at}.token_ids`));
    return {
      text: isObject(message) ? answerOf([message], place(`${at}.message`)) : answerOf(text, place(`${at}.text`)),
      tokens: Number.isSafeInteger(used) && (used as number) >= 0 ? (used as number) : tokenIds?.length,
      cutOff: cutOffBy(finish, place(`${at}.finish_reason`)),
      tokenIds,
      logProbs: logProbsIn(choice["logprobs"], tokenIds, place(`${at}.logprobs`)),
    };
  });
}

/** Chat completions have an entry a token, text completions a list of their own. */
function logProbsIn(value: unknown, tokenIds: readonly number[] | undefined, place: string) {
  if (!isObject(value)) return undefined;
  const { content, token_logprobs: plain } = value;
  const list: unknown = Array.isArray(content)
    ? content.map((entry: unknown) => (isObject(entry) ? entry["logprob"] : null))
    : plain;
  return readLogProbs(list, tokenIds?.length ?? (Array.isArray(list) ? list.length : 0), place);
}

function oneGrade(place: string, answers: number): StudyError {
  return new StudyError({
    code: "one-grade",
    what: `${place}: one grade stands beside ${show(answers)} answers`,
    why: "and each needs its own",
    mend: "ask for one answer a request (n = 1), or write the answers as rollouts, one a row",
  });
}
