// terms/ · Variant: another way to put a problem to a policy: another prompt, another sampler, an answer that is begun for it.
import type { Sampler } from "./sampler.ts";

/** What a study file declares, for decoder-sweep to try on the base. */
export interface VariantDeclared {
  /** Unique in the study; letters, digits, dots, dashes. */
  readonly name: string;
  /** `{problem}` in it stands for the problem's own text; as the policy is asked otherwise where not said. */
  readonly prompt?: string;
  /** What differs from the study's sampler. */
  readonly sampler: Partial<Pick<Sampler, "temperature" | "topP" | "topK" | "minP">>;
}

export interface Variant {
  /** Names it in records. What it means never changes under one key: a declared one's holds a hash of it. */
  readonly key: string;
  readonly name: string;
}

/** The bare answer, begun for the policy so that it has no room to work anything out. */
export const BARE = "bare";
/** The problem is a fresh one of the same kind, put as any other. */
export const TWIN = "twin";
/** The first three fifths of the prompt, and nothing else. */
export const PARTIAL = "partial";
