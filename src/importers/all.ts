// importers/ · All: the list. A new format is one file and one line here.
import { counts } from "./counts.ts";
import { countsCsv } from "./counts-csv.ts";
import type { Importer } from "./importer.ts";
import { reasoningGym } from "./reasoning-gym.ts";
import { rollouts } from "./rollouts.ts";

export const IMPORTERS: readonly Importer[] = [counts, countsCsv, rollouts, reasoningGym];
