// tasks/ · Chain: a row of operations modulo 10, worked off from left to right in one way throughout; a slip is final.
import { chainTask } from "./chain-grammar.ts";

export const chain = chainTask({
  name: "chain",
  what: "a row of operations modulo 10, evaluated from left to right",
  ways: ["stepwise", "pairwise", "direct"],
  repairs: { aStep: 0, anAnswer: 0 },
});
