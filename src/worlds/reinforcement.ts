// worlds/ · Reinforcement: group-relative policy gradient on a verifiable reward, answers sampled from the policy itself.
//
// Z. Shao et al. (2024), "DeepSeekMath", arXiv 2402.03300, eq. 3–4 (GRPO): clipped ratio, advantage relative to the group,
// the k3 estimate of the divergence from the base. Length normalisations: per answer as there; per token over the whole step,
// Q. Yu et al. (2025), "DAPO", arXiv 2503.14476; by a constant, Z. Liu et al. (2025), "Dr. GRPO", arXiv 2503.20783.
import { stream, type Stream } from "../maths/random.ts";
import type { Grading, Task } from "../tasks/task.ts";
import { rateAt, update, type OptimiserOptions } from "./optimiser.ts";
import type { RunState, Watch } from "./run.ts";
import type { Crew, Sampled } from "./transformer/crew.ts";
import { decode, encode } from "./vocabulary.ts";

export interface ReinforcementOptions extends OptimiserOptions {
  readonly steps: number;
  /** Problems a step. */
  readonly prompts: number;
  /** Answers to each, G. */
  readonly groupSize: number;
  /** Numbers of steps of the problems trained on, drawn evenly. */
  readonly problemSteps: readonly number[];
  readonly temperature: number;
  /** ε of the clipped ratio, below and above 1. */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** β, the weight of the divergence from the base. */
  readonly klCoefficient: number;
  /** By what an answer's tokens are divided: its own number of them, all of the step's, or the most it could have. */
  readonly lengthNormalisation: "sequence" | "token" | "constant";
  /** Divide the advantages by the group's standard deviation. */
  readonly scaleRewards: boolean;
  /** Updates from the same answers, μ. */
  readonly innerSteps: number;
  /** Steps after which a policy is kept; the last is the tuned one. */
  readonly checkpoints: readonly number[];
}

/** Answers that go on from a given beginning, which is not trained on. */
export interface Opening {
  readonly begin: (prompt: string, random: Stream) => string;
  /** Tokens that the reward trains, from the first that the policy writes itself; the divergence holds all of them. */
  readonly trainedTokens: number;
}

export interface Reinforced {
  readonly crew: Crew;
  readonly seed: number;
  readonly task: Task;
  readonly grading: Grading;
  readonly maxTokens: number;
  /** The weights that the divergence is measured from. */
  readonly base: Float32Array;
  readonly opening?: Opening;
  readonly options: ReinforcementOptions;
  readonly watch: Watch;
}

/** Answers of one step as the update sees them; arrays are [rows, columns]. */
interface Round {
  readonly rows: number;
  readonly columns: number;
  readonly lengths: Int32Array;
  readonly tokens: Int32Array;
  /** Divisor-weighted advantage at every trained token, 0 elsewhere. */
  readonly advantages: Float64Array;
  /** The divisor alone, for the divergence's part. */
  readonly weights: Float64Array;
  readonly old: Float64Array;
  readonly reward: number;
  readonly length: number;
}

/** Goes on from `state` to options.steps. */
export function reinforce(state: RunState, run: Reinforced): RunState {
  const { crew, base, options, watch } = run;
  let { step, weights, moments } = state;
  while (step < options.steps) {
    crew.setWeights(weights);
    const round = drawn(run, step);
    let reference: Float64Array | undefined;
    if (options.klCoefficient > 0) {
      crew.setWeights(base);
      reference = crew.logProbs(round);
    }
    let kl: number | undefined;
    for (let inner = 0; inner < options.innerSteps; inner++) {
      crew.setWeights(weights);
      const now = inner === 0 ? round.old : crew.logProbs(round);
      if (inner === 0 && reference !== undefined) kl = divergence(round, now, reference);
      const { gradient } = crew.gradient(round, coefficientsOf(round, now, reference, options));
      const updates = options.steps * options.innerSteps;
      moments = update(weights, moments, gradient, rateAt(moments.step, updates, options), options);
    }
    step++;
    watch.stepped(
      { step, weights, moments },
      {
        phase: "reinforcement",
        step,
        reward: round.reward,
        length: round.length,
        entropy: surprise(round),
        ...(kl === undefined ? {} : { kl }),
      },
    );
  }
  return { step, weights, moments };
}

