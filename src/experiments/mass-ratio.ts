// experiments/ · Mass ratio: how much rarer the base is right than the tuned policy, from right texts of each policy on the way that all of
// them scored.
//
// Twice, from the same texts. The product of Bennett's ratios of neighbours (maths/bridge) asks of each text only what two policies give it;
// MBAR (maths/mbar) lets every text speak for every pair: where texts of some policy are not of its law, or their scores not its own, the two
// part. (Chains that have not quite settled are too low by both alike.) With two policies they are one and the same.
//
// Texts of one chain go together, as many as it has under one policy worth one; a first draw stands for itself, so it is counted as often as
// a chain has texts. An error is the larger of two, the formula's and a bootstrap's over blocks, with what the walk still moved by. A block is
// a first draw with all that came of it under every policy: chains that began alike are alike for long (docs/log.md, 2026-11-28).
import { knownBlocksBootstrap } from "../maths/block-bootstrap.ts";
import { balancePoint, bridge, type BridgeInput } from "../maths/bridge.ts";
import { logRatioOf, mbar } from "../maths/mbar.ts";
import { LIMITS } from "../terms/limits.ts";

/** Natural logs that the policies of the walk give to one text, the tuned policy first. */
export type Text = readonly number[];

export interface Walks {
  /** In the order of the walk. */
  readonly policies: readonly string[];
  /** The tuned policy's own draws. */
  readonly first: readonly Text[];
  readonly chains: readonly {
    /** The first draw that it began at; absent where that was not scored. */
    readonly from?: number;
    /** By policy below the tuned one: its texts there, in their order. */
    readonly texts: readonly (readonly Text[])[];
  }[];
  readonly seed: number;
}

/** Natural log of P(right) under the base over that of the tuned policy, and its standard error. */
export interface Ratio {
  readonly value: number;
  readonly error: number;
}

export interface Ratios {
  /** What is told: MBAR's where there are three policies or more, else the one Bennett ratio. */
  readonly told: Ratio;
  readonly bars: Ratio;
  readonly mbar?: Ratio;
  /** Of neighbours, the least: 1 where they are the same, next to 0 where they hardly touch. */
  readonly overlap: number;
}

/** Resamples: an error is then known to a ninth of itself, far better than a dozen blocks tell it. */
const REPLICATES = 40;

/** Errors of their difference by which two ratios of the same texts may differ. */
const APART = 3;

/** Texts by policy, and how many of them are worth one. */
interface States {
  readonly texts: readonly (readonly Text[])[];
  readonly worth: readonly number[];
}

/** @returns the ratio, or why there is none, a clause */
export function ratiosOf(walks: Walks): Ratios | { readonly lacks: string } {
  const { policies } = walks;
  const all = statesOf(walks);
  if (all.texts.some(({ length }) => length === 0)) return { lacks: "the annealed chain's texts were not scored" };
  const alien = all.texts.findIndex((own, k) => own.some((text) => text[k] === Number.NEGATIVE_INFINITY));
  if (alien === 0) return { lacks: `${policies[0]!} cannot write, by its scores, what it wrote` };
  if (alien > 0) return { lacks: `the annealed chain has not left texts that ${policies[alien]!} cannot write` };
  const steps = policies.slice(1).map((_, k) => bridge(between(all, k)));
  const apart = steps.indexOf(undefined);
  if (apart >= 0) return { lacks: `right texts of ${policies[apart]!} and ${policies[apart + 1]!} hardly overlap` };
  const found = steps as NonNullable<(typeof steps)[number]>[];
  const overlap = Math.min(...found.map((one) => one.overlap));
  const value = found.reduce((sum, { logRatio }) => sum + logRatio, 0);
  const formula = Math.sqrt(found.reduce((sum, { se }) => sum + se ** 2, 0));
  if (policies.length === 2) {
    const bars = {
      value,
      error: errorOf(walks, formula, product, resampled(walks, (states) => listOf(product(states)))?.[0]),
    };
    return { told: bars, bars, overlap };
  }
  const both = mbarOf(all);
  if (both === undefined) return { lacks: "right texts of all policies do not hang together" };
  const blocks = resampled(walks, (states) => {
    const [zero, one] = [product(states), mbarOf(states)?.value];
    return zero === undefined || one === undefined ? undefined : [zero, one, one - zero];
  });
  const bars = { value, error: errorOf(walks, formula, product, blocks?.[0]) };
  const told = { value: both.value, error: errorOf(walks, both.se, (states) => mbarOf(states)?.value, blocks?.[1]) };
  // They are of the same texts, so they ought to part by less than either errs.
  const most = Math.min(Math.hypot(bars.error, told.error), APART * (blocks?.[2] ?? Number.POSITIVE_INFINITY));
  if (!(Math.abs(told.value - value) <= Math.max(most, LIMITS.negligibleShare)))
    return {
      lacks: `along the annealed chain Bennett's ratios make the base rarer by ${factor(value)}, and MBAR by ${factor(told.value)}`,
    };
  return { told, bars, mbar: told, overlap };
}

