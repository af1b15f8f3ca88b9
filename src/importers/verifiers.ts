// importers/ · Verifiers: results.jsonl of its evaluations before v1, in both generations of fields.
import { readAnswer, readId, readLabel } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, isObject, type Row } from "./jsonl.ts";
import { answerOf, promptOf } from "./messages.ts";
import { parsePython } from "./python-json.ts";
import { wrongType } from "./refusals.ts";
import { idFrom, RowLog, settled } from "./row-log.ts";

/** What tells these rows from anybody's rows with a prompt, a completion and a reward. */
const TIMED = [["generation_ms"], ["timing", "is_completed"]];

export const verifiers: Importer = {
  name: "verifiers",
  what: "results.jsonl of verifiers (prompt, completion, reward, timing)",
  recognises: ({ keys }) =>
    ["prompt", "completion", "reward"].every((key) => keys.has(key)) &&
    (keys.has("example_id") || keys.has("id")) &&
    TIMED.some((few) => few.every((key) => keys.has(key))),
  async read(source, options) {
    const { file } = source;
    const { scorer } = options;
    const log = new RowLog(file, options);
    const read = (row: Row, line: number): void => {
      const prompt = promptOf(row["prompt"], log.place(line, "prompt"));
      const gold = readAnswer(row["answer"], file, line, "answer");
      const family = readLabel(row["task"], file, line, "task");
      const cutOff = flag(row["is_truncated"], log.place(line, "is_truncated"));
      const said = log.grade(scorer === undefined ? row["reward"] : metric(row, scorer), line, scorer ?? "reward");
      const failed = row["error"] !== undefined && row["error"] !== null;
      log.add(
        { id: idOf(row, prompt, file, line), family, prompt, gold },
        {
          verdict: settled(said, failed, cutOff),
          text: answerOf(row["completion"], log.place(line, "completion")),
          tokens: tokensIn(row),
          cutOff,
        },
        line,
      );
    };
    await eachRow(source, read, parsePython);
    return log.evidence("verifiers");
  },
};

/**
 * The first generation numbers its rows `i // rollouts_per_example`, but writes them example after example, round after
 * round: its `id` joins different problems. There the question itself names the problem.
 */
function idOf(row: Row, prompt: string | undefined, file: string, line: number): string {
  if (row["example_id"] !== undefined) return readId(row["example_id"], file, line, "example_id");
  return idFrom(prompt, row["answer"], row["info"]);
}

/** Metrics stand on the row itself; newer rows have them under `metrics` too. */
function metric(row: Row, name: string): unknown {
  return isObject(row["metrics"]) && name in row["metrics"] ? row["metrics"][name] : row[name];
}

function flag(value: unknown, place: string): boolean | undefined {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
  throw wrongType(place, value, "true or false", "write one of them");
}

/** Summed over all turns; written as a Python float. */
function tokensIn(row: Row): number | undefined {
  const usage = row["token_usage"];
  const output = isObject(usage) ? usage["output_tokens"] : undefined;
  return Number.isSafeInteger(output) && (output as number) >= 0 ? (output as number) : undefined;
}
