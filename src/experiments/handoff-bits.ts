// experiments/ · Handoff bits: the missing-bits profile; at which step of the later policy's right answers the base lacks the bits.
import type { EntryInterval } from "../maths/cluster-bootstrap.ts";
import {
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
import type { Outcome } from "./experiment.ts";
import { continuations, followed, keyOf, startOf } from "./handoff-cuts.ts";
import type { Paired } from "./handoff-sources.ts";

const REPLICATES = 200;
const MOST_PANELS = 6;

interface Profile {
  readonly steps?: number;
  readonly problem: BitsProblem;
}

type Panel = MissingBitsExhibit["panels"][number];

/** Of every later policy; the picture stands for the tuned policy with the checkpoints beside it. */
export function bitsOf(
  seen: Seen,
  paired: Paired,
  { level, seed }: { readonly level: number; readonly seed: number },
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
    const options = { level, replicates: REPLICATES, seed };
    const all = told(profiles, { ...options, name: `missing-bits/${later}` });
    if (all === undefined) {
      const estimate = refused(
        `fewer than 2 problems that ${base} solves sometimes but not always have a right answer of ${later} to follow`,
        "draw more rollouts, or add problems",
      );
      findings.push({ name: `missing-bits/total${suffix}`, estimate });
      missing.push({ what: later, why: estimate.why, mend: estimate.mend });
      continue;
    }
    findings.push(...findingsOf(all, profiles, level, suffix));
    for (const [key, own] of byLength(profiles)) {
      const one = told(own, { ...options, name: `missing-bits/${later}/${key}` });
      if (one === undefined) continue;
      const { steps } = own[0]!;
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
    const rollouts = list.map(({ source, cuts }): CutRollout => {
      const known = cuts.flatMap(({ place }) => {
        const { right, of } = counts.get(keyOf(problem, source.index, place)) ?? { right: 0, of: 0 };
        return of < FEWEST_CONTINUATIONS ? [] : [{ place, right, of }];
      });
      return {
        right: known.map(({ right }) => right),
        drawn: known.map(({ of }) => of),
        // Bits behind the last cut are the answer's; a cut that was not gone on from leaves its step's bits to the next place.
        places: [...known.map(({ place }) => place - 1), cuts.length],
      };
    });
    const { right, of } = startOf(paired.get(base)?.get(problem) ?? []);
    const L = steps.get(problem);
    return { ...(L === undefined ? {} : { steps: L }), problem: { right, drawn: of, rollouts } };
  });
}

/** Answers with as many places lie on top of each other. */
function byLength(profiles: readonly Profile[]): ReadonlyMap<string, Profile[]> {
  return Map.groupBy(profiles, ({ steps, problem }) => `${steps ?? ""}/${placesOf(problem)}`);
}

function placesOf({ rollouts }: BitsProblem): number {
  return 1 + Math.max(0, ...rollouts.map(({ places }) => places.at(-1)!));
}

function told(
  profiles: readonly Profile[],
  options: { readonly level: number; readonly replicates: number; readonly seed: number; readonly name: string },
): MissingBits | undefined {
  const places = Math.max(1, ...profiles.map(({ problem }) => placesOf(problem)));
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
  const places = profiles.flatMap(({ problem }) => problem.rollouts.map((one) => one.places.at(-1)! + 1));
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
