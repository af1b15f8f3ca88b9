// experiments/ · Judged census: shares and success of strategies from a judge's labels, corrected by the mistakes it made on examples labelled by hand.
//
// Its mistakes on right work are not those on wrong work, so what is said of success needs both, and is told only where the examples say
// which of them are right.
import { clusteredShare, type Trials } from "../maths/clustered-share.ts";
import { type ClassPrevalence, type ClassShare, classPrevalence, type LabelledGroup } from "../maths/confusion.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { SeenJudge } from "../terms/judge.ts";
import { LIMITS } from "../terms/limits.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions } from "./experiment.ts";
import { type Label, Labels, toLabel, UNREADABLE } from "./judge-labels.ts";
import { type Clusters, clusterLabels, shareEstimate, shareOver, tally } from "./ladder-counts.ts";

const DRAWS = 1000;
const MORE = "label more examples of each strategy by hand, describe the strategies better, or take another judge";

/** An example with the judge's label beside the hand's. */
interface Compared {
  readonly strategy: number;
  readonly label: Label;
  readonly right?: boolean;
}

export function judgedCensus(seen: Seen, judge: SeenJudge, options: EstimateOptions): Finding[] {
  const labels = new Labels(seen, judge);
  const compared = judge.examples.flatMap(({ strategy, right }, i): Compared[] => {
    const label = labels.ofExample(i);
    const own = { strategy: judge.strategies.indexOf(strategy), ...(right === undefined ? {} : { right }) };
    return label === undefined ? [] : [{ ...own, label }];
  });
  const missing = tooFew("examples", compared.length, judge.examples.length);
  return [
    ...accuracy(compared, judge, options),
    ...seen.policies.flatMap((policy) => ofPolicy(seen, judge, policy, { labels, compared, missing }, options)),
  ];
}

/** Labels that are not there are left out, not given at random. */
function tooFew(of: string, labelled: number, all: number): Estimate | undefined {
  if (all > 0 && labelled >= (1 - LIMITS.unexplainedGrades) * all) return undefined;
  return refused(
    `the judge labelled ${labelled} of ${all} ${of}`,
    "let crucis run ask it, and see in the store why its engine failed where it did",
  );
}

/** How often it says what the hand says; of all examples, and of those of each strategy. */
function accuracy(compared: readonly Compared[], { strategies }: SeenJudge, { level }: EstimateOptions): Finding[] {
  const of = (name: string, some: readonly Compared[]): Finding => ({
    name,
    estimate: shareEstimate(
      clusteredShare(
        some.map(({ strategy, label }) => ({ events: strategy === label ? 1 : 0, trials: 1 })),
        level,
      ),
      level,
      "share of examples that the judge labels as the hand does",
      ["the judge labelled no example", "let crucis run ask it"],
    ),
  });
  return [
    of("judge/accuracy", compared),
    ...strategies.map((name, i) =>
      of(
        `judge/accuracy/${name}`,
        compared.filter(({ strategy }) => strategy === i),
      ),
    ),
  ];
}

interface Judging {
  readonly labels: Labels;
  readonly compared: readonly Compared[];
  readonly missing: Estimate | undefined;
}

interface Labelled {
  readonly problem: string;
  readonly label: Label;
  readonly right: boolean;
}

