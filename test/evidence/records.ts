// Folders for a test, and what a store gives back, as lines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { lineOf, type Row } from "../../src/evidence/rows.ts";
import type { Store } from "../../src/evidence/store.ts";

/** Gone when the test is over. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crucis-evidence-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Canonical lines of all that is kept, in sorted order. */
export async function linesIn(store: Store): Promise<string[]> {
  const lines: string[] = [];
  for await (const row of store.rollouts()) lines.push(lineOf(row));
  for await (const row of store.scores()) lines.push(lineOf(row));
  return lines.sort();
}

export const linesOf = (...records: readonly (readonly Row[])[]): string[] => records.flat().map(lineOf).sort();
