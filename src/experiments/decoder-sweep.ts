// experiments/ · Decoder sweep: both policies under other prompts, temperatures and top-p; the base's best is the fair baseline.
//
// The best of several is too good by chance, so some problems choose it and the others measure it. (Were they to change places and both
// measurements averaged, they would go together: halves that chose alike are both too good, and intervals too narrow.) The tuned policy is asked in all these ways too: a sampler that helps both is no fault of the base's.
import { type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { labelsIn } from "./cross-means.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusterLabels, drawnOf } from "./ladder-counts.ts";
import { putAsks, putRollouts, rightOf } from "./put-asks.ts";
import { clusteredMeans, combined, shareGone } from "./shares.ts";

const NAME = "decoder-sweep";
/** Three prompts by four temperature and top-p settings. */
const SETTINGS = 12;
const ROLLOUTS = 16;
/** Every third problem chooses. */
const CHOOSES = 3;
/** One chooses, and of the others there is a spread. */
const LEAST = CHOOSES + 1;

export const decoderSweep: Experiment = {
  name: NAME,
  asks: "base and tuned policy under several prompts, temperatures and top-p",
  finds: "the envelope of both, chosen on a third of the problems and measured on the others",
  needs: "both policies behind an engine, and other prompts or samplers to try (variants in study.yaml)",
  sees: [["baseline"], ["temperature"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * SETTINGS * problems * ROLLOUTS, scoredRollouts: 0 }),
  live: { onSome: true, refuse, plan, estimate },
};

function refuse({ variants = [], problems }: Seen): Refused | undefined {
  if (variants.length === 0)
    return refused(
      "the study declares no other prompt or sampler to try",
      "add variants to study.yaml: other prompts, temperatures, top-p",
    );
  if (problems.length < LEAST) return refused(`the study has ${problems.length} problems`, `give at least ${LEAST}`);
  return undefined;
}

function plan({ policies, variants = [], problems }: Seen, round: number, seed: number): LiveAsk[] {
  if (round > 0) return [];
  return variants.flatMap(({ key }) =>
    [policies[0]!, policies.at(-1)!].flatMap((policy) =>
      putAsks({ experiment: NAME, policy, variant: key, problems, rollouts: ROLLOUTS }, seed),
    ),
  );
}

/** Success of base and tuned on one problem: as the study asks, then in every setting tried. */
interface Row {
  readonly id: string;
  readonly rates: readonly (readonly number[])[];
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const { variants = [] } = seen;
  const { level } = options;
  const ends = [seen.policies[0]!, seen.policies.at(-1)!];
  const paired = drawnOf(seen);
  const drawn = ends.map((policy) => [
    paired.get(policy),
    ...variants.map(({ key }) => putRollouts(seen, NAME, policy, key)),
  ]);
  const rows = seen.problems.flatMap(({ id }): Row[] => {
    const lists = drawn.map((settings) => settings.map((list) => list?.get(id)));
    return lists.flat().every((list) => list !== undefined)
      ? [{ id, rates: lists.map((settings) => settings.map((list) => rightOf(list!))) }]
      : [];
  });
  if (rows.length < LEAST) {
    const why = `${rows.length} problems were answered in every setting`;
    return { findings: [{ name: "sweep/share", estimate: refused(why, "let crucis run go on") }], exhibits: [] };
  }
  const choosing = rows.filter((_, i) => i % CHOOSES === 0);
  const measured = rows.filter((_, i) => i % CHOOSES !== 0);
  const best = [0, 1].map((side) => chosen(choosing, side));
  const columns = 2 * (variants.length + 1);
  const labels = labelsIn(
    measured.map(({ id }) => id),
    clusterLabels(seen, options),
  );
  const means = clusteredMeans(
    Float64Array.from(measured.flatMap(({ rates }) => rates.flat())),
    columns,
    Int32Array.from(measured, ({ id }) => labels.of(id)),
  );
  const at = (side: number, setting: number): number => side * (variants.length + 1) + setting;
  const unit = (...pairs: readonly (readonly [column: number, weight: number])[]): number[] => {
    const weights = new Array<number>(columns).fill(0);
    for (const [column, weight] of pairs) weights[column] = weight;
    return weights;
  };
  const names = ["the study's own", ...variants.map(({ name }) => name)];
  const told = ends.map((policy, side) => `${policy}: ${names[best[side]!]!}`).join("; ");
  const method = `each in the best of ${names.length} settings, chosen on every third problem and measured on the others (${told})`;
  const rest = unit([at(1, best[1]!), 1], [at(0, best[0]!), -1]);
  const findings: Finding[] = [
    ...variants.flatMap(({ name }, i) =>
      ends.map((policy, side) => ({
        name: `sweep/variant/${name}/${policy}`,
        estimate: combined(means, unit([at(side, i + 1), 1]), level, "share of right rollouts in this setting"),
      })),
    ),
    ...ends.map((policy, side) => ({
      name: `sweep/best/${policy}`,
      estimate: combined(means, unit([at(side, best[side]!), 1]), level, `share of right rollouts, ${method}`),
    })),
    { name: "sweep/gain", estimate: combined(means, rest, level, `gain of tuned over base, ${method}`) },
    {
      name: "sweep/share",
      estimate: shareGone(
        means,
        unit([at(1, 0), 1], [at(0, 0), -1]),
        rest,
        level,
        `share of the gain that is gone, ${method}; Fieller's interval`,
      ),
    },
  ];
  return { findings, exhibits: [] };
}

/** The setting in which one policy does best on these problems; the first of equals. */
function chosen(rows: readonly Row[], side: number): number {
  const total = (setting: number): number => rows.reduce((sum, { rates }) => sum + rates[side]![setting]!, 0);
  return rows[0]!.rates[side]!.map((_, setting) => setting).reduce((found, one) =>
    total(one) > total(found) ? one : found,
  );
}
