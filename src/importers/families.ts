// importers/ · Families: keep only the problems of the families asked for, and say so where there are none.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import { plain, show } from "./show.ts";

export function keepFamilies(
  problems: readonly ProblemRecord[],
  families: readonly string[] | undefined,
  file: string,
): readonly ProblemRecord[] {
  if (families === undefined) return problems;
  const there = new Set(problems.flatMap(({ family }) => (family === undefined ? [] : [family])));
  const missing = families.find((family) => !there.has(family));
  if (missing !== undefined || families.length === 0) {
    const named = [...there].slice(0, 8).map(show).join(", ") + (there.size > 8 ? ", …" : "");
    throw new StudyError({
      code: "no-such-family",
      what: `${plain(file)} has no family ${show(missing ?? "")}`,
      why: there.size === 0 ? "since its rows name no source at all" : `but ${named}`,
      mend: "name one that is there, or leave the choice out",
    });
  }
  const wanted = new Set(families);
  return problems.filter(({ family }) => family !== undefined && wanted.has(family));
}
