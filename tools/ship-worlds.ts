// tools/ · Ship worlds: puts two built worlds into examples/worlds/, without what only training needs.
//
// node tools/ship-worlds.ts CACHE takes them from there; they must keep their promises.
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { worldNamed } from "../src/worlds/all.ts";
import { CURVE_FILE, writeCurve } from "../src/worlds/curve.ts";
import { loadCheckpoint, saveCheckpoint } from "../src/worlds/files/checkpoint.ts";
import { openWorld, SHIPPED } from "../src/worlds/open.ts";
import { refuseUnkept, truthOf } from "../src/worlds/truth.ts";

const [cache] = process.argv.slice(2);
if (cache === undefined) throw new Error("name the folder of the built worlds");
rmSync(SHIPPED, { recursive: true, force: true });
for (const name of ["steady-hand", "known-route"]) {
  const world = worldNamed(name);
  const open = openWorld(world, { seed: 1, cache });
  refuseUnkept(await truthOf({ world, seed: 1, policies: open.policies, crucis: "ship" }));
  const folder = join(SHIPPED, basename(open.folder));
  for (const { name: policy } of open.policies) {
    const { card, weights } = loadCheckpoint(open.folder, policy);
    const { format: _format, weights: _weights, optimiser: _optimiser, ...about } = card;
    saveCheckpoint(folder, about, weights);
  }
  writeCurve(folder, CURVE_FILE, open.curve);
}
