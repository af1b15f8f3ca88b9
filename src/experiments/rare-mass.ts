// experiments/ · Rare mass: how often the base does by itself what the tuned policy does, far below what samples can show.
import { type Estimate, type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { meanOver } from "./cross-means.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { pairedBy } from "./handoff-sources.ts";
import { clusterLabels } from "./ladder-counts.ts";
import { annealedAsks, annealedPrice } from "./mass-annealed.ts";
import { type Bracket, bracketsOf } from "./mass-brackets.ts";
import { forkAsks, forkPrice } from "./mass-forks.ts";
import { mixtureAsks, mixturePrice } from "./mass-mixture.ts";
import { fullSupport } from "./mass-full.ts";
import { healthOf } from "./mass-health.ts";
import { againstYardstick, answersOf, chanceOf } from "./mass-samples.ts";
import { ISLANDS, PARTICLES, rareOnes, splittingAsks } from "./mass-splitting.ts";
import { massOfWays } from "./mass-ways.ts";

const PROBLEMS = 100;
/** Levels of a problem, of many lengths. */
const LEVELS = 8;

export const rareMass: Experiment = {
  name: "rare-mass",
  asks: "the base goes on from its own right prefixes and from the tuned policy's plans, and earlier policies from later ones' right answers, where it hardly ever solves a problem",
  finds: "between which limits the base's chance of a right answer lies, and what it is where two methods agree",
  needs: "a base behind an engine that continues a given prefix, and a task that verifies steps",
  sees: [["strategy-reach"], ["strategy-share"]],
  price: ({ problems, policies = 2 }) => {
    const parts = [annealedPrice(policies), mixturePrice(policies), forkPrice];
    const asked = Math.min(problems, PROBLEMS);
    return {
      // A continuation is half a rollout long in the mean.
      generatedRollouts:
        asked * parts.reduce((sum, { generated }) => sum + generated, (LEVELS * ISLANDS * PARTICLES) / 2),
      scoredRollouts: asked * parts.reduce((sum, { scored }) => sum + scored, 0),
    };
  },
  live: { onSome: true, refuse, plan, estimate },
};

function plan(seen: Seen, round: number, seed: number): LiveAsk[] {
  const paired = pairedBy(seen);
  const rare = rareOnes(seen, paired);
  return [
    ...splittingAsks(seen, paired, round, seed),
    ...annealedAsks(seen, rare, round, seed),
    ...mixtureAsks(seen, rare, round, seed),
    ...forkAsks(seen, paired, rare, round, seed),
  ];
}

function refuse({ reader, policies, rollouts, problems }: Seen): Refused | undefined {
  if (reader.steps === undefined)
    return refused(
      "the task does not verify steps, so nothing tells how far an answer has come",
      "give a task that does",
    );
  if (!rollouts.some(({ policy, tokenIds }) => policy === policies[0] && tokenIds !== undefined))
    return refused(
      "no rollout of the base has its token ids, so no prefix can be continued",
      "use an engine that speaks in token ids",
    );
  if (problems.length < 2) return refused(`the study has ${problems.length} problem`, "give at least 2");
  return undefined;
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const brackets = bracketsOf(seen, options.level);
  const rare = brackets.filter(({ splitting }) => splitting !== undefined);
  const bits = bitsOf(seen, brackets, options);
  const full = fullSupport(seen, { bits, problems: brackets }, options.level);
  const { rlRollouts } = options;
  const findings: Finding[] = [
    { name: "mass/bits", estimate: bits },
    { name: "mass/base", estimate: bits.kind === "refused" ? bits : chanceOf(brackets, options.level) },
    { name: "mass/samples", estimate: answersOf(bits, againstYardstick(brackets, rlRollouts)) },
    { name: "mass/full/bits", estimate: full.bits },
    { name: "mass/full/samples", estimate: answersOf(full.bits, againstYardstick(full.problems, rlRollouts)) },
    {
      name: "mass/rare",
      estimate: counted(rare.length, brackets.length, "problems that the base solves less than ten times, of all"),
    },
    {
      name: "mass/agreed",
      estimate:
        rare.length === 0
          ? refused("the base solves every problem often enough to be counted", "nothing is to be mended")
          : counted(
              rare.filter(({ mass }) => mass !== undefined).length,
              rare.length,
              "rare problems on which two methods agree, of all of them",
            ),
    },
  ];
  return { findings: [...findings, ...massOfWays(seen, options.level)], exhibits: [] };
}

function counted(some: number, of: number, method: string): Estimate {
  return { kind: "measured", value: some / of, method, diagnostic: { problems: of } };
}

/** Bits that the base lacks to be right, mean over problems; where methods do not agree on all, only between which limits. */
function bitsOf(seen: Seen, brackets: readonly Bracket[], options: EstimateOptions): Estimate {
  const disagreed = brackets.filter(({ mass }) => mass === undefined);
  const bits = (of: (one: Bracket) => number): number =>
    brackets.reduce((sum, one) => sum - Math.log2(of(one)), 0) / brackets.length;
  if (brackets.length === 0) return refused("the base answered no problem", "draw rollouts of the base");
  const diagnostic = healthOf(seen, brackets);
  if (disagreed.length > 0) {
    const high = bits(({ low }) => low);
    const example = disagreed[0]!;
    return {
      kind: "bounded",
      low: bits((one) => one.high),
      ...(Number.isFinite(high) ? { high } : {}),
      level: options.level,
      method: `−log2 of the base's chance, mean over problems, by guaranteed limits: on ${disagreed.length} of ${brackets.length} no two methods agree (${example.problem}: ${example.refused})`,
      diagnostic,
    };
  }
  const clusters = clusterLabels(seen, options);
  const labels = { count: brackets.length, of: (problem: string) => clusters.get(problem)! };
  return (
    meanOver(
      brackets.map(({ problem, mass }) => ({ problem, value: -Math.log2(mass!.value) })),
      labels,
      {
        level: options.level,
        method: "−log2 of the base's chance, mean over problems; splitting by levels where it is rare",
        diagnostic,
      },
    ) ?? refused("the base answered no problem", "draw rollouts of the base")
  );
}