const factor = (log: number): string => Math.exp(-log).toExponential(1);

/**
 * @param formula as if all that does not go together were independent, and every chain had settled
 * @param blocks the bootstrap's; absent where too few resamples said anything
 */
function errorOf(
  walks: Walks,
  formula: number,
  of: (states: States) => number | undefined,
  blocks: number | undefined,
): number {
  const half = Math.floor(Math.max(...walks.chains.map(({ texts }) => texts[0]!.length)) / 2);
  const [earlier, later] = [of(statesOf(walks, { to: half })), of(statesOf(walks, { from: half }))];
  const moved = earlier === undefined || later === undefined ? 0 : later - earlier;
  return Math.hypot(moved, Math.max(formula, blocks ?? 0));
}

function resampled(walks: Walks, of: (states: States) => readonly number[] | undefined): readonly number[] | undefined {
  return knownBlocksBootstrap({
    groups: [walks.first.length],
    statistic: ([draws]) => {
      const states = statesOf(walks, { draws: draws! });
      return states.texts.some(({ length }) => length === 0) ? undefined : of(states);
    },
    replicates: REPLICATES,
    seed: walks.seed,
    name: "rare-mass/annealed/errors",
  })?.se;
}

const listOf = (own: number | undefined): readonly number[] | undefined => (own === undefined ? undefined : [own]);

function product({ texts, worth }: States): number | undefined {
  // Less may overlap in a resample than has to in the whole.
  const logs = texts.slice(1).map((_, k) => {
    const { forward, reverse, inefficiencies } = between({ texts, worth }, k);
    return balancePoint(forward, reverse, inefficiencies)?.logRatio;
  });
  return logs.includes(undefined) ? undefined : (logs as number[]).reduce((a, b) => a + b, 0);
}

interface Some {
  /** Of the first draws, each with the chains that began at it. */
  readonly draws?: readonly number[];
  /** Of each chain's texts under a policy. */
  readonly from?: number;
  readonly to?: number;
}

function statesOf({ first, chains, policies }: Walks, { draws, from, to }: Some = {}): States {
  const chosen = draws ?? [...first.keys()];
  const walked = draws === undefined ? chains : draws.flatMap((draw) => chains.filter((chain) => chain.from === draw));
  const parts = walked.map(({ texts }) => texts.map((own) => own.slice(from, to)));
  const perChain = Math.max(1, ...parts.flatMap((own) => own.map(({ length }) => length)));
  return {
    texts: policies.map((_, k) => (k === 0 ? chosen.map((i) => first[i]!) : parts.flatMap((own) => own[k - 1]!))),
    worth: policies.map((_, k) => (k === 0 ? 1 : perChain)),
  };
}

/** What Bennett's ratio of a policy and the next is made of. */
function between(
  { texts, worth }: States,
  k: number,
): BridgeInput & { readonly inefficiencies: readonly [number, number] } {
  return {
    forward: texts[k]!.map((text) => text[k + 1]! - text[k]!),
    reverse: texts[k + 1]!.map((text) => text[k]! - text[k + 1]!),
    inefficiencies: [worth[k]!, worth[k + 1]!],
  };
}

function mbarOf({ texts, worth }: States): { value: number; se: number } | undefined {
  const most = Math.max(...worth);
  const counted = texts.map((own, k) => own.flatMap((text) => Array<Text>(most / worth[k]!).fill(text)));
  const samples = counted.flat();
  const found = mbar({
    logDensities: Float64Array.from(texts.flatMap((_, k) => samples.map((text) => text[k]!))),
    counts: counted.map(({ length }) => length),
  });
  if (found === undefined) return undefined;
  const { value, se } = logRatioOf(found, texts.length - 1, 0);
  return { value, se: se * Math.sqrt(most) };
}
