// test/support/ · Truth: documents made from a formula, so that what is told of them can be checked by hand.
import {
  type Cell,
  CELLS,
  type LearningCurve,
  type Mass,
  type PairTruth,
  type PolicyTruth,
  type ProblemTruth,
  SEGMENTS,
  type Segment,
  type TruthDocument,
} from "../../src/terms/truth.ts";

/** A policy on paper: commits to a way, gets each of its steps right or not, and marks the answer or not. */
export interface PaperPolicy {
  readonly name: string;
  /** P(commitment), and P(a step is right) along it; a way that cannot be taken has plan 0. */
  readonly ways: Readonly<Record<string, { readonly plan: number; readonly step: number }>>;
  readonly mark: number;
}

const mass = (p: number): Mass => (p === 0 ? { kind: "zero" } : { kind: "mass", log: Math.log(p) });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const right = ({ ways, mark }: PaperPolicy, steps: number): number =>
  mark * sum(Object.values(ways).map(({ plan, step }) => plan * step ** steps));

function policyTruth(policy: PaperPolicy, steps: number): PolicyTruth {
  const ways = Object.entries(policy.ways);
  return {
    policy: policy.name,
    right: mass(right(policy, steps)),
    lenient: mass(right(policy, steps) / policy.mark),
    strategies: Object.fromEntries(ways.map(([way, of]) => [way, mass(policy.mark * of.plan * of.step ** steps)])),
    plans: Object.fromEntries(ways.map(([way, { plan }]) => [way, mass(plan)])),
    asides: {},
  };
}

function pairTruth(base: PaperPolicy, later: PaperPolicy, steps: number): PairTruth {
  const pick = (letter: string | undefined): PaperPolicy => (letter === "t" ? later : base);
  const cell = (name: Cell): number =>
    pick(name[2]).mark *
    sum(Object.keys(base.ways).map((way) => pick(name[0]).ways[way]!.plan * pick(name[1]).ways[way]!.step ** steps));
  const cells = Object.fromEntries(CELLS.map((name) => [name, cell(name)])) as Record<Cell, number>;
  const possible = CELLS.every((name) => cells[name] > 0);
  const pair = {
    policy: later.name,
    cells: Object.fromEntries(CELLS.map((name) => [name, mass(cells[name])])) as Record<Cell, Mass>,
    shares: shapley((name) => cells[name]),
  };
  if (!possible) return pair;
  // Along the later policy's answers by the way that it takes most: the fork and the first step come together.
  const way = Object.keys(later.ways).toSorted((a, b) => later.ways[b]!.plan - later.ways[a]!.plan)[0]!;
  const total = -Math.log2(cells.bbb);
  const each = -Math.log2(base.ways[way]!.step);
  const answer = -Math.log2(base.mark);
  const missingBits = [total - answer - (steps - 1) * each, ...Array(steps - 1).fill(each), answer] as number[];
  const positive = missingBits.filter((bits) => bits > 0);
  const entropy = -sum(positive.map((bits) => (bits / sum(positive)) * Math.log2(bits / sum(positive))));
  return { ...pair, bits: shapley((name) => Math.log2(cells[name])), missingBits, effectivePlaces: 2 ** entropy };
}

/** Mean gain of handing a segment over, over the six orders. */
function shapley(value: (cell: Cell) => number): Record<Segment, number> {
  const cellOf = (handed: readonly number[]): Cell =>
    [0, 1, 2].map((i) => (handed.includes(i) ? "t" : "b")).join("") as Cell;
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const shareOf = (segment: number): number =>
    mean(
      orders.map((order) => {
        const before = order.slice(0, order.indexOf(segment));
        return value(cellOf([...before, segment])) - value(cellOf(before));
      }),
    );
  return Object.fromEntries(SEGMENTS.map((name, i) => [name, shareOf(i)])) as Record<Segment, number>;
}

interface Paper {
  readonly world: string;
  readonly steps: readonly number[];
  readonly policies: readonly PaperPolicy[];
  readonly promises: TruthDocument["promises"];
}

