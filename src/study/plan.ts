// study/ · Plan: what is to be asked, as chunks. Made from the study alone, so that whoever comes back makes the same ones.
import { createHash } from "node:crypto";
import { stream } from "../maths/random.ts";
import type { Chunk, RolloutRecord, SampleAsk, ScoreAsk } from "../terms/record.ts";
import type { LiveAsk } from "../terms/seen.ts";
import type { PolicyDeclared, Study } from "../terms/study.ts";
import type { Bench } from "./bench.ts";
import { answerers } from "./judge.ts";
import { put, samplerOf } from "./put.ts";

/** What a stage of a study is for, in the words that a terminal shows. */
export interface Stage {
  readonly name: string;
  readonly why: string;
  readonly chunks: readonly Chunk[];
}

/** The experiment that draws rollouts of every problem under every policy. */
export const PAIRED = "paired-sampling";

/**
 * Rollouts of every problem and policy. Policies take turns chunk by chunk, so that a study that is stopped early has them all
 * on the same problems.
 */
export function samples(study: Study, bench: Bench): Stage {
  const perPolicy = study.policies.map((policy) => {
    const asks = bench.problems.flatMap(({ id }) =>
      Array.from({ length: study.rollouts }, (_, index): SampleAsk => ask(study, policy.name, id, index)),
    );
    return cut(asks, study.chunk).map((part): Chunk => {
      const prompts = part.map((one) => put(study, bench, policy, one).prompt);
      const chunk = { kind: "sample" as const, policy: policy.name, sampler: study.sampler, asks: part };
      return { ...chunk, id: hash({ ...chunk, prompts, answers: answersFor(policy) }) };
    });
  });
  return {
    name: "paired sampling",
    why: `${study.rollouts} ${study.rollouts === 1 ? "rollout" : "rollouts"} of each of ${bench.problems.length} problems under ${study.policies.length} policies`,
    chunks: inTurns(perPolicy),
  };
}

/** The base and the tuned policy score the first `study.scored` rollouts of every problem, each its own and the other's. */
export function scores(study: Study, rollouts: readonly RolloutRecord[]): Stage {
  const [base, tuned] = [study.policies[0]!, study.policies.at(-1)!];
  const chosen = rollouts.filter(
    ({ experiment, policy, index, verdict }) =>
      experiment === PAIRED &&
      index < study.scored &&
      verdict !== "ungradable" &&
      (policy === base.name || policy === tuned.name),
  );
  // Whoever scores reads the prompt as it is put to it, where that is not the same for both.
  const own = new Map<string, readonly number[]>();
  if (base.prompt !== tuned.prompt)
    for (const { policy, problem, promptTokenIds } of chosen)
      if (promptTokenIds !== undefined) own.set(`${policy} ${problem}`, promptTokenIds);
  const asksOf = (policy: string): ScoreAsk[] =>
    chosen.flatMap(({ rollout, problem, promptTokenIds: drawnWith, tokenIds }): ScoreAsk[] => {
      const promptTokenIds = base.prompt === tuned.prompt ? drawnWith : own.get(`${policy} ${problem}`);
      return promptTokenIds === undefined || tokenIds === undefined || tokenIds.length === 0
        ? []
        : [{ rollout, promptTokenIds, tokenIds }];
    });
  const perPolicy = [base, tuned].map((policy) =>
    cut(asksOf(policy.name), study.chunk).map((part): Chunk => {
      const chunk = { kind: "score" as const, policy: policy.name, sampler: study.sampler, asks: part };
      return { ...chunk, id: hash({ ...chunk, answers: answersFor(policy) }) };
    }),
  );
  return {
    name: "scoring",
    why: `${asksOf(base.name).length} of those rollouts scored by ${base.name} and ${tuned.name}, token by token`,
    chunks: inTurns(perPolicy),
  };
}

/** One round of an experiment that plans as it goes. */
export function round(study: Study, bench: Bench, experiment: string, number: number, asks: readonly LiveAsk[]): Stage {
  // A chunk has one sampler.
  const variantOf = (one: LiveAsk): string | undefined => (one.kind === "sample" ? one.ask.variant : undefined);
  const lanes = Map.groupBy(asks, (one) => `${one.kind} ${one.policy} ${variantOf(one) ?? ""}`);
  const perLane = Array.from(lanes.values(), (lane) => {
    const { kind, policy } = lane[0]!;
    const declared = answerers(study).find(({ name }) => name === policy)!;
    const answers = answersFor(declared);
    return cut(lane, study.chunk).map((part): Chunk => {
      const common = { policy, sampler: samplerOf(study, variantOf(lane[0]!)) };
      if (kind === "score") {
        const chunk = { kind, ...common, asks: part.map((one) => one.ask as ScoreAsk) };
        return { ...chunk, id: hash({ ...chunk, answers }) };
      }
      const chunk = { kind, ...common, asks: part.map((one) => one.ask as SampleAsk) };
      return {
        ...chunk,
        id: hash({ ...chunk, prompts: chunk.asks.map((one) => put(study, bench, declared, one).prompt), answers }),
      };
    });
  });
  return {
    name: `${experiment}, round ${number + 1}`,
    why: `${asks.length} requests of ${experiment}`,
    chunks: inTurns(perLane),
  };
}

function ask(study: Study, policy: string, problem: string, index: number): SampleAsk {
  return {
    rollout: `${PAIRED}/${policy}/${problem}/${index}`,
    experiment: PAIRED,
    problem,
    index,
    seed: stream(study.seed, `study/rollout/${policy}/${problem}`, index).uint32(),
  };
}

/** Who answers, without the address: the same model at another port is the same question. */
function answersFor({ model, path, world, worldSeed, chat }: PolicyDeclared): object {
  return { model, path, world, worldSeed, chat };
}

function hash(value: object): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function cut<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => (i < list.length ? [list[i]!] : []))).flat();
}
