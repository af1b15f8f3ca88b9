// worlds/ · Recipe: one hash of all that decides what a build gives, so that a cached world is never one of another making.
import { createHash } from "node:crypto";
import { stream } from "../maths/random.ts";
import { CHARACTERS } from "./vocabulary.ts";
import type { World } from "./world.ts";

/** A corpus is a function; so many of its lines stand for it. */
const LINES = 1000;
/** Goes up when the code of training, or the order of its sums, changes what it gives; a test holds a small world's bits. */
const MAKING = 2;

/** SHA-256 in hexadecimal of the options, the corpora's first lines, and the seed. */
export function recipeOf(world: World, seed: number): string {
  const { name, grading, shape, maxTokens, pretraining, corpus, training } = world;
  const lines = (of: World["corpus"], phase: string) =>
    Array.from({ length: LINES }, (_, i) => {
      const { prompt, answer } = of(stream(seed, `worlds/${phase}`, i));
      return prompt + answer;
    });
  const { opening, ...plain } = training.kind === "reinforcement" ? training : { ...training, opening: undefined };
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify({
      making: MAKING,
      name,
      seed,
      task: world.task.name,
      grading,
      shape,
      maxTokens,
      vocabulary: CHARACTERS,
      pretraining,
      training: { ...plain, trainedTokens: opening?.trainedTokens },
      corpus: lines(corpus, "pretraining"),
      taught: training.kind === "imitation" ? lines(training.corpus, "imitation") : [],
      openings: opening === undefined ? [] : openings(world, opening.begin, seed),
    }),
  );
  return hash.digest("hex");
}

function openings(
  { task }: World,
  begin: (prompt: string, random: ReturnType<typeof stream>) => string,
  seed: number,
): string[] {
  return task
    .problems({ seed, steps: 2, count: LINES })
    .map(({ prompt }, i) => begin(prompt, stream(seed, "worlds/reinforcement/opening", i)));
}
