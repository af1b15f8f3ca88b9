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
  /**
   * Keep the answers' texts: all (true, where not said), none, or of each what a function makes of it. Unless all are kept, a prompt
   * of more than a hundred characters is kept as its beginning and a digest, the same for the same prompt.
   */
  readonly keepTexts?: boolean | ((text: string) => string | undefined);
  /** False: of each problem only the counts. */
  readonly keepRollouts?: boolean;
  /**
   * Called for every rollout as it is read, texts, token ids and log-probabilities included, whatever is kept. `index` counts the
   * problem's own, from 0.
   */
  readonly onRollout?: (
    problem: { readonly id: string; readonly family?: string; readonly prompt?: string },
    rollout: Rollout,
    index: number,
  ) => void;
  /** Asked now and then while a file is read; nothing more is read before it resolves. So whoever keeps rollouts more slowly than they are read is not flooded. */
  readonly ready?: () => Promise<void>;
}

export const RIGHT_ABOVE = 0.5;

/**
 * A log with more is refused. Of a problem its id, its counts, the beginning of its question and its reference answer stay in memory till all
 * is read, a few hundred bytes: of half a million an import of short rows took 531 MB. Benchmarks have thousands of problems, sets to train on
 * up to hundreds of thousands; where there is a new one on every row, a field was mostly mistaken for the problem's id.
 */
export const MOST_PROBLEMS = 300_000;

/** The same for success counts, of which less is kept: up to 180 bytes a problem. */
export const MOST_COUNTED = 1_000_000;

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
