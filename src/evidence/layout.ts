// evidence/ · Layout: which generation of Crucis a folder was written by, so that an older one says so instead of misreading it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StudyError } from "../terms/errors.ts";
import { cannotWrite } from "./disk.ts";

const FILE = "evidence.json";
/** Goes up when an older Crucis would misread the folder. */
const LAYOUT = 1;

/** @throws StudyError where a newer Crucis wrote the folder */
export function checkLayout(folder: string): void {
  const path = join(folder, FILE);
  if (!existsSync(path)) return;
  const { layout } = read(path);
  if (typeof layout === "number" && layout <= LAYOUT) return;
  throw new StudyError({
    code: "layout-newer",
    what: `${path} says layout ${JSON.stringify(layout)}, and this Crucis knows layouts up to ${LAYOUT}`,
    mend: "update Crucis, or give a folder that this one wrote",
  });
}

export function markLayout(folder: string): void {
  const path = join(folder, FILE);
  if (existsSync(path) && read(path).layout === LAYOUT) return;
  try {
    writeFileSync(path, `${JSON.stringify({ layout: LAYOUT })}\n`);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** A crash may have left the file empty; it is written again then. */
function read(path: string): { readonly layout?: unknown } {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { layout?: unknown };
  } catch {
    return { layout: 0 };
  }
}
