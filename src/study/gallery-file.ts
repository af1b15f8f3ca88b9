// study/ · Gallery file: from a YAML file of published numbers to a checked entry; every mistake at once, in sentences.
import { z } from "zod";
import type { GalleryClaim, GalleryEntry, Printed } from "../attribution/gallery.ts";
import { plain, show } from "../importers/show.ts";
import { StudyError } from "../terms/errors.ts";
import { at, isMapping, type Mistake, nearest, type Path, refusal } from "./declare-mistakes.ts";
import { parseYaml } from "./declare-yaml.ts";

// What a field wants is said as `a noun phrase; how to write it`.
const says = (wanted: string) => ({ error: () => wanted });
const filled = (wanted: string) => z.string(says(wanted)).min(1, says(wanted));
const whole = (least: number, like: string) =>
  z
    .int(says(`a whole number from ${least}; write one like ${like}`))
    .min(least, says(`a whole number from ${least}; write one like ${like}`));
const percent = z
  .number(says("a percentage from 0 to 100; write it as it is printed, like 63.3"))
  .min(0, says("a percentage from 0 to 100; write it as it is printed, like 63.3"))
  .max(100, says("a percentage from 0 to 100; write it as it is printed, like 63.3"));
const mapping = (like: string) => says(`a mapping; write ${like}`);

const CELLS = "{ both: 19, onlyBase: 4, onlyTuned: 0, neither: 7 }";
const count = whole(0, "19");
const cells = z.strictObject({ both: count, onlyBase: count, onlyTuned: count, neither: count }, mapping(CELLS));
const solved = z.strictObject({ base: count, tuned: count }, mapping("{ base: 28, tuned: 25 }"));
const means = z.strictObject({ base: percent, tuned: percent }, mapping("{ base: 10.2, tuned: 28.3 }"));
const printed = z.record(z.string(), percent, mapping("{ base: 93.3, tuned: 83.3 }"));
const NAME = "a name of lower-case letters, digits and dashes; write one like aime24";

const claim = z.strictObject(
  {
    name: z.string(says(NAME)).regex(/^[a-z0-9][a-z0-9-]*$/, says(NAME)),
    says: filled("the claim; write it in your own words"),
    where: filled("where it stands; write one like Table 2"),
    benchmark: filled("the name of a benchmark; write one like AIME 2024"),
    base: filled("the name of the policy before training; write one like Qwen2.5-7B"),
    tuned: filled("the name of the policy after training; write one like GRPO step 450"),
    problems: whole(1, "30"),
    k: whole(1, "1024").exactOptional(),
    note: filled("a sentence; leave the field out where there is none").exactOptional(),
    cells: cells.exactOptional(),
    solved: solved.exactOptional(),
    percent: means.exactOptional(),
    printed: printed.exactOptional(),
  },
  mapping("{ name: aime24, says: …, where: Table 2, … }"),
);

const source = z.strictObject(
  {
    work: filled("the title of the work; write it in quotes"),
    authors: filled("who wrote it; write one like Yue et al. (2025)"),
    link: z
      .string(says("an address; write one like https://arxiv.org/abs/2504.13837"))
      .regex(/^https:\/\/[^\s]+$/, says("an address; write one like https://arxiv.org/abs/2504.13837")),
    version: filled("the version the numbers were read from; write one like arXiv v5"),
    readFrom: filled("how the numbers came here; write one like the paper itself"),
  },
  mapping("{ work: …, authors: …, link: …, version: …, readFrom: … }"),
);

const CLAIMS = "a list of at least one claim; write [{ name: aime24, … }]";
const LEFT_OUT = "a list of sentences; write [] where nothing is left out";
const entry = z.strictObject(
  {
    title: filled("a title; write what the table compares"),
    source,
    licence: filled("under what the numbers may be used; write a sentence"),
    claims: z
      .array(claim, says(CLAIMS))
      .min(1, says(CLAIMS))
      .max(200, says("a list of at most 200 claims; make two files of it")),
    leftOut: z.array(filled("a sentence; write what is left out, and why"), says(LEFT_OUT)),
  },
  mapping("{ title: …, source: …, licence: …, claims: …, leftOut: [] }"),
);

type Issue = NonNullable<ReturnType<typeof entry.safeParse>["error"]>["issues"][number];
type Written = z.output<typeof claim>;

const KINDS = ["cells", "solved", "percent"] as const;
/** A decimal is printed. */
const ROUNDING = 0.05;

/**
 * A file of `examples/gallery`. `file` stands in the sentences; nothing is read from disk.
 *
 * @throws StudyError with every mistake, up to ten, each with line, path, what was found, and the mend
 */
