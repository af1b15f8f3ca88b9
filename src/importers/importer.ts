// importers/ · The contract: what reads one format of answers that somebody has already drawn.
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Head, Source } from "./source.ts";

export interface ImportOptions {
  /** `base`, a checkpoint's name, or `tuned`. */
  readonly policy: string;
  /** A reward becomes the verdict `right` above this; 0.5 where not said. */
  readonly rightAbove?: number;
  /** Keep only problems of these families. */
  readonly families?: readonly string[];
  /** Keep the answers' texts; true where not said. Without them nothing can be graded again. */
  readonly keepTexts?: boolean;
}

export const RIGHT_ABOVE = 0.5;

export interface Importer {
  /** The file's name. */
  readonly name: string;
  /** A noun phrase: what it reads. */
  readonly what: string;
  /** By content, never by the file's name. No two importers recognise the same head. */
  recognises(head: Head): boolean;
  /** All of it or an error; nothing half-read. */
  read(source: Source, options: ImportOptions): Promise<PolicyEvidence>;
}
