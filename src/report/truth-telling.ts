// report/ · Truth telling: the exact truth of a world as sections, before it becomes text or a page.
import { SEGMENTS, type TruthDocument } from "../terms/truth.ts";
import { learningCurve } from "./figures/learning-curve.ts";
import type { Figure } from "./figures/frame.ts";
import { worldBits } from "./figures/world-bits.ts";
import {
  baseOf,
  bitsBySteps,
  bitsInWords,
  exact,
  type Facts,
  meanMass,
  namesOf,
  placeName,
  sharesOf,
  tunedOf,
} from "./figures/world-facts.ts";
import { times, worldLadder } from "./figures/world-ladder.ts";
import { worldShares } from "./figures/world-shares.ts";
import { waysOf, worldStrategies } from "./figures/world-strategies.ts";
import { count, difference, fixed, plain, signed } from "./numbers.ts";
import { prose, right, table, type Piece } from "./telling/section.ts";
import { listed } from "./words.ts";

/** A figure with what it is drawn from; a page draws it, text prints its conclusion. */
export interface Drawn {
  readonly figure: Figure<unknown>;
  readonly exhibit: unknown;
}

export interface TruthSection {
  readonly id: string;
  readonly title: string;
  readonly figure?: Drawn;
  readonly pieces: readonly Piece[];
}

const drawn = <E>(figure: Figure<E>, exhibit: E): Drawn => ({ figure: figure as Figure<unknown>, exhibit });
const pieces = (...list: readonly (Piece | undefined)[]): readonly Piece[] =>
  list.filter((piece) => piece !== undefined);

/** One sentence: do the numbers keep what the world promises? */
export function standing(truth: TruthDocument): string {
  const broken = truth.promises.filter(({ kept }) => !kept);
  if (truth.promises.length === 0) return `World ${truth.world} promises nothing.`;
  if (truth.kept)
    return `World ${truth.world} keeps what it promises: ${truth.promises.length === 1 ? "its one promise" : truth.promises.length === 2 ? "both promises" : `all ${truth.promises.length} promises`}.`;
  return `World ${truth.world} is refused: ${listed(broken.map(({ what, intended, measured }) => `${what} is ${plain(measured)}, intended ${intended}`))}.`;
}

/** What everything below was computed from, and that it is exact. */
export function computedFromWorld(truth: TruthDocument): string {
  const strings = truth.problems.reduce((sum, { accepted }) => sum + accepted, 0);
  const lengths = truth.rungs.map(({ steps }) => steps);
  return (
    `World ${truth.world}, seed ${truth.seed}: ${count(truth.problems.length)} problems of ${truth.task} with ${lengthsInWords(lengths)}, ` +
    `policies ${listed(truth.policies)}. ${count(strings)} accepted strings (${truth.grading} grading, answers of at most ${truth.maxTokens} tokens), ` +
    `each scored by every policy and summed in float64 log space. Every number is exact to float precision: nothing was sampled, so there are no intervals.`
  );
}

function lengthsInWords(lengths: readonly number[]): string {
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  return least === most ? `${least} ${least === 1 ? "step" : "steps"}` : `${least} to ${most} steps`;
}

export function promiseTable(truth: TruthDocument): Piece | undefined {
  return table(
    ["promised", "planted", "intended", right("measured"), "kept"],
    truth.promises.map(({ what, planted, intended, measured, low, high, kept }) => [
      what,
      planted,
      intended,
      low !== undefined && high !== undefined ? `${plain(measured)} [${plain(low)}, ${plain(high)}]` : plain(measured),
      kept ? "yes" : "no",
    ]),
  );
}

export function truthSections({ truth, curve }: Facts): readonly TruthSection[] {
  return [
    { id: "promises", title: "What was promised", pieces: pieces(promiseTable(truth)) },
    ...(curve === undefined || curve.points.length === 0
      ? []
      : [{ id: "training", title: "Training", figure: drawn(learningCurve, curve), pieces: [] }]),
    {
      id: "success",
      title: "Success by number of steps",
      figure: drawn(worldLadder, truth),
      pieces: pieces(successTable(truth), lenientTable(truth)),
    },
    {
      id: "strategies",
      title: "Strategies",
      figure: drawn(worldStrategies, truth),
      pieces: pieces(...strategyTables(truth), asideTable(truth)),
    },
    // A figure without a bar is no figure: its conclusion says why there is none.
    bitsBySteps(truth).length === 0
      ? { id: "missing-bits", title: "Missing bits", pieces: [prose(worldBits.conclude(truth))] }
      : {
          id: "missing-bits",
          title: "Missing bits",
          figure: drawn(worldBits, truth),
          pieces: pieces(bitsTable(truth)),
        },
    {
      id: "handoff",
      title: "Plan, execution, answer",
      figure: drawn(worldShares, truth),
      pieces: pieces(...sharesTables(truth)),
    },
  ].filter(({ figure, pieces: list }: TruthSection) => figure !== undefined || list.length > 0);
}

