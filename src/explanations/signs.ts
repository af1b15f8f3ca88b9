// explanations/ · Signs: what a rival's cause would leave behind beside its share of the gain; each is seen, contradicted, or says nothing.
import type { Measured } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";

export interface Sign {
  readonly is: "seen" | "contradicted";
  /** A clause that a person can check. */
  readonly said: string;
  readonly because: readonly string[];
}

/** Signs on which the evidence does not decide, and those that nothing looked at, are left out. */
export type Signs = (findings: Findings, limits: Limits) => readonly Sign[];

interface Named {
  readonly name: string;
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const hasLimits = (one: Measured | undefined): one is Measured & { low: number; high: number } =>
  one?.low !== undefined && one.high !== undefined;

function named(findings: Findings, name: string): Named | undefined {
  const one = findings.measured(name);
  return hasLimits(one) ? { name, low: one.low, value: one.value, high: one.high } : undefined;
}

/** Base and tuned policy under a common prefix: findings list policies in training order. */
function endsOf(findings: Findings, prefix: string, except?: string): readonly [Named, Named] | undefined {
  const names = findings.list
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && (except === undefined || !name.startsWith(except)));
  if (names.length < 2) return undefined;
  const [base, tuned] = [named(findings, names[0]!), named(findings, names.at(-1)!)];
  return base === undefined || tuned === undefined ? undefined : [base, tuned];
}

/** Along the tuned policy's way of solving, where there is more than one. */
function ratesOf(findings: Findings, what: "slips" | "repairs"): readonly [Named, Named] | undefined {
  return endsOf(findings, `${what}/way/`) ?? endsOf(findings, `${what}/`, `${what}/way/`);
}

function alongTheWay(findings: Findings, what: string): string {
  return findings.measured(`ladder/way/${what}`) === undefined ? `ladder/${what}` : `ladder/way/${what}`;
}

const moved = (what: string, [base, tuned]: readonly [Named, Named]): string =>
  `${what} went from ${percent(base.value)} to ${percent(tuned.value)}`;

/** p1/p0 grows with the number of steps by a factor a step, and better so than as one ratio at every length. */
export const growsWithSteps: Signs = (findings) => {
  const slope = named(findings, alongTheWay(findings, "slope-ratio"));
  if (slope === undefined) return [];
  const said = `p1/p0 is multiplied by ${slope.value.toFixed(2)} [${slope.low.toFixed(2)}, ${slope.high.toFixed(2)}] with every step`;
  if (slope.high < 1) return [{ is: "contradicted", said, because: [slope.name] }];
  const laws = lawsOf(findings);
  if (laws !== undefined && laws.value < 0)
    return [{ is: "contradicted", said: "one ratio at every number of steps fits p1/p0 better", because: [laws.name] }];
  return slope.low > 1 ? [{ is: "seen", said, because: [slope.name] }] : [];
};

/** p1/p0 along the way does not depend on the number of steps. */
export const flatInSteps: Signs = (findings) => {
  const laws = lawsOf(findings);
  if (laws === undefined) return [];
  return laws.value < 0
    ? [{ is: "seen", said: "one ratio at every number of steps fits p1/p0 better", because: [laws.name] }]
    : [{ is: "contradicted", said: "p1/p0 grows with the number of steps", because: [laws.name] }];
};

/** Only where the two laws are told apart. */
function lawsOf(findings: Findings): { name: string; value: number } | undefined {
  const name = alongTheWay(findings, "laws");
  const laws = findings.measured(name);
  return laws?.diagnostic?.["told"] === "yes" ? { name, value: laws.value } : undefined;
}

/** Missing bits lie in as many places as there are steps. */
export const spreadBits: Signs = (findings, limits) => {
  const places = named(findings, "missing-bits/neff");
  const steps = findings.measured("missing-bits/steps");
  if (places === undefined || steps === undefined) return [];
  const said = `the missing bits lie in ${places.value.toFixed(1)} places of ${steps.value.toFixed(1)}`;
  const because = [places.name, "missing-bits/steps"];
  const fewest = limits.spreadPlaces * steps.value;
  if (places.high < fewest) return [{ is: "contradicted", said, because }];
  return places.low > fewest ? [{ is: "seen", said, because }] : [];
};

