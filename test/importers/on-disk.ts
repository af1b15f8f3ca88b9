// Files for a test: written to a folder of their own, gone afterwards.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { StudyError } from "../../src/terms/errors.ts";
import type { PolicyEvidence } from "../../src/terms/observation.ts";

const folder = mkdtempSync(join(tmpdir(), "crucis-importers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const inFolder = (name: string): string => join(folder, name);

let written = 0;
/** The path of a new file that holds this; its name says nothing of its format. */
export function fileOf(content: string | Uint8Array): string {
  const file = inFolder(`evidence-${written++}`);
  writeFileSync(file, content);
  return file;
}

export const readText = (content: string | Uint8Array, options = {}): Promise<PolicyEvidence> =>
  readEvidence(fileOf(content), { policy: "base", ...options });

/** The refusal; whatever else is thrown, or nothing thrown, fails the test. */
export async function refusal(reading: Promise<unknown>): Promise<StudyError> {
  const outcome = await reading.then(
    (evidence) => new Error(`this was read: ${JSON.stringify(evidence).slice(0, 300)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof StudyError) return outcome;
  throw outcome;
}

export const lines = (...rows: unknown[]): string =>
  rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join("");
