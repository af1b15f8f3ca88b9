// cli/ · Program: the command line. Parses, reads, tells; every judgement is made elsewhere.
import { Command } from "@commander-js/extra-typings";
import { CommanderError } from "commander";
import { CrucisError } from "../terms/errors.ts";
import { VERSION } from "../study/version.ts";
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

/** Bad input: the user can mend it. Anything else that throws is our fault and keeps its stack. */
const BAD_INPUT = 2;

const program = new Command("crucis")
  .description(
    "Where did the gain come from? Tells apart the rival explanations of what reinforcement learning did to a language model.",
  )
  .version(VERSION)
  .showHelpAfterError("(crucis --help lists the commands)")
  .exitOverride()
  .addCommand(explainCommand().exitOverride())
  .addCommand(initCommand().exitOverride())
  .addCommand(doctorCommand().exitOverride())
  .addCommand(rehearseCommand().exitOverride())
  .addCommand(planCommand().exitOverride())
  .addCommand(runCommand().exitOverride())
  .addCommand(workerCommand().exitOverride())
  .addCommand(statusCommand().exitOverride())
  .addCommand(importCommand().exitOverride())
  .addCommand(galleryCommand().exitOverride())
  .addCommand(verifyCommand().exitOverride())
  .addCommand(schemaCommand().exitOverride())
  .addCommand(worldCommand().exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
  else if (error instanceof CrucisError) {
    process.stderr.write(`crucis: ${error.message}\n`);
    process.exitCode = BAD_INPUT;
  } else throw error;
}