function successTable(truth: TruthDocument): Piece | undefined {
  return table(
    [right("L"), right("problems"), ...truth.policies.map(right), right("p1/p0"), right("log2 p1/p0")],
    truth.rungs.map(({ steps, problems, right: rates, ratio }) => {
      const last = ratio?.at(-1);
      return [
        String(steps),
        count(problems),
        ...rates.map(exact),
        last === undefined ? "–" : times(last),
        last === undefined || last <= 0 ? "–" : signed(Math.log2(last), 2),
      ];
    }),
    `Chance of a right answer; p1 is ${tunedOf(truth)}, p0 is ${baseOf(truth)}`,
  );
}

/** Only where the mark makes a difference. */
function lenientTable(truth: TruthDocument): Piece | undefined {
  const same = truth.rungs.every(({ right: rates, lenient }) =>
    rates.every((p, i) => Math.abs(p - (lenient[i] ?? p)) < 5e-4),
  );
  return table(
    [right("L"), ...truth.policies.map(right)],
    same ? [] : truth.rungs.map(({ steps, lenient }) => [String(steps), ...lenient.map(exact)]),
    "Chance that every step is right, however the answer is marked",
  );
}

function strategyTables(truth: TruthDocument): (Piece | undefined)[] {
  const ways = waysOf(truth);
  const heads = ["strategy", ...truth.policies.map(right)];
  return [
    table(
      heads,
      ways.map(({ name, begun }) => [name, ...begun.map(exact)]),
      "Chance that the way is begun, mean over all problems",
    ),
    table(
      heads,
      ways.map(({ name, right: rates }) => [name, ...rates.map(exact)]),
      "Chance of a right answer that way; a column adds up to its policy’s success",
    ),
  ];
}

function asideTable(truth: TruthDocument): Piece | undefined {
  return table(
    ["answers that", ...truth.policies.map(right)],
    namesOf(truth, ({ asides }) => asides).map((name) => [
      name,
      ...(meanMass(truth, ({ asides }) => asides[name]) ?? []).map(exact),
    ]),
    "Mass of further strings, mean over all problems",
  );
}

function bitsTable(truth: TruthDocument): Piece | undefined {
  const all = bitsBySteps(truth);
  const places = Math.max(0, ...all.map(({ bits }) => bits.length));
  const heads = Array.from({ length: places }, (_, i) => right(placeName(i, places)));
  return table(
    [right("L"), ...heads, right("all"), right("N_eff"), right("problems")],
    all.map(({ steps, bits, total, effectivePlaces, problems, of }) => {
      const before = bits.slice(0, -1).map(bitsInWords);
      const absent = Array.from({ length: places - bits.length }, () => "–");
      return [
        String(steps),
        ...before,
        ...absent,
        bitsInWords(bits.at(-1) ?? 0),
        bitsInWords(total),
        effectivePlaces === undefined ? "–" : fixed(effectivePlaces, 2),
        `${problems} of ${of}`,
      ];
    }),
    `Bits that ${baseOf(truth)} lacks along the right answers of ${tunedOf(truth)}`,
  );
}

function sharesTables(truth: TruthDocument): (Piece | undefined)[] {
  const all = sharesOf(truth);
  const heads = ["segment", ...all.map(({ policy }) => right(policy))];
  const bits = all.some(({ withBits }) => withBits > 0);
  const partial = all.some(({ withBits, problems }) => withBits < problems);
  return [
    table(
      heads,
      [
        ...SEGMENTS.map((name) => [name, ...all.map((one) => difference(one.probability[name]))]),
        ["gain", ...all.map(({ gain }) => difference(gain))],
      ],
      `Shapley shares of the gain over ${baseOf(truth)}, in probability`,
    ),
    table(
      heads,
      bits
        ? [
            ...SEGMENTS.map((name) => [
              name,
              ...all.map((one) => (one.bits === undefined ? "–" : signed(one.bits[name], 3))),
            ]),
            ["gain", ...all.map(({ gainBits }) => (gainBits === undefined ? "–" : signed(gainBits, 3)))],
            ...(partial ? [["problems", ...all.map(({ withBits, problems }) => `${withBits} of ${problems}`)]] : []),
          ]
        : [],
      "The same in bits, shares of log2 p1 − log2 p0; on problems where no cell is zero",
    ),
  ];
}
