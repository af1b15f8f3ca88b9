// experiments/ · Handoff bits: the missing-bits profile; at which step of the later policy's right answers the base lacks the bits.
import type { EntryInterval } from "../maths/cluster-bootstrap.ts";
import { oneSidedUpper } from "../maths/intervals.ts";
import {
  type BitsInput,
  type BitsProblem,
  type CutRollout,
  FEWEST_CONTINUATIONS,
  type MissingBits,
  missingBits,
} from "../maths/missing-bits.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import { type Missing, type MissingBitsExhibit, type Spot, spotOf } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions, Outcome } from "./experiment.ts";
import {
  type Continuing,
  continuations,
  continuingOf,
  drawnAgain,
  followed,
  keyOf,
  mostCuts,
  startOf,
} from "./handoff-cuts.ts";
import type { Paired } from "./handoff-sources.ts";

const REPLICATES = 200;
const ROUGHLY = 40;
const MOST_PANELS = 6;

interface Profile {
  readonly steps?: number;
  /** The last one is the answer's. */
  readonly places: number;
  /** Segments that the answers are cut into, each. */
  readonly segments: readonly number[];
  readonly problem: BitsProblem;
}

type Panel = MissingBitsExhibit["panels"][number];

/** Of every later policy; the picture stands for the tuned policy with the checkpoints beside it. */
export function bitsOf(
  seen: Seen,
  paired: Paired,
  { level, seed, rough = false }: Pick<EstimateOptions, "level" | "seed" | "rough">,
): Outcome {
  if (seen.reader.steps === undefined) {
    const estimate = refused(
      "the task does not say where steps end, so nothing was cut between them",
      "give a task whose steps are verified",
    );
    return { findings: [{ name: "missing-bits/total", estimate }], exhibits: [] };
  }
  const base = seen.policies[0]!;
  const tuned = seen.policies.at(-1)!;
  const findings: Finding[] = [];
  const missing: Missing[] = [];
  const panels = new Map<string, { steps?: number; problems: number; series: Panel["series"][number][] }>();
  for (const later of seen.policies.slice(1)) {
    const suffix = later === tuned ? "" : `/${later}`;
    const profiles = profilesOf(seen, paired, base, later);
    const options = {
      level,
      replicates: rough ? ROUGHLY : REPLICATES,
      seed,
      rough,
      redraw: redrawing(continuingOf(seen, later)),
    };
    const all = told(profiles, { ...options, name: `missing-bits/${later}` });
    if (all === undefined) {
      const estimate = refused(
        `fewer than 2 problems that ${base} solves sometimes but not always have a right answer of ${later} to follow`,
        "draw more rollouts, or add problems",
      );
      const bound = boundOf(profiles, level);
      findings.push({ name: `missing-bits/total${suffix}`, estimate: bound ?? estimate });
      if (bound !== undefined) findings.push({ name: `missing-bits/neff${suffix}`, estimate });
      missing.push({ what: later, why: estimate.why, mend: estimate.mend });
      continue;
    }
    findings.push(...findingsOf(all, profiles, level, suffix));
    for (const [key, own] of rough ? [] : byLength(profiles)) {
      const one = told(own, { ...options, name: `missing-bits/${later}/${key}` });
      const { steps, places } = own[0]!;
      if (one === undefined) {
        if (later === tuned)
          missing.push({
            what: steps === undefined ? `${places} places` : `L = ${steps}`,
            why: `of ${own.length} problems fewer than 2 are solved by ${base} sometimes but not always`,
            mend: "draw more rollouts, or add problems",
          });
        continue;
      }
      const panel = panels.get(key) ?? { ...(steps === undefined ? {} : { steps }), problems: own.length, series: [] };
      panel.series.push(seriesOf(one, later));
      panels.set(key, panel);
    }
  }
  // Every panel shows the tuned policy.
  const shown = [...panels.values()]
    .filter(({ series }) => series.at(-1)?.checkpoint === tuned)
    .sort((a, b) => a.series[0]!.places.length - b.series[0]!.places.length);
  if (shown.length === 0) return { findings, exhibits: [] };
  const exhibit: MissingBitsExhibit = {
    kind: "missing-bits",
    policies: [base, tuned],
    level,
    place: "step",
    panels: few(shown),
    missing,
  };
  return { findings, exhibits: [exhibit] };
}

/** Six of them, from the shortest to the longest. */
function few(panels: readonly Panel[]): readonly Panel[] {
  if (panels.length <= MOST_PANELS) return panels;
  return Array.from(
    { length: MOST_PANELS },
    (_, i) => panels[Math.round((i * (panels.length - 1)) / (MOST_PANELS - 1))]!,
  );
}

