// experiments/ · Ladder states: verified steps as a chain of states, where the work goes wrong and where it is mended at once.
//
// A step is judged against the state before it as the text has it, so after a slip that stands further steps may be right and the
// work is still wrong. A repair does the step before it again. The chain ends with the first slip that is passed over: what comes
// after it neither slips nor repairs.
import type { SeenStep } from "../terms/seen.ts";

export interface Worked {
  /** First tries until the first slip, that slip included. */
  readonly steps: number;
  readonly erred: boolean;
  /** Of first tries and of what followed each slip: whether the work was right after it; false after false is a slip not mended. */
  readonly right: readonly boolean[];
}

/** @param ended the text came to its end, so a last slip will not be mended any more; else it was cut off and is left open */
export function workedOf(steps: readonly SeenStep[], ended: boolean): Worked {
  const right: boolean[] = [];
  let first: number | undefined;
  let tries = 0;
  let wasRight = true;
  let over = false;
  for (const step of steps) {
    if (!wasRight && !step.repairs) {
      // The slip was passed over.
      right.push(false);
      over = true;
      break;
    }
    // Work that was right and is done again says nothing of slips.
    if (wasRight && step.repairs) continue;
    if (!step.repairs) tries++;
    if (!step.right) first ??= tries;
    right.push(step.right);
    wasRight = step.right;
  }
  if (!wasRight && !over && ended) right.push(false);
  return { steps: first ?? tries, erred: first !== undefined, right };
}
