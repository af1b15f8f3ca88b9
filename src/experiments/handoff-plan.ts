// experiments/ · Handoff plan: who continues whom, from where. Cells of the factorial in two rounds, cuts of the profile in three.
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { profileAsks, USUAL } from "./handoff-cuts.ts";
import { continued, type Handed, isOf, type Paired, pairedBy } from "./handoff-sources.ts";

/** Writers of plan, execution and answer: 0 the base, 1 the later policy. */
export const CELLS = ["000", "100", "010", "110", "001", "101", "011", "111"] as const;
export type Cell = (typeof CELLS)[number];

const SOURCES_ON_THE_WAY = 8;

/** Sources a problem and cell: of the base against the tuned policy, and against a checkpoint on the way. */
export function mostSources({ policies, handoff }: Pick<Seen, "policies" | "handoff">, later: string): number {
  const most = handoff?.sources ?? USUAL.sources;
  return later === policies.at(-1) ? most : Math.min(most, SOURCES_ON_THE_WAY);
}

/** A cell is made by handing another cell's rollouts over at the end of a segment. */
interface Handing {
  readonly cell: Cell;
  /** Whose rollouts are the sources: paired ones of a policy, or of another cell. */
  readonly from: "base" | "later" | Cell;
  readonly at: "planEnd" | "answerStart";
  readonly to: "base" | "later";
}

export const ROUNDS: readonly (readonly Handing[])[] = [
  [
    { cell: "100", from: "later", at: "planEnd", to: "base" },
    { cell: "110", from: "later", at: "answerStart", to: "base" },
    { cell: "011", from: "base", at: "planEnd", to: "later" },
    { cell: "001", from: "base", at: "answerStart", to: "later" },
  ],
  [
    { cell: "101", from: "100", at: "answerStart", to: "later" },
    { cell: "010", from: "011", at: "answerStart", to: "base" },
  ],
];

/** A policy that takes over from itself must do as well as one that was never stopped. */
export const CONTROLS = ["control-base", "control-later"] as const;

export function plan(seen: Seen, round: number, seed: number): readonly LiveAsk[] {
  const paired = pairedBy(seen);
  const base = seen.policies[0]!;
  return seen.policies.slice(1).flatMap((later) => {
    const most = mostSources(seen, later);
    const named = { base, later };
    const cells = (ROUNDS[round] ?? []).flatMap(({ cell, from, at, to }) => {
      const unmet = beyondOwn(seen, paired.get(named[to]), at);
      return sources(seen, paired, named, from)
        .flatMap((own) => handedOf(own, from === "base" || from === "later" ? most : own.length, unmet))
        .flatMap((source) => handOver(seen, source, at, { round, what: cell, later, to: named[to], seed }));
    });
    const controls =
      round > 0
        ? []
        : CONTROLS.flatMap((what) => {
            const own = what === "control-base" ? base : later;
            return sources(seen, paired, named, what === "control-base" ? "base" : "later")
              .flatMap((list) => list.slice(0, Math.ceil(most / 2)))
              .flatMap((source) => handOver(seen, source, "planEnd", { round, what, later, to: own, seed }));
          });
    return [...cells, ...controls, ...profileAsks(seen, paired, { base, later, round, seed })];
  });
}

/** Of each problem, in order. */
function sources(
  seen: Seen,
  paired: Paired,
  named: { readonly base: string; readonly later: string },
  from: Handing["from"],
): readonly (readonly RolloutRecord[])[] {
  const problems = seen.problems.map(({ id }) => id);
  if (from === "base" || from === "later") return problems.map((id) => paired.get(named[from])?.get(id) ?? []);
  const own = Map.groupBy(
    seen.rollouts.filter(({ rollout, tokenIds }) => tokenIds !== undefined && isOf(rollout, from, named.later)),
    ({ problem }) => problem,
  );
  return problems.map((id) => (own.get(id) ?? []).toSorted((a, b) => (a.rollout < b.rollout ? -1 : 1)));
}

/** Those of the first `most` that are to be handed over; where there is none of them, the first one behind: somebody must stand for those. */
function handedOf(
  own: readonly RolloutRecord[],
  most: number,
  unmet: (source: RolloutRecord) => boolean,
): readonly RolloutRecord[] {
  const first = own.slice(0, most).filter(unmet);
  return first.length > 0 ? first : own.slice(most).filter(unmet).slice(0, 1);
}

/**
 * Whoever takes over has gone through some of the prefixes by itself, and those rollouts are draws behind them already (prefix-pool):
 * of the sources with one prefix, as many are left alone.
 */
function beyondOwn(
  { reader }: Seen,
  own: ReadonlyMap<string, readonly RolloutRecord[]> | undefined,
  at: Handing["at"],
): (source: RolloutRecord) => boolean {
  const prefix = ({ problem, text = "" }: RolloutRecord): string | undefined => {
    const end = reader.segments!(problem, text)[at];
    return end === undefined ? undefined : `${problem} ${text.slice(0, end)}`;
  };
  const left = new Map<string, number>();
  for (const records of own?.values() ?? [])
    for (const record of records) {
      const through = prefix(record);
      if (through !== undefined) left.set(through, (left.get(through) ?? 0) + 1);
    }
  return (source) => {
    const through = prefix(source);
    if (through === undefined) return false;
    const met = left.get(through) ?? 0;
    if (met > 0) left.set(through, met - 1);
    return met === 0;
  };
}

/** Nothing where the text has no such segment: the cell is 0 there without being asked. */
function handOver(seen: Seen, source: RolloutRecord, at: Handing["at"], handed: Handed): LiveAsk[] {
  const end = seen.reader.segments!(source.problem, source.text ?? "")[at];
  return end === undefined ? [] : [continued(seen, source, end, source.index, handed)];
}
