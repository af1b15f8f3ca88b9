// study/ · Rehearse: the declared study on paper: drawn by a rival, answered, estimated and judged as a real one would be. DESIGN §4.
import { type Judged, judge } from "../attribution/judgement.ts";
import { liveLedger, type Told } from "../attribution/live-ledger.ts";
import { EVERYTHING, type Played, type Standings, STORED } from "../attribution/rehearsal.ts";
import { separates } from "../attribution/separation.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { gainRows } from "../experiments/gain-rows.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { type Stream, stream } from "../maths/random.ts";
import { type Finding, Findings } from "../terms/finding.ts";
import type { GainRow } from "../terms/gain-row.ts";
import type { HandoffSizes } from "../terms/seen.ts";
import { type Limits, LIMITS } from "../terms/limits.ts";
import { type Estimated, estimatesOf } from "./estimates.ts";
import type { Habits } from "./habits.ts";
import { drawFrom, lawOf } from "./imagined.ts";
import { drawAsSeen, shareAsSeen } from "./imagined-as-seen.ts";
import { drawByRivals, type Drawn } from "./imagined-by-rival.ts";
import { type ImaginedStudy, imaginedStudy, type Without } from "./imagined-answers.ts";
import { matchProblems, pairedWith } from "./pair.ts";
import type { Portrait } from "./portrait.ts";
import { rowsAsSeen, unhanded } from "./rows-as-seen.ts";

/** What is declared, as far as it decides what a study can tell. */
export interface RehearsalDesign {
  /** L of every problem, whole numbers ≥ 1. */
  readonly steps: readonly number[];
  /** Of each problem and policy. */
  readonly rollouts: number;
  /** Of those, how many base and tuned score. */
  readonly scored: number;
  /** Experiments that ask as they go. */
  readonly experiments: readonly string[];
  readonly handoff?: HandoffSizes;
  readonly without?: Without;
  /** Rollouts that training drew, where it was said. */
  readonly rlRollouts?: number;
  /** Mean success of the base, and how much more the tuned policy has: guessed, or from what the notebook has. */
  readonly base: number;
  readonly gain: number;
  /** The notebook has answers that show no gain: a usual one is expected. */
  readonly gainGuessed?: true;
  /** The gain was told by whoever rehearses, not seen. */
  readonly gainTold?: true;
  readonly habits?: Habits;
  /** Of both policies, where answers of both are there: studies go on as it shows. */
  readonly portrait?: Portrait;
  /** Of intervals, where they are not the usual ones. */
  readonly limits?: Limits;
  /** What base and tuned policy are called; so where not said. */
  readonly policies?: readonly [string, string];
}

/** One study to play. */
export interface Scene {
  /** Rivals that are the cause; none for what was seen, whatever the cause. */
  readonly truth: readonly string[];
  readonly seed: number;
}

/** Resamples of a study on paper: its intervals are a few percent rougher than those of a real one. */
const REPLICATES = 150;
const DRAWS = 500;

/** Studies that go on as seen, for each of a rival: they alone say how well the ledger will be known. */
const AS_SEEN = 4;

/** Every rival alone, `studies` times; so many times each of the pairs that are asked for; and what was seen, where anything was. */
export function scenesOf(
  studies: number,
  pairs: readonly (readonly [string, string])[],
  studiesOfPair: number,
  seed: number,
  { portrait }: Pick<RehearsalDesign, "portrait"> = {},
): Scene[] {
  const times = (truth: readonly string[], of: number): Scene[] =>
    Array.from({ length: of }, (_, i) => ({ truth, seed: stream(seed, `rehearse/${truth.join("+")}`, i).uint32() }));
  return [
    ...EXPLANATIONS.flatMap(({ name }) => times([name], studies)),
    ...pairs.flatMap((pair) => times(pair, studiesOfPair)),
    ...(portrait === undefined || portrait.baseAlone ? [] : times([], AS_SEEN * studies)),
  ];
}

