// tasks/ · Posing: distinct problems by seed.
import { type Stream, stream } from "../maths/random.ts";
import type { Problem } from "../terms/problem.ts";
import type { Ask } from "./task.ts";

export interface Poser {
  readonly task: string;
  /** Names the random stream, where that is not the task's name. */
  readonly stream?: string;
  /** Distinct prompts that it can pose: entry L − 1 for L steps. */
  readonly supply: readonly number[];
  readonly draw: (stream: Stream, steps: number) => string;
}

/** Prompts drawn until `count` of them differ, so that a longer list begins with the shorter one of the same seed. */
export function pose(
  { task, stream: name = task, supply, draw }: Poser,
  { seed, steps, count }: Ask,
): readonly Problem[] {
  const most = supply[steps - 1];
  if (most === undefined)
    throw new RangeError(`${task} poses problems of 1 to ${supply.length} steps, not of ${steps}`);
  if (!(Number.isInteger(count) && count >= 0 && count <= most))
    throw new RangeError(`${task} can pose 0 to ${most} problems of ${steps} steps, not ${count}`);
  const draws = stream(seed, `tasks/${name}/L${steps}`);
  const prompts = new Set<string>();
  while (prompts.size < count) prompts.add(draw(draws, steps));
  return [...prompts].map((prompt, i) => ({ id: `${task}/L${steps}/seed${seed}/${i}`, task, prompt, steps }));
}
