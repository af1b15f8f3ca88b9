// importers/ · Open-instruct: shards of rollouts that its GRPO training saved, token ids and log-probabilities included, no text.
import { readLabel } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, type Row } from "./jsonl.ts";
import { parsePython } from "./python-json.ts";
import { cutOffBy, idFrom, RowLog, settled } from "./row-log.ts";
import { readLogProbs, readTokenIds } from "./token-fields.ts";

const SELECTED =
  "open-instruct drops prompts whose answers all have the same reward, and by its settings answers that were cut off, before it writes";

export const openInstruct: Importer = {
  name: "open-instruct",
  what: "rollouts that open-instruct saved (prompt_tokens, response_tokens, reward)",
  recognises: ({ keys }) => ["prompt_tokens", "response_tokens", "reward"].every((key) => keys.has(key)),
  async read(source, options) {
    const log = new RowLog(source.file, options);
    const field = options.scorer ?? "reward";
    const read = (row: Row, line: number): void => {
      const prompt = readTokenIds(row["prompt_tokens"], log.place(line, "prompt_tokens"));
      const tokenIds = readTokenIds(row["response_tokens"], log.place(line, "response_tokens")) ?? [];
      const cutOff = cutOffBy(row["finish_reason"], log.place(line, "finish_reason"));
      log.add(
        // prompt_idx counts anew at every step; the prompt itself does not.
        { id: idFrom(prompt), family: familyOf(row["dataset"], source.file, line) },
        {
          verdict: settled(log.grade(row[field], line, field), false, cutOff),
          tokens: tokenIds.length,
          cutOff,
          tokenIds,
          logProbs: readLogProbs(row["logprobs"], tokenIds.length, log.place(line, "logprobs")),
        },
        line,
      );
    };
    await eachRow(source, read, parsePython);
    return log.evidence("open-instruct", SELECTED);
  },
};

/** A prompt may be of several data sets at once. */
function familyOf(value: unknown, file: string, line: number): string | undefined {
  return Array.isArray(value) ? value.map(String).join(", ") : readLabel(value, file, line, "dataset");
}
