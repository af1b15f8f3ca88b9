// experiments/ · Mass brackets: of each problem, between which limits the base's chance of being right lies, and what two methods say of it.
import { clopperPearson } from "../maths/intervals.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { readingsIn } from "./cross-read.ts";
import { pairedBy } from "./handoff-sources.ts";
import { type Annealed, annealed, walked } from "./mass-annealed.ts";
import { clippingOf, directFloor, weightedFloor } from "./mass-floors.ts";
import { type Forks, forking, forks } from "./mass-forks.ts";
import { spreadOf } from "./mass-lengths.ts";
import { mixing, mixture } from "./mass-mixture.ts";
import {
  continuations,
  ENOUGH,
  islandsOf,
  ISLANDS,
  isOfIsland,
  rareOnes,
  splitting,
  type Splitting,
} from "./mass-splitting.ts";
import { type TextMass, textMass } from "./mass-texts.ts";
import { heldAgainst, logsOf, type Weighed } from "./mass-told.ts";

export interface Bracket {
  readonly problem: string;
  readonly right: number;
  readonly drawn: number;
  /** Guaranteed at the level asked for: the floors of seen texts and of mass-floors below, direct samples above. In [0, 1]. */
  readonly low: number;
  readonly high: number;
  /** Absent where the problem is not rare, and direct samples say it. */
  readonly splitting?: Splitting;
  readonly texts: TextMass;
  /** Absent where the problem is not rare. */
  readonly annealed?: Annealed;
  /** Absent where the problem is not rare, or nothing was drawn for it. */
  readonly mixture?: Weighed;
  readonly forks?: Forks;
  /** What of the lower limit comes of weighted draws, splitting among them; absent where the problem is not rare. */
  readonly weighted?: number;
  /** What the methods agree on, with its limits; they lie within the guaranteed ones. */
  readonly mass?: { readonly value: number; readonly low: number; readonly high: number };
  /** Why there is none. */
  readonly refused?: string;
}

/** Errors by which two methods may differ. */
const APART = 3;

