// cli/ · World truth: what the policies of a built world do, exactly, as text, JSON or a page.
import { Command } from "@commander-js/extra-typings";
import { renderTruthHtml } from "../report/truth-html.ts";
import { renderTruthText } from "../report/truth-text.ts";
import { VERSION } from "../study/version.ts";
import { writeWhole } from "./output.ts";
import { progressLine } from "./progress.ts";
import { cacheOption, opened, seedOption } from "./world-options.ts";

export function truthCommand() {
  return new Command("truth")
    .summary("what a built world's policies do, computed exactly")
    .description(
      "Success, strategies, hand-off shares and missing bits of every policy, by summing the accepted answers of each " +
        "problem. Nothing is sampled. A world that does not keep what it promises is told, then refused: exit code 2.",
    )
    .argument("<name>", "a world")
    .addOption(seedOption())
    .addOption(cacheOption())
    .option("--json", "print one JSON document instead of text")
    .option("--html <file>", "also write one offline HTML page")
    .action(async (name, { seed, cache, json, html }) => {
      const { world, policies, curve } = await opened(name, { seed, cache });
      const { refuseUnkept, truthOf } = await import("../worlds/truth.ts");
      const progress = progressLine();
      const truth = await truthOf({
        world,
        seed,
        policies,
        crucis: VERSION,
        onProgress: (done) => progress.share(`truth of ${name}`, done),
      });
      progress.end();
      if (html !== undefined) await writeWhole(html, renderTruthHtml({ truth, curve }));
      process.stdout.write(json ? `${JSON.stringify(truth, null, 2)}\n` : renderTruthText(truth));
      // JSON goes to other programs; the path is for the person.
      if (html !== undefined) (json ? process.stderr : process.stdout).write(`\nPage: ${html}\n`);
      refuseUnkept(truth);
    });
}
