// cli/ · Program: the command line. Parses, reads, tells; every judgement is made elsewhere.
import { Command } from "@commander-js/extra-typings";
import { CommanderError } from "commander";
import { commands } from "./commands.ts";
import { CrucisError } from "../terms/errors.ts";
import { VERSION } from "../study/version.ts";

/** Bad input: the user can mend it. Anything else that throws is our fault and keeps its stack. */
const BAD_INPUT = 2;
/** What a shell says of a command that wrote to nobody: 128 + SIGPIPE. */
const NO_READER = 141;

// `crucis … | head`: who reads has seen enough. A study goes on where it was, as after a kill.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(NO_READER);
});

const program = new Command("crucis")
  .description(
    "Where did the gain come from? Tells apart the rival explanations of what reinforcement learning did to a language model.",
  )
  .version(VERSION)
  .showHelpAfterError("(crucis --help lists the commands)")
  .exitOverride();
for (const command of commands()) program.addCommand(command.exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
  else if (error instanceof CrucisError) {
    process.stderr.write(`crucis: ${error.message}\n`);
    process.exitCode = BAD_INPUT;
  } else throw error;
}
