// explanations/ · On paper: how rivals change behaviours: the first way of solving is the one that training would take.
import type { Behaviour, Way } from "../terms/behaviour.ts";

/** What training does to a behaviour where a rival is the cause. */
export interface OnPaper {
  /** A base with room for it: the more `lack`, in (0, 1), the more room. */
  base(usual: Behaviour, lack: number): Behaviour;
  /** The same policy after training, `by` of the way, in [0, 1]: 0 leaves it as it is. */
  tuned(base: Behaviour, by: number): Behaviour;
}

/** So much of a way that training could not have met it in any number of rollouts. */
export const NEVER = 1e-15;

/** The first way's share set, the others' kept in proportion. */
function firstWay(behaviour: Behaviour, share: number): Behaviour {
  if (behaviour.ways.length === 1) throw new RangeError("a choice between ways needs a second one");
  return { ...behaviour, ways: withShare(behaviour.ways, 0, share) };
}

/** One way's share set, the others' kept in proportion; the only way keeps its own. */
function withShare(ways: readonly Way[], at: number, share: number): readonly Way[] {
  const rest = ways.reduce((sum, one, i) => (i === at ? sum : sum + one.share), 0);
  if (rest === 0) return ways;
  return ways.map((way, i) => ({ ...way, share: i === at ? share : ((1 - share) * way.share) / rest }));
}

/** So much of the way to taking nothing else. */
export function takenMore(ways: readonly Way[], at: number, by: number): readonly Way[] {
  return withShare(ways, at, towards(ways[at]!.share, 1, by));
}

export function everyWay(behaviour: Behaviour, change: (way: Way) => Partial<Way>): Behaviour {
  return { ...behaviour, ways: behaviour.ways.map((way) => ({ ...way, ...change(way) })) };
}

/** A chance, so much of the way to another. */
export function towards(from: number, to: number, by: number): number {
  return from + by * (to - from);
}

/** A way that slips this much less than the others is worth choosing. */
const STEADIER = 0.1;

/** A way that is chosen more often: of a base that takes it now and then, or never. */
export function choice(baseShare: (lack: number) => number): OnPaper {
  return {
    base(usual, lack) {
      const [first, ...others] = usual.ways;
      const ways = [{ ...first!, slip: STEADIER * first!.slip }, ...others];
      return firstWay({ ...usual, ways }, Math.max(NEVER, baseShare(lack)));
    },
    tuned: (base, by) => (by === 0 ? base : { ...base, ways: takenMore(base.ways, 0, by) }),
  };
}

/** One chance that training moves from what the base has to what it could be. */
export function chance(
  part: "joins" | "readable" | "cutOffs" | "recall" | "luck" | "grader" | "astray",
  lacking: (lack: number) => number,
  at: number,
): OnPaper {
  return {
    base: (usual, lack) => ({ ...usual, [part]: lacking(lack) }),
    tuned: (base, by) => ({ ...base, [part]: towards(base[part], at, by) }),
  };
}
