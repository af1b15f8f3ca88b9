// experiments/ · Judge labels: what a judge is asked, of examples first and then of rollouts, and the labels in its answers.
import { stream } from "../maths/random.ts";
import type { SeenJudge, Shown } from "../terms/judge.ts";
import { JUDGE } from "../terms/judge.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { drawnOf } from "./ladder-counts.ts";

const EXPERIMENT = "strategy-census";

/** A strategy's place in the judge's list; UNREADABLE where the answer names none of them, or several. */
export type Label = number;
export const UNREADABLE = -1;

/**
 * Examples in the first round: they are the same whatever was drawn, and are asked once. Rollouts in the second, the first so many of each
 * problem and policy that have a text, right or not.
 */
export function judgeAsks(seen: Seen, judge: SeenJudge, round: number, seed: number): LiveAsk[] {
  const ask = (rollout: string, problem: string, index: number, shown: Shown): LiveAsk => ({
    kind: "sample",
    policy: JUDGE,
    ask: {
      rollout,
      experiment: EXPERIMENT,
      problem,
      index,
      seed: stream(seed, rollout).uint32(),
      variant: judge.key,
      shown,
    },
  });
  if (round === 0)
    return judge.examples.map(({ text, problem = "" }, i) =>
      ask(exampleAsked(judge, i), `example/${i}`, 0, { text, problem }),
    );
  if (round > 1) return [];
  return seen.policies.flatMap((policy, p) =>
    toLabel(seen, judge, policy).map(({ rollout, problem, index, text }) =>
      ask(rolloutAsked(judge, rollout), problem, p * judge.rollouts + index, { text }),
    ),
  );
}

type WithText = RolloutRecord & { readonly text: string };

/** Of one policy, in the order of problems and indices. */
export function toLabel(seen: Seen, judge: SeenJudge, policy: string): WithText[] {
  const drawn = drawnOf(seen).get(policy);
  return seen.problems.flatMap(({ id }) =>
    (drawn?.get(id) ?? [])
      .filter((record): record is WithText => record.text !== undefined && record.index < judge.rollouts)
      .sort((a, b) => a.index - b.index),
  );
}

/** What the judge said, by what it was asked about; what its engine lost is not there. */
export class Labels {
  readonly #judge: SeenJudge;
  readonly #said: ReadonlyMap<string, Label>;

  constructor({ rollouts }: Seen, judge: SeenJudge) {
    this.#judge = judge;
    this.#said = new Map(
      rollouts.flatMap(({ experiment, variant, rollout, text }) =>
        experiment === EXPERIMENT && variant === judge.key && text !== undefined
          ? [[rollout, labelIn(text, judge.strategies)]]
          : [],
      ),
    );
  }

  ofExample(i: number): Label | undefined {
    return this.#said.get(exampleAsked(this.#judge, i));
  }

  ofRollout({ rollout }: RolloutRecord): Label | undefined {
    return this.#said.get(rolloutAsked(this.#judge, rollout));
  }
}

const exampleAsked = ({ key, examplesKey }: SeenJudge, i: number): string =>
  `${EXPERIMENT}/0/${key}/${examplesKey}/${i}`;
const rolloutAsked = ({ key }: SeenJudge, rollout: string): string => `${EXPERIMENT}/1/${key}/${rollout}`;

/** Behind the thinking: the first line that is nothing but one name, else the last line that names exactly one. */
export function labelIn(answer: string, strategies: readonly string[]): Label {
  const lines = answer.split("</think>").at(-1)!.split("\n");
  const bare = lines.map((line) =>
    strategies.indexOf(
      line
        .toLowerCase()
        .replace(/^[^a-z0-9]*(?:way:)?[^a-z0-9]*/, "")
        .replace(/[^a-z0-9]+$/, ""),
    ),
  );
  const first = bare.find((one) => one >= 0);
  if (first !== undefined) return first;
  const named = lines.map((line) => {
    const words = new Set(line.toLowerCase().match(/[a-z0-9]+(?:-[a-z0-9]+)*/g));
    const own = strategies.flatMap((name, i) => (words.has(name) ? [i] : []));
    return own.length === 1 ? own[0]! : UNREADABLE;
  });
  return named.findLast((one) => one >= 0) ?? UNREADABLE;
}
