// Gallery files: what is entered is checked against itself and against what is printed; mistakes are sentences.
import { describe, expect, test } from "vitest";
import { readGallery } from "../../src/study/gallery-file.ts";
import { StudyError } from "../../src/terms/errors.ts";

const CLAIM = `
  - name: aime24
    says: base solves more
    where: Table 2
    benchmark: AIME 2024
    base: B
    tuned: T
    problems: 30
    k: 1024
`;
const CELLS = "    cells: { both: 19, onlyBase: 4, onlyTuned: 0, neither: 7 }\n";
const file = (claims: string): string => `
title: A table
source: { work: W, authors: A, link: https://example.org/1, version: v1, readFrom: the paper }
licence: facts
claims:${claims}
leftOut: []
`;
function refusal(text: string): string {
  let refused: unknown;
  try {
    readGallery(text, "some.yaml");
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(StudyError);
  return (refused as StudyError).message;
}

test("a file becomes an entry", () => {
  const { claims, source } = readGallery(file(CLAIM + CELLS), "some.yaml");
  expect(source.work).toBe("W");
  expect(claims).toEqual([
    {
      name: "aime24",
      says: "base solves more",
      where: "Table 2",
      benchmark: "AIME 2024",
      policies: ["B", "T"],
      problems: 30,
      k: 1024,
      printed: { kind: "cells", both: 19, onlyBase: 4, onlyTuned: 0 },
    },
  ]);
});

test("totals and means are entered as they are, means as shares", () => {
  const [totals] = readGallery(file(`${CLAIM}    solved: { base: 28, tuned: 25 }\n`), "some.yaml").claims;
  expect(totals!.printed).toEqual({ kind: "solved", solved: [28, 25] });
  const [mean] = readGallery(file(`${CLAIM}    percent: { base: 10.2, tuned: 28.3 }\n`), "some.yaml").claims;
  expect(mean!.printed).toMatchObject({ kind: "means", means: [expect.closeTo(0.102), expect.closeTo(0.283)] });
});

describe("refused with file, line, field and mend:", () => {
  test.each([
    [
      "cells that do not add up",
      CELLS.replace("neither: 7", "neither: 8"),
      /some\.yaml, line 14, claims\[0\]\.cells: the four cells add up to 31 and problems is 30; correct/,
    ],
    [
      "a count that is not what is printed",
      `${CELLS}    printed: { onlyBase: 13.4 }\n`,
      /claims\[0\]\.printed\.onlyBase: 13\.4 is printed, and 4 of 30 are 13\.33 %; correct the count/,
    ],
    [
      "a printed figure of no count",
      `${CELLS}    printed: { base: 13.3 }\n`,
      /printed\.base: there is no count of that name; use one of both, onlyBase/,
    ],
    [
      "more solved than there are",
      "    solved: { base: 31, tuned: 5 }\n",
      /solved\.base: 31 are solved of 30 problems/,
    ],
    ["no numbers", "", /claims\[0\]: this claim has none of cells, solved and percent; give cells/],
    ["two kinds of numbers", `${CELLS}    solved: { base: 23, tuned: 19 }\n`, /has cells and solved of/],
    [
      "half a problem",
      "    solved: { base: 2.5, tuned: 5 }\n",
      /solved\.base: 2\.5 stands where a whole number from 0 belongs; write one like 19/,
    ],
    [
      "a share above all",
      "    percent: { base: 101, tuned: 5 }\n",
      /percent\.base: 101 stands where a percentage from 0 to 100 belongs/,
    ],
    [
      "a misspelt field",
      CELLS.replace("onlyBase", "onlybase"),
      /cells\.onlybase: there is no such field; write onlyBase, if that was meant/,
    ],
    ["a text for a number", "    solved: { base: many, tuned: 5 }\n", /"many" stands where a whole number/],
  ])("%s", (_, numbers, sentence) => {
    expect(refusal(file(CLAIM + numbers))).toMatch(sentence);
  });

  test("a missing field, a doubled name, an empty list, a text for the file", () => {
    expect(refusal(file(CLAIM.replace("    where: Table 2\n", "") + CELLS))).toMatch(
      /claims\[0\]\.where: this field is missing, and where it stands belongs there; write one like Table 2/,
    );
    expect(refusal(file(CLAIM + CELLS + CLAIM.slice(1) + CELLS))).toMatch(
      /claims\[1\]\.name: claims\[0\] is named aime24 too; give each claim its own name/,
    );
    expect(refusal(file(" []"))).toMatch(/a list of 0 stands where a list of at least one claim belongs/);
    expect(refusal("just words")).toMatch(/"just words" stands where a mapping belongs/);
    expect(refusal("")).toMatch(/nothing stands where a mapping belongs/);
  });

  test("several mistakes at once", () => {
    const told = refusal(file(CLAIM.replace("30", "0").replace("1024", "-1") + CELLS));
    expect(told).toMatch(/claims\[0\]\.problems: 0 stands/);
    expect(told).toMatch(/claims\[0\]\.k: -1 stands/);
  });
});
