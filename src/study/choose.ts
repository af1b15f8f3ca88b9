// study/ · Choose: the cheapest design that decides what the user wants decided, found by rehearsing designs from small to as large as declared.
import type { Chosen, Tried } from "../attribution/planning.ts";
import { EVERYTHING, type Played, type Rehearsal, rehearsalOf } from "../attribution/rehearsal.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { USUAL } from "../experiments/handoff-cuts.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import { FEWEST_CONTINUATIONS } from "../maths/missing-bits.ts";
import type { HandoffSizes } from "../terms/seen.ts";
import { blindTo, type RehearsalDesign, type Scene, scenesOf } from "./rehearse.ts";

/** What is to be decided, and what it may cost. */
export interface Wanted {
  /** Chance at which a pair of rivals is to be told apart, in (0, 1). */
  readonly apart: number;
  /** Half-width of the ledger's entries, in shares of the gain. */
  readonly within: number;
  /** What a scored rollout costs beside a generated one of the same length. */
  readonly scoredPrice: number;
  /** Whole generated rollouts, or what costs as much; none where not said. */
  readonly budget?: number;
  /** On paper, of each rival and design. */
  readonly studies: number;
  readonly seed: number;
}

type PlayAll = (scenes: readonly Scene[], design: RehearsalDesign, why: string) => Promise<readonly Played[]>;

/** Below this even the declared design hardly ever tells a pair apart, and no smaller one is asked to. */
const DARK = 0.5;
const LEVEL = 0.9;
/** Smaller studies carry no interval over problems. */
const SMALLEST = { problems: 15, rollouts: 16 };

/**
 * Greedy: from the smallest design, whichever doubling (problems or rollouts) gives more separation and precision for its price is taken, until
 * the wanted decision or the declared size; then what can be spared without loss is: experiments, the dearest first, scored rollouts, cuts,
 * continuations and sources of hand-overs, and rungs between the shortest and the longest.
 */
export async function choose(
  declared: RehearsalDesign,
  wanted: Wanted,
  playAll: PlayAll,
): Promise<Chosen<RehearsalDesign>> {
  const scenes = scenesOf(wanted.studies, [], 0, wanted.seed, declared);
  const rehearse = async (design: RehearsalDesign, why: string): Promise<Rehearsal> =>
    rehearsalOf(await playAll(scenes, design, why), LEVEL, blindTo(design.experiments));
  const whole = await rehearse(declared, "the declared design");
  const dark = whole.pairs.filter(({ apart }) => apart[EVERYTHING]!.value < DARK).map(({ pair }) => pair);
  const light = new Set(
    whole.pairs.filter(({ apart }) => apart[EVERYTHING]!.value >= DARK).map(({ pair }) => pair.join(" ")),
  );
  const measured = (what: string, design: RehearsalDesign, rehearsal: Rehearsal): Tried<RehearsalDesign> => ({
    what,
    ...triedOf(design, rehearsal, light, wanted),
  });
  const largest = measured("the declared design", declared, whole);
  const tried: Tried<RehearsalDesign>[] = [largest];
  const tryOut = async (design: RehearsalDesign, why: string): Promise<Tried<RehearsalDesign>> => {
    const one = measured(why, design, await rehearse(design, why));
    tried.push(one);
    return one;
  };
  let now = await tryOut(sized(declared, SMALLEST.problems, SMALLEST.rollouts), "the smallest design");
  while (!now.decides) {
    const { steps, rollouts } = now.design;
    const larger = [
      ...(steps.length < declared.steps.length ? [sized(declared, 2 * steps.length, rollouts)] : []),
      ...(rollouts < declared.rollouts ? [sized(declared, steps.length, 2 * rollouts)] : []),
    ];
    const next: Tried<RehearsalDesign>[] = [];
    for (const design of larger)
      next.push(
        isSize(design, declared)
          ? largest
          : await tryOut(design, `${design.steps.length} problems, ${design.rollouts} rollouts`),
      );
    const from = now;
    const worth = (one: Tried<RehearsalDesign>): number =>
      (valueOf(one) - valueOf(from)) / Math.max(1, one.cost - from.cost);
    const affordable = next.filter(({ cost }) => wanted.budget === undefined || cost <= wanted.budget);
    const [best] = affordable.toSorted((a, b) => worth(b) - worth(a));
    if (best === undefined) break;
    now = best;
    if (now === largest) break;
  }
  const best = await fewerRungs(await spared(await lean(now, tryOut), tryOut), tryOut);
  return { tried, best, dark };
}

type TryOut = (design: RehearsalDesign, why: string) => Promise<Tried<RehearsalDesign>>;

const noWorse = (one: Tried<RehearsalDesign>, than: Tried<RehearsalDesign>): boolean =>
  one.cost < than.cost && one.apart >= than.apart && one.wide.length <= than.wide.length;

const LEAST: Readonly<Record<"scored" | keyof HandoffSizes, number>> = {
  scored: 2,
  sources: 4,
  cuts: 2,
  continuations: FEWEST_CONTINUATIONS,
};
/** Fewer numbers of steps make no ladder. */
const FEWEST_RUNGS = 3;

