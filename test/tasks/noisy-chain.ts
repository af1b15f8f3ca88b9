// A writer of chains who nearly keeps to the grammar.
import type { Stream } from "../../src/maths/random.ts";
import { apply } from "../../src/tasks/arithmetic.ts";
import { parseChain } from "../../src/tasks/chain-grammar.ts";

/** Writes an answer as the grammar has it, with slips, repairs of slips and of none, wrong copies and loose ends now and then. */
export function noisy(draws: Stream, prompt: string): string {
  const { start, operations } = parseChain(prompt);
  const chance = (p: number) => draws.uniform() < p;
  const digit = () => draws.integer(10);
  let text = "";
  let value = start;
  let truth = start;
  for (const { operator, operand } of operations) truth = apply(truth, operator, operand);
  for (let at = 0; at < operations.length && !(at === 0 && chance(0.1)) && !chance(0.03); ) {
    const size = chance(0.4) ? Math.min(2, operations.length - at) : chance(0.02) ? 3 : 1;
    const taken = operations.slice(at, at + size);
    const step = `${chance(0.02) ? digit() : value}${taken.map((one) => one.operator + one.operand).join("")}`;
    const right = taken.reduce((v, { operator, operand }) => apply(v, operator, operand), value);
    const stated = chance(0.15) ? digit() : right;
    const withdrawn = chance(stated === right ? 0.03 : 0.5);
    text += `${step}=${stated}${withdrawn ? "!" : ";"}`;
    if (!withdrawn) value = stated;
    if (!withdrawn || chance(0.05)) at += size;
  }
  return `${text}${["#", "#", "#", "#", "", ":", "##"][draws.integer(7)]}${chance(0.9) ? truth : digit()}${chance(0.97) ? "." : ""}`;
}
