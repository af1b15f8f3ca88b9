// worlds/ · Build: pretrains a world's base, trains what comes after it, and keeps everything. Killed at any moment, it goes on
// where it was, to the same bits.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stream } from "../maths/random.ts";
import { StudyError } from "../terms/errors.ts";
import type { LearningCurve } from "../terms/truth.ts";
import { CURVE_FILE, GROWING_FILE, readCurve, writeCurve } from "./curve.ts";
import { cardFile, readIfThere } from "./files/card.ts";
import { loadCheckpoint, loadOptimiser, saveCheckpoint, type About } from "./files/checkpoint.ts";
import { folderOf } from "./folder.ts";
import { imitate } from "./imitation.ts";
import { openFolder, type OpenWorld } from "./open.ts";
import { learnFrom } from "./pretraining.ts";
import { recipeOf } from "./recipe.ts";
import { reinforce } from "./reinforcement.ts";
import { beginRun, type CurvePoint, type Phase, type RunState, type Watch } from "./run.ts";
import { Crew } from "./transformer/crew.ts";
import { initialWeights } from "./transformer/reference.ts";
import { CHARACTERS, END_TOKEN } from "./vocabulary.ts";
import type { World } from "./world.ts";

/** A step of reinforcement, with its sampling, takes as long as so many of pretraining; for the time that is left. */
const costOf = (phase: Phase): number => (phase === "reinforcement" ? 8 : 1);

export interface BuildOptions {
  readonly seed: number;
  /** The folder that worlds are kept in. */
  readonly cache: string;
  readonly threads: number;
  /** `done` of the whole build, 0 to 1; `note` says the latest loss or reward. */
  readonly onProgress?: (progress: { readonly phase: string; readonly done: number; readonly note: string }) => void;
}

/** What a killed build goes on from; seconds between two keepings. */
const RUNNING = "in-progress";
const KEEP_EVERY_MS = 5000;
/** Of pretraining's steps one in so many is told. */
const TOLD = 10;

/** Finds the world finished, takes it up, or begins. StudyError where what is kept of it cannot be used. */
export async function buildWorld(world: World, { seed, cache, threads, onProgress }: BuildOptions): Promise<OpenWorld> {
  const folder = folderOf(world, seed, cache);
  if (readCurve(folder, CURVE_FILE) !== undefined) return openFolder(world, folder);
  makeFolder(folder);
  const { training } = world;
  const later = training.kind === "transform" ? 0 : training.options.steps * costOf(training.kind);
  const all = world.pretraining.steps + later;
  const keeper = new Keeper(world, seed, folder, (point, before) => {
    const note = point.reward === undefined ? `loss ${point.loss?.toFixed(3)}` : `reward ${point.reward.toFixed(3)}`;
    onProgress?.({
      phase: `${point.phase} of ${world.name}`,
      done: (before + point.step * costOf(point.phase)) / all,
      note,
    });
  });
  const rows =
    training.kind === "reinforcement"
      ? Math.max(world.pretraining.batchSize, training.options.prompts * training.options.groupSize)
      : world.pretraining.batchSize;
  const crew = new Crew(world.shape, threads, rows, END_TOKEN);
  try {
    const base = keeper.base(() => {
      const start = keeper.takenUp("pretraining") ?? beginRun(firstWeights(world, seed));
      return learnFrom(start, {
        crew,
        seed,
        phase: "pretraining",
        corpus: world.corpus,
        options: world.pretraining,
        watch: keeper.watching(0, []),
      });
    });
    if (training.kind === "transform") {
      for (const { name, transform } of training.policies) keeper.keepTransformed(name, transform);
    } else {
      const watch = keeper.watching(world.pretraining.steps, training.options.checkpoints);
      const start = keeper.takenUp(training.kind) ?? beginRun(base);
      if (training.kind === "imitation")
        imitate(start, { crew, seed, corpus: training.corpus, options: training.options, watch });
      else {
        const { task, grading, maxTokens } = world;
        const { options, opening } = training;
        const given = opening === undefined ? {} : { opening };
        reinforce(start, { crew, seed, task, grading, maxTokens, base, options, watch, ...given });
      }
    }
    keeper.finish();
  } finally {
    await crew.close();
  }
  return openFolder(world, folder);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StudyError({
      code: "world-folder",
      what: `${folder} cannot be made (${(error as Error).message})`,
      mend: "name a folder that can be written to with --cache",
    });
  }
}

