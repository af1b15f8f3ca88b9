// study/ · Rehearse design: what of a declared study decides what it can tell, and the usual study where none is declared.
import { EXPERIMENTS } from "../experiments/all.ts";
import { paperReader } from "../experiments/paper-reader.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Reader } from "../terms/seen.ts";
import type { Study } from "../terms/study.ts";
import type { Bench } from "./bench.ts";
import type { Without } from "./imagined-answers.ts";
import { matchProblems, pairedWith } from "./pair.ts";
import { KINDS } from "./policies.ts";
import type { RehearsalDesign } from "./rehearse.ts";

/** What is expected before anything is known: a base that solves three in ten, and a gain of a quarter. */
const BASE = 0.3;
const GAIN = 0.25;
/** Problems whose number of steps nobody knows are taken to be of these. */
const LENGTHS = [2, 3, 4, 6, 8];
const USUAL = { problems: 40, rollouts: 32, scored: 8, rlRollouts: 1e6 };
/** Nearer to none or all, no law of problems is drawn. */
const LEAST = 0.02;

export const LIVE: readonly string[] = EXPERIMENTS.flatMap(({ name, live }) => (live === undefined ? [] : [name]));

/**
 * Where no study is declared: a task whose steps are verified, engines that continue and score token ids, every experiment.
 *
 * @param gain as in Known
 */
export function usualDesign(gain?: number): RehearsalDesign {
  const { problems, rollouts, scored, rlRollouts } = USUAL;
  return { steps: spread(problems), rollouts, scored, rlRollouts, experiments: LIVE, ...expectedFrom([], gain) };
}

/** What is known beside the declaration. */
export interface Known extends Pick<RehearsalDesign, "habits" | "portrait"> {
  /** Mean success that the tuned policy is told to have more, in (0, 1): published, say. */
  readonly gain?: number;
}

/**
 * @param evidence what the notebook has of base and tuned policy, or of the base alone: the base's success and the gain are taken from it. A gain
 *   that is told goes before one that is seen; one that is not there or negative cannot be shared out, and then the usual one is expected
 */
export function designOf(
  study: Study,
  bench: Bench,
  evidence: readonly PolicyEvidence[] = [],
  { habits, portrait, gain }: Known = {},
): RehearsalDesign {
  const reader = bench.readerOf?.(() => []);
  const known = bench.problems.map(({ steps }) => steps);
  const steps = known.every((own) => own !== undefined) ? known : spread(bench.problems.length);
  return {
    steps,
    rollouts: study.rollouts,
    scored: study.scored,
    experiments: reader === undefined ? [] : (study.experiments ?? LIVE).filter((name) => LIVE.includes(name)),
    ...(study.handoff === undefined ? {} : { handoff: study.handoff }),
    without: withoutOf(study, bench, reader),
    ...(study.yardstick === undefined ? {} : { rlRollouts: study.yardstick.rlRollouts }),
    policies: [study.policies[0]!.name, study.policies.at(-1)!.name],
    ...expectedFrom(evidence, gain),
    ...(habits === undefined ? {} : { habits }),
    ...(portrait === undefined ? {} : { portrait }),
  };
}

/** What the study's task, prompts and engines do not give. */
function withoutOf(study: Study, bench: Bench, reader: Reader | undefined): Without {
  const onlyTexts = study.policies.some(({ engine }) => KINDS.find(({ kind }) => kind === engine)?.onlyTexts === true);
  const { problems, twins } = bench;
  return {
    twins: twins.length === 0,
    variants: (study.variants ?? []).length === 0,
    bare:
      !problems.every(({ id }) => bench.openingOf(id) !== undefined) &&
      !study.policies.every(({ chat }) => chat === true),
    gold: problems.some(({ gold }) => gold === undefined),
    luck: study.tasks.every((task) => "grading" in task && task.grading !== "outcome"),
    tokens: onlyTexts,
    reads: unreadBy(reader),
  };
}

/** What paper can read in a text and that task cannot. */
export function unreadBy(reader: Reader | undefined): NonNullable<Without["reads"]> {
  const paper = Object.keys(paperReader(new Map(), new Map())) as (keyof Reader)[];
  return paper.filter(
    (field): field is Exclude<keyof Reader, "tokensWithin"> =>
      field !== "tokensWithin" && reader?.[field] === undefined,
  );
}

function spread(problems: number): number[] {
  return Array.from({ length: problems }, (_, i) => LENGTHS[i % LENGTHS.length]!);
}

function expectedFrom(
  evidence: readonly PolicyEvidence[],
  told: number | undefined,
): Pick<RehearsalDesign, "base" | "gain" | "gainGuessed" | "gainTold"> {
  if (evidence.length === 0) return { base: BASE, ...gainOf(BASE, told, GAIN) };
  const { problems } = pairedWith(matchProblems(evidence), evidence.length - 1);
  const rate = (side: 0 | 1): number =>
    problems.reduce((sum, { sides }) => sum + (sides[side].n === 0 ? 0 : sides[side].right / sides[side].n), 0) /
    problems.length;
  const base = Math.min(1 - 2 * LEAST, Math.max(LEAST, rate(0)));
  const seen = rate(1) - rate(0);
  if (told === undefined && seen <= LEAST) return { ...gainOf(base, undefined, GAIN), base, gainGuessed: true };
  return { base, ...gainOf(base, told, seen) };
}

/** No law of problems is drawn where hardly any is wrong. */
function gainOf(base: number, told: number | undefined, expected: number): Pick<RehearsalDesign, "gain" | "gainTold"> {
  const gain = Math.min(told ?? expected, 1 - LEAST - base);
  return told === undefined ? { gain } : { gain, gainTold: true };
}
