// tasks/ · Repaired chain: the chain, where a slip may be noticed and the step done again.
import { chainTask } from "./chain-grammar.ts";

/** With more of them the accepted strings would be too many to list. */
export const REPAIRS_A_STEP = 1;
export const REPAIRS_AN_ANSWER = 2;

export const repairedChain = chainTask({
  name: "repaired-chain",
  what: "a row of operations modulo 10 in which slips may be mended",
  ways: ["stepwise", "direct"],
  repairs: { aStep: REPAIRS_A_STEP, anAnswer: REPAIRS_AN_ANSWER },
});
