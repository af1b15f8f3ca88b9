// cli/ · World build: trains worlds, or goes on where a build was stopped, computes their truth, and refuses what broke a promise.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { renderPromises } from "../report/truth-text.ts";
import { VERSION } from "../study/version.ts";
import { StudyError } from "../terms/errors.ts";
import type { World } from "../worlds/world.ts";
import { writeWhole } from "./output.ts";
import { progressLine } from "./progress.ts";
import { positive } from "./numbers.ts";
import { cacheOption, seedOption } from "./world-options.ts";

const PIPED_EVERY_SECONDS = 5;
const TRUTH_FILE = "truth.json";

export function buildCommand() {
  return new Command("build")
    .summary("pretrain and train a world, and compute its truth")
    .description(
      "Pretrains a world's base, trains its later policies, computes what they do exactly, and holds that against what " +
        "the world promises. A build that was stopped goes on where it was, to the same bits; a finished one is found.",
    )
    .argument("<name>", "a world, or all")
    .addOption(seedOption())
    .option(
      "--threads <number>",
      "worker threads; the result is the same bits with any number",
      positive,
      availableParallelism(),
    )
    .addOption(cacheOption())
    .action(async (name, options) => {
      const [{ WORLDS, worldNamed }, { defaultCache }] = await Promise.all([
        import("../worlds/all.ts"),
        import("../worlds/open.ts"),
      ]);
      const cache = options.cache ?? defaultCache();
      const worlds = name === "all" ? WORLDS : [worldNamed(name)];
      process.stderr.write("Ctrl-C is harmless: the same command goes on where this one stopped.\n");
      const refused: StudyError[] = [];
      for (const world of worlds) {
        const refusal = await build(world, { ...options, cache });
        if (refusal === undefined) continue;
        refused.push(refusal);
        // One is thrown below, so that it is said once.
        if (worlds.length > 1) process.stderr.write(`crucis: ${refusal.message}\n`);
      }
      if (worlds.length === 1 && refused[0] !== undefined) throw refused[0];
      if (refused.length > 0)
        throw new StudyError({
          code: "worlds-refused",
          what: `${refused.length} of ${worlds.length} worlds do not keep what they promise`,
          mend: "the numbers stand above; build those with another seed, or change them",
        });
    });
}

/** The refusal of a world whose training did not move what it promises. */
async function build(
  world: World,
  { seed, threads, cache }: { seed: number; threads: number; cache: string },
): Promise<StudyError | undefined> {
  const [{ buildWorld }, { refuseUnkept, truthOf }] = await Promise.all([
    import("../worlds/build.ts"),
    import("../worlds/truth.ts"),
  ]);
  const progress = progressLine(process.stderr, { pipedEverySeconds: PIPED_EVERY_SECONDS });
  const built = await buildWorld(world, {
    seed,
    threads,
    cache,
    onProgress: ({ phase, done, note }) => progress.share(phase, done, note),
  });
  const truth = await truthOf({
    world,
    seed,
    policies: built.policies,
    crucis: VERSION,
    onProgress: (done) => progress.share(`truth of ${world.name}`, done),
  });
  progress.end();
  await writeWhole(join(built.folder, TRUTH_FILE), `${JSON.stringify(truth, null, 2)}\n`);
  process.stdout.write(`${world.name}, seed ${seed}, in ${built.folder}\n\n${renderPromises(truth)}\n`);
  try {
    refuseUnkept(truth);
    return undefined;
  } catch (error) {
    if (error instanceof StudyError) return error;
    throw error;
  }
}
