// A whole live study in memory: paired rollouts of a world's policies, then every round of the experiments asked for.
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { act } from "../../src/study/act.ts";
import type { Bench } from "../../src/study/bench.ts";
import { cutTo } from "../../src/study/live.ts";
import { round, samples, scores, type Stage } from "../../src/study/plan.ts";
import { declaredVariants } from "../../src/study/put.ts";
import { taskReader } from "../../src/study/reader.ts";
import type { Task } from "../../src/tasks/task.ts";
import type { Problem } from "../../src/terms/problem.ts";
import type { RolloutRecord, ScoreRecord } from "../../src/terms/record.ts";
import type { Reader, Seen } from "../../src/terms/seen.ts";
import type { Study } from "../../src/terms/study.ts";
import type { OpenWorld } from "../../src/worlds/open.ts";

export interface LiveOptions {
  /** Names of policies to take part; all of the world's where not said. */
  readonly policies?: readonly string[];
  /** Of the world's task; those that its truth is computed on where not said. */
  readonly problems?: readonly Problem[];
  readonly rollouts: number;
  readonly seed: number;
  /** Of the twins; the same ones where not said. */
  readonly twinSeed?: number;
  /** Of them, how many base and tuned score, each its own and the other's; none where not said. */
  readonly scored?: number;
  /** Names of live experiments. */
  readonly experiments?: readonly string[];
  /** Prompts of policies, `{problem}` in them; those that are not named are asked as the world has it. */
  readonly prompts?: Readonly<Record<string, string>>;
  readonly variants?: Study["variants"];
  /** The task that reads the answers, where the world's own can be fooled: it is the stricter judge. */
  readonly strict?: Task;
  /** As if the task could read nothing in a text. */
  readonly unread?: boolean;
}

export interface LiveStudy {
  readonly study: Study;
  readonly seen: Seen;
  /** Tokens generated and scored, by experiment. */
  readonly tokens: Readonly<Record<string, number>>;
}

/** The problems that a world's truth is computed on. */
export function studyProblems({ world }: OpenWorld): Problem[] {
  const { seed, steps, count } = world.study;
  return steps.flatMap((L) => [...world.task.problems({ seed, steps: L, count })]);
}

/** What can be read in answers to these problems. One character is one token. */
export function readerOf({ world }: OpenWorld, problems: readonly Problem[], task = world.task): Reader {
  const posed = new Map(problems.map(({ id, prompt }) => [id, { task, prompt, grading: world.grading }]));
  return taskReader(posed, ({ prefix, tokenIds }) =>
    (tokenIds ?? []).map((_, i) => (prefix?.tokenIds.length ?? 0) + i + 1),
  );
}

/** No study of this repository has this seed. */
export const TWIN_SEED = 515_151;
/** As many fresh problems of each number of steps. */
export function twinsOf({ world }: OpenWorld, problems: readonly Problem[], seed = TWIN_SEED): Problem[] {
  const asked = new Set(problems.map(({ prompt }) => prompt));
  return [...Map.groupBy(problems, ({ steps }) => steps)].flatMap(([steps, list]) =>
    world.task.problems({ seed, steps, count: list.length }).filter(({ prompt }) => !asked.has(prompt)),
  );
}

/** What a study of these problems sees before anything is drawn, but for its policies. */
export function seenBefore(
  open: OpenWorld,
  problems: readonly Problem[],
  { strict, twinSeed }: Pick<LiveOptions, "strict" | "twinSeed"> = {},
): Omit<Seen, "policies"> {
  const twins = twinsOf(open, problems, twinSeed);
  const posed = ({ id, steps, task }: Problem) => ({ id, steps, family: task });
  return {
    problems: problems.map(posed),
    twins: twins.map(posed),
    bare: open.world.task.opening !== undefined,
    rollouts: [],
    scores: [],
    reader: readerOf(open, [...problems, ...twins], strict),
  };
}

export async function liveStudy(open: OpenWorld, options: LiveOptions): Promise<LiveStudy> {
  const { world } = open;
  const problems = options.problems ?? studyProblems(open);
  const policies = open.policies
    .filter(({ name }) => options.policies?.includes(name) ?? true)
    .map(({ name, engine }) => {
      const prompt = options.prompts?.[name];
      const declared = { name, engine: "world", world: world.name, model: name };
      return { declared: prompt === undefined ? declared : { ...declared, prompt }, engine };
    });
  const study: Study = {
    title: world.name,
    seed: options.seed,
    policies: policies.map(({ declared }) => declared),
    sampler: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: world.maxTokens, stop: [] },
    tasks: [],
    rollouts: options.rollouts,
    scored: options.scored ?? 0,
    registration: { studies: 0 },
    chunk: 256,
    ...(options.variants === undefined ? {} : { variants: options.variants }),
  };
  const twins = twinsOf(open, problems, options.twinSeed);
  const byId = new Map([...problems, ...twins].map((problem) => [problem.id, problem]));
  const posed = ({ id, prompt, steps, task }: Problem) => ({ id, prompt, steps, family: task });
  const bench: Bench = {
    problems: problems.map(posed),
    twins: twins.map(posed),
    openingOf: () => world.task.opening,
    promptOf: (id) => byId.get(id)!.prompt,
    verifierOf: () => `${world.task.name} ${world.grading}`,
    verify: async (id, text) => ({ verdict: world.task.verify(byId.get(id)!.prompt, text, world.grading) }),
  };
  let seen: Seen = {
    ...seenBefore(open, problems, options),
    policies: policies.map(({ declared }) => declared.name),
    variants: declaredVariants(study),
  };
  if (options.unread) seen = { ...seen, reader: { tokensWithin: seen.reader.tokensWithin } };
  const tokens: Record<string, number> = {};
  const ask = async (stage: Stage, name: string): Promise<void> => {
    for (const chunk of stage.chunks) {
      const { records } = await act(chunk, { study, bench, policies });
      if (chunk.kind === "sample") {
        const drawn = records as readonly RolloutRecord[];
        seen = Object.assign({}, seen, { rollouts: seen.rollouts.concat(drawn) });
        tokens[name] = (tokens[name] ?? 0) + drawn.reduce((sum, record) => sum + (record.tokens ?? 0), 0);
      } else {
        seen = Object.assign({}, seen, { scores: seen.scores.concat(records as readonly ScoreRecord[]) });
        tokens[name] =
          (tokens[name] ?? 0) +
          chunk.asks.reduce((sum, one) => sum + one.promptTokenIds.length + one.tokenIds.length, 0);
      }
    }
  };
  await ask(samples(study, bench), "paired-sampling");
  if (study.scored > 0) await ask(scores(study, seen.rollouts), "scoring");
  for (const { name, live } of EXPERIMENTS) {
    if (live === undefined || !(options.experiments?.includes(name) ?? false)) continue;
    for (let number = 0; ; number++) {
      const before = cutTo(seen, name, number);
      const asks = live.refuse(before) === undefined ? live.plan(before, number, study.seed) : [];
      if (asks.length === 0) break;
      await ask(round(study, bench, name, number, asks), name);
    }
  }
  return { study, seen, tokens };
}
