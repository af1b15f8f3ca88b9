// terms/ · Standing: what the evidence says of one rival explanation.

export type StandingName = "alone sufficient" | "contributes" | "not needed" | "ruled out" | "cannot be told";

export interface Standing {
  readonly standing: StandingName;
  /** One sentence a person can check. */
  readonly reason: string;
  /** Names of the findings it rests on; empty only where nothing at hand speaks of it. */
  readonly because: readonly string[];
}
