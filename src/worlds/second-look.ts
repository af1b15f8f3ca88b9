// worlds/ · Second look: slips are rarely noticed; training notices them, and slips no less.
import { repairedChain } from "../tasks/repaired-chain.ts";
import { apply } from "../tasks/arithmetic.ts";
import { parseChain } from "../tasks/chain-grammar.ts";
import type { Stream } from "../maths/random.ts";
import { chainCorpus, cleanSteps } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { aside, longest, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

const SLIP = 0.15;

export const secondLook: World = {
  name: "second-look",
  planted: "15 % of the steps are wrong, and one slip in twenty is noticed and the step done again.",
  changes: "Slips are noticed; there are as many of them.",
  moves: ["repairs"],
  task: repairedChain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  // Two repairs take 14 tokens more, and the accepted strings are many: four steps are enough.
  study: { ...STUDY, steps: [1, 2, 3, 4], count: 15 },
  pretraining: PRETRAINING,
  corpus: chainCorpus({
    problemSteps: { 1: 1, 2: 1, 3: 1, 4: 1 },
    slip: { single: { "+": SLIP, "-": SLIP, "*": SLIP }, pair: 0, direct: 0 },
    repair: 0.05,
  }),
  training: {
    kind: "reinforcement",
    options: { ...REINFORCEMENT, problemSteps: [1, 2, 3, 4], steps: 60, checkpoints: [10, 20, 35, 60] },
    // Slips would be unlearnt faster than noticed. So answers are begun up to a step's result, wrong every other time, and
    // only the token after it is trained: to notice or to go on.
    opening: { begin: upToAResult, trainedTokens: 1 },
  },
  asides: ({ prompt }) => {
    const steps = cleanSteps(prompt);
    return { "without a slip": [`${steps.join("")}#${steps.at(-1)!.at(-2)}.`] };
  },
  promises: (truth) => {
    const most = longest(truth);
    const clean = (policy: number) => aside(truth, policy, "without a slip");
    const ratio = success(truth, -1, most) / success(truth, 0, most);
    return [
      {
        what: `success at L = ${most}, tuned over base`,
        planted: "one slip in twenty is noticed",
        intended: "at least 1.3",
        measured: ratio,
        kept: ratio >= 1.3,
      },
      {
        what: "change of the mass of answers without a slip",
        planted: "slips of 15 % a step",
        intended: "less than 0.05 either way",
        measured: clean(-1) - clean(0),
        kept: Math.abs(clean(-1) - clean(0)) < 0.05,
      },
    ];
  },
};

/** Some clean steps, then one more up to its result, wrong every other time. */
function upToAResult(prompt: string, random: Stream): string {
  const { start, operations } = parseChain(prompt);
  const steps = cleanSteps(prompt);
  const at = random.integer(steps.length);
  const value = operations.slice(0, at).reduce((so, { operator, operand }) => apply(so, operator, operand), start);
  const { operator, operand } = operations[at]!;
  const right = apply(value, operator, operand);
  const stated = random.uniform() < 0.5 ? right : (right + 1 + random.integer(9)) % 10;
  return `${steps.slice(0, at).join("")}${value}${operator}${operand}=${stated}`;
}