/**
 * Pairs of causes that a rehearsal plays beside the rivals alone: each with the one after it in the list. Two that both say that one way is
 * chosen more often are not two causes.
 */
export function neighbours(): (readonly [string, string])[] {
  const causes = EXPLANATIONS.filter(({ moves }) => moves.length > 0);
  const chooses = ({ moves }: Explanation): boolean => moves.some((part) => part.startsWith("strategy-"));
  return causes.flatMap((one, i) => {
    const other = causes[(i + 1) % causes.length]!;
    return chooses(one) && chooses(other) ? [] : [[one.name, other.name] as const];
  });
}

/** Deterministic in scene and design. @throws RangeError for a rival that is not known */
export function play({ truth, seed }: Scene, design: RehearsalDesign): Played {
  const study = imagine({ truth, seed }, design);
  return {
    truth,
    seed,
    ...judgedOn(study, seed, design, truth.length > 0 ? undefined : seenRows(seed, design)),
    price: priceOf(study),
  };
}

/** What goes on as seen is shared out as problems like those at hand are, where these were asked in full. */
function seenRows(seed: number, { steps, rollouts, experiments, portrait }: RehearsalDesign): GainRow[] | undefined {
  const planned = { steps, rollouts, handed: experiments.includes("handoff") };
  return portrait && rowsAsSeen(portrait.rows, planned, stream(seed, "study/rehearse/rows"));
}

export function imagine({ truth, seed }: Scene, design: RehearsalDesign): ImaginedStudy {
  const random = stream(seed, "study/rehearse");
  // Twins are other problems of the same kind, with a lot of their own.
  const both = [...design.steps, ...design.steps];
  const { problems, answers } = drawnUnder(truth, design, both, random);
  return imaginedStudy(
    problems.slice(0, design.steps.length),
    {
      policies: design.policies ?? ["base", "tuned"],
      rollouts: design.rollouts,
      scored: design.scored,
      experiments: design.experiments,
      ...(design.handoff === undefined ? {} : { handoff: design.handoff }),
      seed,
      ...(design.without === undefined ? {} : { without: design.without }),
      ...(answers === undefined ? {} : { answers }),
    },
    problems.slice(design.steps.length),
  );
}

/** As seen where no rival is named, or where the answers show those named to be nearly all of it; else as the rivals have it, on the base that was seen where that leaves them room. */
function drawnUnder(
  truth: readonly string[],
  { portrait, ...design }: RehearsalDesign,
  steps: readonly number[],
  random: Stream,
): Drawn {
  const rivals = truth.map(rivalNamed);
  const seen = portrait?.baseAlone ? undefined : portrait;
  if (rivals.length === 0 && seen === undefined)
    throw new RangeError("no tuned policy was seen, so nothing can be played as seen");
  if (seen !== undefined && (rivals.length === 0 || (shareAsSeen(seen, rivals) ?? 0) >= LIMITS.sufficientShare)) {
    const { answers } = seen;
    return { problems: drawAsSeen(seen, steps, random), ...(answers === undefined ? {} : { answers }) };
  }
  const onItsBase = portrait && drawByRivals(portrait, rivals, design.gain, steps, random);
  return onItsBase ?? { problems: drawFrom(lawOf(rivals, design, random), steps, random) };
}

