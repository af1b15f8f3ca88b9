// experiments/ · Mass brackets: of each problem, between which limits the base's chance of being right lies, and what two methods say of it.
import { clopperPearson } from "../maths/intervals.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { readingsOf } from "./cross-read.ts";
import { pairedBy } from "./handoff-sources.ts";
import { type Annealed, annealed, walked } from "./mass-annealed.ts";
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

export interface Bracket {
  readonly problem: string;
  readonly right: number;
  readonly drawn: number;
  /** Guaranteed at the level asked for: the floor of seen texts and Markov's inequality below, direct samples above. In [0, 1]. */
  readonly low: number;
  readonly high: number;
  /** Absent where the problem is not rare, and direct samples say it. */
  readonly splitting?: Splitting;
  readonly texts: TextMass;
  /** Absent where the problem is not rare. */
  readonly annealed?: Annealed;
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
  const readings = Map.groupBy(readingsOf(seen, seen.policies.at(-1)!).list, ({ rollout }) => rollout.problem);
  const chains = walked(seen);
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
    const first = rare.get(id);
    if (first === undefined) {
      const low = Math.max(direct.low, floor);
      return [
        right >= ENOUGH
          ? { ...known, low, high, mass: { value: right / own.length, low, high } }
          : { ...known, low, high, refused: `${own.length} rollouts are too few to split among ${ISLANDS} runs` },
      ];
    }
    const split = splitting(islandsOf(seen.reader, first, drawn.get(id) ?? []));
    // Half of what may go wrong is spent above.
    const markov = split.logMass === undefined ? 0 : ((1 - level) / 2) * Math.exp(split.logMass);
    const low = Math.min(high, Math.max(direct.low, floor, markov));
    const others = (tuned?.get(id) ?? []).filter(({ why }) => why !== "engine error");
    const success = { right: others.filter(({ verdict }) => verdict === "right").length, drawn: others.length };
    const walk = annealed(chains, id, success, cameTo(drawn.get(id) ?? []));
    return [
      {
        ...known,
        low,
        high,
        splitting: split,
        annealed: walk,
        ...agreed(split, walk, texts, { right, low, high, direct, level }),
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

/**
 * Splitting knows nothing of the tuned policy; the other two begin at its right answers and would both miss what it never writes. So
 * splitting is one of the two that agree.
 */
function agreed(
  { logMass, relativeError }: Splitting,
  walk: Annealed,
  texts: TextMass,
  { right, low, high, direct, level }: Direct,
): Pick<Bracket, "mass" | "refused"> {
  if (logMass === undefined || relativeError === undefined)
    return { refused: "no particle came to a right answer, so nothing was seen to be split" };
  const within = (log: number, error: number): NonNullable<Bracket["mass"]> => {
    const half = studentHalfWidth(level, ISLANDS - 1) * error;
    const [value, from, to] = [log, log - half, log + half].map((one) => Math.min(high, Math.max(low, Math.exp(one))));
    return { value: value!, low: from!, high: to! };
  };
  const near = (other: number, error: number): boolean =>
    Math.abs(logMass - other) <= APART * Math.hypot(relativeError, error, LIMITS.negligibleShare);
  const said = `splitting gives ${Math.exp(logMass).toExponential(1)}`;
  if (right > 0) {
    const half = studentHalfWidth(level, ISLANDS - 1) * relativeError;
    const meet = Math.exp(logMass - half) <= direct.high && Math.exp(logMass + half) >= direct.low;
    return meet
      ? { mass: within(logMass, relativeError) }
      : { refused: `${said}, and direct samples ${direct.low.toExponential(1)} to ${direct.high.toExponential(1)}` };
  }
  const { logMass: other, relativeError: error } = walk;
  if (other !== undefined && error !== undefined && near(other, error)) {
    // Both by their precision; neither counts as known better than a tenth.
    const [a, z] = [relativeError, error].map((one) => 1 / Math.max(one, LIMITS.negligibleShare) ** 2) as [
      number,
      number,
    ];
    return { mass: within((a * logMass + z * other) / (a + z), 1 / Math.sqrt(a + z)) };
  }
  const { logBalance, relativeError: weighted } = texts;
  if (logBalance !== undefined && weighted !== undefined && near(logBalance, weighted))
    return { mass: within(logMass, relativeError) };
  const parts = [
    said,
    ...(walk.lacks === undefined ? [] : [walk.lacks]),
    ...(other === undefined ? [] : [`the annealed chain ${Math.exp(other).toExponential(1)}`]),
    ...(logBalance === undefined
      ? []
      : [`the later policy's right answers, weighted, ${Math.exp(logBalance).toExponential(1)}`]),
  ];
  return {
    refused:
      parts.length === 1
        ? `${said}, and no right answer was scored that a second method could start from`
        : parts.join(", and "),
  };
}
