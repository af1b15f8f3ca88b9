// study/ · Imagined by rival: the base as its answers show it, and the training that these rivals alone would have given it.
import { PaperPolicy } from "../experiments/paper-policy.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { NEVER } from "../explanations/on-paper.ts";
import { crossing } from "../maths/crossing.ts";
import type { Stream } from "../maths/random.ts";
import type { Behaviour, Part, Way } from "../terms/behaviour.ts";
import { ALIKE, type Answers, FARTHEST, farOn, type ImaginedProblem, pacesOf, unevenFrom } from "./imagined.ts";
import { drawAsSeen } from "./imagined-as-seen.ts";
import { guessing, leaningFrom } from "./imagined-guessing.ts";
import type { Portrait } from "./portrait.ts";

/** A way that is taken no more often is none that training could have met. */
const UNMET = 1e-6;
/** One that is taken nearly always leaves no room. */
const NEARLY_ALL = 0.95;
/** A way that slips this much less than the base's is worth learning; the more is gained, the less it may slip. */
const STEADIER = [0.1, 0.01, 0.001];
/** What a way that the base never took is called; it goes step by step. */
const NEW = "new";
/** Of the gain that is asked for: whoever gives the most of it may have left the rest to nobody. */
const ENOUGH = 0.8;

/** No pace is less than half of the way: twice as far is all of it for every rival. */
const FULL = 2;

export interface Drawn {
  readonly problems: readonly ImaginedProblem[];
  /** Where problems have them in common. */
  readonly answers?: Answers;
}

/**
 * Problems like those of the portrait: on each its base, and that base after training that goes as far as the gain asks.
 *
 * @param gain mean over the problems
 * @param steps L of each, whole numbers ≥ 1
 * @returns nothing where the base that was seen leaves these rivals no room for nearly that gain; laws of texts go as far as they can
 */
export function drawByRivals(
  portrait: Portrait,
  rivals: readonly Explanation[],
  gain: number,
  steps: readonly number[],
  random: Stream,
): Drawn | undefined {
  const drawn = drawAsSeen(portrait, steps, random);
  const moves = rivals.flatMap((one) => one.moves);
  const isLuck = moves.length > 0 && moves.every((part) => part === "luck");
  const { answers } = portrait;
  const trainings =
    answers !== undefined && isLuck
      ? guesses(drawn, answers, random)
      : changes(rivals, drawn, random).map((one) => ({ ...one, answersAt: () => answers }));
  const left = leftOf(
    drawn.map(({ behaviours }) => behaviours[0]!),
    steps,
    gain,
  );
  const room = trainings.map((training) => ({ training, over: left(training.at(FULL)) }));
  const chosen = room.find(({ over }) => over <= 0) ?? room.toSorted((a, b) => a.over - b.over)[0];
  const asFarAsTheyCan = moves.every((part) => ALIKE.has(part));
  if (chosen === undefined || (!asFarAsTheyCan && chosen.over > (1 - ENOUGH) * gain)) return undefined;
  const { bases, at, answersAt } = chosen.training;
  const share = crossing((own) => left(at(own)), 0, FULL);
  const after = at(share);
  const stated = answersAt(share);
  return {
    problems: drawn.map((one, i) => ({ ...one, behaviours: [bases[i]!, after[i]!] })),
    ...(stated === undefined ? {} : { answers: stated }),
  };
}

/** What the policies do on each problem after so much of the way, in [0, FULL]. */
interface Training {
  readonly bases: readonly Behaviour[];
  readonly at: (share: number) => readonly Behaviour[];
  readonly answersAt: (share: number) => Answers | undefined;
}

/** The rivals move what they move, on the base as training may have found it, the likeliest first. */
function changes(
  rivals: readonly Explanation[],
  drawn: readonly ImaginedProblem[],
  random: Stream,
): Omit<Training, "answersAt">[] {
  const paces = pacesOf(rivals, random);
  const uneven = unevenFrom(random);
  const further = drawn.map(() => uneven * random.normal());
  const moves = rivals.flatMap((one) => one.moves);
  return basesFor(moves, drawn).map((bases) => ({
    bases,
    at: (share) =>
      bases.map((base, i) =>
        rivals.reduce(
          (one, { moves: own, onPaper }, k) =>
            onPaper.tuned(one, farOn(own, Math.min(FARTHEST, share * paces[k]!), further[i]!)),
          base,
        ),
      ),
  }));
}

/** Luck where answers are in common; nothing where the base says nothing at once. */
function guesses(drawn: readonly ImaginedProblem[], answers: Answers, random: Stream): Training[] {
  const leaning = leaningFrom(random);
  if (guessing(drawn, answers, leaning, 0) === undefined) return [];
  return [
    {
      bases: drawn.map(({ behaviours }) => behaviours[0]!),
      at: (share) => guessing(drawn, answers, leaning, share)!.behaviours,
      answersAt: (share) => guessing(drawn, answers, leaning, share)!.answers,
    },
  ];
}

/** Of the gain, what training that leads there leaves over. */
function leftOf(bases: readonly Behaviour[], steps: readonly number[], gain: number) {
  const wanted = meanSuccess(bases, steps) + gain;
  return (after: readonly Behaviour[]): number => wanted - meanSuccess(after, steps);
}

function meanSuccess(behaviours: readonly Behaviour[], steps: readonly number[]): number {
  return behaviours.reduce((sum, one, i) => sum + new PaperPolicy(one, steps[i]!).success, 0) / behaviours.length;
}

/** The base as training may find it, the likeliest first: the way that is to be chosen more often stands first. All are as good. */
function basesFor(moves: readonly Part[], drawn: readonly ImaginedProblem[]): readonly (readonly Behaviour[])[] {
  const bases = drawn.map(({ behaviours }) => behaviours[0]!);
  const steps = drawn.map((one) => one.steps);
  if (moves.includes("strategy-reach")) {
    const never = waysWhere(bases, (share) => share <= UNMET);
    if (never.length > 0) return ranked(bases, steps, never);
    return STEADIER.map((by) => bases.map((base) => ({ ...base, ways: [newWay(base, by), ...base.ways] })));
  }
  if (!moves.includes("strategy-share")) return [bases];
  return ranked(
    bases,
    steps,
    waysWhere(bases, (share) => share > UNMET && share < NEARLY_ALL),
  );
}

/** By mean share. */
function waysWhere(bases: readonly Behaviour[], holds: (share: number) => boolean): number[] {
  const mean = (way: number): number => bases.reduce((sum, { ways }) => sum + ways[way]!.share, 0) / bases.length;
  return bases[0]!.ways.flatMap((_, way) => (holds(mean(way)) ? [way] : []));
}

/** Each of these ways first, that which solves most before the others: what is rewarded is what is chosen more often. */
function ranked(bases: readonly Behaviour[], steps: readonly number[], ways: readonly number[]): Behaviour[][] {
  return ways
    .map((way) => {
      const alone = bases.map((base) => ({ ...base, ways: [{ ...base.ways[way]!, share: 1 }] }));
      return { way, success: meanSuccess(alone, steps) };
    })
    .sort((a, b) => b.success - a.success)
    .map(({ way }) =>
      bases.map((base) => ({ ...base, ways: [base.ways[way]!, ...base.ways.filter((_, i) => i !== way)] })),
    );
}

/** Never taken; the other ways keep their shares. */
function newWay({ ways }: Behaviour, steadier: number): Way {
  const [main] = ways;
  return { ...main!, name: NEW, pace: 1, share: NEVER, slip: steadier * main!.slip, harder: [] };
}
