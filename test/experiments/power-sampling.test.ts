import { describe, expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { cutChance, logAcceptance, moveOf, played, type Text } from "../../src/experiments/power-chain.ts";
import { PaperPolicy, type State } from "../../src/experiments/paper-policy.ts";
import { powerSampling } from "../../src/experiments/power-sampling.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { lawOf, drawFrom } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { OPTIONS } from "../conformance/experiment.ts";

/** A policy over texts of one to five tokens: at each place it ends with token 0, or writes 1 or 2; probabilities depend on the place. */
const LONGEST = 5;
function choices(prefix: readonly number[]): number[] {
  if (prefix.length === LONGEST - 1) return [1, 0, 0];
  const last = prefix.at(-1) ?? 1;
  return last === 1 ? [0.3, 0.45, 0.25] : [0.15, 0.25, 0.6];
}

function texts(prefix: readonly number[] = [], logProbs: readonly number[] = []): Omit<Text, "right">[] {
  return choices(prefix).flatMap((chance, token) => {
    if (chance === 0) return [];
    const longer = { tokenIds: [...prefix, token], logProbs: [...logProbs, Math.log(chance)] };
    return token === 0 ? [longer] : texts(longer.tokenIds, longer.logProbs);
  });
}

const ALL = texts();
const nameOf = ({ tokenIds }: Pick<Text, "tokenIds">): string => tokenIds.join("");
const logOf = ({ logProbs }: Pick<Text, "logProbs">): number => logProbs.reduce((a, b) => a + b, 0);
const ALPHA = 2.5;
const weights = ALL.map((one) => Math.exp(ALPHA * logOf(one)));
const total = weights.reduce((a, b) => a + b, 0);
const exact = new Map(ALL.map((one, i) => [nameOf(one), weights[i]! / total]));

/** Chance to go from one text to another in a move: over the cuts that keep what they have in common. */
function transition(from: Omit<Text, "right">, to: Omit<Text, "right">): number {
  let chance = 0;
  for (let kept = 0; kept < from.tokenIds.length; kept++) {
    if (from.tokenIds.slice(0, kept).join() !== to.tokenIds.slice(0, kept).join()) break;
    const end = { tokenIds: to.tokenIds.slice(kept), logProbs: to.logProbs.slice(kept) };
    if (end.tokenIds.length === 0) break;
    const accepted = Math.min(1, Math.exp(logAcceptance(from, end, kept, ALPHA)));
    chance += Math.exp(logOf(end)) * accepted * cutChance(kept, from.tokenIds.length);
  }
  return chance;
}

/** What the chain's own code makes of many moves, with the base's answers drawn here. */
function walked(moves: number, acceptance = logAcceptance): Map<string, number> {
  const random = stream(5, "power-sampling.test");
  let now: Omit<Text, "right"> = ALL[0]!;
  const visits = new Map<string, number>();
  for (let move = 0; move < moves; move++) {
    const { kept, takes } = moveOf(7, "walk", move, now.tokenIds.length);
    const tokenIds = now.tokenIds.slice(0, kept);
    const logProbs: number[] = [];
    for (;;) {
      const chances = choices(tokenIds);
      let left = random.uniform();
      const token = Math.max(
        0,
        chances.findIndex((chance) => (left -= chance) < 0),
      );
      tokenIds.push(token);
      logProbs.push(Math.log(chances[token]!));
      if (token === 0) break;
    }
    if (takes(acceptance(now, { tokenIds: tokenIds.slice(kept), logProbs }, kept, ALPHA)))
      now = { tokenIds, logProbs: [...now.logProbs.slice(0, kept), ...logProbs] };
    visits.set(nameOf(now), (visits.get(nameOf(now)) ?? 0) + 1 / moves);
  }
  return visits;
}

const variation = (visits: ReadonlyMap<string, number>): number =>
  [...exact].reduce((sum, [name, chance]) => sum + Math.abs(chance - (visits.get(name) ?? 0)), 0) / 2;

describe("the chain of whole texts", () => {
  it("is in detailed balance with the base raised to a power", () => {
    for (const from of ALL)
      for (const to of ALL) {
        if (from === to) continue;
        const there = exact.get(nameOf(from))! * transition(from, to);
        const back = exact.get(nameOf(to))! * transition(to, from);
        expect(Math.abs(there - back)).toBeLessThan(1e-14);
      }
  });

  it("has that law: total variation below a hundredth, and without the length factor far from it", {
    timeout: 60_000,
  }, () => {
    expect(variation(walked(400_000))).toBeLessThan(0.01);
    const careless: typeof logAcceptance = (before, end, kept, alpha) =>
      logAcceptance(before, end, kept, alpha) -
      Math.log(cutChance(kept, kept + end.tokenIds.length) / cutChance(kept, before.tokenIds.length));
    expect(variation(walked(400_000, careless))).toBeGreaterThan(0.05);
  });

  it("stays where it is when the engine fails, and waits for what was not asked", () => {
    const start = { ...ALL[0]!, right: true };
    const chain = played(start, { seed: 1, name: "c", alpha: 2 }, (move) => (move < 3 ? "failed" : undefined));
    expect(chain.states).toEqual([start, start, start, start]);
    expect(chain.accepted).toBe(0);
  });
});

const STEPS = [2, 3, 4];
const EXPERIMENTS = ["power-sampling"];
function study(rival: string, seed: number) {
  const random = stream(seed, `power-sampling/${rival}`);
  const rivals = EXPLANATIONS.filter(({ name }) => name === rival);
  const law = lawOf(rivals, { steps: STEPS, base: 0.4, gain: 0.25 }, random);
  const problems = drawFrom(
    law,
    Array.from({ length: 48 }, (_, i) => STEPS[i % STEPS.length]!),
    random,
  );
  const { seen } = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 32,
    scored: 8,
    experiments: EXPERIMENTS,
    seed,
  });
  return { problems, seen };
}
const read = (seen: Seen) => new Findings(powerSampling.live!.estimate(seen, OPTIONS).findings);

