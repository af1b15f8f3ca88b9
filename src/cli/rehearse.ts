// cli/ · Rehearse: `crucis rehearse [study]`, could this study tell the rivals apart? Nothing is asked of anybody.
import { existsSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { rehearsalOf } from "../attribution/rehearsal.ts";
import { Store } from "../evidence/store.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import { renderRehearsalText, type RehearsedOf } from "../report/rehearsal-text.ts";
import { blindTo, neighbours, type RehearsalDesign, scenesOf } from "../study/rehearse.ts";
import { designOf, usualDesign } from "../study/rehearse-design.ts";
import { VERSION } from "../study/version.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import { positive, whole } from "./numbers.ts";
import { progressLine } from "./progress.ts";
import { playAll } from "./rehearse-crew.ts";
import { studyAt } from "./study-folder.ts";

const STUDIES = 3;
/** Of the Monte Carlo error. */
const LEVEL = 0.9;

export function rehearseCommand() {
  return new Command("rehearse")
    .summary("could this study tell the rivals apart? On paper, before the first answer")
    .description(
      "Plays the declared study on imagined policies, each changed by one rival or by two, at the planned sample sizes and\n" +
        "with the real estimators: how often each pair of rivals is told apart, by which experiment, and how well the\n" +
        "ledger's entries will be known. No engine is asked. What the study's folder already holds says how good the base is.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one; a usual study unless told")
    .option("--folder <folder>", "where the evidence is kept; beside study.yaml unless told")
    .option("--studies <number>", "on paper, of each rival", positive, STUDIES)
    .option("--pairs <number>", "of each pair of neighbouring rivals, both of them the cause", whole, 1)
    .option("--seed <number>", "names the random streams", whole, 1)
    .option("--json", "print one JSON document instead of text")
    .action(async (named, { folder: given, studies, pairs, seed, json }) => {
      const { design, of } = named === undefined ? usual() : await declared(named, given);
      const scenes = scenesOf(studies, pairs === 0 ? [] : neighbours(), pairs, seed);
      const progress = progressLine();
      const played = await playAll(
        scenes.map((scene) => ({ scene, design })),
        (done) => progress.share("studies on paper", done / scenes.length, `${done} of ${scenes.length}`),
      );
      progress.end();
      const rehearsal = rehearsalOf(played, LEVEL, blindTo(design.experiments));
      process.stdout.write(
        json
          ? `${JSON.stringify({ crucis: VERSION, command: "rehearse", design, seed, ...rehearsal }, null, 2)}\n`
          : renderRehearsalText(rehearsal, { ...of, basis: `${scenesInWords(studies, pairs)} ${of.basis}` }),
      );
    });
}

function scenesInWords(studies: number, pairs: number): string {
  const two = pairs === 0 ? "" : `, ${pairs} of each of ${neighbours().length} pairs`;
  return `${studies} studies on paper of each of ${EXPLANATIONS.length} rivals${two}; no engine was asked.`;
}

interface Named {
  readonly design: RehearsalDesign;
  readonly of: RehearsedOf;
}

function usual(): Named {
  const design = usualDesign();
  return { design, of: { title: "Rehearsal of a usual study", basis: inWords(design, "as a guess") } };
}

async function declared(named: string, given: string | undefined): Promise<Named> {
  const { study, bench, folder } = await studyAt(named, given);
  const evidence: PolicyEvidence[] = [];
  if (existsSync(folder)) {
    const store = await Store.open(folder, { write: false });
    try {
      evidence.push(...(await store.evidence()));
    } finally {
      await store.close();
    }
  }
  const order = study.policies.map(({ name }) => name);
  const kept = order.flatMap((name) => evidence.find(({ policy }) => policy === name) ?? []);
  const design = designOf(study, bench, kept.length === order.length ? kept : []);
  const from = kept.length === order.length ? "from what the folder holds" : "as a guess";
  return { design, of: { title: `Rehearsal: ${study.title}`, basis: inWords(design, from) } };
}

function inWords({ steps, rollouts, scored, experiments, base, gain }: RehearsalDesign, from: string): string {
  const lengths = [Math.min(...steps), Math.max(...steps)];
  return [
    `Each: ${steps.length} problems of ${lengths[0]} to ${lengths[1]} steps, ${rollouts} rollouts of each under base and tuned`,
    `policy, ${scored} of them scored, ${experiments.length} experiments that ask more; a base that is right in ${base.toFixed(2)} and a`,
    `gain of ${gain.toFixed(2)}, ${from}.`,
  ].join(" ");
}
