// bench/ · Mass: brackets and estimates of the base's chance beside the exact one, from 1e-1 to 1e-10, on ladders of problems on paper.
//
// node bench/mass.ts writes bench/results/mass.md, in a few minutes.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { bracketsOf } from "../src/experiments/mass-brackets.ts";
import { imaginedStudy } from "../src/study/imagined-answers.ts";
import type { ImaginedProblem } from "../src/study/imagined.ts";
import { exactBase, forkedLadder, rareLadder } from "../test/support/paper-ladder.ts";

const SEEDS = [101, 102, 103];
const STEPS = [4, 8, 12, 16, 20, 24, 28, 32];
const PROBLEMS = 96;
const LEVEL = 0.95;

interface Row {
  readonly exact: number;
  readonly held: boolean;
  readonly agreed: boolean;
  readonly covered: boolean;
  readonly near: boolean;
  /** Splitting within a factor of three, agreed or not. */
  readonly splitNear: boolean;
  /** The annealed chain: told, and within a factor of three. */
  readonly annealed: boolean;
  readonly annealedNear: boolean;
  /** Proposals that part at forks only, and all policies' mixture: the same. */
  readonly forks: boolean;
  readonly forksNear: boolean;
  readonly mixture: boolean;
  readonly mixtureNear: boolean;
  /** The floor of weighted draws over the exact chance; absent where the base solves it ten times. */
  readonly floor?: number;
  readonly tokens: number;
}

function rowsOf(problems: readonly ImaginedProblem[], seed: number): Row[] {
  const { seen } = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 64,
    scored: 8,
    experiments: ["rare-mass"],
    seed,
  });
  const spent = new Map<string, number>();
  for (const { experiment, problem, tokens = 0 } of seen.rollouts)
    if (experiment === "rare-mass") spent.set(problem, (spent.get(problem) ?? 0) + tokens);
  const byId = new Map(problems.map((one) => [one.id, one]));
  return bracketsOf(seen, LEVEL).map(({ problem, low, high, mass, splitting, annealed, forks, mixture, weighted }) => {
    const exact = exactBase(byId.get(problem)!);
    const within = (a: number, b: number): boolean => a <= exact * (1 + 1e-9) && exact <= b * (1 + 1e-9);
    const near = (value: number | undefined): boolean => value !== undefined && value < 3 * exact && value > exact / 3;
    return {
      exact,
      held: within(low, high),
      agreed: mass !== undefined,
      covered: mass !== undefined && within(mass.low, mass.high),
      near: near(mass?.value),
      splitNear:
        splitting === undefined || near(splitting.logMass === undefined ? undefined : Math.exp(splitting.logMass)),
      annealed: annealed?.logMass !== undefined,
      annealedNear: annealed?.logMass !== undefined && near(Math.exp(annealed.logMass)),
      forks: forks?.logMass !== undefined,
      forksNear: forks?.logMass !== undefined && near(Math.exp(forks.logMass)),
      mixture: mixture?.logMass !== undefined,
      mixtureNear: mixture?.logMass !== undefined && near(Math.exp(mixture.logMass)),
      ...(weighted === undefined ? {} : { floor: weighted / exact }),
      tokens: spent.get(problem) ?? 0,
    };
  });
}

const BANDS = [
  [1e-3, 1],
  [1e-6, 1e-3],
  [1e-8, 1e-6],
  [1e-11, 1e-8],
] as const;
const percent = (list: readonly Row[], is: (row: Row) => boolean): string =>
  list.length === 0 ? "–" : `${((100 * list.filter(is).length) / list.length).toFixed(0)} %`;

const share = (list: readonly number[], q: number): string => {
  const sorted = list.toSorted((a, b) => a - b);
  const at = sorted[Math.floor(q * sorted.length)];
  return at === undefined ? "–" : at === 0 ? "0" : `1/${Math.max(1, 1 / at).toPrecision(2)}`;
};

const SLIPS = { share: 0.9, joins: 0.95, slip: 0.05 };
const LADDER = { steps: STEPS, problems: PROBLEMS };
const forked = (share0: number, joins: number) =>
  forkedLadder({ share: share0, joins, slip: 0.07 }, SLIPS, { steps: [4, 6, 8, 10], problems: PROBLEMS });
