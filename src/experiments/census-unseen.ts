// experiments/ · Census, unseen: how likely the next rollout begins in a way that none before it did, and how many ways to begin there are at least.
//
// A kind is the text up to the commitment, problem by problem: what fixes the way of solving, word for word. Good (1953) and Chao (1984),
// maths/unseen-mass.
import { chao1, frequenciesOf, labelCounts, unseenMass } from "../maths/unseen-mass.ts";
import type { Finding } from "../terms/finding.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { labelsIn, meanOver } from "./cross-means.ts";
import type { EstimateOptions } from "./experiment.ts";
import { clusterLabels } from "./ladder-counts.ts";

/** Of one policy's rollouts; nothing where the task tells no commitments. A text that leaves every way before it commits is of one kind with others such. */
export function unseenKinds(
  seen: Seen,
  policy: string,
  records: readonly RolloutRecord[],
  options: EstimateOptions,
): Finding[] {
  const { segments } = seen.reader;
  if (segments === undefined) return [];
  const kindOf = ({ problem, text = "" }: RolloutRecord): string => {
    const end = segments(problem, text).planEnd;
    return end === undefined ? "" : `:${text.slice(0, end)}`;
  };
  const own = Array.from(
    Map.groupBy(
      records.filter(({ text }) => text !== undefined),
      ({ problem }) => problem,
    ),
    ([problem, list]) => ({ problem, frequencies: frequenciesOf(labelCounts(list.map(kindOf))) }),
  );
  const labels = labelsIn(
    own.map(({ problem }) => problem),
    clusterLabels(seen, options),
  );
  const { level } = options;
  const of = (
    name: string,
    value: (one: (typeof own)[number]) => number,
    method: string,
    range: [number, number],
  ): Finding[] => {
    const found = meanOver(
      own.map((one) => ({ problem: one.problem, value: value(one) })),
      labels,
      { level, method, range },
    );
    return found === undefined ? [] : [{ name: `${name}/${policy}`, estimate: found }];
  };
  return [
    ...of(
      "census/unseen",
      ({ frequencies }) => unseenMass(frequencies, 1 - level).mass,
      "Good and Turing's share of beginnings seen once, mean over problems",
      [0, 1],
    ),
    ...of(
      "census/kinds",
      ({ frequencies }) => chao1(frequencies, level).kinds,
      "ways to begin at least (Chao1), word for word, mean over problems",
      [1, Number.POSITIVE_INFINITY],
    ),
  ];
}
