// worlds/ · Chain corpus: how somebody with given habits would answer chains. The habits are what a world plants.
import type { Stream } from "../maths/random.ts";
import { apply } from "../tasks/arithmetic.ts";
import { parseChain, posed } from "../tasks/chain-grammar.ts";
import { MAX_TOKENS } from "./defaults.ts";
import type { Example } from "./run.ts";

type Ways = Readonly<Partial<Record<"stepwise" | "pairwise" | "direct", number>>>;

/** All shares and chances in [0, 1]. */
export interface Habits {
  /** Numbers of steps of the problems, with weights. */
  readonly problemSteps: Readonly<Record<number, number>>;
  /** How answers are worked out, with weights; `direct` writes no step. */
  readonly ways: Ways;
  /** The same for problems of L ≥ 2, where that differs. */
  readonly waysOfMany?: Ways;
  /** Chance that a stated result is wrong, evenly over the nine others: of one operation, of two at once, of a direct answer. */
  readonly slip: {
    readonly single: Readonly<Record<"+" | "-" | "*", number>>;
    readonly pair: number;
    readonly direct: number;
  };
  /** Chance that a slip is noticed and the step done again. */
  readonly repair: number;
  /** The statement of the answer: marked as asked, not marked, or with another mark; weights. */
  readonly marks: { readonly asked: number; readonly missing: number; readonly other: number };
  /** Chance that a chain of L ≥ 2 ends after its first step as if that were all, instead of being gone on with. */
  readonly stopsAfterOne: number;
  /** Chance that an answer breaks off after some of its steps, without a statement. */
  readonly breaksOff: number;
  /** Chance that an answer is nothing but filler until the tokens run out. */
  readonly runsOver: number;
  /** Chance that no answer is tried. */
  readonly passes: number;
}

/** Everything right, stepwise, marked as asked. */
const SOUND: Habits = {
  problemSteps: { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 },
  ways: { stepwise: 1 },
  slip: { single: { "+": 0, "-": 0, "*": 0 }, pair: 0, direct: 0 },
  repair: 0,
  marks: { asked: 1, missing: 0, other: 0 },
  stopsAfterOne: 0,
  breaksOff: 0,
  runsOver: 0,
  passes: 0,
};

export const FILLER = "~";
/** An answer that is none. */
export const PASS = "#?.";

/** One of the keys, by weight. */
function drawn<K extends string>(random: Stream, weights: Readonly<Partial<Record<K, number>>>): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = random.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries.at(-1)![0];
}

/** Problems answered by somebody who does all well but for these habits; filler runs for MAX_TOKENS. */
export function chainCorpus(habits: Partial<Habits>): (random: Stream) => Example {
  const whole = { ...SOUND, ...habits };
  return (random) => {
    const prompt = posed(random, Number(drawn(random, whole.problemSteps)));
    return { prompt, answer: answered(prompt, whole, random) };
  };
}

/** The steps of the right stepwise answer, each with its semicolon. */
export function cleanSteps(prompt: string): string[] {
  const { start, operations } = parseChain(prompt);
  let value = start;
  return operations.map(({ operator, operand }) => {
    const before = value;
    value = apply(value, operator, operand);
    return `${before}${operator}${operand}=${value};`;
  });
}

function answered(prompt: string, habits: Habits, random: Stream): string {
  if (random.uniform() < habits.runsOver) return FILLER.repeat(MAX_TOKENS);
  if (random.uniform() < habits.passes) return PASS;
  const { start, operations } = parseChain(prompt);
  const way = drawn(random, operations.length > 1 ? (habits.waysOfMany ?? habits.ways) : habits.ways);
  if (way === "direct") {
    const right = operations.reduce((value, { operator, operand }) => apply(value, operator, operand), start);
    return stated(slipped(right, habits.slip.direct, random), habits, random);
  }
  const short = operations.length > 1 && random.uniform() < habits.stopsAfterOne;
  const upTo = short ? 1 : operations.length;
  const breakAt = random.uniform() < habits.breaksOff ? random.integer(upTo) : Number.POSITIVE_INFINITY;
  let text = "";
  let value = start;
  for (let done = 0, written = 0; done < upTo; written++) {
    if (written === breakAt) return `${text}.`;
    const size = way === "pairwise" ? Math.min(2, upTo - done) : 1;
    const part = operations.slice(done, done + size);
    const step = `${value}${part.map(({ operator, operand }) => `${operator}${operand}`).join("")}`;
    const right = part.reduce((so, { operator, operand }) => apply(so, operator, operand), value);
    const chance = size === 2 ? habits.slip.pair : habits.slip.single[part[0]!.operator];
    const result = slipped(right, chance, random);
    if (result !== right && random.uniform() < habits.repair) {
      text += `${step}=${result}!${step}=${right};`;
      value = right;
    } else {
      text += `${step}=${result};`;
      value = result;
    }
    done += size;
  }
  return text + stated(value, habits, random);
}

function stated(value: number, { marks }: Habits, random: Stream): string {
  const mark = { asked: "#", missing: "", other: ":" }[drawn(random, marks)];
  return `${mark}${value}.`;
}

function slipped(right: number, chance: number, random: Stream): number {
  return random.uniform() < chance ? (right + 1 + random.integer(9)) % 10 : right;
}
