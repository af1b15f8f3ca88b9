// importers/ · TRL: completions_{step}.parquet, which its GRPO trainer writes beside the checkpoints.
import { StudyError } from "../terms/errors.ts";
import { readText } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { ParquetTable } from "./parquet-table.ts";
import { idFrom, RowLog } from "./row-log.ts";
import { plain, show } from "./show.ts";
import { Steps } from "./steps.ts";

export const trl: Importer = {
  name: "trl",
  what: "completions of TRL (Parquet with step, prompt, completion and rewards)",
  recognises: ({ kind }) => kind === "parquet",
  async read(source, options) {
    const { file } = source;
    const table = await ParquetTable.open(source.path);
    const scorer = scorerIn(table, file, options.scorer);
    const log = new RowLog(file, options, "row");
    const steps = new Steps();
    let number = 0;
    for await (const row of table.rows(["step", "prompt", "completion", scorer], options.ready)) {
      number++;
      const prompt = readText(row["prompt"], file, number, "prompt");
      steps.add(row["step"], log.place(number, "step"));
      // A reward function that did not answer leaves NaN behind.
      const reward = Number.isNaN(row[scorer]) ? null : row[scorer];
      log.add(
        { id: idFrom(prompt), prompt },
        { verdict: log.grade(reward, number, scorer), text: readText(row["completion"], file, number, "completion") },
        number,
      );
    }
    return log.evidence("trl", steps.mixed);
  },
};

/** There is one column for each reward function, and the advantage, which is none. */
function scorerIn({ columns }: ParquetTable, file: string, asked: string | undefined): string {
  const names = columns.map(({ name }) => name);
  const refuse = (code: string, what: string, why: string, mend: string): StudyError =>
    new StudyError({ code, what: `${plain(file)} ${what}`, why, mend });
  const missing = ["step", "prompt", "completion"].find((name) => !names.includes(name));
  if (missing !== undefined) {
    const there = `but ${names.slice(0, 8).map(show).join(", ")}`;
    throw refuse("not-recognised", `has no column ${missing}`, there, "give completions that TRL wrote");
  }
  const rewards = columns.filter(({ name, fraction }) => fraction && name !== "advantage").map(({ name }) => name);
  const listed = rewards.map(show).join(", ");
  if (asked !== undefined) {
    if (names.includes(asked)) return asked;
    throw refuse(
      "no-such-scorer",
      `has no column ${show(asked)}`,
      `but the rewards ${listed}`,
      "name one that is there",
    );
  }
  const [only, second] = rewards;
  if (only === undefined)
    throw refuse("no-verdicts", "has no column of rewards", "so nothing says what was right", "log one");
  if (second === undefined) return only;
  const why = "and only one of them can say what is right";
  throw refuse("several-scorers", `has several rewards: ${listed}`, why, "name the one that counts");
}
