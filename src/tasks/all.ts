// tasks/ · All: the list. A new task is one file and one line here.
import { StudyError } from "../terms/errors.ts";
import { chain } from "./chain.ts";
import { countdown } from "./countdown.ts";
import { repairedChain } from "./repaired-chain.ts";
import type { Task } from "./task.ts";

export const TASKS: readonly Task[] = [chain, repairedChain, countdown];

/** StudyError where there is none of that name. */
export function taskNamed(name: string): Task {
  const found = TASKS.find((task) => task.name === name);
  if (found === undefined)
    throw new StudyError({
      code: "no-such-task",
      what: `there is no task ${JSON.stringify(name)}`,
      mend: `name one of ${TASKS.map((task) => task.name).join(", ")}`,
    });
  return found;
}
