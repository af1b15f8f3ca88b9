// importers/ · Read: opens a file, asks each importer whether it knows the head, and reads it, or says what the head looked like.
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import { IMPORTERS } from "./all.ts";
import type { ImportOptions } from "./importer.ts";
import { notJson } from "./jsonl.ts";
import { eachLine } from "./lines.ts";
import { at } from "./refusals.ts";
import { bareWord } from "./scan.ts";
import { plain, show } from "./show.ts";
import { Source } from "./source.ts";

export async function readEvidence(file: string, options: ImportOptions): Promise<PolicyEvidence> {
  const source = await Source.open(file, options.ready);
  try {
    const importer = IMPORTERS.find((one) => one.recognises(source.head));
    return await (importer === undefined ? refuse(source) : importer.read(source, options));
  } catch (error) {
    // What nests its values very deep exhausts whoever walks them, be it JSON itself.
    if (error instanceof RangeError && error.message.includes("call stack")) throw tooDeep(file);
    throw error;
  } finally {
    await source.close();
  }
}

function tooDeep(file: string): StudyError {
  return new StudyError({
    code: "too-deep",
    what: `${plain(file)} holds lists or objects that stand within each other too deep to be read`,
    why: "which no log of answers needs",
    mend: "leave out what is nested so deep",
  });
}

/** Reads on to the first line, so that what is wrong with its bytes or its length is said before what is wrong with its words. */
async function refuse(source: Source): Promise<never> {
  await eachLine(source, (text, line, ended) => {
    if (text.trim() !== "") throw notRecognised(source, text.trim(), line, ended);
  });
  throw new Error("a file that is all blank was not refused when it was opened");
}

function notRecognised({ file, head }: Source, text: string, line: number, ended: boolean): StudyError {
  if (text.startsWith("{") && (bareWord(text) !== undefined || (!ended && !parses(text))))
    return notJson(file, text, line, ended);
  const keys = [...head.keys];
  // What anybody can write stands first in the list.
  const [own, others] = [IMPORTERS.slice(0, 3), IMPORTERS.slice(3)];
  const fields = keys.slice(0, 8).map(show).join(", ") + (keys.length > 8 ? ", …" : "");
  return new StudyError({
    code: "not-recognised",
    what: `${at(file, line)}: ${keys.length > 0 ? `a JSON object with the fields ${fields}` : `the text ${show(text)}`} begins the file`,
    why: "and no importer knows it",
    mend: `give ${own.map(({ what }) => what).join(", or ")}, or a log of ${others.map(({ name }) => name).join(", ")}`,
  });
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
