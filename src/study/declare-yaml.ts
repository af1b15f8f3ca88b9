// study/ · YAML of a study file: parsed strictly, with the line of every field kept for the sentences.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { plain } from "../importers/show.ts";
import { StudyError } from "../terms/errors.ts";
import type { Path } from "./declare-mistakes.ts";

/** Nobody writes more by hand; what was meant is another file. */
const LONGEST = 2 ** 20;
/** An alias may be used so often in all; nested ones multiply. */
const ALIASES = 100;

export interface ParsedYaml {
  readonly value: unknown;
  /** Line, from 1, of the field at that path, or of the innermost mapping on the way that is there. */
  readonly lineOf: (path: Path) => number;
}

/** @throws StudyError where the text is no YAML, or holds more than one document, duplicate keys, tags, or too many aliases */
export function parseYaml(text: string, file: string): ParsedYaml {
  const refuse = (what: string, mend: string, line?: number): StudyError =>
    new StudyError({
      code: "study-yaml",
      what: `${plain(file)}${line === undefined ? "" : `, line ${line}`}: ${what}`,
      mend,
    });
  if (text.length > LONGEST)
    throw refuse(
      `the file holds ${text.length} characters, which is no study`,
      "name the study file, of at most 1 MiB",
    );
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [bad] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (bad !== undefined) {
    const [what, mend] = SENTENCES[bad.code] ?? [plain(bad.message).replace(/\.$/, ""), "write it as YAML has it"];
    throw refuse(what, mend, lines.linePos(bad.pos[0]).line);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES });
    // An alias within what it stands for has no end.
    JSON.stringify(value);
  } catch (error) {
    throw refuse(
      `its aliases cannot be followed (${plain((error as Error).message.split("\n")[0] ?? "")})`,
      "write out what they stand for",
    );
  }
  return { value, lineOf: (path) => lines.linePos(offsetOf(document, path)).line };
}

const SENTENCES: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  DUPLICATE_KEY: ["this field is there twice in one mapping", "keep one of the two"],
  TAB_AS_INDENT: ["the line is indented with a tab, which YAML forbids", "indent with blanks"],
  MULTIPLE_DOCS: ["a second document begins here", "keep one study in one file"],
  TAG_RESOLVE_FAILED: ["a tag (!…) stands here, and a study has none", "leave the tag out, or put the text in quotes"],
  RESOURCE_EXHAUSTION: ["lists or mappings are nested too deeply here", "write a study as crucis init does"],
};

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const inside = isAlias(node) ? node.resolve(document) : node;
    if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(inside)) {
      node = inside.items[Number(step)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
