// test/ · Reader: where a text is lost, for every task, against the list of what is accepted.
import { expect, it, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { taskReader } from "../../src/study/reader.ts";
import { TASKS } from "../../src/tasks/all.ts";
import { chain } from "../../src/tasks/chain.ts";

test.each(TASKS.map((task) => [task.name, task] as const))(
  "in %s a text is lost with the first character that begins nothing accepted",
  (_, task) => {
    const draws = stream(11, "lost texts", task.name.length);
    for (const { id, prompt } of task.problems({ seed: 3, steps: 2, count: 3 })) {
      const accepted = task.accepted(prompt, "process").map(({ text }) => text);
      const { lost } = taskReader(new Map([[id, { task, prompt, grading: "process" }]]), () => []);
      expect(accepted.map((text) => lost!(id, text))).toEqual(accepted.map(() => undefined));
      for (let i = 0; i < 50; i++) {
        const whole = accepted[draws.integer(accepted.length)]!;
        const at = draws.integer(whole.length);
        const text = `${whole.slice(0, at)}${task.alphabet[draws.integer(task.alphabet.length)]}${whole.slice(at + 1)}`;
        const ends = Array.from({ length: text.length }, (__, end) => end + 1);
        const first = ends.find((end) => !accepted.some((one) => one.startsWith(text.slice(0, end))));
        expect(lost!(id, text)).toBe(first);
        expect(lost!(id, whole.slice(0, at))).toBeUndefined();
      }
    }
  },
);

it("says nothing is lost where what is accepted is too much to list, and does not say it where the outcome alone is graded", () => {
  const [problem] = chain.problems({ seed: 3, steps: 4, count: 1 });
  const { id, prompt } = problem!;
  const task = {
    ...chain,
    accepted() {
      throw new RangeError("too many");
    },
  };
  const reader = (grading: "process" | "outcome") => taskReader(new Map([[id, { task, prompt, grading }]]), () => []);
  expect(reader("process").lost!(id, "nonsense")).toBeUndefined();
  expect(reader("outcome").lost).toBeUndefined();
});
