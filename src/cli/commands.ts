// cli/ · Commands: what can be asked, in the order in which a study goes.
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { galleryCommand } from "./gallery.ts";
import { importCommand } from "./import.ts";
import { initCommand } from "./init.ts";
import { planCommand } from "./plan.ts";
import { rehearseCommand } from "./rehearse.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { statusCommand } from "./status.ts";
import { verifyCommand } from "./verify.ts";
import { workerCommand } from "./worker.ts";
import { worldCommand } from "./world.ts";

export function commands(): readonly CommandUnknownOpts[] {
  return [
    explainCommand(),
    initCommand(),
    doctorCommand(),
    rehearseCommand(),
    planCommand(),
    runCommand(),
    workerCommand(),
    statusCommand(),
    importCommand(),
    galleryCommand(),
    verifyCommand(),
    schemaCommand(),
    worldCommand(),
  ];
}