/** Poses problems, samples a group of answers to each, and turns rewards into advantages. */
function drawn({ crew, seed, task, grading, maxTokens, opening, options }: Reinforced, step: number): Round {
  const random = stream(seed, "worlds/reinforcement", step);
  const { groupSize } = options;
  const posed = Array.from({ length: options.prompts }, (_, i) => {
    const steps = options.problemSteps[random.integer(options.problemSteps.length)]!;
    const [problem] = task.problems({ seed: random.uint32(), steps, count: 1 });
    const prompt = problem!.prompt;
    return { prompt, begun: opening?.begin(prompt, stream(seed, `worlds/reinforcement/opening/${step}`, i)) ?? "" };
  });
  const rows = posed.length * groupSize;
  const asked = Array.from({ length: rows }, (_, row) => {
    const { prompt, begun } = posed[Math.floor(row / groupSize)]!;
    return encode(prompt + begun);
  });
  const seeds = asked.map(() => random.uint32());
  const sampler = { temperature: options.temperature, topP: 1, topK: 0, minP: 0, maxTokens, stop: [] };
  const sampled = crew.sample(asked, seeds, sampler);
  const rewards = asked.map((_, row) => {
    const { prompt, begun } = posed[Math.floor(row / groupSize)]!;
    const answer = begun + answerOf(sampled, row, asked[row]!.length, crew.shape.context);
    return task.verify(prompt, answer, grading).kind === "right" ? 1 : 0;
  });
  return arranged(sampled, asked, rewards, crew.shape.context, maxTokens, opening?.trainedTokens ?? maxTokens, options);
}

function answerOf({ tokens, lengths }: Sampled, row: number, from: number, context: number): string {
  return decode(tokens.subarray(row * context + from, row * context + lengths[row]!));
}

function arranged(
  { tokens, lengths, logProbs }: Sampled,
  asked: readonly (readonly number[])[],
  rewards: readonly number[],
  context: number,
  maxTokens: number,
  trainedTokens: number,
  { groupSize, scaleRewards, lengthNormalisation }: ReinforcementOptions,
): Round {
  const rows = asked.length;
  // Short ones first: a shard is as long as its longest row.
  const order = Array.from(asked.keys()).sort((a, b) => lengths[a]! - lengths[b]!);
  const columns = lengths[order.at(-1)!]!;
  const written = asked.map((prompt, row) => lengths[row]! - prompt.length);
  const all = written.reduce((sum, count) => sum + count, 0);
  const round: Round = {
    rows,
    columns,
    lengths: Int32Array.from(order, (row) => lengths[row]!),
    tokens: new Int32Array(rows * columns),
    advantages: new Float64Array(rows * columns),
    weights: new Float64Array(rows * columns),
    old: new Float64Array(rows * columns),
    reward: rewards.reduce((sum, reward) => sum + reward, 0) / rows,
    length: all / rows,
  };
  order.forEach((row, place) => {
    const group = rewards.slice(row - (row % groupSize), row - (row % groupSize) + groupSize);
    const mean = group.reduce((sum, reward) => sum + reward, 0) / groupSize;
    const spread = Math.sqrt(group.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / groupSize);
    const advantage = (rewards[row]! - mean) / (scaleRewards ? spread + 1e-6 : 1);
    const divisor = { sequence: rows * written[row]!, token: all, constant: rows * maxTokens }[lengthNormalisation];
    round.tokens.set(tokens.subarray(row * context, row * context + lengths[row]!), place * columns);
    const from = asked[row]!.length;
    for (let t = from; t < from + written[row]!; t++) {
      if (t < from + trainedTokens) round.advantages[place * columns + t] = advantage / divisor;
      round.weights[place * columns + t] = 1 / divisor;
      round.old[place * columns + t] = logProbs[row * context + t]!;
    }
  });
  return round;
}

/** The loss's derivative by every token's log-probability. */
function coefficientsOf(
  { advantages, weights, old }: Round,
  now: Float64Array,
  reference: Float64Array | undefined,
  { clipLow, clipHigh, klCoefficient }: ReinforcementOptions,
): Float64Array {
  return advantages.map((advantage, i) => {
    if (weights[i] === 0) return 0;
    const ratio = Math.exp(now[i]! - old[i]!);
    const clipped = advantage > 0 ? ratio > 1 + clipHigh : ratio < 1 - clipLow;
    const gain = clipped ? 0 : advantage * ratio;
    const pull = reference === undefined ? 0 : klCoefficient * weights[i]! * (1 - Math.exp(reference[i]! - now[i]!));
    return pull - gain;
  });
}

/** k3, nats a token: mean of r − 1 − log r with r = base / now. */
function divergence({ weights }: Round, now: Float64Array, reference: Float64Array): number {
  let sum = 0;
  let tokens = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const log = reference[i]! - now[i]!;
    sum += Math.exp(log) - 1 - log;
    tokens++;
  }
  return sum / Math.max(1, tokens);
}

/** Mean −log p of the tokens drawn: an unbiased estimate of the entropy, nats a token. */
function surprise({ weights, old }: Round): number {
  let sum = 0;
  let tokens = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum -= old[i]!;
    tokens++;
  }
  return sum / Math.max(1, tokens);
}
