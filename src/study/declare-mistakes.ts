// study/ · Mistakes of a study file: each one sentence with its place, what was found, and the mend; all of them at once.
import { plain, show } from "../importers/show.ts";
import { StudyError } from "../terms/errors.ts";
import { FIELDS, type studySchema, TASK_KINDS } from "./schema.ts";

export type Path = readonly (string | number)[];

export interface Mistake {
  readonly path: Path;
  /** What was found; begins a sentence behind its place. */
  readonly what: string;
  readonly mend: string;
  /** The field that a misspelt one was probably meant to be. */
  readonly meant?: Path;
}

type Parsed = ReturnType<typeof studySchema.safeParse>;
type Issue = NonNullable<Parsed["error"]>["issues"][number];

/** More are counted, not listed: after ten mistakes people begin to mend. */
const LISTED = 10;

/** @param lineOf of a place in the file, from 1; where there are no lines, nothing */
export function refusal(mistakes: readonly Mistake[], file: string, lineOf?: (path: Path) => number): StudyError {
  // A field that was misspelt is missing too; that would be one mistake told twice.
  const meant = new Set(mistakes.flatMap(({ meant: path }) => (path === undefined ? [] : [written(path)])));
  const placed = mistakes
    .filter(({ path }) => !meant.has(written(path)))
    .map((mistake) => ({ ...mistake, line: lineOf?.(mistake.path) }));
  if (lineOf !== undefined) placed.sort((a, b) => a.line! - b.line!);
  const sentences = placed.slice(0, LISTED).map(({ path, what, mend, line }) => {
    const place = [
      plain(file),
      ...(line === undefined ? [] : [`line ${line}`]),
      ...(path.length === 0 ? [] : [written(path)]),
    ];
    return { what: `${place.join(", ")}: ${what}`, mend };
  });
  if (placed.length > LISTED) {
    const more = placed.length - LISTED;
    sentences.push({
      what: `${plain(file)} has ${more} more ${more === 1 ? "mistake" : "mistakes"}`,
      mend: "mend the first ten and look again",
    });
  }
  const last = sentences.pop()!;
  return new StudyError({
    code: "study-file",
    what: [...sentences.map(({ what, mend }) => `${what}; ${mend}.`), last.what].join("\n"),
    mend: last.mend,
  });
}

/** `policies[1].url` */
function written(path: Path): string {
  return plain(path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("")).replace(/^\./, "");
}

export function mistakesOf(issues: readonly Issue[], value: unknown): Mistake[] {
  const flat = issues.flatMap((issue) => narrowed(issue, value));
  return flat.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownField(issue.path as Path, key, value))
      : [wrong(issue.path as Path, issue.message, value)],
  );
}

/** Of a task, the mistakes of its own kind: one that fits none would otherwise be refused for being none of the others. */
function narrowed(issue: Issue, value: unknown): Issue[] {
  const kind =
    issue.code === "invalid_union" && issue.path[0] === "tasks" && issue.path.length === 2
      ? kindOf(at(value, issue.path as Path))
      : undefined;
  if (issue.code !== "invalid_union" || kind === undefined) return [issue];
  const own = issue.errors[TASK_KINDS.indexOf(kind)] ?? [];
  return own.map((one) => ({ ...one, path: [...issue.path, ...one.path] })) as Issue[];
}

function kindOf(task: unknown): (typeof TASK_KINDS)[number] | undefined {
  return TASK_KINDS.find((kind) => isMapping(task) && Object.hasOwn(task, kind));
}

function wrong(path: Path, message: string, value: unknown): Mistake {
  const found = at(value, path);
  if (path[0] === "tasks" && path.length === 2 && isMapping(found))
    return {
      path,
      what: `a task has none of ${TASK_KINDS.join(", ")}`,
      mend: "write { task: chain, problems: 60 }, or { questions: questions.jsonl, answerIn: boxed }",
    };
  const [wanted = "", mend = ""] = message.split(/; (.*)/s);
  if (found === undefined && path.length > 0 && typeof path.at(-1) === "string")
    return { path, what: `this field is missing, and ${wanted} belongs there`, mend };
  return { path, what: `${shown(found, path)} stands where ${wanted} belongs`, mend };
}

/** Keys may stand in quotations: they never show a list's or a mapping's inside, nor what may be a key. */
function shown(found: unknown, path: Path): string {
  if (path.at(-1) === "apiKeyEnv") return "a text that is no name of a variable";
  if (path.at(-1) === "url" && typeof found === "string" && /[@?#]/.test(found))
    return "an address with more than a place in it";
  if (found === undefined || found === null) return "nothing";
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === "object") return "a mapping";
  return typeof found === "string" || typeof found === "number" ? show(found) : plain(String(found));
}

function unknownField(path: Path, key: string, value: unknown): Mistake {
  const parent = at(value, path);
  const place = path.filter((step) => typeof step === "string").join(".");
  const known = FIELDS[place === "tasks" ? `tasks:${kindOf(parent)}` : place] ?? [];
  const free = known.filter((field) => !(isMapping(parent) && Object.hasOwn(parent, field)));
  const near = nearest(key, free);
  const what = "there is no such field";
  return near === undefined
    ? { path: [...path, key], what, mend: `use one of ${known.join(", ")}` }
    : { path: [...path, key], what, mend: `write ${near}, if that was meant`, meant: [...path, near] };
}

/** The known word that was probably meant: `top_p` means topP, `polices` means policies. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const bare = (text: string): string => text.toLowerCase().replace(/[_-]/g, "");
  const ranked = known
    .map((one) => ({ one, away: distance(bare(word).slice(0, 40), bare(one)) }))
    .sort((a, b) => a.away - b.away);
  const [first] = ranked;
  return first !== undefined && first.away <= Math.ceil(first.one.length / 3) ? first.one : undefined;
}

/** Levenshtein's: insertions, deletions and replacements of one letter. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inside, step) =>
      typeof inside === "object" && inside !== null && Object.hasOwn(inside, step)
        ? (inside as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