function ofPolicy(
  seen: Seen,
  judge: SeenJudge,
  policy: string,
  { labels, compared, missing }: Judging,
  options: EstimateOptions,
): Finding[] {
  const { level } = options;
  const clusters = clusterLabels(seen, options);
  const asked = toLabel(seen, judge, policy);
  const labelled = asked.flatMap((record): Labelled[] => {
    const label = labels.ofRollout(record);
    return label === undefined ? [] : [{ problem: record.problem, label, right: record.verdict === "right" }];
  });
  const all = (share: Estimate, success?: Estimate): Finding[] =>
    judge.strategies.flatMap((name) => [
      { name: `strategy/${name}/share/${policy}`, estimate: share },
      ...(success === undefined ? [] : [{ name: `strategy/${name}/success/${policy}`, estimate: success }]),
    ]);
  const lost = missing ?? tooFew(`rollouts of ${policy}`, labelled.length, asked.length);
  if (lost !== undefined) return all(lost);

  const unread = new Map<string, Trials>();
  for (const { problem, label } of labelled) tally(unread, problem, label === UNREADABLE);
  const unreadable: Finding = {
    name: `judge/unreadable/${policy}`,
    estimate: shareEstimate(
      shareOver(unread, clusters, level),
      level,
      "share of the judge's answers that name no strategy, or several",
      ["nothing was labelled", "let crucis run ask the judge"],
    ),
  };
  const both = { compared, clusters, strategies: judge.strategies.length };
  const found = prevalence([grouped(labelled, both)], policy, options);
  if (found.kind === "refused") return [unreadable, ...all(refused(inWords(found.why, judge), MORE))];
  const apart = judge.examples.every(({ right }) => right !== undefined)
    ? prevalence(
        [true, false].map((side) => grouped(labelled, both, side)),
        policy,
        options,
      )
    : undefined;
  const told = apart?.kind === "measured" ? apart : found;
  const untold =
    apart === undefined
      ? refused(
          "the examples do not say which of them are right, and a judge may mistake right work and wrong work differently",
          "give every example right: true or right: false",
        )
      : apart.kind === "refused"
        ? refused(`of right and wrong examples apart: ${inWords(apart.why, judge)}`, MORE)
        : undefined;
  const diagnostic = { labels: labelled.length, examples: compared.length, determinant: told.determinant };
  const measured = ({ value, low, high }: ClassShare, method: string): Estimate => ({
    kind: "measured",
    value,
    low,
    high,
    level,
    method: `${method}, by a judge's labels corrected by its measured confusions; Bayesian bootstrap over problems and examples`,
    diagnostic,
  });
  return [
    unreadable,
    ...told.classes.flatMap(({ ofFirst, ...share }, i): Finding[] => {
      const name = judge.strategies[i]!;
      const success = untold ?? (ofFirst && measured(ofFirst, "share right of the rollouts that go this way"));
      return [
        {
          name: `strategy/${name}/share/${policy}`,
          estimate: measured(share, "share of rollouts that go this way, failed ones too"),
        },
        ...(success === undefined ? [] : [{ name: `strategy/${name}/success/${policy}`, estimate: success }]),
      ];
    }),
  ];
}

interface Both {
  readonly compared: readonly Compared[];
  readonly clusters: Clusters;
  readonly strategies: number;
}

/** Counts of labels, the unreadable ones last. @param side right work alone, or wrong work alone */
function grouped(
  labelled: readonly Labelled[],
  { compared, clusters, strategies }: Both,
  side?: boolean,
): LabelledGroup {
  const row = (): number[] => Array.from({ length: strategies + 1 }, () => 0);
  const add = (to: number[], label: Label): void => void to[label === UNREADABLE ? strategies : label]!++;
  // Clusters of all: groups have the same ones.
  const labels = new Map(labelled.map(({ problem }) => [clusters.get(problem)!, row()]));
  for (const { problem, label, right } of labelled)
    if (side === undefined || right === side) add(labels.get(clusters.get(problem)!)!, label);
  const calibration = Array.from({ length: strategies }, row);
  for (const { strategy, label, right } of compared)
    if (side === undefined || right === side) add(calibration[strategy]!, label);
  return { labels: [...labels.values()], calibration };
}

function prevalence(
  groups: readonly LabelledGroup[],
  policy: string,
  { level, seed, rough }: EstimateOptions,
): ClassPrevalence | { readonly kind: "refused"; readonly why: string } {
  return classPrevalence({ groups, level, replicates: rough ? DRAWS / 5 : DRAWS, seed, name: `judge/${policy}` });
}

/** Strategies have names, numbers of classes do not. */
function inWords(why: string, { strategies }: SeenJudge): string {
  return why
    .replace(/class (\d+)/, (_, i: string) => strategies[Number(i)]!)
    .replace(/label (\d+)/, (_, j: string) => `the label ${strategies[Number(j)] ?? "that names none"}`);
}
