// worlds/ · Checkpoint: a policy on disk. `<policy>.json` is its card, which names the files of its weights and of its optimiser.
//
// Weights and moments are float32 safetensors with the tensors of layoutOf(shape); those of the moments begin with `m.` and `v.`.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { StudyError } from "../../terms/errors.ts";
import type { Moments } from "../optimiser.ts";
import { layoutOf, type Shape } from "../transformer/shape.ts";
import { CARD_FORMAT, type Card, type CardFile, cardFile, checkCard, readCard, readIfThere, rebuild } from "./card.ts";
import { tensorsOf } from "./portable.ts";
import { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.ts";
import { writeWholeFile } from "./whole-file.ts";

/** What the caller says of a checkpoint; the rest is found out while it is written. */
export type About = Omit<Card, "format" | "weights" | "optimiser">;

/** Laid out as in shape.ts; or those of another policy of the folder, so that equal bytes are kept once. */
export type SavedWeights = Float32Array | { readonly sharedWith: string };

/**
 * Writes a policy into a folder, which is made where there is none. The card comes last, and never are bytes written over that
 * the older card of this policy names: whenever this is killed, the folder holds the old checkpoint or the new one. For that,
 * files are called `<policy>.safetensors` and, every other time, `<policy>.b.safetensors`.
 *
 * @returns the card as written
 * @throws StudyError where sizes, characters and number of weights disagree, and where shared weights are of another shape
 */
export function saveCheckpoint(folder: string, about: About, weights: SavedWeights, optimiser?: Moments): Card {
  const { policy, shape } = about;
  const where = join(folder, cardFile(policy));
  // A card that cannot be read back must not take the place of one that can; the hash is not known yet.
  const known = { format: CARD_FORMAT, ...about };
  checkCard({ ...known, weights: { file: `${policy}.safetensors`, sha256: "0".repeat(64) } }, where);
  mkdirSync(folder, { recursive: true });
  const older = olderCard(folder, policy);
  const stored = (ending: string, bytes: Uint8Array, kept: CardFile | undefined): CardFile => {
    const file = kept?.file === `${policy}${ending}` ? `${policy}.b${ending}` : `${policy}${ending}`;
    writeWholeFile(folder, file, bytes);
    return { file, sha256: hashOf(bytes) };
  };
  const card: Card = {
    ...known,
    format: CARD_FORMAT,
    weights:
      weights instanceof Float32Array
        ? stored(".safetensors", writeSafetensors(tensorsOf(shape, weights)), older?.weights)
        : sharedFile(folder, weights.sharedWith, shape, where),
    ...(optimiser !== undefined && {
      optimiser: stored(".optimiser.safetensors", momentsFile(shape, optimiser), older?.optimiser),
    }),
  };
  writeWholeFile(folder, cardFile(policy), new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`));
  return card;
}

/**
 * A policy from a folder.
 *
 * @throws StudyError where card or weights are missing or not as the format wants them, where the weights are not those that
 * the card names, and where they are of another shape
 */
export function loadCheckpoint(
  folder: string,
  policy: string,
): { readonly card: Card; readonly weights: Float32Array } {
  const card = readCard(folder, policy);
  return { card, weights: flatWeights(openNamed(folder, card, card.weights), card, card.weights.file) };
}

/**
 * What the training of a policy is taken up again from, beside its weights.
 *
 * @throws StudyError as loadCheckpoint does, and where no optimiser's state was kept
 */
export function loadOptimiser(folder: string, card: Card): Moments {
  const { optimiser, policy } = card;
  if (optimiser === undefined)
    throw new StudyError({
      code: "checkpoint-optimiser",
      what: `${join(folder, cardFile(policy))}: no optimiser's state was kept with policy ${JSON.stringify(policy)}`,
      why: "so its training cannot be taken up again",
      mend: rebuild(card.world),
    });
  const found = openNamed(folder, card, optimiser);
  const { step = "" } = found.metadata;
  if (!/^\d{1,15}$/.test(step))
    throw disagreement(card, optimiser.file, `the number of steps is ${JSON.stringify(step)}, but must be whole`);
  return {
    step: Number(step),
    m: flatWeights(found, card, optimiser.file, "m."),
    v: flatWeights(found, card, optimiser.file, "v."),
  };
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The card that is to be replaced; one that cannot be read protects no files. */
function olderCard(folder: string, policy: string): Card | undefined {
  try {
    return readCard(folder, policy);
  } catch (error) {
    if (error instanceof StudyError) return undefined;
    throw error;
  }
}

function sharedFile(folder: string, policy: string, shape: Shape, where: string): CardFile {
  const { weights, shape: other } = readCard(folder, policy);
  if (isDeepStrictEqual(other, shape)) return weights;
  throw new StudyError({
    code: "checkpoint-shape",
    what: `${where}: the shape is ${JSON.stringify(shape)}, but that of policy ${JSON.stringify(policy)} is ${JSON.stringify(other)}`,
    why: "so they cannot share their weights",
    mend: "save the weights with each of the two",
  });
}

function momentsFile(shape: Shape, { step, m, v }: Moments): Uint8Array {
  const prefixed = (prefix: string, moments: Float32Array) =>
    tensorsOf(shape, moments).map((tensor) => ({ ...tensor, name: prefix + tensor.name }));
  return writeSafetensors([...prefixed("m.", m), ...prefixed("v.", v)], { step: String(step) });
}

/** A file that the card names, if it is the very one. */
function openNamed(folder: string, card: Card, { file, sha256 }: CardFile): Safetensors {
  const path = join(folder, file);
  const bytes = readIfThere(path);
  if (bytes === undefined)
    throw new StudyError({
      code: "checkpoint-missing",
      what: `${path} is named by ${cardFile(card.policy)}, but is not there`,
      mend: rebuild(card.world),
    });
  const found = hashOf(bytes);
  if (found !== sha256)
    throw new StudyError({
      code: "checkpoint-hash",
      what: `${path} has the SHA-256 ${found}, but ${cardFile(card.policy)} names ${sha256}`,
      why: "so it was damaged, or is of another run",
      mend: rebuild(card.world),
    });
  return readSafetensors(bytes, path);
}

/** The tensors of the card's shape, whose names begin with `prefix` in the file, laid out in one array. */
function flatWeights({ tensors }: Safetensors, card: Card, file: string, prefix = ""): Float32Array {
  const layout = layoutOf(card.shape);
  const named = [...tensors].filter(([name]) => name.startsWith(prefix));
  const given = named.reduce((sum, [, { data }]) => sum + data.length, 0);
  if (given !== layout.size)
    throw disagreement(card, file, `there are ${given} weights, but the card's shape has ${layout.size}`);
  const flat = new Float32Array(layout.size);
  for (const { name, dimensions, offset } of layout.tensors) {
    const tensor = tensors.get(prefix + name);
    if (!(tensor?.data instanceof Float32Array && isDeepStrictEqual(tensor.dimensions, dimensions))) {
      const found =
        tensor === undefined ? "not there" : `${tensor.data.constructor.name} ${tensor.dimensions.join(" × ")}`;
      const wanted = `Float32Array ${dimensions.join(" × ")}`;
      throw disagreement(card, file, `tensor ${prefix}${name} is ${found}, but must be ${wanted}`);
    }
    flat.set(tensor.data, offset);
  }
  return flat;
}

const disagreement = (card: Card, file: string, what: string): StudyError =>
  new StudyError({ code: "checkpoint-weights", what: `${file}: ${what}`, mend: rebuild(card.world) });