/** Missing bits lie in one place. */
export const oneSpike: Signs = (findings, limits) => {
  const places = named(findings, "missing-bits/neff");
  if (places === undefined) return [];
  const said = `the missing bits lie in ${places.value.toFixed(1)} [${places.low.toFixed(1)}, ${places.high.toFixed(1)}] places`;
  if (places.low > limits.spikePlaces) return [{ is: "contradicted", said, because: [places.name] }];
  return places.high < limits.spikePlaces ? [{ is: "seen", said, because: [places.name] }] : [];
};

/** What is left of the execution falls to steadier steps, so they are not alone sufficient where slips certainly stayed, a fifth of them or less. */
export const slipsFell: Signs = (findings, limits) => {
  const rates = ratesOf(findings, "slips");
  if (rates === undefined) return [];
  const [base, tuned] = rates;
  const because = rates.map(({ name }) => name);
  if (tuned.high < base.low) return [{ is: "seen", said: moved("slips", rates), because }];
  if (tuned.low > base.high) return [{ is: "contradicted", said: moved("slips", rates), because }];
  return tuned.low > limits.sufficientShare * base.value
    ? [{ is: "contradicted", said: "slips are about as frequent as before", because }]
    : [];
};

/** Slips may have become rarer by chance or a little; a fifth of them gone is another cause at work. */
export const slipsStayed: Signs = (findings, limits) => {
  const rates = ratesOf(findings, "slips");
  if (rates === undefined) return [];
  const [base, tuned] = rates;
  const because = rates.map(({ name }) => name);
  if (tuned.high < limits.sufficientShare * base.low)
    return [{ is: "contradicted", said: `${moved("slips", rates)} too`, because }];
  return tuned.high >= base.low && tuned.low <= base.high
    ? [{ is: "seen", said: "slips are as frequent as before", because }]
    : [];
};

export const repairsRose: Signs = (findings) => {
  const rates = ratesOf(findings, "repairs");
  if (rates === undefined) return [];
  const [base, tuned] = rates;
  const because = rates.map(({ name }) => name);
  if (tuned.low > base.high) return [{ is: "seen", said: moved("repairs of slips", rates), because }];
  return tuned.high < base.low ? [{ is: "contradicted", said: moved("repairs of slips", rates), because }] : [];
};

/** From one step to two p1/p0 jumps. */
export const jumpAtTheJoin: Signs = (findings) => {
  const [one, two] = [named(findings, "ladder/ratio/L=1"), named(findings, "ladder/ratio/L=2")];
  if (one === undefined || two === undefined) return [];
  const said = `p1/p0 is ${one.value.toFixed(2)} at one step and ${two.value.toFixed(2)} at two`;
  const because = [one.name, two.name];
  if (two.low > one.high) return [{ is: "seen", said, because }];
  return two.high < one.low ? [{ is: "contradicted", said, because }] : [];
};

/** Of the way whose right answers became most frequent: chosen more often, and no better when chosen. */
export const wayChosenMore: Signs = (findings, limits) => {
  const way = risenWay(findings);
  if (way === undefined) return [];
  const { name, share, success } = way;
  const found: Sign[] = [];
  const because = share.map((one) => one.name);
  if (share[1].low > share[0].high) found.push({ is: "seen", said: moved(`the share of ${name}`, share), because });
  else if (share[1].high < share[0].low)
    found.push({ is: "contradicted", said: moved(`the share of ${name}`, share), because });
  if (success !== undefined && success[0].high < limits.sufficientShare * success[1].low)
    found.push({
      is: "contradicted",
      said: moved(`the success of ${name} when it is taken`, success),
      because: success.map((one) => one.name),
    });
  return found;
};

/** Of the same way: the base does not reach it within the yardstick, as its status says. */
export const wayUnreached: Signs = (findings) => {
  const way = risenWay(findings);
  if (way === undefined) return [];
  const name = `strategy/${way.name}/status`;
  const status = findings.measured(name)?.diagnostic?.["status"];
  if (status === "emerged")
    return [{ is: "seen", said: `${way.name} emerged while training`, because: [name, way.share[0].name] }];
  if (status === undefined || status === "undecided") return [];
  const said = `the base takes ${way.name} in ${percent(way.share[0].value)} of its rollouts, above the yardstick`;
  return [{ is: "contradicted", said, because: [name, way.share[0].name] }];
};

export interface Way {
  readonly name: string;
  readonly share: readonly [Named, Named];
  readonly success?: readonly [Named, Named];
}