/** Problems with a right answer of `later`, each with its cuts that were gone on from often enough. */
function profilesOf(seen: Seen, paired: Paired, base: string, later: string): Profile[] {
  const counts = continuations(seen, later);
  const steps = new Map(seen.problems.map((problem) => [problem.id, problem.steps]));
  const byProblem = Map.groupBy(followed(seen, paired, later), ({ source }) => source.problem);
  return [...byProblem].map(([problem, list]): Profile => {
    const L = steps.get(problem);
    const answer = L === undefined ? Math.max(...list.map(({ cuts }) => cuts.length)) : placesBefore(L, mostCuts(seen));
    const rollouts = list.map(({ source, cuts }): CutRollout => {
      const known = cuts.flatMap(({ place }) => {
        const { right, of } = counts.get(keyOf(problem, source.index, place)) ?? { right: 0, of: 0 };
        return of < FEWEST_CONTINUATIONS ? [] : [{ place, right, of }];
      });
      return {
        right: known.map(({ right }) => right),
        drawn: known.map(({ of }) => of),
        // Steps beyond the problem's number belong to the last one's place. Bits behind the last cut are the answer's; a cut that was
        // not gone on from leaves its step's bits to the next place.
        places: [...known.map(({ place }) => Math.min(place, answer) - 1), answer],
      };
    });
    const { right, of } = startOf(paired.get(base)?.get(problem) ?? []);
    return {
      ...(L === undefined ? {} : { steps: L }),
      places: answer + 1,
      segments: list.map(({ cuts }) => cuts.length + 1),
      problem: { right, drawn: of, rollouts },
    };
  });
}

/** Cuts of an answer with so many steps. */
function placesBefore(steps: number, most: number): number {
  return Math.ceil(steps / Math.ceil(steps / most));
}

/** Answers with as many places lie on top of each other. */
function byLength(profiles: readonly Profile[]): ReadonlyMap<string, Profile[]> {
  return Map.groupBy(profiles, ({ steps, places }) => `${steps ?? ""}/${places}`);
}

/** How the counts of a study come about, for missingBits: the choice of the cuts that got more is made again. */
export function redrawing(continuing: Continuing): NonNullable<BitsInput["redraw"]> {
  return (start, missing, draws) => {
    const chances = Array.from(missing.subarray(1), (bits) => 2 ** -bits);
    const counts = drawnAgain(continuing, { right: start.right[0]!, of: start.drawn[0]! }, chances, draws);
    return { right: counts.map(({ right }) => right), drawn: counts.map(({ of }) => of) };
  };
}

function told(
  profiles: readonly Profile[],
  options: Pick<BitsInput, "level" | "replicates" | "seed" | "name" | "redraw" | "rough">,
): MissingBits | undefined {
  const places = Math.max(1, ...profiles.map((one) => one.places));
  return missingBits({ ...options, places, problems: profiles.map(({ problem }) => problem) });
}

function findingsOf(all: MissingBits, profiles: readonly Profile[], level: number, suffix: string): Finding[] {
  const { unseen, alwaysSolved, cuts, emptyCuts, dips, shapeBy, atLeast } = all;
  const seenProblems = profiles.length - unseen.length;
  const diagnostic = {
    problems: seenProblems,
    cuts,
    emptyCuts,
    alwaysSolved: alwaysSolved.length,
    unseen: unseen.length,
  };
  const bits = "−log2 of the base's chance, along right answers of the later policy, mean over problems";
  const total: Estimate =
    atLeast === undefined
      ? measured(all.total, level, `${bits}; bootstrap over problems`, diagnostic)
      : {
          kind: "bounded",
          low: atLeast,
          level,
          method: `${bits}; ${unseen.length} problems that the base never solved count with their upper limit`,
        };
  const places = profiles.flatMap(({ segments }) => segments);
  return [
    { name: `missing-bits/total${suffix}`, estimate: total },
    {
      name: `missing-bits/neff${suffix}`,
      estimate: measured(
        all.neff,
        level,
        `2^entropy of the bits' shares, corrected for counting noise by ${shapeBy === "profiles" ? "laws of profiles" : "extrapolation"}, rollout by rollout, then over problems`,
        { ...diagnostic, dips },
      ),
    },
    {
      name: `missing-bits/steps${suffix}`,
      estimate: {
        kind: "measured",
        value: places.reduce((sum, one) => sum + one, 0) / places.length,
        method: "places of the answers that were followed: steps, and the statement of the answer",
      },
    },
  ];
}

/** Where the base never solved some of the problems, and no two only sometimes: those that it always solved lack nothing. */
function boundOf(profiles: readonly Profile[], level: number): Estimate | undefined {
  const unseen = profiles.filter(({ problem }) => problem.right === 0 && problem.drawn > 0);
  if (unseen.length === 0) return undefined;
  const sum = unseen.reduce((bits, { problem }) => bits - Math.log2(oneSidedUpper(0, problem.drawn, level)), 0);
  return {
    kind: "bounded",
    low: sum / profiles.length,
    level,
    method: `−log2 of the base's chance, mean over problems; ${unseen.length} problems that the base never solved count with their upper limit, all others with nothing`,
  };
}

function measured(
  interval: EntryInterval | undefined,
  level: number,
  method: string,
  diagnostic: Readonly<Record<string, number>>,
): Estimate {
  if (interval === undefined)
    return refused("all problems are alike, so nothing is known of its error", "add problems, or draw more rollouts");
  const { value, se, low, high } = interval;
  return { kind: "measured", value, low, high, se, level, method, diagnostic };
}

function seriesOf(one: MissingBits, checkpoint: string): Panel["series"][number] {
  const spot = (interval: EntryInterval | undefined): Spot =>
    interval === undefined ? {} : { value: interval.value, low: interval.low, high: interval.high };
  const { total, atLeast } = one;
  return {
    checkpoint,
    places: one.bits.map(spot),
    total: atLeast === undefined ? spot(total) : spotOf({ kind: "bounded", low: atLeast, method: "" }),
    neff: spot(one.neff),
  };
}
