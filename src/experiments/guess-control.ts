// experiments/ · Guess control: answers without a chain of thought, and with a shuffled one: the floor that guessing reaches.
import type { Experiment } from "./experiment.ts";

const ROLLOUTS = 64;
/** A bare answer takes a twentieth of a rollout's tokens. */
const BARE = 1 / 20;

export const guessControl: Experiment = {
  name: "guess-control",
  asks: "both policies for the bare answer, and for an answer after a shuffled chain",
  finds: "the guessing floor, and its rise with k",
  needs: "both policies behind an engine",
  sees: [["luck"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * problems * ROLLOUTS * BARE, scoredRollouts: 0 }),
};
