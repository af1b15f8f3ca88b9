// terms/ · Errors: what a person can act on. Kinds are named by who can act.

export interface CrucisErrorParts {
  /** Stable, lower-case, dashed: `counts-more-than-n`. */
  code: string;
  /** What disagreed, with both values, and where (file, line, field). */
  what: string;
  /** Why that cannot be used; may be empty where `what` says it all. */
  why?: string;
  /** What to do about it. */
  mend: string;
}

/** Every error a user may see: one clear sentence in `message`, exit code 2. Assertions about ourselves stay plain `Error`s. */
export class CrucisError extends Error {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly mend: string;

  constructor(parts: CrucisErrorParts) {
    const why = parts.why === undefined || parts.why === "" ? "" : `, ${parts.why}`;
    super(`${parts.what}${why}; ${parts.mend}.`);
    this.name = new.target.name;
    this.code = parts.code;
    this.what = parts.what;
    this.why = parts.why ?? "";
    this.mend = parts.mend;
  }
}

/** The user can mend it: a study file, a flag, an input file. */
export class StudyError extends CrucisError {}

/** What went wrong between us and an engine. */
export type EngineFault =
  | "unreachable"
  | "timed out"
  | "reset"
  | "too many requests"
  | "server error"
  | "refused"
  | "bad answer"
  | "wrong model"
  | "cannot";

/** The world can mend it: a server that is away, slow, wrong, or cannot do what was asked. */
export class EngineError extends CrucisError {
  readonly fault: EngineFault;
  /** Asking the same again may help. */
  readonly retry: boolean;

  constructor(parts: CrucisErrorParts & { fault: EngineFault; retry: boolean }) {
    super(parts);
    this.fault = parts.fault;
    this.retry = parts.retry;
  }
}
