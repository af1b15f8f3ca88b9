// study/ · Imagined as seen: behaviours that go on as a portrait shows, drawn problem by problem from what its answers leave open.
import { PaperPolicy } from "../experiments/paper-policy.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { expit, logit } from "../maths/logspace.ts";
import type { Stream } from "../maths/random.ts";
import { betaQuantile } from "../maths/special.ts";
import type { GainRow } from "../terms/gain-row.ts";
import type { Behaviour, Part, Way } from "../terms/behaviour.ts";
import type { ImaginedProblem } from "./imagined.ts";
import { nearestOf } from "./nearest.ts";
import type { Portrait } from "./portrait.ts";
import type { Sitter } from "./portrait-sitters.ts";
import { type Chance, chanceAt } from "./portrait-chance.ts";

/** A way that was never seen may be gone this often: a network gives everything some chance. */
const NEVER = 1e-15;

type Settle = (chance: Chance) => number;

const drawn =
  (random: Stream): Settle =>
  ({ a, b }) => {
    // A lot for every chance, so that what one of them is does not move the others' lots.
    const lot = random.open();
    return a === 0 ? 0 : b === 0 ? 1 : betaQuantile(lot, a, b);
  };

const mean: Settle = ({ a, b }) => a / (a + b);

/** Every chance settled. @param base what the base's are settled at, where these are the tuned policy's */
function settled(one: Sitter, settle: Settle, base?: Sitter<number>): Sitter<number> {
  const at = (chance: Chance, x: number | undefined): number => settle(chanceAt(chance, x));
  const all = (field: "ways" | "repair") => one[field].map((chance, i) => at(chance, base?.[field][i]));
  return {
    ways: all("ways"),
    slip: one.slip.map(({ whole, each, besideBase }, way) => {
      const own = settle(whole);
      return {
        whole: own,
        each: each.map((chance, i) => at(chance, besideBase ? base?.slip[way]!.each[i] : own)),
        besideBase,
      };
    }),
    repair: all("repair"),
    joins: at(one.joins, base?.joins),
    readable: at(one.readable, base?.readable),
    cutOffs: at(one.cutOffs, base?.cutOffs),
    breaksOff: at(one.breaksOff, base?.breaksOff),
    misstated: at(one.misstated, base?.misstated),
    luck: at(one.luck, base?.luck),
    grader: at(one.grader, base?.grader),
  };
}

/** Base and tuned. */
function behavioursOf(
  portrait: Portrait,
  [base, tuned]: readonly [Sitter, Sitter],
  settle: Settle,
): [Behaviour, Behaviour] {
  const before = settled(base, settle);
  return [behaviourOf(portrait, before), behaviourOf(portrait, settled(tuned, settle, before))];
}

function behaviourOf({ ways, wrongs, answers }: Portrait, sitter: Sitter<number>): Behaviour {
  let left = 1;
  const shares = ways.map((_, way) => {
    const last = way === ways.length - 1;
    const taken = last ? left : left * Math.min(1 - NEVER, Math.max(NEVER, sitter.ways[way]!));
    left -= taken;
    return taken;
  });
  const { slip, repair, ways: _, ...rest } = sitter;
  // Where answers are in common, what is said at once is a guess: no work went wrong, the answer did.
  const guessing = answers === undefined ? -1 : ways.findIndex(({ pace }) => pace === Number.POSITIVE_INFINITY);
  const isGuess = (pace: number): boolean => guessing >= 0 && pace === Number.POSITIVE_INFINITY;
  return {
    ways: ways.map(
      ({ name, pace }, way): Way => ({
        name,
        pace,
        share: shares[way]!,
        ...(isGuess(pace) ? { slip: 0 } : unlike(slip[way]!.each)),
        // Where no steps are shown nothing is seen to be mended: a slip is what was left wrong.
        repair: pace === Number.POSITIVE_INFINITY ? 0 : repair[way]!,
        ...(wrongs === undefined ? {} : { wrongs }),
      }),
    ),
    ...rest,
    ...(guessing < 0 ? {} : { misguessed: slip[guessing]!.each[0]! }),
    recall: 0,
    odds: 0,
    temperature: 1,
    astray: 0,
  };
}