export function readGallery(text: string, file: string): GalleryEntry {
  const { value, lineOf } = parseYaml(text, file);
  const parsed = entry.safeParse(value);
  const mistakes = parsed.success
    ? parsed.data.claims.flatMap((one, i) => inconsistent(one, i, parsed.data.claims))
    : parsed.error.issues.flatMap((issue) => mistakesOf(issue, value));
  if (!parsed.success || mistakes.length > 0) {
    const { what, mend } = refusal(mistakes, file, lineOf);
    throw new StudyError({ code: "gallery-file", what, mend });
  }
  return { ...parsed.data, claims: parsed.data.claims.map(claimOf) };
}

function claimOf({
  name,
  says: said,
  where,
  benchmark,
  base,
  tuned,
  problems,
  k,
  note,
  ...numbers
}: Written): GalleryClaim {
  return {
    name,
    says: said,
    where,
    benchmark,
    policies: [base, tuned],
    problems,
    ...(k === undefined ? {} : { k }),
    ...(note === undefined ? {} : { note }),
    printed: printedOf(numbers),
  };
}

function printedOf({ cells: four, solved: two, percent: mean }: Pick<Written, (typeof KINDS)[number]>): Printed {
  if (four !== undefined) {
    const { both, onlyBase, onlyTuned } = four;
    return { kind: "cells", both, onlyBase, onlyTuned };
  }
  if (two !== undefined) return { kind: "solved", solved: [two.base, two.tuned] };
  if (mean === undefined) throw new Error("a claim without numbers was not refused");
  return { kind: "means", means: [mean.base / 100, mean.tuned / 100], rounding: ROUNDING / 100 };
}

/** What no field shows alone. */
function inconsistent(one: Written, i: number, all: readonly Written[]): Mistake[] {
  const path: Path = ["claims", i];
  const first = all.findIndex(({ name }) => name === one.name);
  const given = KINDS.filter((kind) => one[kind] !== undefined);
  const counts: Readonly<Record<string, number>> = one.cells ?? one.solved ?? {};
  const sum = one.cells === undefined ? undefined : Object.values(one.cells).reduce((a, b) => a + b, 0);
  const mistakes: Mistake[] = [];
  if (first !== i)
    mistakes.push({
      path: [...path, "name"],
      what: `claims[${first}] is named ${one.name} too`,
      mend: "give each claim its own name",
    });
  if (given.length !== 1)
    mistakes.push({
      path,
      what: `this claim has ${given.length === 0 ? "none" : given.join(" and ")} of cells, solved and percent`,
      mend: "give cells where the source counts who solves what, solved where it gives two totals, percent where it gives means",
    });
  if (sum !== undefined && sum !== one.problems)
    mistakes.push({
      path: [...path, "cells"],
      what: `the four cells add up to ${sum} and problems is ${one.problems}`,
      mend: "correct the one that is wrong",
    });
  for (const [side, n] of Object.entries(one.solved ?? {}))
    if (n > one.problems)
      mistakes.push({
        path: [...path, "solved", side],
        what: `${n} are solved of ${one.problems} problems`,
        mend: "correct solved or problems",
      });
  for (const [field, share] of Object.entries(one.printed ?? {})) {
    const n = Object.hasOwn(counts, field) ? counts[field] : undefined;
    const place: Path = [...path, "printed", field];
    if (n === undefined)
      mistakes.push({
        path: place,
        what: "there is no count of that name",
        mend: `use one of ${Object.keys(counts).join(", ") || "those of cells or solved"}`,
      });
    else if (Math.abs((100 * n) / one.problems - share) > ROUNDING + 1e-9)
      mistakes.push({
        path: place,
        what: `${show(share)} is printed, and ${n} of ${one.problems} are ${((100 * n) / one.problems).toFixed(2)} %`,
        mend: "correct the count, the printed figure or problems",
      });
  }
  return mistakes;
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(entry.shape),
  source: Object.keys(source.shape),
  claims: Object.keys(claim.shape),
  "claims.cells": Object.keys(cells.shape),
  "claims.solved": Object.keys(solved.shape),
  "claims.percent": Object.keys(means.shape),
};

function mistakesOf(issue: Issue, value: unknown): Mistake[] {
  const path = issue.path as Path;
  const found = at(value, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const known = FIELDS[path.filter((step) => typeof step === "string").join(".")] ?? [];
      const near = nearest(
        key,
        known.filter((field) => !(isMapping(found) && Object.hasOwn(found, field))),
      );
      const what = "there is no such field";
      return near === undefined
        ? { path: [...path, key], what, mend: `use one of ${known.join(", ")}` }
        : { path: [...path, key], what, mend: `write ${near}, if that was meant`, meant: [...path, near] };
    });
  const [wanted = "", mend = ""] = issue.message.split(/; (.*)/s);
  const missing = found === undefined && typeof path.at(-1) === "string";
  return [
    missing
      ? { path, what: `this field is missing, and ${wanted} belongs there`, mend }
      : { path, what: `${shown(found)} stands where ${wanted} belongs`, mend },
  ];
}

function shown(found: unknown): string {
  if (found === undefined || found === null) return "nothing";
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === "object") return "a mapping";
  return typeof found === "string" || typeof found === "number" ? show(found) : plain(String(found));
}
