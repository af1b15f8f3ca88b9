// importers/ · Fields: one value of a row, checked. Null and absent are the same; an empty string says nothing either, except as a text.
import { StudyError } from "../terms/errors.ts";
import { at, wrongType } from "./refusals.ts";

/** Whole-number ids become strings, exactly or not at all. */
export function readId(value: unknown, file: string, line: number, field: string): string {
  if (typeof value === "string" && value !== "") return value;
  if (Number.isSafeInteger(value)) return String(value);
  const place = at(file, line, field);
  if (typeof value === "number" && Number.isInteger(value)) {
    throw new StudyError({
      code: "id-not-exact",
      what: `${place}: a number beyond 2^53 − 1 = ${Number.MAX_SAFE_INTEGER} is read as ${value}`,
      why: "so different ids could become one",
      mend: "write ids as strings",
    });
  }
  throw wrongType(place, value, "an id", "give every row a string or a whole number that names its problem");
}

/** A text; the empty text is one. */
export function readText(value: unknown, file: string, line: number, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw wrongType(at(file, line, field), value, "text", "write one string, or leave the field out");
}

/** A name or label: text that says something. */
export function readLabel(value: unknown, file: string, line: number, field: string): string | undefined {
  return readText(value, file, line, field) || undefined;
}

/** An answer: text, or a number that JSON carries without loss. */
export function readAnswer(value: unknown, file: string, line: number, field: string): string | undefined {
  if (typeof value !== "number") return readLabel(value, file, line, field);
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return String(value);
  throw wrongType(at(file, line, field), value, "an answer that a number can hold exactly", "write it as a string");
}

export function readTokens(value: unknown, file: string, line: number, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw wrongType(
    at(file, line, field),
    value,
    "a whole number of tokens",
    "write how many were generated, or leave it out",
  );
}