/** With less of each of what is left, halved while nothing is lost. */
async function spared(from: Tried<RehearsalDesign>, tryOut: TryOut): Promise<Tried<RehearsalDesign>> {
  let now = from;
  for (const less of LESS)
    for (let next = less(now.design); next !== undefined; next = less(now.design)) {
      const one = await tryOut(next.design, next.why);
      if (!noWorse(one, now)) break;
      now = one;
    }
  return now;
}

type Less = (design: RehearsalDesign) => { readonly design: RehearsalDesign; readonly why: string } | undefined;

const LESS: readonly Less[] = [
  (design) => {
    const scored = Math.ceil(design.scored / 2);
    return design.scored <= LEAST.scored
      ? undefined
      : { design: { ...design, scored }, why: `${scored} rollouts scored` };
  },
  ...(["cuts", "continuations", "sources"] as const).map(
    (field): Less =>
      (design) => {
        // Nobody hands over more rollouts than there are.
        const most = field === "sources" ? Math.min(USUAL.sources, design.rollouts) : USUAL[field];
        const half = Math.ceil((design.handoff?.[field] ?? most) / 2);
        return !design.experiments.includes("handoff") || half < LEAST[field]
          ? undefined
          : {
              design: { ...design, handoff: { ...design.handoff, [field]: half } },
              why: `${half} ${field} of a hand-over`,
            };
      },
  ),
];

/** Without the problems of one rung, the longest first. The shortest and the longest rung are what the ladder is held by, and stay. */
async function fewerRungs(from: Tried<RehearsalDesign>, tryOut: TryOut): Promise<Tried<RehearsalDesign>> {
  let now = from;
  const rungs = [...new Set(from.design.steps)].sort((a, b) => b - a);
  for (const rung of rungs.slice(1, -1)) {
    const { steps } = now.design;
    const left = steps.filter((own) => own !== rung);
    if (left.length < SMALLEST.problems || new Set(left).size < FEWEST_RUNGS) continue;
    const one = await tryOut({ ...now.design, steps: left }, `no problems of ${rung} steps`);
    if (noWorse(one, now)) now = one;
  }
  return now;
}

/** Without what it does not need: each experiment left out by itself, the dearest first, and for good where nothing is lost. */
async function lean(from: Tried<RehearsalDesign>, tryOut: TryOut): Promise<Tried<RehearsalDesign>> {
  let now = from;
  const scale = { problems: from.design.steps.length, rolloutsPerProblem: from.design.rollouts };
  const dearest = EXPERIMENTS.filter(({ name }) => from.design.experiments.includes(name))
    .map(({ name, price }) => ({ name, price: price(scale).generatedRollouts }))
    .filter(({ price }) => price > 0)
    .sort((a, b) => b.price - a.price);
  for (const { name } of dearest) {
    const experiments = now.design.experiments.filter((one) => one !== name);
    const without = await tryOut({ ...now.design, experiments }, `without ${name}`);
    if (noWorse(without, now)) now = without;
  }
  return now;
}

const valueOf = ({ separation, precision }: Tried<RehearsalDesign>): number => separation + precision;

function isSize(a: RehearsalDesign, b: RehearsalDesign): boolean {
  return a.steps.length === b.steps.length && a.rollouts === b.rollouts;
}

/** Every length keeps its part of the problems: the rungs of the ladder. */
function sized(declared: RehearsalDesign, problems: number, rollouts: number): RehearsalDesign {
  const of = Math.min(problems, declared.steps.length);
  const sorted = declared.steps.toSorted((a, b) => a - b);
  const own = Math.min(rollouts, declared.rollouts);
  return {
    ...declared,
    steps: Array.from({ length: of }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / of)]!),
    rollouts: own,
    scored: Math.min(declared.scored, own),
  };
}

function triedOf(
  design: RehearsalDesign,
  rehearsal: Rehearsal,
  light: ReadonlySet<string>,
  { apart, within, scoredPrice }: Wanted,
): Omit<Tried<RehearsalDesign>, "what"> {
  const pairs = rehearsal.pairs.filter(({ pair }) => light.has(pair.join(" ")));
  const shares = pairs.map((one) => Math.min(1, one.apart[EVERYTHING]!.value / apart));
  const causes = rehearsal.widths.filter(({ cause }) => EXPLANATIONS.some(({ name }) => name === cause));
  const known = causes.map(({ halfWidth }) => Math.min(1, within / halfWidth));
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);
  const reached = pairs.filter((one) => one.apart[EVERYTHING]!.value >= apart).length;
  const wide = causes.filter(({ halfWidth }) => halfWidth > within).map(({ cause }) => cause);
  return {
    design,
    cost: Object.values(rehearsal.price).reduce(
      (sum, { generated, scored }) => sum + generated + scoredPrice * scored,
      0,
    ),
    separation: mean(shares),
    precision: mean(known),
    apart: reached,
    pairs: pairs.length,
    wide,
    decides: reached === pairs.length && wide.length === 0,
  };
}