/** P(right) under texts' chances raised to a power. */
function powered(state: State, alpha: number): { all: number; right: number } {
  if (state.moves.length === 0) return { all: 1, right: state.right };
  return state.moves.reduce(
    (sum, { logProb, next }) => {
      if (logProb === Number.NEGATIVE_INFINITY) return sum;
      const rest = powered(next, alpha);
      const weight = Math.exp(alpha * logProb);
      return { all: sum.all + weight * rest.all, right: sum.right + weight * rest.right };
    },
    { all: 0, right: 0 },
  );
}

describe("power samples", () => {
  it("parts nothing of novel-strategy and amplified-strategy, and has a price of half a rollout a move", () => {
    expect(separates(powerSampling, novelStrategy, amplifiedStrategy)).toBe(false);
    expect(powerSampling.price({ problems: 50, rolloutsPerProblem: 64 })).toEqual({
      generatedRollouts: 1600,
      scoredRollouts: 0,
    });
  });

  it("are right as often as the exact law says, over studies of a lower temperature", { timeout: 120_000 }, () => {
    const off = Array.from({ length: 12 }, (_, i) => {
      const { problems, seen } = study("sharpened", i + 1);
      const { value, diagnostic } = read(seen).measured("power/success")!;
      const alpha = Number(diagnostic!["alpha"]);
      const law = problems.map(({ behaviours, steps }) => {
        const { all, right } = powered(new PaperPolicy(behaviours[0]!, steps).start, alpha);
        return right / all;
      });
      return value - law.reduce((a, b) => a + b, 0) / law.length;
    });
    const mean = off.reduce((a, b) => a + b, 0) / off.length;
    const error = Math.sqrt(off.reduce((sum, one) => sum + (one - mean) ** 2, 0) / off.length / (off.length - 1));
    expect(Math.abs(mean / error)).toBeLessThan(3);
  });

  it("reach a gain that a lower temperature made, and not one that a way makes that the base never takes", {
    timeout: 60_000,
  }, () => {
    const sharp = read(study("sharpened", 3).seen).measured("power/share")!;
    expect(sharp.high!).toBeGreaterThan(0.8);
    const { seen } = study("novel-strategy", 3);
    const refusal = powerSampling.live!.refuse(seen);
    const other = refusal === undefined ? read(seen).measured("power/share") : undefined;
    expect(refusal !== undefined || other!.high! < 0.8).toBe(true);
  });

  it("are asked for one move a round, the same again when a round is planned twice", () => {
    const { seen } = study("sharpened", 2);
    const upTo = (round: number): Seen => ({
      ...seen,
      rollouts: seen.rollouts.filter(
        ({ experiment, rollout }) => experiment !== "power-sampling" || Number(rollout.split("/")[1]) < round,
      ),
    });
    for (const round of [0, 1, 5]) {
      const asks = powerSampling.live!.plan(upTo(round), round, 9);
      expect(asks).toHaveLength(48 * 4);
      expect(powerSampling.live!.plan(upTo(round), round, 9)).toEqual(asks);
      expect(asks.every(({ ask }) => ask.rollout.startsWith(`power-sampling/${round}/`))).toBe(true);
    }
    expect(powerSampling.live!.plan(seen, 16, 9)).toEqual([]);
    expect(powerSampling.live!.plan(upTo(3), 4, 9)).toEqual([]);
  });

  it("are refused where nothing was scored, where nothing is sharper, and where no log-probabilities are told", () => {
    const { seen } = study("sharpened", 2);
    expect(powerSampling.live!.refuse({ ...seen, scores: [] })?.mend).toContain("scored");
    expect(powerSampling.live!.refuse(study("nothing-changed", 2).seen)?.why).toContain("no sharper");
    const silent = seen.rollouts.map((record) => ({ ...record, rawLogProbs: [] }));
    expect(powerSampling.live!.refuse({ ...seen, rollouts: silent })?.mend).toContain("vllm");
  });
});
