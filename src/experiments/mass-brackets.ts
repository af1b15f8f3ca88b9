// experiments/ · Mass brackets: of each problem, between which limits the base's chance of being right lies, and what two methods say of it.
import { clopperPearson } from "../maths/intervals.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { LIMITS } from "../terms/limits.ts";
import type { Seen } from "../terms/seen.ts";
import { readingsOf } from "./cross-read.ts";
import { pairedBy } from "./handoff-sources.ts";
import { continuations, ENOUGH, islandsOf, ISLANDS, rareOnes, splitting, type Splitting } from "./mass-splitting.ts";
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
  const readings = Map.groupBy(readingsOf(seen, seen.policies.at(-1)!).list, ({ rollout }) => rollout.problem);
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
    return [{ ...known, low, high, splitting: split, ...agreed(split, texts, { right, low, high, direct, level }) }];
  });
}

interface Direct {
  readonly right: number;
  readonly low: number;
  readonly high: number;
  readonly direct: { readonly low: number; readonly high: number };
  readonly level: number;
}

function agreed(
  { logMass, relativeError }: Splitting,
  texts: TextMass,
  { right, low, high, direct, level }: Direct,
): Pick<Bracket, "mass" | "refused"> {
  if (logMass === undefined || relativeError === undefined)
    return { refused: "no particle came to a right answer, so nothing was seen to be split" };
  const half = studentHalfWidth(level, ISLANDS - 1) * relativeError;
  const limits = [logMass - half, logMass + half].map((log) => Math.min(high, Math.max(low, Math.exp(log)))) as [
    number,
    number,
  ];
  const mass = { value: Math.min(high, Math.max(low, Math.exp(logMass))), low: limits[0], high: limits[1] };
  const said = `splitting gives ${Math.exp(logMass).toExponential(1)}`;
  if (right > 0) {
    const meet = Math.exp(logMass - half) <= direct.high && Math.exp(logMass + half) >= direct.low;
    return meet
      ? { mass }
      : { refused: `${said}, and direct samples ${direct.low.toExponential(1)} to ${direct.high.toExponential(1)}` };
  }
  const { logBalance, relativeError: other } = texts;
  if (logBalance === undefined || other === undefined)
    return { refused: `${said}, and no right answer was scored that a second method could start from` };
  const error = Math.hypot(relativeError, other, LIMITS.negligibleShare);
  return Math.abs(logMass - logBalance) <= APART * error
    ? { mass }
    : { refused: `${said}, and the later policy's right answers, weighted, ${Math.exp(logBalance).toExponential(1)}` };
}
