// bench/ · Worlds: builds every world with three seeds, computes its truth, and keeps both beside each other in a folder.
//
// node bench/worlds.ts CACHE [--seeds 1,2,3] [--threads 2] [WORLD …] writes CACHE/<world>/truth.json; bench/world-pages.ts makes
// docs/worlds.md of them.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WORLDS } from "../src/worlds/all.ts";
import { buildWorld } from "../src/worlds/build.ts";
import { folderOf } from "../src/worlds/folder.ts";
import { truthOf } from "../src/worlds/truth.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "1,2,3" }, threads: { type: "string", default: "2" } },
});
const [cache, ...names] = positionals;
if (cache === undefined) throw new Error("name a folder for the worlds");
for (const seed of values.seeds.split(",").map(Number))
  for (const world of WORLDS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const begun = performance.now();
    // The folder's name tells the recipe, so a truth that is there is that of this world.
    if (existsSync(join(folderOf(world, seed, cache), "truth.json"))) continue;
    const built = await buildWorld(world, { seed, cache, threads: Number(values.threads) });
    const trained = performance.now();
    const truth = await truthOf({ world, seed, policies: built.policies, crucis: "bench" });
    const seconds = { build: (trained - begun) / 1000, truth: (performance.now() - trained) / 1000 };
    writeFileSync(join(built.folder, "truth.json"), JSON.stringify(truth));
    // A world that was found in the cache took no time to build: the first time stands.
    if (seconds.build > 5) writeFileSync(join(built.folder, "seconds.json"), JSON.stringify(seconds));
    const broken = truth.promises.filter(({ kept }) => !kept).map(({ what, measured }) => `${what}: ${measured}`);
    console.log(
      `${world.name} seed ${seed}: ${seconds.build.toFixed(0)} s, truth ${seconds.truth.toFixed(0)} s`,
      truth.kept ? "kept" : `BROKEN ${broken.join("; ")}`,
    );
  }
