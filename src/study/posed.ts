// study/ · Posed: which problems a declared task of tasks/ means.
import { taskNamed } from "../tasks/all.ts";
import type { Task } from "../tasks/task.ts";
import type { Problem } from "../terms/problem.ts";
import type { TaskDeclared } from "../terms/study.ts";

export type TaskOfOurs = Extract<TaskDeclared, { readonly task: string }>;

/**
 * Steps in the order declared; where the problems do not come out even, the first steps have one more.
 *
 * @throws RangeError where the task poses no problems of those steps, or not so many
 */
export function posedBy({ task, steps, problems, seed }: Omit<TaskOfOurs, "grading">): readonly Problem[] {
  return steps.flatMap((L, i) => {
    const count = Math.floor(problems / steps.length) + (i < problems % steps.length ? 1 : 0);
    return taskNamed(task).problems({ seed, steps: L, count });
  });
}

/** Seeds of twins lie half of all seeds away, so no study's own are among them by habit. */
const FAR = 2 ** 31;

/** Fresh problems of the same steps, as many where the task has that many; none that is asked anyway. */
export function twinsOf(declared: Omit<TaskOfOurs, "grading">): readonly Problem[] {
  const asked = new Set(posedBy(declared).map(({ prompt }) => prompt));
  return posedBy({ ...declared, seed: (declared.seed + FAR) % 2 ** 32 }).filter(({ prompt }) => !asked.has(prompt));
}

/** Every number of steps that the task can pose, ascending; numbers of steps have no gaps. */
export function posable(task: Task): readonly number[] {
  const steps: number[] = [];
  for (;;) {
    try {
      task.problems({ seed: 0, steps: steps.length + 1, count: 0 });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return steps;
    }
    steps.push(steps.length + 1);
  }
}
