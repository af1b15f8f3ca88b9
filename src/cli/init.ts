// cli/ · Init: `crucis init`, a commented study.yaml to begin from, and beside it the schema by which editors check it.
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { StudyError } from "../terms/errors.ts";
import { serversTemplate, worldTemplate } from "./init-templates.ts";
import { schemaText } from "./schema.ts";
import { seedOption } from "./world-options.ts";

const SCHEMA = "study.schema.json";
/** What crucis run looks for in a folder. */
const STUDIES = ["study.yaml", "study.yml", "study.ts"];

export function initCommand() {
  return new Command("init")
    .summary("write a commented study.yaml to begin from")
    .description("Writes study.yaml, and study.schema.json for editors. Nothing that is there is overwritten.")
    .argument("[folder]", "made where there is none", ".")
    .option("--world <name>", "a study of this planted world: it runs as it is, without a server")
    .addOption(seedOption())
    .action(async (folder, { world, seed }) => {
      const text = world === undefined ? serversTemplate() : await worldStudy(world, seed);
      const there = [...STUDIES, SCHEMA].map((name) => join(folder, name)).find((file) => existsSync(file));
      if (there !== undefined) throw occupied(there);
      const file = join(folder, "study.yaml");
      await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        throw cannotWrite(folder, error);
      });
      await writeNew(join(folder, SCHEMA), schemaText());
      await writeNew(file, `# yaml-language-server: $schema=./${SCHEMA}\n${text}`);
      const next =
        world === undefined ? "Put your models and problems into it, then:" : "It is complete, and needs no server:";
      process.stdout.write(`Wrote ${file}. ${next}\n  crucis run ${folder}\n`);
    });
}

async function worldStudy(name: string, seed: number): Promise<string> {
  const [{ worldNamed }, { defaultCache, findWorld }, { CURVE_FILE, readCurve }] = await Promise.all([
    import("../worlds/all.ts"),
    import("../worlds/open.ts"),
    import("../worlds/curve.ts"),
  ]);
  const world = worldNamed(name);
  const folder = findWorld(world, { seed, cache: defaultCache() });
  const curve = folder === undefined ? undefined : readCurve(folder, CURVE_FILE);
  if (curve === undefined)
    throw new StudyError({
      code: "world-not-built",
      what: `world ${name} with seed ${seed} is not built`,
      mend: `run crucis world build ${name} --seed ${seed}`,
    });
  return worldTemplate(world, seed, ["base", ...curve.checkpoints.map(({ policy }) => policy)]);
}

/** Another program may have been quicker: then its file stays. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw occupied(file);
    await rm(file, { force: true });
    throw cannotWrite(file, error as NodeJS.ErrnoException);
  }
}

function occupied(file: string): StudyError {
  return new StudyError({
    code: "study-there",
    what: `${file} is there already`,
    why: "and init overwrites nothing",
    mend: "name another folder, or move it away",
  });
}

function cannotWrite(place: string, { code, message }: NodeJS.ErrnoException): StudyError {
  return new StudyError({
    code: "cannot-write",
    what: `${place} cannot be written (${code ?? message})`,
    mend: "name a folder that is yours to write",
  });
}
