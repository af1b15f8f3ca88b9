// experiments/ · Ways by shape: ways of solving that nobody named, told by the shape of texts and by whether beginnings fix it.
//
// Texts of all policies, failed ones too, fall into latent classes by their signs (maths/latent-classes). Classes are put together until each
// is kept apart from every other by how its texts begin. That is chosen on one half of the problems and measured on the other, and the other way
// round; ways are told where the other half bears them out, and where both halves make the same groups.
import { adjustedRand } from "../maths/adjusted-rand.ts";
import { latentClasses } from "../maths/latent-classes.ts";
import { type Refused, refused } from "../terms/estimate.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import {
  type Commitment,
  commitment,
  committedGroups,
  type Grouping,
  keptRows,
  lawOf,
  MOSTLY,
  Shaped,
} from "./commitment.ts";
import { type Passage, passagesOf } from "./commitment-passages.ts";
import type { EstimateOptions } from "./experiment.ts";
import { type Clusters, clusterLabels, drawnOf } from "./ladder-counts.ts";
import { type Shapes, shapesOf } from "./shapes.ts";

/** Rollouts of a problem and policy by which classes are found; all are counted. */
const READ = 16;
/** Classes before they are put together, at most: more ways than that no study of this size tells apart. */
const MOST_CLASSES = 8;
/** Two halves make the same groups: four fifths of the agreement that chance leaves open. */
const SAME = 0.8;
/** Signs by which a person is told what a way looks like: more do not fit a line. */
const TOLD_BY = 3;
const JUDGE = "declare a judge in study.yaml, or bring a task that has signatures";

export type Read = RolloutRecord & { readonly text: string };

export function isRead(record: RolloutRecord): record is Read {
  return record.text !== undefined;
}

export interface Way {
  /** Counts from 1, the most frequent first. */
  readonly number: number;
  /** Signs that tell it from the others, most telling first. */
  readonly shape: string;
}

export interface Told {
  readonly kind: "told";
  readonly ways: readonly Way[];
  /** The number of a text's way. */
  wayOf(text: string): number;
  /** By who went on: base and tuned. */
  readonly commitment: ReadonlyMap<string, Commitment>;
  /** Adjusted Rand index of the groups that the two halves of the problems make. */
  readonly agreement: number;
}

/** The same for anybody who has a study, signatures or not. */
export function waysByShape(seen: Seen, options: EstimateOptions): Told | Refused {
  const drawn = drawnOf(seen);
  const texts = [...drawn.values()].flatMap((problems) =>
    [...problems.values()].flatMap((list) => list.filter(isRead).slice(0, READ)),
  );
  const shapes = shapesOf(texts);
  if (shapes.signs.length === 0)
    return refused(
      "every rollout goes the same way, as far as the shape of its text tells: none differs from the others of its problem",
      JUDGE,
    );
  const passages = passagesOf(seen, drawn, shapes);
  if (passages.length === 0)
    return refused(
      "no early beginning of a text was handed over, so whether a way is fixed by it cannot be told",
      `let both policies go on from beginnings of each other's rollouts (experiment handoff), or ${JUDGE}`,
    );
  const clusters = clusterLabels(seen, options);
  const whole = grouped(texts, passages, shapes, clusters, options);
  if (whole.grouping.length === 1)
    return refused(
      whole.shaped.classes.weights.length === 1
        ? "every rollout goes the same way, as far as the shape of its text tells: texts differ, but in no two habits"
        : `texts have ${whole.shaped.classes.weights.length} shapes, but no beginning fixes which of them comes: they are not told to be ways of solving`,
      JUDGE,
    );
  // Families stay whole, so that a half knows nothing of the other.
  const numbers = [...new Set(clusters.values())].sort((a, b) => a - b);
  const half = new Map(numbers.map((label, i) => [label, i % 2]));
  const of = (problem: string): number => half.get(clusters.get(problem)!)!;
  const halves = [0, 1].map((h) => {
    const own = texts.filter(({ problem }) => of(problem) === h);
    return own.length === 0
      ? undefined
      : grouped(
          own,
          passages.filter(({ problem }) => of(problem) === h),
          shapes,
          clusters,
          options,
        );
  });
  return borneOut(seen, texts, passages, { shapes, whole, halves, of, clusters, level: options.level });
}

