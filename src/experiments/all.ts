// experiments/ · All: the list. A new experiment is one file and one line here.
import { budget } from "./budget.ts";
import { contaminationControl } from "./contamination-control.ts";
import { crossScoring } from "./cross-scoring.ts";
import { decoderSweep } from "./decoder-sweep.ts";
import { guessControl } from "./guess-control.ts";
import { handoff } from "./handoff.ts";
import { pairedSampling } from "./paired-sampling.ts";
import { powerSampling } from "./power-sampling.ts";
import { rareMass } from "./rare-mass.ts";
import { regrade } from "./regrade.ts";
import { stepLadder } from "./step-ladder.ts";
import { strategyCensus } from "./strategy-census.ts";
import type { Experiment } from "./experiment.ts";

/** Those that re-read evidence at hand come first, in the order in which their findings are told. */
export const EXPERIMENTS: readonly Experiment[] = [
  pairedSampling,
  regrade,
  budget,
  crossScoring,
  decoderSweep,
  handoff,
  stepLadder,
  strategyCensus,
  rareMass,
  powerSampling,
  guessControl,
  contaminationControl,
];
