// bench/ · Matched: a strategy chosen more often against steadier steps, with the same p0 and p1 on every problem of 32 steps. Who tells them apart?
//
// node bench/matched.ts [STUDIES] writes bench/results/matched.md: so many seeded studies of each mechanism through the real estimators,
// once with counts alone, once with a ladder of lengths, once with the hand-off. About twenty minutes.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { stepLadder } from "../src/experiments/step-ladder.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { expit } from "../src/maths/logspace.ts";
import { stream } from "../src/maths/random.ts";
import { explain } from "../src/study/explain.ts";
import { matchedPair } from "../src/study/imagined.ts";
import { type ImaginedStudy, imaginedStudy } from "../src/study/imagined-answers.ts";

const STUDIES = Number(process.argv[2] ?? 100);
const L = 32;
const PROBLEMS = 60;
const ROLLOUTS = 64;
const RUNGS = [8, 16, 32];
const RIVALS = { strategy: "amplified-strategy", reliability: "steadier-steps" } as const;
const MECHANISMS = ["strategy", "reliability"] as const;
type Mechanism = (typeof MECHANISMS)[number];

/** The base is right 5 to 50 % of the time; training raises the odds by 1.5 ± 0.3 nats, whichever mechanism did it. */
function successes(seed: number): (readonly [number, number])[] {
  const random = stream(seed, "bench/matched");
  return Array.from({ length: PROBLEMS }, () => {
    const z = -1.5 + 0.6 * random.normal();
    const gain = 1.5 + 0.3 * random.normal();
    return [0.9 * expit(z), 0.9 * expit(z + Math.max(0.3, gain))] as const;
  });
}

interface Said {
  readonly right: boolean;
  readonly wrong: boolean;
  /** Of both mechanisms it says that they cannot be told. */
  readonly silent: boolean;
  readonly tokens: number;
}

const other = (one: Mechanism): Mechanism => (one === "strategy" ? "reliability" : "strategy");
const CLAIMED = ["alone sufficient", "contributes"];
const SET_ASIDE = ["not needed", "ruled out"];

/** Told apart: the mechanism that is there is claimed and the other one set aside. */
function byStandings(study: ImaginedStudy, truth: Mechanism, all: boolean): Said {
  const { document } = explain(study.evidence, {
    draws: 2000,
    rlRollouts: 1e6,
    ...(all ? { seen: study.seen } : {}),
  });
  const standing = (one: Mechanism): string => document.explanations.find(({ name }) => name === RIVALS[one])!.standing;
  const pair = (claimed: Mechanism): boolean =>
    CLAIMED.includes(standing(claimed)) && SET_ASIDE.includes(standing(other(claimed)));
  return {
    right: pair(truth),
    wrong: pair(other(truth)),
    silent: MECHANISMS.every((one) => standing(one) === "cannot be told"),
    tokens: tokensOf(study, all ? undefined : "paired-sampling"),
  };
}

function byLadder(study: ImaginedStudy, truth: Mechanism): Said {
  const { findings } = stepLadder.live!.estimate(study.seen, {
    seed: 1,
    level: 0.95,
    clusterByFamily: false,
    draws: 2000,
  });
  const laws = findings.find(({ name }) => name === "ladder/laws")?.estimate;
  const told = laws?.kind === "measured" && laws.diagnostic?.["told"] === "yes";
  const says: Mechanism = laws?.kind === "measured" && laws.value > 0 ? "reliability" : "strategy";
  return {
    right: told && says === truth,
    wrong: told && says !== truth,
    silent: !told,
    tokens: tokensOf(study, "paired-sampling"),
  };
}

function tokensOf({ tokens }: ImaginedStudy, only?: string): number {
  return Object.entries(tokens)
    .filter(([name]) => only === undefined || name === only)
    .reduce((sum, [, { generated }]) => sum + generated, 0);
}

const said = { counts: [] as Said[], ladder: [] as Said[], handoff: [] as Said[] };
for (let seed = 1; seed <= STUDIES; seed++) {
  const pairs = successes(seed);
  const same = matchedPair(
    L,
    pairs,
    pairs.map(() => L),
  );
  const rungs = matchedPair(
    L,
    pairs,
    pairs.map((_, i) => RUNGS[i % RUNGS.length]!),
  );
  for (const [k, truth] of MECHANISMS.entries()) {
    const design = { policies: ["base", "tuned"], rollouts: ROLLOUTS, scored: 0, seed: 2 * seed + k };
    const atOne = imaginedStudy(same[truth], { ...design, experiments: ["handoff"] });
    const along = imaginedStudy(rungs[truth], { ...design, experiments: [] });
    said.counts.push(byStandings(atOne, truth, false));
    said.ladder.push(byLadder(along, truth));
    said.handoff.push(byStandings(atOne, truth, true));
  }
  if (seed % 5 === 0)
    console.log(
      seed,
      Object.entries(said)
        .map(([name, list]) => `${name} ${list.filter(({ right }) => right).length}/${list.length}`)
        .join(", "),
    );
}

const percent = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`;
const row = (name: string, list: readonly Said[]): string => {
  const right = list.filter((one) => one.right).length;
  const wrong = list.filter((one) => one.wrong).length;
  const { low, high } = clopperPearson(right, list.length, 0.95);
  const tokens = list.reduce((sum, one) => sum + one.tokens, 0) / list.length;
  return `| ${name} | ${percent(right, list.length)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}] | ${percent(wrong, list.length)} | ${percent(list.filter(({ silent }) => silent).length, list.length)} | ${(tokens / 1000).toFixed(0)} |`;
};

const table = `# Two mechanisms with identical p0 and p1 at ${L} steps

A way of solving that is chosen more often (it succeeds in 95 of 100 at ${L} steps, the other way never), and steps that slip less. On
every problem of ${L} steps both have the same p0 and the same p1, so counts of right answers have one and the same law. ${STUDIES} seeded studies of
each mechanism, ${PROBLEMS} problems × ${ROLLOUTS} rollouts × 2 policies, on paper (\`src/study/imagined.ts\`), through the estimators and judgements that real
studies go through. *Told apart*: the mechanism that is there is claimed (*contributes* or *alone sufficient*) and the other one set aside (*not needed*
or *ruled out*); for the ladder: its two laws are told apart, the right one ahead. Made by \`node bench/matched.ts\` on
${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| what was asked | told apart, rightly | told apart, wrongly | of both: cannot be told | thousand tokens |
|---|---|---|---|---|
${row(`pass@k: counts at L = ${L}`, said.counts)}
${row(`step ladder: the same budget over L = ${RUNGS.join(", ")}`, said.ladder)}
${row(`hand-off at L = ${L}`, said.handoff)}

Intervals are Clopper–Pearson's at 95 %.
`;
writeFileSync(new URL("results/matched.md", import.meta.url), table);
console.log(table);
