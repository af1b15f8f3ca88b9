// worlds/ · Open: the policies of a world that was built, each behind an engine.
import { homedir } from "node:os";
import { join } from "node:path";
import type { LocalEngine } from "../engines/engine.ts";
import { StudyError } from "../terms/errors.ts";
import type { LearningCurve } from "../terms/truth.ts";
import { CURVE_FILE, readCurve } from "./curve.ts";
import { WorldEngine } from "./engine.ts";
import type { Card } from "./files/card.ts";
import { loadCheckpoint } from "./files/checkpoint.ts";
import { folderOf } from "./folder.ts";
import { recipeOf } from "./recipe.ts";
import { power, type Scored, tilt } from "./transform.ts";
import { Model } from "./transformer/model.ts";
import type { Bending } from "./transformer/sampling.ts";
import { encode } from "./vocabulary.ts";
import type { Transform, World } from "./world.ts";

export interface OpenWorld {
  readonly world: World;
  readonly seed: number;
  readonly folder: string;
  /** Training order; the first is the base. */
  readonly policies: readonly { readonly name: string; readonly engine: LocalEngine; readonly card: Card }[];
  readonly curve: LearningCurve;
}

/** Worlds that came with the package: examples/worlds/, as far from the sources as from what is built of them. */
export const SHIPPED = join(import.meta.dirname, "../../examples/worlds");

/** $XDG_CACHE_HOME/crucis/worlds, or ~/.cache/crucis/worlds. */
export function defaultCache(): string {
  const { XDG_CACHE_HOME } = process.env;
  const root = XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === "" ? join(homedir(), ".cache") : XDG_CACHE_HOME;
  return join(root, "crucis", "worlds");
}

/** Where a finished world lies: in the cache, or with the package; undefined where in neither. */
export function findWorld(world: World, { seed, cache }: { seed: number; cache: string }): string | undefined {
  return [folderOf(world, seed, cache), folderOf(world, seed, SHIPPED)].find(
    (folder) => readCurve(folder, CURVE_FILE) !== undefined,
  );
}

/** StudyError where it was not built, and where what is kept of it was damaged. */
export function openWorld(world: World, options: { seed: number; cache: string }): OpenWorld {
  const folder = findWorld(world, options);
  if (folder === undefined)
    throw new StudyError({
      code: "world-not-built",
      what: `world ${world.name} with seed ${options.seed} is neither in ${options.cache} nor among those that came with Crucis`,
      mend: `run crucis world build ${world.name} --seed ${options.seed}`,
    });
  return openFolder(world, folder);
}

/** A folder that a build has finished. */
export function openFolder(world: World, folder: string): OpenWorld {
  const curve = readCurve(folder, CURVE_FILE);
  if (curve === undefined) throw new Error(`${folder} holds no finished world`);
  const recipe = recipeOf(world, curve.seed);
  const base = loadCheckpoint(folder, "base");
  const scored = scoredBy(world, base.weights);
  const policies = ["base", ...curve.checkpoints.map(({ policy }) => policy)].map((name) => {
    const { card, weights } = loadCheckpoint(folder, name);
    if (card.recipe !== recipe)
      throw new StudyError({
        code: "world-recipe",
        what: `${join(folder, `${name}.json`)} was made by recipe ${card.recipe}, but world ${world.name} now has ${recipe}`,
        mend: `run crucis world build ${world.name} --seed ${curve.seed}`,
      });
    const bending = bendingOf(card.transform, scored);
    const fingerprint = `crucis-world ${world.name} ${name} ${card.weights.sha256} ${JSON.stringify(card.transform)}`;
    const engine = new WorldEngine({
      name,
      shape: card.shape,
      weights,
      fingerprint,
      ...(bending === undefined ? {} : { bending }),
    });
    return { name, engine, card };
  });
  return { world, seed: curve.seed, folder, policies, curve };
}

/** In every task a prompt ends so. */
const PROMPT_END = "?";

function bendingOf(transform: Transform, scored: (prompt: string) => Scored): Bending | undefined {
  if (transform.kind === "power") return power(transform.alpha);
  if (transform.kind === "tilt") return tilt(transform.beta, scored, PROMPT_END);
  return undefined;
}

/** Lists and scores the accepted answers to a prompt; the network is made when first needed. */
function scoredBy({ task, grading, maxTokens, shape }: World, weights: Float32Array): (prompt: string) => Scored {
  let model: Model | undefined;
  return (prompt) => {
    if (model === undefined) {
      model = new Model(shape);
      model.setWeights(weights);
    }
    const accepted = task.accepted(prompt, grading).filter(({ text }) => text.length <= maxTokens);
    const rows = accepted.map(({ text }) => encode(prompt + text));
    const lengths = rows.map((row) => row.length);
    const columns = Math.max(...lengths);
    const tokens = new Int32Array(rows.length * columns);
    rows.forEach((row, i) => tokens.set(row, i * columns));
    const logProbs = model.logProbs({ tokens, rows: rows.length, columns, lengths });
    return accepted.map((one, i) => ({
      accepted: one,
      logProbs: logProbs.subarray(i * columns + prompt.length, i * columns + lengths[i]!),
    }));
  };
}
