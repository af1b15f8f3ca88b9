// importers/ · The contract: what reads one format of answers that somebody has already drawn.
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import type { Head, Source } from "./source.ts";

export interface ImportOptions {
  /** `base`, a checkpoint's name, or `tuned`. */
  readonly policy: string;
  /** A reward becomes the verdict `right` above this; 0.5 where not said. */
  readonly rightAbove?: number;
  /** Which of several graders' columns or scores counts. */
  readonly scorer?: string;
  /** Keep only problems of these families. */
  readonly families?: readonly string[];
  /** Keep the answers' texts; true where not said. Without them nothing can be graded again. */
  readonly keepTexts?: boolean;
  /** Called for every rollout as it is read, texts, token ids and log-probabilities included, whatever is kept. */
  readonly onRollout?: (
    problem: { readonly id: string; readonly family?: string; readonly prompt?: string },
    rollout: Rollout,
  ) => void;
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