export function bracketsOf(seen: Seen, level: number): Bracket[] {
  const paired = pairedBy(seen);
  const base = paired.get(seen.policies[0]!);
  const rare = new Map(rareOnes(seen, paired).map(({ id, own }) => [id, own]));
  const drawn = continuations(seen);
  const tuned = paired.get(seen.policies.at(-1)!);
  // The sampler in use: what it cuts, the base never says, whatever the model gives it.
  const readings = Map.groupBy(readingsIn(seen, seen.policies.at(-1)!, "processed"), ({ rollout }) => rollout.problem);
  const chains = walked(seen);
  const logs = logsOf(seen);
  const mixed = mixing(seen, paired, logs);
  const forked = forking(seen, paired);
  const parted = new Map(
    [...rare.keys()].flatMap((id) => {
      const found = forks(forked, logs, id);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
  const clip = clippingOf(new Map(Array.from(parted, ([id, { logWeights }]) => [id, logWeights])));
  // Half of what may go wrong is spent above.
  const delta = (1 - level) / 2;
  return seen.problems.flatMap(({ id }): Bracket[] => {
    const own = (base?.get(id) ?? []).filter(({ why }) => why !== "engine error");
    if (own.length === 0) return [];
    const right = own.filter(({ verdict }) => verdict === "right").length;
    const direct = clopperPearson(right, own.length, level);
    const texts = textMass(readings.get(id) ?? []);
    const known = { problem: id, right, drawn: own.length, texts };
    const floor = texts.logFloor === undefined ? 0 : Math.exp(texts.logFloor);
    // No chance is in the floor, so it may lie above what the samples allow: then they are the unlucky ones.
    const high = Math.max(direct.high, floor);
    const seenLow = Math.max(directFloor(right, own.length, delta), floor);
    const first = rare.get(id);
    if (first === undefined)
      return [
        right >= ENOUGH
          ? {
              ...known,
              low: seenLow,
              high,
              mass: { value: right / own.length, low: Math.max(direct.low, floor), high },
            }
          : {
              ...known,
              low: seenLow,
              high,
              refused: `${own.length} rollouts are too few to split among ${ISLANDS} runs`,
            },
      ];
    const split = splitting(islandsOf(seen.reader, first, drawn.get(id) ?? []));
    const mix = mixture(mixed, id);
    const parts = parted.get(id);
    // Islands, and forks, are independent of each other; the mixture is one draw.
    const groups = [
      // Those that died, or wait to go on, count nothing; they were drawn all the same.
      split.islands.map((mass) => (split.logMass === undefined ? Number.NEGATIVE_INFINITY : Math.log(mass))),
      ...(mix === undefined ? [] : [[mix.logFloor ?? Number.NEGATIVE_INFINITY]]),
      ...(parts === undefined ? [] : [parts.logWeights]),
    ];
    const weighted = weightedFloor(groups, parts?.logWeights ?? [], clip(id), delta);
    const low = Math.min(high, Math.max(seenLow, weighted));
    const others = (tuned?.get(id) ?? []).filter(({ why }) => why !== "engine error");
    const success = { right: others.filter(({ verdict }) => verdict === "right").length, drawn: others.length };
    const came = spreadOf(cameTo(drawn.get(id) ?? []));
    const walk = annealed(chains, id, success, came);
    const confirming = {
      walk,
      forks: parts && heldAgainst(parts, came, "texts that part at forks only"),
      mix: mix && heldAgainst(mix, came, "right answers of all policies, weighted,"),
      texts,
    };
    return [
      {
        ...known,
        low,
        high,
        weighted,
        splitting: split,
        annealed: walk,
        ...(confirming.mix === undefined ? {} : { mixture: confirming.mix }),
        ...(confirming.forks === undefined ? {} : { forks: confirming.forks }),
        ...agreed(split, confirming, { right, low, high, direct, level }),
      },
    ];
  });
}

/** Tokens of the right texts that splitting came to, by run. */
function cameTo(drawn: readonly RolloutRecord[]): number[][] {
  return Array.from({ length: ISLANDS }, (_, island) =>
    drawn
      .filter((record) => record.verdict === "right" && isOfIsland(record, island))
      .map(({ prefix, tokenIds = [] }) => (prefix?.tokenIds.length ?? 0) + tokenIds.length),
  );
}

interface Direct {
  readonly right: number;
  readonly low: number;
  readonly high: number;
  readonly direct: { readonly low: number; readonly high: number };
  readonly level: number;
}

/** What is not told as an estimate is shown where two methods part. */
function roughly(found: object): string {
  return "logFloor" in found && typeof found.logFloor === "number"
    ? ` (${Math.exp(found.logFloor).toExponential(1)})`
    : "";
}

interface Seconds {
  readonly walk: Annealed;
  readonly forks: Forks | undefined;
  readonly mix: Weighed | undefined;
  readonly texts: TextMass;
}

/**
 * Splitting knows nothing of the tuned policy; the others begin at its answers and would all miss what it never writes. So splitting
 * is one of the two that agree.
 */
function agreed(
  { logMass, relativeError }: Splitting,
  { walk, forks: parts, mix, texts }: Seconds,
  { right, low, high, direct, level }: Direct,
): Pick<Bracket, "mass" | "refused"> {
  const seconds = [
    { name: "the annealed chain", found: walk },
    { name: "proposals that part at forks only", found: parts },
    { name: "right answers of all policies, weighted,", found: mix },
    // Few, and with an error so wide at times that hardly anything is apart from it.
    {
      name: "the later policy's right answers, weighted,",
      found: { ...texts, ...(texts.logBalance === undefined ? {} : { logMass: texts.logBalance }) },
    },
  ];
  const shown = seconds.flatMap(({ name, found }) => [
    ...(found === undefined || !("lacks" in found) || found.lacks === undefined
      ? []
      : [`${found.lacks}${roughly(found)}`]),
    ...(found?.logMass === undefined ? [] : [`${name} ${Math.exp(found.logMass).toExponential(1)}`]),
  ]);
  if (logMass === undefined || relativeError === undefined)
    return { refused: ["no particle of splitting came to a right answer", ...shown].join(", and ") };
  const said = `splitting gives ${Math.exp(logMass).toExponential(1)}`;
  const within = (log: number, error: number): NonNullable<Bracket["mass"]> => {
    const half = studentHalfWidth(level, ISLANDS - 1) * error;
    const [value, from, to] = [log, log - half, log + half].map((one) => Math.min(high, Math.max(low, Math.exp(one))));
    return { value: value!, low: from!, high: to! };
  };
  if (right > 0) {
    const half = studentHalfWidth(level, ISLANDS - 1) * relativeError;
    const meet = Math.exp(logMass - half) <= direct.high && Math.exp(logMass + half) >= direct.low;
    return meet
      ? { mass: within(logMass, relativeError) }
      : { refused: `${said}, and direct samples ${direct.low.toExponential(1)} to ${direct.high.toExponential(1)}` };
  }
  const agrees = ({ found }: (typeof seconds)[number]): boolean =>
    found?.logMass !== undefined &&
    found.relativeError !== undefined &&
    Math.abs(logMass - found.logMass) <= APART * Math.hypot(relativeError, found.relativeError, LIMITS.negligibleShare);
  const second = seconds.find(agrees);
  if (second?.found === walk && walk.texts === 1) {
    // With one text to be right by there is nothing that a chain could have left out. Both by their precision; neither counts as known better than a tenth.
    const [a, z] = [relativeError, walk.relativeError!].map(
      (one) => 1 / Math.max(one, LIMITS.negligibleShare) ** 2,
    ) as [number, number];
    return { mass: within((a * logMass + z * walk.logMass!) / (a + z), 1 / Math.sqrt(a + z)) };
  }
  // All begin at the tuned policy's answers and may leave out what it never writes, which their errors do not know of: they confirm, and are not averaged with.
  if (second !== undefined) return { mass: within(logMass, relativeError) };
  return {
    refused:
      shown.length === 0
        ? `${said}, and no right answer was scored that a second method could start from`
        : [said, ...shown].join(", and "),
  };
}
