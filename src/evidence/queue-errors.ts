// evidence/ · Queue errors: what PostgreSQL and the way to it say when they fail, in one sentence each, and never the password.
import { CrucisError, EngineError, StudyError } from "../terms/errors.ts";

/** Of Node and of PostgreSQL (SQLSTATE). */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT|08...|57P0.)$/;
/** Connections run out, disk full, I/O errors, a server that only reads. */
const UNWELL = /^(25|53|58|XX)...$/;
/** pg says these without a code. */
const LOST = /Connection terminated|connection timeout|timeout exceeded when trying to connect|Database not opened/i;

/** @returns the error as a user can read it; one that nobody but us can have made, as it came */
export function told(error: unknown, where: string): unknown {
  if (error instanceof CrucisError || !(error instanceof Error)) return error;
  const { code } = error as Error & { code?: unknown };
  const sign = typeof code === "string" ? code : "";
  // pg means: the server wants a password, and none was given.
  if (/^28...$/.test(sign) || error.message.startsWith("SASL"))
    return new StudyError({
      code: "queue-login",
      what: `PostgreSQL at ${where} does not let us in (${sign === "" ? "it wants a password" : error.message})`,
      mend: "put the right user and password into the queue's URL",
    });
  if (sign === "3D000")
    return new StudyError({
      code: "queue-no-database",
      what: `PostgreSQL at ${where} has no such database (${error.message})`,
      mend: "create it with createdb, or name another in the queue's URL",
    });
  if (sign === "42501")
    return new StudyError({
      code: "queue-rights",
      what: `PostgreSQL at ${where} refuses (${error.message})`,
      mend: "grant the user CREATE on the database: the queue lives in a schema of its own, crucis",
    });
  if (AWAY.test(sign) || LOST.test(error.message))
    return new EngineError({
      code: "queue-away",
      what: `PostgreSQL at ${where} cannot be reached (${sign === "" ? error.message : `${sign}${error.message === "" ? "" : `: ${error.message}`}`})`,
      mend: "see that it runs and can be reached from here, then start this again; what was kept stays kept, and it goes on from there",
      fault: "unreachable",
      retry: true,
    });
  if (UNWELL.test(sign))
    return new EngineError({
      code: "queue-unwell",
      what: `PostgreSQL at ${where} cannot do its work (${sign}: ${error.message})`,
      mend: "mend that there, then start this again; what was kept stays kept, and it goes on from there",
      fault: "server error",
      retry: true,
    });
  return error;
}
