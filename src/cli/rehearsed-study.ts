// cli/ · Rehearsed study: what a command that rehearses was told to rehearse: a declared study with what its folder holds, or a usual one.
import { existsSync } from "node:fs";
import { Store } from "../evidence/store.ts";
import { habitsOf } from "../study/habits.ts";
import { asPaired } from "../study/imported.ts";
import { Kept } from "../study/kept.ts";
import { seenOf } from "../study/live.ts";
import { portraitOf } from "../study/portrait.ts";
import type { RehearsalDesign } from "../study/rehearse.ts";
import { designOf, usualDesign } from "../study/rehearse-design.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Study } from "../terms/study.ts";
import { studyAt } from "./study-folder.ts";

export interface Rehearsed {
  readonly title: string;
  readonly design: RehearsalDesign;
  /** One study of that design, in words. */
  readonly inWords: string;
  /** Tokens of a rollout, mean over those that are kept. */
  readonly tokensPerRollout?: number;
  readonly study?: Study;
}

/** @param gain that the tuned policy is told to have, in (0, 1); as the folder shows, or a guess, where not said */
export async function rehearsedStudy(
  named: string | undefined,
  folder: string | undefined,
  gain?: number,
): Promise<Rehearsed> {
  return named === undefined ? usual(gain) : declared(named, folder, gain);
}

function usual(gain: number | undefined): Rehearsed {
  const design = usualDesign(gain);
  return { title: "a usual study", design, inWords: inWords(design, "as a guess") };
}

async function declared(named: string, given: string | undefined, gain: number | undefined): Promise<Rehearsed> {
  const { study, bench, folder } = await studyAt(named, given);
  const evidence: PolicyEvidence[] = [];
  let known: Pick<RehearsalDesign, "habits" | "portrait"> = {};
  if (existsSync(folder)) {
    const store = await Store.open(folder, { write: false });
    try {
      evidence.push(...(await store.evidence()));
      const seen = await seenOf(study, bench, new Kept(store));
      if (seen !== undefined && seen.rollouts.length > 0) {
        const shown = asPaired(seen);
        const portrait = portraitOf(shown);
        known = { habits: habitsOf(shown), ...(portrait === undefined ? {} : { portrait }) };
      }
    } finally {
      await store.close();
    }
  }
  const order = study.policies.map(({ name }) => name);
  const kept = order.flatMap((name) => evidence.find(({ policy }) => policy === name) ?? []);
  // Policies between the two ends, or the tuned one, may have no answers yet.
  const base = kept.filter(({ policy }) => policy === order[0]);
  const usable = kept.length === order.length ? kept : base;
  const design = designOf(study, bench, usable, { ...known, ...(gain === undefined ? {} : { gain }) });
  const from = usable.length > 0 ? "from what the folder holds" : "as a guess";
  const tokens = kept.flatMap(({ problems }) =>
    problems.flatMap(({ rollouts = [] }) => rollouts.flatMap((one) => one.tokens ?? [])),
  );
  return {
    title: `“${study.title}”`,
    design,
    inWords: inWords(design, from),
    study,
    ...(tokens.length === 0 ? {} : { tokensPerRollout: tokens.reduce((sum, one) => sum + one, 0) / tokens.length }),
  };
}

export function inWords(
  { steps, rollouts, scored, experiments, base, gain, gainGuessed, gainTold, portrait }: RehearsalDesign,
  from: string,
): string {
  const lengths = [Math.min(...steps), Math.max(...steps)];
  const gained = gainTold
    ? "as told"
    : gainGuessed
      ? "as a guess: the answers at hand show none to share out"
      : undefined;
  return [
    `Each: ${steps.length} problems of ${lengths[0]} to ${lengths[1]} steps, ${rollouts} rollouts of each under base and tuned`,
    `policy, ${scored} of them scored, ${experiments.length} experiments that ask more; a base that ${portrait === undefined ? "" : "goes about it as its answers show and "}is right in ${base.toFixed(2)}${gained === undefined ? "" : `, ${from},`} and a`,
    `gain of ${gain.toFixed(2)}, ${gained ?? from}.`,
  ].join(" ");
}

/** For JSON.stringify: what a portrait shows of every problem is in the study's own folder. */
export function withoutPortraits(key: string, value: unknown): unknown {
  return key === "portrait" ? undefined : value;
}