function rivalNamed(name: string): Explanation {
  const found = EXPLANATIONS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no rival is called ${name}`);
  return found;
}

/**
 * What real estimators and the real judgement make of it: of everything, and of each experiment beside the stored answers.
 *
 * @param asSeen rows for the ledger; those of the study on paper where not said
 */
function judgedOn(
  study: ImaginedStudy,
  seed: number,
  design: RehearsalDesign,
  asSeen: readonly GainRow[] | undefined,
): Pick<Played, "standings" | "halfWidths" | "values"> {
  const limits = design.limits ?? LIMITS;
  const matched = matchProblems(study.evidence);
  const main = pairedWith(matched, 1);
  const settings = { seed, level: limits.level, clusterByFamily: false, draws: DRAWS, rough: true };
  const estimated = estimatesOf(matched, main, study.seen, settings);
  const handed = design.experiments.includes("handoff");
  const rows = new Map<boolean, readonly GainRow[]>();
  const told: Told = new WeakMap();
  const rowsOf = (withHandoff: boolean): readonly GainRow[] => {
    let found = rows.get(withHandoff);
    if (found === undefined) {
      const { seen } = study;
      const rollouts = withHandoff ? seen.rollouts : seen.rollouts.filter(({ experiment }) => experiment !== "handoff");
      const own = (): GainRow[] => gainRows({ ...seen, rollouts }, seen.policies.at(-1)!);
      found = asSeen === undefined ? own() : withHandoff ? asSeen : asSeen.map(unhanded);
      rows.set(withHandoff, found);
    }
    return found;
  };
  const judgeAll = (some: readonly Estimated[]): { judged: readonly Judged[]; findings: readonly Finding[] } => {
    const before = some.flatMap(({ findings }) => findings);
    const shared = liveLedger(new Findings(before), limits, {
      policies: study.seen.policies,
      rows: [rowsOf(handed && some.some(({ experiment }) => experiment === "handoff"))],
      seed,
      yardstick: 1 / (design.rlRollouts ?? Number.POSITIVE_INFINITY),
      replicates: REPLICATES,
      told,
    });
    const findings = [...before, ...shared.findings];
    return { judged: judge(EXPLANATIONS, new Findings(findings), limits), findings };
  };
  const stored = estimated.filter((one) => one.stored);
  const all = judgeAll(estimated);
  const alone = byName(judgeAll(stored).judged);
  const standings: Record<string, Standings> = { [EVERYTHING]: byName(all.judged), [STORED]: alone };
  // One that is refused leaves what is known without it.
  for (const one of estimated)
    if (!one.stored && design.experiments.includes(one.experiment))
      standings[one.experiment] = one.done ? byName(judgeAll([...stored, one]).judged) : alone;
  const halfWidths: Record<string, number> = {};
  const values: Record<string, number> = {};
  for (const { name, estimate } of all.findings) {
    if (estimate.kind !== "measured") continue;
    values[name] = estimate.value;
    const cause = /^ledger\/([^/]+)$/.exec(name)?.[1];
    if (cause === undefined) continue;
    const { aloneLow = estimate.low, aloneHigh = estimate.high } = (estimate.diagnostic ?? {}) as Record<
      string,
      number
    >;
    if (aloneLow !== undefined && aloneHigh !== undefined) halfWidths[cause] = (aloneHigh - aloneLow) / 2;
  }
  return { standings, halfWidths, values };
}

function byName(judged: readonly Judged[]): Standings {
  return Object.fromEntries(judged.map(({ explanation: { name }, standing }) => [name, standing]));
}

/** In whole rollouts: tokens on paper over those of a mean paired rollout. */
function priceOf({ tokens, seen }: ImaginedStudy): Played["price"] {
  const drawn = seen.rollouts.filter(({ experiment }) => experiment === "paired-sampling");
  const mean = tokens[STORED]!.generated / drawn.length;
  return Object.fromEntries(
    Object.entries(tokens).map(([name, { generated, scored }]) => [
      name,
      { generated: generated / mean, scored: scored / mean },
    ]),
  );
}

/** Why none of these experiments can tell two rivals apart, where that is known from what they see. */
export function blindTo(experiments: readonly string[]): (a: string, b: string) => string | undefined {
  const own = EXPERIMENTS.filter(({ name, live }) => live === undefined || experiments.includes(name));
  return (a, b) => {
    const [one, other] = [rivalNamed(a), rivalNamed(b)];
    if (own.some((experiment) => separates(experiment, one, other))) return undefined;
    const could = EXPERIMENTS.filter((experiment) => separates(experiment, one, other)).map(({ name }) => name);
    return could.length === 0
      ? "no experiment sees a part of behaviour that one of them moves and the other does not"
      : `only ${could.join(", ")} would see what one of them moves and the other does not`;
  };
}
