// importers/ · All: the list. A new format is one file and one line here.
import { counts } from "./counts.ts";
import { countsCsv } from "./counts-csv.ts";
import type { Importer } from "./importer.ts";
import { inspect } from "./inspect.ts";
import { lmEval } from "./lm-eval.ts";
import { openInstruct } from "./open-instruct.ts";
import { openaiBatch } from "./openai-batch.ts";
import { reasoningGym } from "./reasoning-gym.ts";
import { rollouts } from "./rollouts.ts";
import { traces } from "./traces.ts";
import { trl } from "./trl.ts";
import { verifiers } from "./verifiers.ts";
import { verl } from "./verl.ts";

export const IMPORTERS: readonly Importer[] = [
  counts,
  countsCsv,
  rollouts,
  reasoningGym,
  inspect,
  lmEval,
  verifiers,
  traces,
  trl,
  verl,
  openInstruct,
  openaiBatch,
];
