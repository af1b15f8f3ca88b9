// study/ · Progress: how far a study is, from its declaration and its evidence alone; what `crucis status` tells.
import { JUDGE } from "../terms/judge.ts";
import type { Study } from "../terms/study.ts";
import type { Bench } from "./bench.ts";
import { blocksOf } from "./looks.ts";
import { samples } from "./plan.ts";

export interface Kept {
  readonly chunks: ReadonlySet<string>;
  /** Facts of kind `observed`, in their order. */
  readonly observed: readonly {
    readonly at: string;
    readonly policy: string;
    readonly kind: string;
    readonly rows: number;
  }[];
  readonly judged: boolean;
}

export interface StudyProgress {
  readonly policies: readonly {
    readonly policy: string;
    readonly rollouts: { readonly kept: number; readonly asked: number };
    readonly scores: number;
  }[];
  /** Labels that the judge gave, where the study has one. */
  readonly labels?: number;
  /** ISO time of the latest answer that was kept; absent where there is none. */
  readonly latest?: string;
  /** Rows a second over the last minute that saw any; absent where it cannot be told. */
  readonly perSecond?: number;
  readonly judged: boolean;
}

export function progressOf(study: Study, bench: Bench, { chunks, observed, judged }: Kept): StudyProgress {
  const planned = blocksOf(bench, study.looks).flatMap((block) => samples(study, block).chunks);
  const policies = study.policies.map(({ name }) => {
    const own = planned.filter(({ policy }) => policy === name);
    const rows = (list: typeof own): number => list.reduce((sum, { asks }) => sum + asks.length, 0);
    return {
      policy: name,
      rollouts: { kept: rows(own.filter(({ id }) => chunks.has(id))), asked: rows(own) },
      scores: observed
        .filter(({ policy, kind }) => policy === name && kind === "score")
        .reduce((sum, fact) => sum + fact.rows, 0),
    };
  });
  const latest = observed.at(-1)?.at;
  const perSecond = latest === undefined ? undefined : recentRate(observed, Date.parse(latest));
  const labels = observed.reduce((sum, { policy, rows }) => (policy === JUDGE ? sum + rows : sum), 0);
  return {
    policies,
    ...(study.judge === undefined ? {} : { labels }),
    ...(latest === undefined ? {} : { latest }),
    ...(perSecond === undefined ? {} : { perSecond }),
    judged,
  };
}

/** Milliseconds looked back. */
const LOOK_BACK = 60_000;

function recentRate(observed: Kept["observed"], end: number): number | undefined {
  const recent = observed.filter(({ at }) => end - Date.parse(at) <= LOOK_BACK);
  const seconds = (end - Date.parse(recent[0]!.at)) / 1000;
  // The first of them came from work before the window.
  return seconds > 0 ? recent.slice(1).reduce((sum, { rows }) => sum + rows, 0) / seconds : undefined;
}
