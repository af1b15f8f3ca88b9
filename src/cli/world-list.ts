// cli/ · World list: which worlds there are, what is planted in them, and which are built.
import { Command } from "@commander-js/extra-typings";
import { table } from "../report/layout.ts";
import { cacheOption, seedOption } from "./world-options.ts";

const WIDTH = 100;

export function listCommand() {
  return new Command("list")
    .summary("the worlds, what is planted in each, and which are built")
    .description("Of each planted world what was planted in it, on which task, and whether it is built.")
    .addOption(seedOption())
    .addOption(cacheOption())
    .option("--json", "print one JSON list instead of a table")
    .action(async ({ seed, cache, json }) => {
      const [{ WORLDS }, { defaultCache, findWorld, SHIPPED }] = await Promise.all([
        import("../worlds/all.ts"),
        import("../worlds/open.ts"),
      ]);
      const worlds = WORLDS.map((world) => ({
        name: world.name,
        planted: world.planted,
        changes: world.changes,
        moves: world.moves,
        seed,
        built: standing(findWorld(world, { seed, cache: cache ?? defaultCache() }), SHIPPED),
      }));
      if (json) process.stdout.write(`${JSON.stringify(worlds, null, 2)}\n`);
      else {
        const heads = ["world", "planted in the base", "what training changes", "moves", "built?"];
        // An empty row keeps wrapped cells of one world together.
        const rows = worlds.flatMap(({ name, planted, changes, moves, built }) => [
          [name, planted, changes, moves.length === 0 ? "nothing" : moves.join(", "), built],
          [],
        ]);
        const lines = table(
          heads.map((head) => ({ head })),
          rows.slice(0, -1),
          WIDTH,
        );
        process.stdout.write(`${lines.join("\n")}\n\ncrucis world build NAME makes one, with seed ${seed}.\n`);
      }
    });
}

function standing(folder: string | undefined, shipped: string): "shipped" | "yes" | "no" {
  if (folder === undefined) return "no";
  return folder.startsWith(shipped) ? "shipped" : "yes";
}
