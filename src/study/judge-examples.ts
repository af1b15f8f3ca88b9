// study/ · Judge examples: attempts that a person has labelled, from which a judge's mistakes are counted.
import { at } from "../importers/refusals.ts";
import { plain, show } from "../importers/show.ts";
import { StudyError } from "../terms/errors.ts";
import type { JudgeExample } from "../terms/judge.ts";
import type { JudgeDeclared } from "../terms/study.ts";
import { rowsIn } from "./rows-in.ts";

/** Of a strategy with fewer, even a judge that is always right is not known to be so in three of four. */
const FEWEST = 10;

/**
 * @param promptOf a problem of the study by its id; undefined where there is none, and the row's own words are the problem
 * @throws StudyError with file, line and field; where a strategy has fewer than ten
 */
export function examplesIn(
  { examples: path, strategies }: Pick<JudgeDeclared, "examples" | "strategies">,
  read: (path: string) => string,
  promptOf: (id: string) => string | undefined,
): JudgeExample[] {
  const names = strategies.map(({ name }) => name);
  const lines = new Map<string, number>();
  const examples = rowsIn(path, "examples", read).map(({ row, line }): JudgeExample => {
    const bad = (field: string, what: string, mend: string): StudyError =>
      new StudyError({ code: "judge-example", what: `${at(path, line, field)}: ${what}`, mend });
    const { text, strategy, problem, right } = row;
    if (typeof text !== "string" || text.trim() === "")
      throw bad("text", "no text stands there", "give the attempt as it was written");
    if (typeof strategy !== "string" || !names.includes(strategy))
      throw bad(
        "strategy",
        strategy === undefined ? "no strategy stands there" : `${show(strategy as string)} is no strategy of the judge`,
        `write one of ${names.join(", ")}`,
      );
    if (problem !== undefined && problem !== null && typeof problem !== "string")
      throw bad("problem", "it is no text", "write the id of a problem of the study, or its words, or leave it out");
    if (right !== undefined && right !== null && typeof right !== "boolean")
      throw bad("right", "it is neither true nor false", "write one of them, or leave it out");
    const asked = problem ? (promptOf(problem) ?? problem) : undefined;
    const key = JSON.stringify([asked, text]);
    const first = lines.get(key);
    if (first !== undefined)
      throw bad("text", `the same attempt stands in line ${first}`, "keep one of the two: an example counts once");
    lines.set(key, line);
    return {
      text,
      strategy,
      ...(asked === undefined ? {} : { problem: asked }),
      ...(typeof right === "boolean" ? { right } : {}),
    };
  });
  for (const name of names) {
    const own = examples.filter(({ strategy }) => strategy === name).length;
    if (own < FEWEST)
      throw new StudyError({
        code: "too-few-examples",
        what: `${plain(path)} holds ${own} ${own === 1 ? "example" : "examples"} of ${name}`,
        why: "from which nobody knows how often the judge mistakes it",
        mend: `label ${FEWEST} at least, and 50 where you can, or leave ${name} out of the strategies`,
      });
  }
  return examples;
}