const firstWeights = ({ shape }: World, seed: number): Float32Array =>
  Float32Array.from(initialWeights(shape, stream(seed, "worlds/initial")));

/** Writes what a build must not lose. */
class Keeper {
  readonly #world: World;
  readonly #folder: string;
  readonly #about: Omit<About, "policy" | "phase" | "step" | "transform">;
  readonly #tell: (point: CurvePoint, before: number) => void;
  readonly #seed: number;
  #points: CurvePoint[];
  #checkpoints: LearningCurve["checkpoints"][number][] = [];
  #kept = performance.now();

  constructor(world: World, seed: number, folder: string, tell: (point: CurvePoint, before: number) => void) {
    this.#world = world;
    this.#folder = folder;
    this.#seed = seed;
    this.#tell = tell;
    this.#about = {
      world: world.name,
      recipe: recipeOf(world, seed),
      seed,
      shape: world.shape,
      vocabulary: CHARACTERS,
      end: CHARACTERS[END_TOKEN]!,
    };
    const growing = readCurve(folder, GROWING_FILE);
    this.#points = [...(growing?.points ?? [])];
    this.#checkpoints = [...(growing?.checkpoints ?? [])];
  }

  /** The base's weights: those kept, or those that `make` makes, kept. */
  base(make: () => RunState): Float32Array {
    if (this.#has("base")) return loadCheckpoint(this.#folder, "base").weights;
    const state = make();
    this.#keep("base", "pretraining", state);
    return Float32Array.from(state.weights);
  }

  /** A run of this phase that was cut short; the points after its last keeping are forgotten. */
  takenUp(phase: Phase): RunState | undefined {
    if (!this.#has(RUNNING)) return undefined;
    const { card, weights } = loadCheckpoint(this.#folder, RUNNING);
    if (card.phase !== phase || card.recipe !== this.#about.recipe) return undefined;
    this.#points = this.#points.filter((point) => point.phase !== phase || point.step <= card.step);
    this.#checkpoints = this.#checkpoints.filter(({ step }) => phase === "pretraining" || step <= card.step);
    return { step: card.step, weights, moments: loadOptimiser(this.#folder, card) };
  }

  /** @param before  steps of earlier phases @param checkpoints  steps after which a policy is kept, the last the tuned one */
  watching(before: number, checkpoints: readonly number[]): Watch {
    return {
      stepped: (state, point) => {
        if (point.phase !== "pretraining" || point.step % TOLD === 0) this.#points.push(point);
        this.#tell(point, before);
        if (checkpoints.includes(state.step)) {
          const policy = state.step === checkpoints.at(-1) ? "tuned" : `step-${state.step}`;
          this.#checkpoints.push({ policy, step: state.step });
          this.#keep(policy, point.phase, state);
          this.#keepRunning(point.phase, state);
        } else if (performance.now() - this.#kept > KEEP_EVERY_MS) this.#keepRunning(point.phase, state);
      },
    };
  }

  keepTransformed(policy: string, transform: About["transform"]): void {
    const about: About = { ...this.#about, policy, phase: "transform", step: 0, transform };
    saveCheckpoint(this.#folder, about, { sharedWith: "base" });
    this.#checkpoints.push({ policy, step: 0 });
  }

  finish(): void {
    writeCurve(this.#folder, CURVE_FILE, this.#curve());
    for (const file of readdirSync(this.#folder)) if (file.startsWith(`${RUNNING}.`)) rmSync(join(this.#folder, file));
  }

  #has(policy: string): boolean {
    return readIfThere(join(this.#folder, cardFile(policy))) !== undefined;
  }

  #curve(): LearningCurve {
    return { world: this.#world.name, seed: this.#seed, points: this.#points, checkpoints: this.#checkpoints };
  }

  /** The curve first: it may know more than the weights, never less. */
  #keepRunning(phase: Phase, state: RunState): void {
    writeCurve(this.#folder, GROWING_FILE, this.#curve());
    this.#keep(RUNNING, phase, state);
    this.#kept = performance.now();
  }

  #keep(policy: string, phase: Phase, { step, weights, moments }: RunState): void {
    const about: About = { ...this.#about, policy, phase, step, transform: { kind: "none" } };
    saveCheckpoint(this.#folder, about, weights, moments);
  }
}
