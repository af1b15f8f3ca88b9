// attribution/ · The document: the whole result as one value. Text, HTML and JSON are ways of telling it.
import { z } from "zod";

const number = z.number();
const estimate = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("measured"),
    value: number,
    low: number.optional(),
    high: number.optional(),
    se: number.optional(),
    level: number.optional(),
    method: z.string(),
    diagnostic: z.record(z.string(), z.union([number, z.string()])).optional(),
  }),
  z.strictObject({
    kind: z.literal("bounded"),
    low: number.optional(),
    high: number.optional(),
    level: number.optional(),
    method: z.string(),
    diagnostic: z.record(z.string(), z.union([number, z.string()])).optional(),
  }),
  z.strictObject({ kind: z.literal("refused"), why: z.string(), mend: z.string() }),
]);

const perPolicy = z.record(z.string(), z.int().nonnegative());

/** The JSON contract (DESIGN §9). `crucis explain --json` prints exactly this; the schema is exported by the library. */
export const documentSchema = z.strictObject({
  crucis: z.string(),
  command: z.literal("explain"),
  computedFrom: z.strictObject({
    problems: z.int().positive(),
    /** In training order; the first is the base. */
    policies: z.array(z.string()).min(2),
    files: z.record(z.string(), z.string()),
    formats: z.record(z.string(), z.string()),
    rollouts: perPolicy,
    ungradable: perPolicy,
    /** Problems of that policy's file without a partner on every other side. */
    unpaired: perPolicy,
    /** Present where only these families of the files were kept. */
    keptFamilies: z.array(z.string()).optional(),
    /** Present where rewards became verdicts: right means reward > rightAbove. */
    rightAbove: number.optional(),
    families: z.array(z.strictObject({ name: z.string(), problems: z.int().positive() })),
    clusteredBy: z.enum(["problem", "family"]),
    seed: z.int(),
  }),
  /** What a reader must know before believing the rest, most serious first. */
  warnings: z.array(z.string()),
  findings: z.array(z.strictObject({ name: z.string(), estimate })),
  explanations: z.array(
    z.strictObject({
      name: z.string(),
      claim: z.string(),
      standing: z.enum(["alone sufficient", "contributes", "not needed", "ruled out", "cannot be told"]),
      reason: z.string(),
      because: z.array(z.string()),
    }),
  ),
  /** The answer in one or two sentences. */
  verdict: z.string(),
  ledger: z.array(
    z.strictObject({ cause: z.string(), share: estimate, identifiedBy: z.string(), assumes: z.string().optional() }),
  ),
  /** Pairs of rivals that this evidence cannot separate. */
  inseparable: z.array(z.tuple([z.string(), z.string()])),
  /** Present where every rival's predictions were sealed before the first answer. */
  registration: z
    .strictObject({
      at: z.string(),
      sha256: z.string(),
      /** On paper, of each rival. */
      studies: z.int().positive(),
      /** Chance that a value drawn as those on paper lies between their smallest and largest. */
      level: number,
      rivals: z.array(
        z.strictObject({
          name: z.string(),
          findings: z.int().nonnegative(),
          inside: z.int().nonnegative(),
          distance: number,
          off: z.array(
            z.strictObject({ finding: z.string(), low: number, median: number, high: number, observed: number }),
          ),
        }),
      ),
      amendments: z.array(z.strictObject({ at: z.string(), field: z.string(), from: z.string(), to: z.string() })),
    })
    .optional(),
  next: z.array(
    z.strictObject({
      experiment: z.string(),
      asks: z.string(),
      /** What it needs beside the answers at hand. */
      needs: z.string(),
      /** Whether this version runs it, given what it needs; else it is run by hand (docs/experiments). */
      runsHere: z.boolean(),
      separates: z.array(z.tuple([z.string(), z.string()])),
      generatedRollouts: number,
      scoredRollouts: number,
      /** Tokens, where the evidence says how long a rollout is. */
      tokens: estimate,
      power: estimate,
    }),
  ),
});

export type Document = z.infer<typeof documentSchema>;
export type DocumentEstimate = z.infer<typeof estimate>;
