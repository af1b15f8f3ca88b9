// cli/ · World export: a policy's network as other programs open it.
import { mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { StudyError } from "../terms/errors.ts";
import type { Portable } from "../worlds/files/portable.ts";
import { cacheOption, opened, policyOf, policyOption, seedOption } from "./world-options.ts";

export function exportCommand() {
  return new Command("export")
    .summary("write a policy's weights for llama.cpp (gguf) or transformers and vLLM (huggingface)")
    .description("The weights as they are, for engines that know nothing of worlds.")
    .argument("<name>", "a world")
    .addOption(policyOption())
    .addOption(
      new Option("--as <format>", "the format").choices(["gguf", "huggingface"] as const).makeOptionMandatory(),
    )
    .requiredOption("--to <path>", "a file for gguf, a folder for huggingface")
    .addOption(seedOption())
    .addOption(cacheOption())
    .action(async (name, { policy, as, to, seed, cache }) => {
      const world = await opened(name, { seed, cache });
      const { card } = policyOf(world, policy);
      if (card.transform.kind !== "none")
        throw new StudyError({
          code: "world-export-transform",
          what: `policy ${policy} of ${name} is the base's network under a transform (${card.transform.kind})`,
          why: "which no file of weights can carry",
          mend: "export --policy base, or ask this one through crucis world serve",
        });
      const [{ loadCheckpoint }, { toGguf }, { toHuggingFace }, { writeWholeFile }] = await Promise.all([
        import("../worlds/files/checkpoint.ts"),
        import("../worlds/files/gguf.ts"),
        import("../worlds/files/hugging-face.ts"),
        import("../worlds/files/whole-file.ts"),
      ]);
      const { weights } = loadCheckpoint(world.folder, policy);
      const { shape, vocabulary, end } = card;
      const model: Portable = { shape, weights, vocabulary, end, name: `crucis ${name} ${policy} seed ${seed}` };
      const files: readonly (readonly [folder: string, file: string, bytes: Uint8Array])[] =
        as === "gguf"
          ? [[dirname(to), basename(to), toGguf(model)]]
          : [...toHuggingFace(model)].map(([file, bytes]) => [to, file, bytes] as const);
      try {
        for (const [folder, file, bytes] of files) {
          mkdirSync(folder, { recursive: true });
          writeWholeFile(folder, file, bytes);
        }
      } catch (error) {
        throw new StudyError({
          code: "cannot-write",
          what: `${to} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
          mend: as === "gguf" ? "name a file that is yours to write" : "name a folder that is yours to write",
        });
      }
      process.stdout.write(`${policy} of ${name} as ${as}: ${to}\n`);
    });
}