export function truthOnPaper({ world, steps, policies, promises }: Paper): TruthDocument {
  const [base, ...later] = policies;
  const problems = steps.flatMap((length) =>
    [0, 1, 2].map(
      (i): ProblemTruth => ({
        problem: {
          id: `chain/L${length}/seed7/${i}`,
          task: "chain",
          prompt: `${i}${"+4".repeat(length)}?`,
          steps: length,
        },
        accepted: 10 ** length,
        policies: policies.map((policy) => policyTruth(policy, length)),
        pairs: later.map((one) => pairTruth(base!, one, length)),
      }),
    ),
  );
  const meanOf = (of: Mass): number => (of.kind === "zero" ? 0 : Math.exp(of.log));
  return {
    crucis: "0.1.0",
    command: "world truth",
    world,
    seed: 1,
    task: "chain",
    grading: "process",
    maxTokens: 48,
    policies: policies.map(({ name }) => name),
    problems,
    rungs: steps.map((length) => {
      const rates = policies.map((policy) => right(policy, length));
      return {
        steps: length,
        problems: 3,
        right: rates,
        lenient: rates.map((rate, i) => rate / policies[i]!.mark),
        ...(rates[0]! > 0 ? { ratio: rates.map((rate) => rate / rates[0]!) } : {}),
      };
    }),
    strategies: Object.fromEntries(
      Object.keys(base!.ways).map((way) => [
        way,
        policies.map((_, i) => mean(problems.map((problem) => meanOf(problem.policies[i]!.strategies[way]!)))),
      ]),
    ),
    promises,
    kept: promises.every(({ kept }) => kept),
  };
}

const steady = (name: string, step: number, mark: number): PaperPolicy => ({
  name,
  ways: { stepwise: { plan: 0.97, step }, pairwise: { plan: 0.02, step: 0.7 }, direct: { plan: 0.01, step: 0.3 } },
  mark,
});

/** Slips become rarer, evenly over the steps. */
export const STEADY: TruthDocument = truthOnPaper({
  world: "steady-hand",
  steps: [1, 2, 3, 4, 5, 6],
  policies: [
    steady("base", 0.85, 0.998),
    steady("step-20", 0.88, 0.998),
    steady("step-40", 0.92, 0.999),
    steady("step-60", 0.955, 0.999),
    steady("tuned", 0.975, 0.999),
  ],
  promises: [
    {
      what: "success at 6 steps, tuned over base",
      planted: "slips of 5 to 20 % a step",
      intended: "at least × 2",
      measured: 2.27,
      kept: true,
    },
    {
      what: "largest change of a strategy's share",
      planted: "stepwise only",
      intended: "less than 0.05 either way",
      measured: 0.012,
      kept: true,
    },
  ],
});

/** A way is chosen more often, and nothing else changes. */
export const ROUTE: TruthDocument = truthOnPaper({
  world: "known-route",
  steps: [2, 4, 6],
  policies: [0.03, 0.4, 0.9].map((stepwise, i) => ({
    name: ["base", "step-40", "tuned"][i]!,
    ways: {
      stepwise: { plan: stepwise, step: 0.99 },
      pairwise: { plan: (1 - stepwise) * 0.6, step: 0.6 },
      direct: { plan: (1 - stepwise) * 0.4, step: 0.3 },
    },
    mark: 0.999,
  })),
  promises: [
    {
      what: "share of stepwise answers under the tuned policy",
      planted: "3 % of the corpus",
      intended: "above 0.60",
      measured: 0.58,
      kept: false,
    },
  ],
});

/** The base is never right: ratios, bits and places are absent, not zero. */
export const NEW: TruthDocument = truthOnPaper({
  world: "new-route",
  steps: [2, 3],
  policies: [0, 0.95].map((stepwise, i) => ({
    name: ["base", "tuned"][i]!,
    ways: { stepwise: { plan: stepwise, step: 0.98 } },
    mark: 1,
  })),
  promises: [],
});

/** Pretraining, then reinforcement, as a build logs them. */
export const CURVE: LearningCurve = {
  world: "steady-hand",
  seed: 1,
  points: [
    ...Array.from({ length: 100 }, (_, i) => ({
      phase: "pretraining" as const,
      step: 10 * (i + 1),
      loss: 0.35 + 2.4 * Math.exp(-i / 12) + 0.02 * Math.sin(7 * i),
    })),
    ...Array.from({ length: 80 }, (_, i) => ({
      phase: "reinforcement" as const,
      step: i + 1,
      loss: -0.02 + 0.01 * Math.sin(5 * i),
      reward: 0.62 + 0.3 * (1 - Math.exp(-i / 25)) + 0.03 * Math.sin(9 * i),
      kl: 0.0004 * i + 0.002 * Math.abs(Math.sin(3 * i)),
      entropy: 0.31 - 0.002 * i + 0.01 * Math.sin(4 * i),
      length: 24.5 + Math.sin(2 * i),
    })),
  ],
  checkpoints: [
    { policy: "step-20", step: 20 },
    { policy: "step-40", step: 40 },
    { policy: "step-60", step: 60 },
    { policy: "tuned", step: 80 },
  ],
};