function waysOf(findings: Findings): string[] {
  return [...new Set(findings.list.flatMap(({ name }) => /^strategy\/(.+?)\/share\//.exec(name)?.[1] ?? []))].sort();
}

/** The way whose right answers became most frequent; none where no way's did. */
export function risenWay(findings: Findings): Way | undefined {
  const risen = waysOf(findings).flatMap((name) => {
    const share = endsOf(findings, `strategy/${name}/share/`);
    if (share === undefined) return [];
    // A policy that never goes this way has no success there; nothing of it is right.
    const right = share.map(
      (one) => one.value * (findings.measured(one.name.replace("/share/", "/success/"))?.value ?? 0),
    );
    const success = endsOf(findings, `strategy/${name}/success/`);
    const both = findings.get(share[0].name.replace("/share/", "/success/")) !== undefined;
    return [{ name, share, ...(success === undefined || !both ? {} : { success }), rise: right[1]! - right[0]! }];
  });
  return risen.sort((a, b) => b.rise - a.rise).find(({ rise }) => rise > 0);
}

/** What the tuned policy does otherwise than the base, helpful or not: by a point or more, and intervals keep clear of each other. */
export function otherwise(findings: Findings, limits: Limits): { said: string; because: readonly string[] }[] {
  const looks: [string, readonly [Named, Named] | undefined][] = [
    ["slips", ratesOf(findings, "slips")],
    ["repairs of slips", ratesOf(findings, "repairs")],
    ...waysOf(findings).map((way): [string, readonly [Named, Named] | undefined] => [
      `the share of ${way}`,
      endsOf(findings, `strategy/${way}/share/`),
    ]),
  ];
  return looks.flatMap(([what, rates]) =>
    rates !== undefined &&
    (rates[1].low > rates[0].high || rates[1].high < rates[0].low) &&
    Math.abs(rates[1].value - rates[0].value) >= limits.negligibleGain
      ? [{ said: moved(what, rates), because: rates.map(({ name }) => name) }]
      : [],
  );
}

/** Re-grading leniently removes a part of the gain. */
export const lenientRemoves: Signs = (findings, limits) => {
  const share = named(findings, "regrade/share");
  if (share === undefined) return [];
  const said = `re-grading stored answers removes ${percent(share.value)} of the gain`;
  if (share.high < limits.negligibleShare) return [{ is: "contradicted", said, because: [share.name] }];
  return share.low > 0 ? [{ is: "seen", said, because: [share.name] }] : [];
};

/** Equal token use removes a part of the gain. Where it does not, answers may have been finished in no more tokens than were wasted before. */
export const budgetRemoves: Signs = (findings) => {
  const share = named(findings, "budget/share");
  if (share === undefined || share.low <= 0) return [];
  return [
    { is: "seen", said: `equal use of tokens removes ${percent(share.value)} of the gain`, because: [share.name] },
  ];
};

/** Handing over changed nothing by itself; else what was handed over cannot be believed. */
export const handoffHarmless: Signs = (findings, limits) => {
  const gain = findings.measured("gain@1")?.value;
  if (gain === undefined) return [];
  const most = limits.negligibleShare * Math.abs(gain);
  return ["base", "later"].flatMap((who): Sign[] => {
    const control = named(findings, `handoff/control/${who}`);
    if (control === undefined || (control.low <= most && control.high >= -most)) return [];
    const said = `a policy handed over to itself (${who}) does ${percent(Math.abs(control.value))} ${control.value < 0 ? "worse" : "better"}`;
    return [{ is: "contradicted", said, because: [control.name] }];
  });
};

/** Laws of texts: a lower temperature at every fork, a factor on all right answers. */
const LAWS = [
  { law: "cross/fork-law", direction: "cross/fork-slope", above: 1, said: "one temperature", least: "lawOfTexts" },
  {
    law: "cross/alone/correctness",
    direction: "cross/step",
    above: 0,
    said: "one factor on right answers",
    least: "lawOfTexts",
  },
] as const;

/** Where the whole change of the texts follows one law, what seems to have moved is what the law moved. */
export const noLawOfTexts: Signs = (findings, limits) =>
  LAWS.flatMap(({ law, direction, above, said, least }) => {
    const [share, sign] = [findings.measured(law), findings.measured(direction)];
    if (share === undefined || sign === undefined) return [];
    if ((share.low ?? share.value) <= limits[least] || (sign.low ?? sign.value) <= above) return [];
    const clause = `${said} accounts for ${percent(share.value)} of how the policies' texts differ`;
    return [{ is: "contradicted" as const, said: clause, because: [law, direction] }];
  });