/** Steps of a problem are not all as hard. @param slips of each, in [0, 1] */
function unlike(slips: readonly number[]): Pick<Way, "slip" | "harder"> {
  if (slips.every((one) => one === slips[0])) return { slip: slips[0]! };
  const places = slips.map((one) => logit(Math.min(1 - NEVER, Math.max(NEVER, one))));
  const at = places.reduce((sum, one) => sum + one, 0) / places.length;
  return { slip: expit(at), harder: places.map((one) => one - at) };
}

/** New problems of these lengths, each like one of the portrait's, of the same length where there is one. @param steps whole numbers ≥ 1 */
export function drawAsSeen(portrait: Portrait, steps: readonly number[], random: Stream): ImaginedProblem[] {
  const settle = drawn(random);
  return steps.map((own, i) => {
    const alike = nearestOf(portrait.problems, own);
    const { policies, gold } = alike[random.integer(alike.length)]!;
    return {
      id: `L${own}/${i}`,
      family: "imagined",
      steps: own,
      behaviours: behavioursOf(portrait, policies, settle),
      ...(gold === undefined ? {} : { gold }),
    };
  });
}

/** What a rival moves, from one behaviour to another; parts that no answer shows are not moved. */
const MOVED: Readonly<Partial<Record<Part, (from: Behaviour, to: Behaviour) => Behaviour>>> = {
  "strategy-reach": withShares,
  "strategy-share": withShares,
  slips: (from, to) => ({
    ...from,
    ways: from.ways.map((way, i) => {
      const { slip, harder = [] } = to.ways[i]!;
      return { ...way, slip, harder };
    }),
  }),
  repairs: (from, to) => ({ ...from, ways: from.ways.map((way, i) => ({ ...way, repair: to.ways[i]!.repair })) }),
  joins: (from, { joins }) => ({ ...from, joins }),
  readable: (from, { readable }) => ({ ...from, readable }),
  "cut-offs": (from, { cutOffs, breaksOff = 0 }) => ({ ...from, cutOffs, breaksOff }),
  luck: (from, { luck }) => ({ ...from, luck }),
  grader: (from, { grader }) => ({ ...from, grader }),
};

function withShares(from: Behaviour, to: Behaviour): Behaviour {
  return { ...from, ways: from.ways.map((way, i) => ({ ...way, share: to.ways[i]!.share })) };
}

/**
 * Of the gain between the portrait's policies, the share of what these rivals move: the mean of what it gives the base, and of what the tuned
 * policy would lose without it. Undefined where there is no gain, or no answer shows what they move.
 */
export function shareAsSeen(portrait: Portrait, rivals: readonly Explanation[]): number | undefined {
  const parts = rivals.flatMap(({ moves }) => moves);
  if (portrait.answers !== undefined && parts.every((part) => part === "luck") && parts.length > 0)
    return luckAsSeen(portrait);
  const moves = parts.flatMap((part) => MOVED[part] ?? []);
  if (moves.length === 0 || moves.length < parts.length) return undefined;
  const move = (from: Behaviour, to: Behaviour): Behaviour => moves.reduce((one, own) => own(one, to), from);
  let [gain, given, lost] = [0, 0, 0];
  for (const { steps, policies } of portrait.problems) {
    const [base, tuned] = behavioursOf(portrait, policies, mean);
    const success = (one: Behaviour): number => new PaperPolicy(one, steps).success;
    const [low, high] = [success(base), success(tuned)];
    gain += high - low;
    given += success(move(base, tuned)) - low;
    lost += high - success(move(tuned, base));
  }
  return gain <= 0 ? undefined : (given + lost) / (2 * gain);
}

/** What passes by chance is in no chance of a behaviour: the rows tell it, from answers that would pass on other problems. */
function luckAsSeen({ rows }: Portrait): number | undefined {
  const total = (of: (row: GainRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const gain = total((row) => row.gain);
  return gain <= 0 ? undefined : total(({ lucky = 0 }) => lucky) / gain;
}
