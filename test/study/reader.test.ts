// test/ · Reader: where a text is lost, for every task, against the list of what is accepted.
import { expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { taskReader } from "../../src/study/reader.ts";
import { TASKS } from "../../src/tasks/all.ts";

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
