// worlds/ · Countdown corpus: solutions of somebody who slips now and then and believes some facts wrong.
import type { Stream } from "../maths/random.ts";
import { posedCountdown } from "../tasks/countdown.ts";
import type { Example } from "./run.ts";

export interface CountdownHabits {
  /** Chance that a stated result is any other digit. */
  readonly slip: number;
  /** Operations, `7*8`, whose result is believed one too high, with this chance each time. */
  readonly misbelieved: readonly string[];
  readonly chance: number;
}

/** Problems of one to three steps, evenly. What follows a slip goes on as if nothing had been: the target is stated at the end. */
export function countdownCorpus({ slip, misbelieved, chance }: CountdownHabits): (random: Stream) => Example {
  return (random) => {
    const { prompt, answer } = posedCountdown(random, 1 + random.integer(3));
    return {
      prompt,
      answer: answer.replace(/(\d[+*-]\d)=(\d)/g, (_, operation: string, stated: string) => {
        const right = Number(stated);
        if (misbelieved.includes(operation) && random.uniform() < chance) return `${operation}=${(right + 1) % 10}`;
        const wrong = random.uniform() < slip;
        return `${operation}=${wrong ? (right + 1 + random.integer(9)) % 10 : right}`;
      }),
    };
  };
}
