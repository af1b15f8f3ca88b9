// worlds/ · Second look: slips are rarely noticed; training notices them, and slips no less.
import { repairedChain } from "../tasks/repaired-chain.ts";
import { apply } from "../tasks/arithmetic.ts";
import { parseChain } from "../tasks/chain-grammar.ts";
import type { Stream } from "../maths/random.ts";
import { chainCorpus, cleanSteps } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { aside, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

const SLIP = 0.2;

export const secondLook: World = {
  name: "second-look",
  planted: "20 % of the steps are wrong, and three slips in ten are noticed and the step done again.",
  changes: "Slips are noticed; there are as many of them.",
  moves: ["repairs"],
  task: repairedChain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  // Two repairs take 14 tokens more, and the accepted strings are many: four steps are enough.
  study: { ...STUDY, steps: [1, 2, 3, 4], count: 10 },
  pretraining: { ...PRETRAINING, steps: 4500, batchSize: 48 },
  corpus: chainCorpus({
    problemSteps: { 1: 1, 2: 1, 3: 1, 4: 1 },
    slip: { single: { "+": SLIP, "-": SLIP, "*": SLIP }, pair: 0, direct: 0 },
    repair: 0.3,
  }),
  training: {
    kind: "reinforcement",
    options: {
      ...REINFORCEMENT,
      problemSteps: [1, 2, 3, 4],
      // Strong enough to hold the slips where they are.
      klCoefficient: 0.12,
      prompts: 32,
      steps: 100,
      checkpoints: [12, 30, 60, 100],
    },
    // Slips would be unlearnt faster than noticed. So answers are begun up to a step's result, wrong every other time, and
    // only the token after it is trained: to notice or to go on.
    opening: { begin: upToAResult, trainedTokens: 1 },
  },
  asides: ({ prompt }) => {
    const steps = cleanSteps(prompt);
    return { "without a slip": [`${steps.join("")}#${steps.at(-1)!.at(-2)}.`] };
  },
  promises: (truth) => {
    const clean = (policy: number) => aside(truth, policy, "without a slip");
    const recovered = (policy: number) => (success(truth, policy) - clean(policy)) / (1 - clean(policy));
    const mended = recovered(-1) - recovered(0);
    const steadier = clean(-1) - clean(0);
    return [
      {
        what: "change of the chance that an answer that is not clean ends right",
        planted: "three slips in ten are noticed",
        intended: "at least +0.15",
        measured: mended,
        kept: mended >= 0.15,
      },
      {
        what: "change of the mass of clean answers, without a slip",
        planted: "slips of 20 % a step",
        intended: "less than 0.05 either way",
        measured: steadier,
        kept: Math.abs(steadier) < 0.05,
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
  const result = apply(value, operator, operand);
  const stated = random.uniform() < 0.5 ? result : (result + 1 + random.integer(9)) % 10;
  return `${steps.slice(0, at).join("")}${value}${operator}${operand}=${stated}`;
}
