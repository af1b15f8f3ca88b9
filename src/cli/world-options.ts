// cli/ · World options: what the world subcommands share. Worlds are loaded only where one is asked for: `crucis explain`, which
// needs none, would start half as fast again with them.
import { Option } from "@commander-js/extra-typings";
import { StudyError } from "../terms/errors.ts";
import type { OpenWorld } from "../worlds/open.ts";
import { whole } from "./numbers.ts";

/** Names the random streams of training, so it names the world. */
export const seedOption = () =>
  new Option("--seed <number>", "seed of the world: same world and seed, same weights").argParser(whole).default(1);

export const cacheOption = () =>
  new Option(
    "--cache <folder>",
    "where built worlds are kept; crucis/worlds in $XDG_CACHE_HOME or ~/.cache unless told",
  );

/** StudyError where there is no such world, where it is not built, and where what is kept of it was damaged. */
export async function opened(
  name: string,
  { seed, cache }: { readonly seed: number; readonly cache?: string | undefined },
): Promise<OpenWorld> {
  const [{ worldNamed }, { defaultCache, openWorld }] = await Promise.all([
    import("../worlds/all.ts"),
    import("../worlds/open.ts"),
  ]);
  return openWorld(worldNamed(name), { seed, cache: cache ?? defaultCache() });
}

export const policyOption = () =>
  new Option("--policy <name>", "one of the world's policies, in training order base … tuned").default("tuned");

export function policyOf({ world, policies }: OpenWorld, name: string): OpenWorld["policies"][number] {
  const found = policies.find((policy) => policy.name === name);
  if (found === undefined)
    throw new StudyError({
      code: "world-policy",
      what: `world ${world.name} has no policy ${JSON.stringify(name)}`,
      mend: `choose one of ${policies.map((policy) => policy.name).join(", ")}`,
    });
  return found;
}