interface Grouped {
  readonly shaped: Shaped;
  readonly grouping: Grouping;
}

function grouped(
  texts: readonly Read[],
  passages: readonly Passage[],
  shapes: Shapes,
  clusters: Clusters,
  { level, seed }: EstimateOptions,
): Grouped {
  const items = texts.map(({ text }) => shapes.of(text));
  const shaped = new Shaped(
    latentClasses({ items, most: MOST_CLASSES, seed, name: "experiments/ways-by-shape" }),
    passages,
  );
  return { shaped, grouping: committedGroups(passages, { shaped, level, clusters }) };
}

interface Bearing {
  readonly shapes: Shapes;
  readonly whole: Grouped;
  readonly halves: readonly (Grouped | undefined)[];
  readonly of: (problem: string) => number;
  readonly clusters: Clusters;
  readonly level: number;
}

function borneOut(
  seen: Seen,
  texts: readonly Read[],
  passages: readonly Passage[],
  { shapes, whole, halves, of, clusters, level }: Bearing,
): Told | Refused {
  const [one, other] = halves;
  if (one === undefined || other === undefined)
    return refused("there is one problem, or one family", "give at least ten problems");
  const items = texts.map(({ text }) => shapes.of(text));
  const [a, b] = [one, other].map(({ shaped, grouping }) => items.map((item) => shaped.groupOf(grouping, item)));
  const agreement = adjustedRand(a!, b!);
  if (agreement < SAME)
    return refused(
      `two halves of the problems make different groups of the same texts: their adjusted Rand index is ${agreement.toFixed(2)}`,
      `ask more problems, or ${JUDGE}`,
    );
  const found = new Map<string, Commitment>();
  for (const policy of [seen.policies[0]!, seen.policies.at(-1)!]) {
    const rows = [one, other].flatMap((half, h) =>
      keptRows(
        passages.filter(({ to, problem }) => to === policy && of(problem) !== h),
        { ...half, clusters },
      ),
    );
    const crossed = commitment(rows, level);
    if (crossed === undefined || !(crossed.low > MOSTLY))
      return refused(
        crossed === undefined
          ? `on too few problems a beginning was handed to ${policy} after which it could have gone another way`
          : `beginnings do not fix the shape of what ${policy} writes behind them: of what chance leaves open ${crossed.value.toFixed(2)} is kept, ${crossed.low.toFixed(2)} at the least`,
        `hand over more beginnings to ${policy} (experiment handoff), or ${JUDGE}`,
      );
    found.set(policy, crossed);
  }
  return { kind: "told", ...named(whole, items, shapes), commitment: found, agreement };
}

/** By number, the most frequent first, each with the signs whose chance in it is furthest from that in all others. */
function named(
  { shaped, grouping }: Grouped,
  items: readonly Uint8Array[],
  shapes: Shapes,
): Pick<Told, "ways" | "wayOf"> {
  const group = (item: Uint8Array): number => shaped.groupOf(grouping, item);
  const counts = grouping.map((_, g) => items.filter((item) => group(item) === g).length);
  const order = Array.from(grouping.keys()).sort((a, b) => counts[b]! - counts[a]!);
  const ways = order.map((g, i): Way => {
    const own = lawOf(shaped.classes, grouping[g]!);
    const others = lawOf(
      shaped.classes,
      grouping.flatMap((group_, other) => (other === g ? [] : group_)),
    );
    const telling = Array.from(shapes.signs.keys()).sort(
      (x, y) => Math.abs(own[y]! - others[y]!) - Math.abs(own[x]! - others[x]!),
    );
    const shape = telling
      .slice(0, TOLD_BY)
      .map((f) => `${own[f]! > others[f]! ? "with" : "without"} ${shapes.signs[f]!.replaceAll("\n", "⏎")}`)
      .join(", ");
    return { number: i + 1, shape };
  });
  return { ways, wayOf: (text) => order.indexOf(group(shapes.of(text))) + 1 };
}
