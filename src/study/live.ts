// study/ · Live: experiments that plan as they go. Each round is made from what was kept before it, so a killed run makes it again.
import { EXPERIMENTS } from "../experiments/all.ts";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import type { Seen, SeenProblem } from "../terms/seen.ts";
import type { Study } from "../terms/study.ts";
import type { Bench, BenchProblem } from "./bench.ts";
import { seenJudge } from "./judge.ts";
import type { Kept } from "./kept.ts";
import { PAIRED, round, type Stage } from "./plan.ts";
import { declaredVariants } from "./put.ts";

/** Which characters each token of a rollout ends at. */
export type EndsOf = (rollout: RolloutRecord) => Promise<readonly number[]>;

/**
 * @param ends only whoever has the engines can tell
 * @param wanted of all rollouts where they will be cut, of scored ones where tokens are read step by step
 */
export async function seenOf(
  study: Study,
  bench: Bench,
  kept: Kept,
  ends?: EndsOf,
  wanted: "all" | "scored" = "all",
): Promise<Seen | undefined> {
  const { rollouts, scores } = await kept.read();
  const known = kept.ends;
  const scored = wanted === "all" ? undefined : new Set(scores.map(({ rollout }) => rollout));
  if (ends !== undefined)
    for (const record of rollouts) {
      // No text is handed over that was put otherwise.
      if (known.has(record.rollout) || record.tokenIds === undefined || record.variant !== undefined) continue;
      if (scored?.has(record.rollout) !== false) known.set(record.rollout, await ends(record));
    }
  const reader = bench.readerOf?.(({ rollout }) => known.get(rollout) ?? []);
  if (reader === undefined) return undefined;
  const all = [...bench.problems, ...bench.twins];
  return {
    policies: study.policies.map(({ name }) => name),
    problems: bench.problems.map(seenProblem),
    twins: bench.twins.map(seenProblem),
    variants: declaredVariants(study),
    ...(study.handoff === undefined ? {} : { handoff: study.handoff }),
    ...(study.judge === undefined ? {} : { judge: seenJudge(study.judge, bench.examples ?? []) }),
    bare: study.policies.every(({ chat }) => chat === true || all.every(({ id }) => bench.openingOf(id) !== undefined)),
    rollouts,
    scores,
    reader,
  };
}

function seenProblem({ id, family, steps }: BenchProblem): SeenProblem {
  return { id, family, ...(steps === undefined ? {} : { steps }) };
}

export interface Playing {
  readonly study: Study;
  readonly bench: Bench;
  readonly seen: () => Promise<Seen | undefined>;
  /** All of it is kept when it resolves; false where the budget ran out on the way. */
  readonly ask: (stage: Stage) => Promise<boolean>;
}

/** Every experiment that this study can carry, round by round, the cheapest first. False where the budget ran out on the way. */
export async function playRounds({ study, bench, seen, ask }: Playing): Promise<boolean> {
  for (const { name, live } of EXPERIMENTS) {
    if (live === undefined || !(study.experiments?.includes(name) ?? true)) continue;
    for (let number = 0; ; number++) {
      const all = await seen();
      if (all === undefined) return true;
      const before = cutTo(all, name, number);
      if (live.refuse(before) !== undefined) break;
      const asks = live.plan(before, number, study.seed);
      if (asks.length === 0) break;
      if (!(await ask(round(study, bench, name, number, asks)))) return false;
    }
  }
  return true;
}

/** What was there when a round was planned the first time: paired rollouts, and the experiment's own earlier rounds. */
export function cutTo(seen: Seen, experiment: string, number: number): Seen {
  return {
    ...seen,
    rollouts: seen.rollouts.filter(
      (record) =>
        record.experiment === PAIRED || (record.experiment === experiment && roundOf(record.rollout) < number),
    ),
    scores: number === 0 ? seen.scores.filter((score) => isFirst(seen, score)) : seen.scores,
  };
}

/** Scores that base and tuned gave to their own and each other's paired rollouts: they are a stage of their own, before any round. */
function isFirst({ policies }: Seen, { policy, rollout }: ScoreRecord): boolean {
  const ends = [policies[0]!, policies.at(-1)!];
  return ends.includes(policy) && ends.some((one) => rollout.startsWith(`${PAIRED}/${one}/`));
}

/** Of `handoff/2/…`: 2. */
function roundOf(rollout: string): number {
  return Number(rollout.split("/")[1]);
}
