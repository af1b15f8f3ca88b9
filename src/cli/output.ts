// cli/ · Output: a file is written whole or not at all.
import { rename, rm, writeFile } from "node:fs/promises";
import { StudyError } from "../terms/errors.ts";

/** @throws StudyError where the place cannot be written; nothing half-written stays behind. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StudyError({
      code: "cannot-write",
      what: `${file} cannot be written (${code ?? message})`,
      mend: "name a file in a folder that exists and is yours to write",
    });
  }
}
