// cli/ · World: `crucis world …`, the planted worlds whose truth is known exactly. One file a subcommand.
import { Command } from "@commander-js/extra-typings";
import { buildCommand } from "./world-build.ts";
import { exportCommand } from "./world-export.ts";
import { listCommand } from "./world-list.ts";
import { sampleCommand } from "./world-sample.ts";
import { serveCommand } from "./world-serve.ts";
import { truthCommand } from "./world-truth.ts";

export function worldCommand() {
  return new Command("world")
    .summary("tiny language models, really trained, whose truth is computed exactly")
    .description(
      "A planted world is a task, a tiny transformer pretrained on a corpus with a known flaw, and a training run that " +
        "mends it. What its policies do is computed exactly, so that a verdict on it can be right or wrong.",
    )
    .addCommand(listCommand().exitOverride())
    .addCommand(buildCommand().exitOverride())
    .addCommand(truthCommand().exitOverride())
    .addCommand(sampleCommand().exitOverride())
    .addCommand(serveCommand().exitOverride())
    .addCommand(exportCommand().exitOverride());
}
