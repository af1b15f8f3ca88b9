// worlds/ · Folder: where a world of one seed and recipe is kept.
import { join } from "node:path";
import { recipeOf } from "./recipe.ts";
import type { World } from "./world.ts";

export const folderOf = (world: World, seed: number, root: string): string =>
  join(root, `${world.name}-${seed}-${recipeOf(world, seed).slice(0, 12)}`);
