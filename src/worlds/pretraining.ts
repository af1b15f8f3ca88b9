// worlds/ · Pretraining: maximum likelihood of a corpus's answers given their prompts.
import { stream, type Stream } from "../maths/random.ts";
import { rateAt, update, type OptimiserOptions } from "./optimiser.ts";
import type { Example, Phase, RunState, Watch } from "./run.ts";
import type { Crew } from "./transformer/crew.ts";
import type { Batch } from "./transformer/model.ts";
import { encode } from "./vocabulary.ts";

export interface PretrainingOptions extends OptimiserOptions {
  readonly steps: number;
  /** Examples a step. */
  readonly batchSize: number;
}

export interface Supervised {
  readonly crew: Crew;
  readonly seed: number;
  readonly phase: Phase;
  /** One example from its own stream. */
  readonly corpus: (random: Stream) => Example;
  readonly options: PretrainingOptions;
  readonly watch: Watch;
}

/** Goes on from `state` to options.steps. Mean loss over the tokens of a step's answers. */
export function learnFrom(state: RunState, { crew, seed, phase, corpus, options, watch }: Supervised): RunState {
  let { step, weights, moments } = state;
  for (; step < options.steps; ) {
    const examples = Array.from({ length: options.batchSize }, (_, i) =>
      corpus(stream(seed, `worlds/${phase}`, step * options.batchSize + i)),
    );
    const { batch, answered } = laidOut(examples, crew.shape.context);
    let tokens = 0;
    for (const place of answered) tokens += place;
    // Uphill on the loss is downhill on the log-likelihood.
    const coefficients = answered.map((place) => -place / tokens);
    crew.setWeights(weights);
    const { gradient, logProbs } = crew.gradient(batch, coefficients);
    let loss = 0;
    for (let i = 0; i < answered.length; i++) if (answered[i] === 1) loss -= logProbs[i]! / tokens;
    moments = update(weights, moments, gradient, rateAt(step, options.steps, options), options);
    step++;
    watch.stepped({ step, weights, moments }, { phase, step, loss, length: tokens / examples.length });
  }
  return { step, weights, moments };
}

/** Prompts and answers side by side, cut at the context, the shortest first; `answered` is 1 at the answers' tokens. */
function laidOut(examples: readonly Example[], context: number): { batch: Batch; answered: Float32Array } {
  const rows = examples
    .map(({ prompt, answer }) => ({ from: prompt.length, tokens: encode((prompt + answer).slice(0, context)) }))
    .sort((a, b) => a.tokens.length - b.tokens.length);
  const lengths = rows.map(({ tokens }) => tokens.length);
  const columns = lengths.at(-1)!;
  const tokens = new Int32Array(rows.length * columns);
  const answered = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    tokens.set(row.tokens, i * columns);
    answered.fill(1, i * columns + row.from, i * columns + row.tokens.length);
  });
  return { batch: { tokens, rows: rows.length, columns, lengths }, answered };
}
