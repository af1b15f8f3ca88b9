// cli/ · Told speeds: what `crucis doctor --json` said of how fast a study's engines are, for what a plan costs.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { plain } from "../importers/show.ts";
import { StudyError } from "../terms/errors.ts";
import { listed } from "../report/words.ts";

/** Means over policies. */
export interface Seconds {
  /** A generated token. */
  readonly generated: number;
  /** A scored one; absent where some policy told none. */
  readonly scored?: number;
}

const positive = z.number().positive();
const told = z.object({
  command: z.literal("doctor"),
  policies: z
    .array(
      z.object({
        policy: z.string(),
        speed: z.object({ generated: positive, scored: positive.optional() }).optional(),
      }),
    )
    .min(1),
});

const bad = (what: string, mend: string): StudyError => new StudyError({ code: "doctor-file", what, mend });
const AGAIN = "write it with crucis doctor --json";

/**
 * @param policies of the study, each of which must have a speed; those of the document where there is no study
 * @throws StudyError
 */
export function toldSpeeds(path: string, policies?: readonly string[]): Seconds {
  const file = plain(path);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    throw bad(`the doctor's file ${file} cannot be read (${plain(String(code ?? message))})`, AGAIN);
  }
  const parsed = told.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw bad(
      `${file} is no document of crucis doctor (at ${issue!.path.join(".") || "its top"}: ${issue!.message})`,
      AGAIN,
    );
  }
  const known = parsed.data.policies;
  const own = policies ?? known.map(({ policy }) => policy);
  const missing = own.filter((name) => !known.some(({ policy }) => policy === name));
  if (missing.length > 0)
    throw bad(
      `${file} examined ${listed(known.map(({ policy }) => plain(policy)))}, and the study also has ${listed(missing)}`,
      `examine this study: ${AGAIN}`,
    );
  const speeds = own.map((name) => known.find(({ policy }) => policy === name)!.speed);
  const mute = own.filter((_, i) => speeds[i] === undefined);
  if (mute.length > 0)
    throw bad(`${file} tells no speed of ${listed(mute.map(plain))}`, `${AGAIN} once its engine answers`);
  const mean = (of: (speed: NonNullable<(typeof speeds)[number]>) => number): number =>
    speeds.reduce((sum, speed) => sum + 1 / of(speed!), 0) / speeds.length;
  return {
    generated: mean(({ generated }) => generated),
    ...(speeds.every((speed) => speed!.scored !== undefined) ? { scored: mean(({ scored }) => scored!) } : {}),
  };
}
