// test/ · Too many problems: a file that names a new problem on every row is refused before memory runs out.
import { expect, test } from "vitest";
import { CountTable } from "../../src/importers/count-table.ts";
import { Gathering } from "../../src/importers/gather.ts";
import { MOST_COUNTED, MOST_PROBLEMS } from "../../src/importers/importer.ts";
import { StudyError } from "../../src/terms/errors.ts";
import { RIGHT } from "../../src/terms/verdict.ts";

test("counts of a million problems are read, and one more is refused with its line", () => {
  const table = new CountTable("many.jsonl");
  for (let i = 1; i <= MOST_COUNTED; i++) table.add(`p${i}`, 1, 2, undefined, i);
  const more = (): void => table.add("one more", 1, 2, undefined, MOST_COUNTED + 1);
  expect(more).toThrow(StudyError);
  expect(more).toThrow(
    /^many\.jsonl, line 1000001: problem 1,000,001 begins here, and 1,000,000 are the most that one file may hold/,
  );
});

test("rollouts of as many problems as there may be are read, and of any of them more; another problem is refused", () => {
  const none = (): never => {
    throw new Error("they agree");
  };
  const options = { policy: "base", keepTexts: false, keepRollouts: false };
  const gathering = new Gathering(options, none, (row) => `many.jsonl, line ${row}`);
  for (let i = 1; i <= MOST_PROBLEMS; i++) gathering.add({ id: `p${i}` }, { verdict: RIGHT }, i);
  gathering.add({ id: "p7" }, { verdict: RIGHT }, MOST_PROBLEMS + 1);
  expect(() => gathering.add({ id: "one more" }, { verdict: RIGHT }, MOST_PROBLEMS + 1)).toThrow(
    /^many\.jsonl, line 300001: problem 300,001 begins here, and 300,000 are the most that one file may hold/,
  );
});