const KINDS: readonly { readonly title: string; readonly problems: readonly ImaginedProblem[] }[] = [
  { title: "Slips at every second step, never mended", problems: rareLadder({ ...LADDER, repair: 0 }) },
  { title: "Slips at every second step, mended 15 % of the time", problems: rareLadder({ ...LADDER, repair: 0.15 }) },
  { title: "A fork at the way: the base takes it once in 10,000 times", problems: forked(1e-4, 0.95) },
  { title: "A fork behind the first step: the base goes on once in 10,000 times", problems: forked(0.9, 1e-4) },
  { title: "Both forks, once in 1,000 times and in 10,000", problems: forked(1e-3, 1e-4) },
];

const tables = KINDS.map(({ title, problems }) => {
  const all = SEEDS.flatMap((seed) => rowsOf(problems, seed));
  const parts = [
    ...BANDS.map(([from, to]) => ({
      name: `${from.toExponential(0)} to ${to.toExponential(0)}`,
      own: all.filter(({ exact }) => exact >= from && exact < to),
    })),
    { name: "all", own: all },
  ].filter(({ own }) => own.length > 0);
  const first = parts.map(({ name, own }) => {
    const agreed = own.filter((row) => row.agreed);
    const floors = own.flatMap(({ floor }) => (floor === undefined ? [] : [floor]));
    const tokens = own.reduce((sum, row) => sum + row.tokens, 0) / own.length;
    const answers = own.reduce((sum, row) => sum + 1 / row.exact, 0) / own.length;
    const above =
      floors.length === 0 ? "–" : `${((100 * floors.filter((one) => one > 1).length) / floors.length).toFixed(1)} %`;
    return `| ${name} | ${own.length} | ${percent(own, (row) => row.held)} | ${above} | ${share(floors, 0.5)} | ${percent(own, (row) => row.agreed)} | ${percent(agreed, (row) => row.covered)} | ${percent(agreed, (row) => row.near)} | ${Math.round(tokens).toLocaleString("en")} | ${answers.toExponential(0)} |`;
  });
  const second = parts.map(({ name, own }) => {
    const both = (told: "annealed" | "forks" | "mixture", near: "annealedNear" | "forksNear" | "mixtureNear"): string =>
      `${percent(own, (row) => row[told])} | ${percent(
        own.filter((row) => row[told]),
        (row) => row[near],
      )}`;
    return `| ${name} | ${percent(own, (row) => row.splitNear)} | ${both("annealed", "annealedNear")} | ${both("forks", "forksNear")} | ${both("mixture", "mixtureNear")} |`;
  });
  return `## ${title}

| exact chance | problems | bracket holds it | floor of weighted draws is above it | floor, median over it | two methods agree | of these: interval holds it | within 3 × | tokens a problem | 1/p0 answers |
|---|---|---|---|---|---|---|---|---|---|
${first.join("\n")}

| exact chance | splitting within 3 ×, agreed or not | annealed chain told | within 3 × | forks told | within 3 × | mixture told | within 3 × |
|---|---|---|---|---|---|---|---|
${second.join("\n")}
`;
});

const text = `# The base's chance, far below what samples show

Bases on paper, whose chance is exact: one that slips at every second step, on problems of ${STEPS.join(", ")} steps, and ones that are good but for a fork, of 4 to 10 steps; ${PROBLEMS} problems × ${SEEDS.length} seeds each.
Guaranteed bracket at ${100 * LEVEL} %: below, different right texts under the base, direct samples, and the floor of weighted draws (bets on the runs of splitting, on mixture and on forks; Bernstein's inequality on forks), which at
${100 * LEVEL} % may be above the truth in 1.7 % of rare problems; above, direct samples. Estimate: splitting by levels, told only where a second method agrees: direct samples; where none of 64 was right, the annealed
chain from the tuned policy's right answers, or proposals that part at forks only, or right answers of all policies by the balance heuristic. Those begin at the tuned policy's answers: where slips are mended, the base is right in
ways that the tuned policy hardly ever writes, they part, and nothing is told but the bracket. Behind a fork that no particle of splitting passes, they alone find the chance, and raise the floor.
Tokens are of all methods. Made by \`node bench/mass.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

${tables.join("\n")}`;
writeFileSync(new URL("results/mass.md", import.meta.url), text);
console.log(text);
