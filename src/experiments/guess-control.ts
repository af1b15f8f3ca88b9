// experiments/ · Guess control: answers that lost their problem, and answers without a chain of thought: the floor that guessing reaches.
import { type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { BARE } from "../terms/variant.ts";
import { chanceFloor, passesSoundly } from "./chance-floor.ts";
import { labelsIn, meanOver } from "./cross-means.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusterLabels, type Drawn, drawnOf } from "./ladder-counts.ts";
import { putAsks, putRollouts, rightOf } from "./put-asks.ts";
import { clusteredMeans, combined, shareGone } from "./shares.ts";

const NAME = "guess-control";
const ROLLOUTS = 16;
/** A bare answer takes a twentieth of a rollout's tokens. */
const SHORT = 1 / 20;

export const guessControl: Experiment = {
  name: NAME,
  asks: "both policies for the bare answer, and which of their answers would pass on other problems",
  finds: "the guessing floor of both policies, and how much of the gain bare answers of the base reach",
  needs: "both policies behind an engine, and a task that says how an answer begins",
  sees: [["luck"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * problems * ROLLOUTS * SHORT, scoredRollouts: 0 }),
  live: { onSome: true, refuse, plan, estimate },
};

function refuse({ bare, reader, problems }: Seen): Refused | undefined {
  if (bare !== true && reader.passes === undefined && reader.steps === undefined)
    return refused(
      "nothing tells how an answer begins, whether it would pass on another problem, or what work it shows",
      "declare answerIn as boxed, tag or mark, or give the task an opening (in study.ts)",
    );
  if (problems.length < 2) return refused(`the study has ${problems.length} problem`, "give at least 2");
  return undefined;
}

function plan({ policies, bare, problems }: Seen, round: number, seed: number): LiveAsk[] {
  if (round > 0 || bare !== true) return [];
  return [policies[0]!, policies.at(-1)!].flatMap((policy) =>
    putAsks({ experiment: NAME, policy, variant: BARE, problems, rollouts: ROLLOUTS }, seed),
  );
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const paired = drawnOf(seen);
  return {
    findings: [
      ...floors(seen, paired, options),
      ...bareAnswers(seen, paired, options),
      ...unworked(seen, paired, options),
    ],
    exhibits: [],
  };
}

/** Of every policy, the share of its answers that would pass on other problems. */
function floors(seen: Seen, paired: Drawn, options: EstimateOptions): Finding[] {
  const passes = passesSoundly(seen.reader);
  if (passes === undefined) return [];
  const method = "share of answers to other problems that would pass on this one, mean over problems";
  return seen.policies.flatMap((policy): Finding[] => {
    const own = chanceFloor(seen.problems, paired.get(policy) ?? new Map(), passes);
    const values = Array.from(own, ([problem, value]) => ({ problem, value }));
    const found = meanOver(values, labelsIn(own.keys(), clusterLabels(seen, options)), {
      level: options.level,
      method,
      range: [0, 1],
    });
    const none = refused("every problem stands alone in its family", "give problems of one kind");
    return [{ name: `guess/floor/${policy}`, estimate: found ?? none }];
  });
}

type Row = readonly (readonly RolloutRecord[])[];

/** Problems that all of these lists have rollouts of, with a column a list. */
function table(
  seen: Seen,
  lists: readonly (ReadonlyMap<string, readonly RolloutRecord[]> | undefined)[],
  options: EstimateOptions,
  columns: (row: Row, problem: string) => readonly number[],
) {
  const rows = seen.problems.flatMap(({ id }) => {
    const own = lists.map((list) => list?.get(id));
    return own.every((one) => one !== undefined) ? [{ id, values: columns(own as Row, id) }] : [];
  });
  if (rows.length < 2) return undefined;
  const labels = labelsIn(
    rows.map(({ id }) => id),
    clusterLabels(seen, options),
  );
  return clusteredMeans(
    Float64Array.from(rows.flatMap(({ values }) => values)),
    rows[0]!.values.length,
    Int32Array.from(rows, ({ id }) => labels.of(id)),
  );
}

function bareAnswers(seen: Seen, paired: Drawn, options: EstimateOptions): Finding[] {
  if (seen.bare !== true) return [];
  const ends = [seen.policies[0]!, seen.policies.at(-1)!] as const;
  const lists = [
    ...ends.map((policy) => paired.get(policy)),
    ...ends.map((policy) => putRollouts(seen, NAME, policy, BARE)),
  ];
  const means = table(seen, lists, options, (row) => row.map(rightOf));
  if (means === undefined)
    return [{ name: "guess/share", estimate: refused("no bare answers were drawn", "let crucis run go on") }];
  const { level } = options;
  return [
    ...ends.map((policy, i) => ({
      name: `guess/bare/${policy}`,
      estimate: combined(means, i === 0 ? [0, 0, 1, 0] : [0, 0, 0, 1], level, "share of bare answers that are right"),
    })),
    {
      name: "guess/gain",
      estimate: combined(means, [0, 1, -1, 0], level, "gain over the base's bare answers"),
    },
    {
      name: "guess/share",
      estimate: shareGone(
        means,
        [-1, 1, 0, 0],
        [0, 1, -1, 0],
        level,
        "share of the gain that bare answers of the base reach, Fieller's interval",
      ),
    },
  ];
}

/** Of the gain, right answers that show no work: only among them can guesses be where the work is graded. */
function unworked(seen: Seen, paired: Drawn, options: EstimateOptions): Finding[] {
  const { steps } = seen.reader;
  if (steps === undefined) return [];
  const ends = [paired.get(seen.policies[0]!), paired.get(seen.policies.at(-1)!)];
  const worked = (records: readonly RolloutRecord[], problem: string): number =>
    records.filter(({ verdict, text = "" }) => verdict === "right" && steps(problem, text).length > 0).length /
    records.length;
  const means = table(seen, ends, options, (row, problem) => [
    ...row.map(rightOf),
    ...row.map((own) => worked(own, problem)),
  ]);
  if (means === undefined) return [];
  return [
    {
      name: "guess/unworked",
      estimate: shareGone(
        means,
        [-1, 1, 0, 0],
        [0, 0, -1, 1],
        options.level,
        "share of the gain in right answers that show no work, Fieller's interval",
      ),
    },
  ];
}
