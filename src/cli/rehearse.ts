// cli/ · Rehearse: `crucis rehearse [study]`, could this study tell the rivals apart? Nothing is asked of anybody.
import { Command } from "@commander-js/extra-typings";
import { rehearsalOf } from "../attribution/rehearsal.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import { renderRehearsalText } from "../report/rehearsal-text.ts";
import { blindTo, neighbours, scenesOf } from "../study/rehearse.ts";
import { VERSION } from "../study/version.ts";
import { positive, share, whole } from "./numbers.ts";
import { progressLine } from "./progress.ts";
import { playAll } from "./rehearse-crew.ts";
import { rehearsedStudy, withoutPortraits } from "./rehearsed-study.ts";

const STUDIES = 3;
/** Of the Monte Carlo error. */
const LEVEL = 0.9;

export function rehearseCommand() {
  return new Command("rehearse")
    .summary("could this study tell the rivals apart? On paper, before the first answer")
    .description(
      "Plays the declared study on imagined policies, each changed by one rival or by two, at the planned sample sizes and " +
        "with the real estimators: how often each pair of rivals is told apart, by which experiment, and how well the " +
        "ledger's entries will be known. No engine is asked. What the study's folder already holds says how good the base is.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one; a usual study unless told")
    .option("--folder <folder>", "where the evidence is kept; beside study.yaml unless told")
    .option(
      "--gain <share>",
      "gain in pass@1 to expect, a published one for instance; as the folder shows unless told",
      share,
    )
    .option("--studies <number>", "on paper, of each rival", positive, STUDIES)
    .option("--pairs <number>", "of each pair of neighbouring rivals, both of them the cause", whole, 1)
    .option("--seed <number>", "names the random streams", whole, 1)
    .option("--json", "print one JSON document instead of text")
    .action(async (named, { folder: given, gain, studies, pairs, seed, json }) => {
      const { title, design, inWords } = await rehearsedStudy(named, given, gain);
      const scenes = scenesOf(studies, pairs === 0 ? [] : neighbours(), pairs, seed, design);
      const progress = progressLine();
      const played = await playAll(
        scenes.map((scene) => ({ scene, design })),
        (done) => progress.share("studies on paper", done / scenes.length, `${done} of ${scenes.length}`),
      );
      progress.end();
      const rehearsal = rehearsalOf(played, LEVEL, blindTo(design.experiments));
      process.stdout.write(
        json
          ? `${JSON.stringify({ crucis: VERSION, command: "rehearse", design, seed, ...rehearsal }, withoutPortraits, 2)}\n`
          : renderRehearsalText(rehearsal, {
              title: `Rehearsal of ${title}`,
              basis: `${scenesInWords(studies, pairs, rehearsal.asSeen !== undefined)} ${inWords}`,
            }),
      );
    });
}

function scenesInWords(studies: number, pairs: number, asSeen: boolean): string {
  const two = pairs === 0 ? "" : `, ${pairs} of each of ${neighbours().length} pairs`;
  const seen = asSeen ? ", and some that go on as the answers at hand show" : "";
  return `${studies} ${studies === 1 ? "study" : "studies"} on paper of each of ${EXPLANATIONS.length} rivals${two}${seen}; no engine was asked.`;
}
