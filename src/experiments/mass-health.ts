// experiments/ · Mass health: what the methods behind the base's chance say of themselves, over all rare problems, for whoever reads the number.
import { meanOneTest, weightDiagnostics } from "../maths/weights.ts";
import type { Measured } from "../terms/estimate.ts";
import type { Seen } from "../terms/seen.ts";
import { readingsIn } from "./cross-read.ts";
import type { Bracket } from "./mass-brackets.ts";

/**
 * Kish's effective number of right answers (the middle problem's) and Pareto's k̂ (the largest) of mixture and forks; how many annealed chains
 * tell a chance, and the least overlap of neighbours on the way; and whether scoring is of the density that drew: own rollouts of base and
 * tuned, scored by themselves, weigh 1 in the mean, and differ by so many nats a token. What nothing tells is absent.
 */
export function healthOf(seen: Seen, brackets: readonly Bracket[]): NonNullable<Measured["diagnostic"]> {
  const rare = brackets.filter(({ splitting }) => splitting !== undefined);
  const of = (read: (one: Bracket) => number | undefined): number[] =>
    rare.flatMap((one) => read(one) ?? []).sort((a, b) => a - b);
  const middle = (list: readonly number[]): number | undefined => list[Math.floor((list.length - 1) / 2)];
  const told = {
    rare: rare.length,
    chains: rare.filter(({ annealed }) => annealed?.logMass !== undefined).length,
    overlap: of(({ annealed }) => annealed?.overlap).at(0),
    mixtureEffective: middle(of(({ mixture }) => mixture?.effective)),
    mixtureK: of(({ mixture }) => mixture?.k).at(-1),
    forksEffective: middle(of(({ forks }) => forks?.effective)),
    forksK: of(({ forks }) => forks?.k).at(-1),
    ...unitWeight(seen),
  };
  return Object.fromEntries(Object.entries(told).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function unitWeight(seen: Seen): Readonly<Record<string, number | undefined>> {
  const own = readingsIn(seen, seen.policies.at(-1)!, "processed").flatMap(({ own: both }) =>
    both === undefined ? [] : [both],
  );
  // What it drew has a chance; where its score says otherwise the weight is 0, and is seen in the mean.
  const differences = own
    .map(({ drawn, scored }) => scored.map((log, t) => log - drawn[t]!))
    .filter((list) => list.every((one) => one < Number.POSITIVE_INFINITY));
  if (differences.length === 0) return {};
  const logWeights = differences.map((list) => list.reduce((a, b) => a + b, 0));
  const tokens = differences.flat().filter((one) => one > Number.NEGATIVE_INFINITY);
  const logMean = weightDiagnostics(logWeights)?.logMean ?? Number.NEGATIVE_INFINITY;
  return {
    unitWeight: Math.exp(logMean),
    unitWeightZ: meanOneTest(logWeights)?.z,
    mismatchFloor:
      tokens.length === 0 ? undefined : tokens.reduce((sum, one) => sum + Math.abs(one), 0) / tokens.length,
  };
}
