// importers/ · verl: {step}.jsonl of its rollout_data_dir and validation_data_dir.
import { readAnswer, readLabel, readText } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, type Row } from "./jsonl.ts";
import { parsePython } from "./python-json.ts";
import { NAMES } from "./rollout-fields.ts";
import { idFrom, RowLog } from "./row-log.ts";
import { Steps } from "./steps.ts";

/** Only its validation writes `reward` beside `score`. */
const TRAINING =
  "it has no field reward, so it is a training dump, in which groups whose answers are all right or all wrong may be missing (filter_groups)";

export const verl: Importer = {
  name: "verl",
  what: "a rollout or validation dump of verl (input, output, score, step)",
  recognises: ({ keys }) =>
    ["input", "output", "score", "step"].every((key) => keys.has(key)) && !NAMES.id.some((name) => keys.has(name)),
  async read(source, options) {
    const { file } = source;
    const log = new RowLog(file, options);
    const steps = new Steps();
    let training = false;
    const read = (row: Row, line: number): void => {
      const prompt = readText(row["input"], file, line, "input");
      const gold = goldOf(row["gts"], file, line);
      const family = readLabel(row["data_source"], file, line, "data_source");
      const field = options.scorer ?? (row["acc"] === undefined ? "score" : "acc");
      steps.add(row["step"], log.place(line, "step"));
      training ||= row["reward"] === undefined;
      log.add(
        { id: idFrom(prompt, gold), family, prompt, gold },
        {
          verdict: log.grade(row[field], line, field),
          text: readText(row["output"], file, line, "output"),
          extracted: typeof row["pred"] === "string" && row["pred"] !== "" ? row["pred"] : undefined,
        },
        line,
      );
    };
    await eachRow(source, read, parsePython);
    return log.evidence("verl", training ? TRAINING : steps.mixed);
  },
};

/** Some tasks have several reference answers, or a structure for one. */
function goldOf(value: unknown, file: string, line: number): string | undefined {
  const structured = typeof value === "object" && value !== null;
  return structured ? JSON.stringify(value) : readAnswer(value, file, line, "gts");
}
