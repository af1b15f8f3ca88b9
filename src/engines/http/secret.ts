// engines/ · Secret: the key of a server, read from the environment, and kept out of every sentence.
import { StudyError } from "../../terms/errors.ts";
import type { PolicyDeclared } from "../../terms/study.ts";

const SHOWN = 200;
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

export interface Secret {
  /** To be sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the key. */
  hidden(text: string): string;
  /** What a server or the system said, as it may be shown: without the key, on one line, not long. */
  shown(text: string): string;
}

/** @throws StudyError, which never shows the key, nor what may be a key written where its variable's name belongs */
export function secretOf({ name, apiKeyEnv }: PolicyDeclared): Secret {
  const shorten = (text: string): string => {
    const line = text.replaceAll(CONTROLS, " ").trim();
    return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  };
  if (apiKeyEnv === undefined) return { headers: {}, hidden: (text) => text, shown: shorten };
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(apiKeyEnv))
    throw new StudyError({
      code: "engine-key-name",
      what: `apiKeyEnv of policy ${name} is not the name of an environment variable`,
      mend: "put the key into a variable, and that variable's name here",
    });
  const key = process.env[apiKeyEnv]?.trim();
  if (key === undefined || key === "")
    throw new StudyError({
      code: "engine-key-missing",
      what: `policy ${name} takes its key from the environment variable ${apiKeyEnv}, which is ${key === undefined ? "not set" : "empty"}`,
      mend: "set it, or leave apiKeyEnv out",
    });
  if (!/^[!-~]+$/.test(key))
    throw new StudyError({
      code: "engine-key-characters",
      what: `the key in ${apiKeyEnv}, for policy ${name}, has a character that no header can carry`,
      mend: "look for blanks, line ends or letters beyond ASCII in it",
    });
  const hidden = (text: string): string => text.replaceAll(key, "[key]");
  return { headers: { authorization: `Bearer ${key}` }, hidden, shown: (text) => shorten(hidden(text)) };
}
