// worlds/ · Card: what a checkpoint says of itself, and which files hold its numbers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StudyError } from "../../terms/errors.ts";
import { checkShape, type Shape } from "../transformer/shape.ts";
import type { Transform } from "../world.ts";
import { vocabularyFault } from "./portable.ts";

export const CARD_FORMAT = "crucis-world-checkpoint/1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
/** Names become files beside the card, never elsewhere. */
const name = z.string().regex(/^[A-Za-z0-9][\w-]*$/, "must be of letters, digits, - and _");
const file = z.strictObject({
  file: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]*(\.[\w-]+)*\.safetensors$/, "must be the name of a .safetensors file beside the card"),
  sha256,
});
const size = z.int().positive();

const shape = z
  .strictObject({
    vocabulary: size,
    context: size,
    width: size,
    layers: size,
    heads: size,
    hidden: size,
    ropeBase: z.number(),
    normEpsilon: z.number(),
  })
  .superRefine((sizes, context) => {
    try {
      checkShape(sizes);
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      context.addIssue({ code: "custom", message: error.what });
    }
  }) satisfies z.ZodType<Shape>;

const transform = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("power"), alpha: z.number().positive() }),
  z.strictObject({ kind: z.literal("tilt"), beta: z.number().positive() }),
]) satisfies z.ZodType<Transform>;

const cardSchema = z
  .strictObject({
    format: z.literal(CARD_FORMAT),
    world: name,
    /** Hash of the world's recipe: another recipe, another checkpoint. */
    recipe: sha256,
    policy: name,
    phase: z.enum(["pretraining", "reinforcement", "imitation", "transform"]),
    /** Steps of this phase done. */
    step: z.int().nonnegative(),
    seed: z.int(),
    shape,
    /** Token i is the i-th character. */
    vocabulary: z.string(),
    /** The character that ends an answer. */
    end: z.string(),
    /** What the policy does to the network's distribution. */
    transform,
    weights: file,
    /** Of a policy whose training can be taken up again. */
    optimiser: file.optional(),
  })
  .superRefine((card, context) => {
    const fault = vocabularyFault(card.shape, card.vocabulary, card.end);
    if (fault !== undefined) context.addIssue({ code: "custom", path: ["vocabulary"], message: fault });
  });

export type Card = z.output<typeof cardSchema>;
export type CardFile = Card["weights"];

export const cardFile = (policy: string): string => `${policy}.json`;

/** How a user mends a checkpoint: worlds are made again, from nothing. */
export const rebuild = (world = "NAME"): string => `run crucis world build ${world} again`;

/** @throws StudyError naming the file and the first field that is not as the format wants it */
export function checkCard(value: unknown, where: string): Card {
  const read = cardSchema.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new StudyError({
    code: "checkpoint-card",
    what: `${where}${path.length === 0 ? "" : `, field ${path.join(".")}`}: ${message}`,
    mend: rebuild(),
  });
}

export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The card of a policy.
 *
 * @throws StudyError where there is none, where it is not JSON, and where it is of another version or not as the format wants it
 */
export function readCard(folder: string, policy: string): Card {
  const where = join(folder, cardFile(policy));
  const refuse = (kind: string, what: string, mend = rebuild()): never => {
    throw new StudyError({ code: `checkpoint-${kind}`, what: `${where}: ${what}`, mend });
  };
  const text = name.safeParse(policy).success ? readIfThere(where) : undefined;
  if (text === undefined) return refuse("missing", `there is no checkpoint of policy ${JSON.stringify(policy)}`);
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch (error) {
    return refuse("card", `the card is not JSON (${(error as Error).message})`);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "string" && format !== CARD_FORMAT)
    return refuse(
      "format",
      `the format is ${JSON.stringify(format)}, but this version reads ${JSON.stringify(CARD_FORMAT)}`,
      `read it with the version of Crucis that wrote it, or ${rebuild()}`,
    );
  const card = checkCard(value, where);
  return card.policy === policy
    ? card
    : refuse(
        "card",
        `the card is of policy ${JSON.stringify(card.policy)}, but the file is named after ${JSON.stringify(policy)}`,
      );
}
