// worlds/ · Truth table: every accepted answer of a problem, token by token under every policy; success is a sum over it.
import type { LocalEngine, ScoreRequest } from "../engines/engine.ts";
import { logSumExp } from "../maths/logspace.ts";
import type { Accepted } from "../tasks/task.ts";
import type { Problem } from "../terms/problem.ts";
import type { Mass } from "../terms/truth.ts";
import { encode } from "./vocabulary.ts";
import type { World } from "./world.ts";

export interface ScoredPolicy {
  readonly name: string;
  readonly engine: Pick<LocalEngine, "score">;
}

/** What decides which strings count. */
export type Counting = Pick<World, "task" | "grading" | "maxTokens" | "asides">;

export interface Row {
  readonly accepted: Accepted;
  /** Natural logs of the chances of its tokens, each after the prompt and the tokens before it; one array a policy. */
  readonly logProbs: readonly Float64Array[];
}

/** One problem. All logs are natural, −∞ where a policy cuts a token off; strings that do not fit into maxTokens are left out. */
export interface TruthTable {
  readonly problem: Problem;
  /** Training order, the base first; arrays over the policies run the same way. */
  readonly policies: readonly string[];
  readonly rows: readonly Row[];
  /** Log mass of every string that lenient grading accepts; one array a policy. */
  readonly lenient: readonly Float64Array[];
  /** The same of the strings that the world names. */
  readonly asides: Readonly<Record<string, readonly Float64Array[]>>;
}

/** Strings scored in one call. */
const BATCH = 512;
/** A log-probability may pass 0 by rounding, not by more. */
const ROUNDING = 1e-6;

/** Lists the strings of a problem, and has each scored once by every policy: raw log-probabilities, at temperature 1. */
export async function tableOf(
  { task, grading, maxTokens, asides }: Counting,
  problem: Problem,
  policies: readonly ScoredPolicy[],
): Promise<TruthTable> {
  const { prompt } = problem;
  // One character is one token.
  const fits = (text: string): boolean => text.length <= maxTokens;
  const accepted = task.accepted(prompt, grading).filter(({ text }) => fits(text));
  const lenient = task.accepted(prompt, "lenient").flatMap(({ text }) => (fits(text) ? [text] : []));
  const named = Object.entries(asides?.(problem) ?? {}).map(
    ([name, texts]) => [name, [...new Set(texts)].filter(fits)] as const,
  );
  // Texts of like length stand together, so an engine that pads pads little.
  const texts = [...new Set([accepted.map(({ text }) => text), lenient, ...named.map(([, own]) => own)].flat())].sort(
    (a, b) => a.length - b.length,
  );
  const detailed = new Set(accepted.map(({ text }) => text));
  const scores: PolicyScores[] = [];
  for (const policy of policies) scores.push(await scoresOf(policy, prompt, texts, detailed));
  const totals = (own: readonly string[]): Float64Array[] =>
    scores.map(({ total }) => Float64Array.from(own, (text) => total.get(text)!));
  return {
    problem,
    policies: policies.map(({ name }) => name),
    rows: accepted.map((one) => ({ accepted: one, logProbs: scores.map(({ tokens }) => tokens.get(one.text)!) })),
    lenient: totals(lenient),
    asides: Object.fromEntries(named.map(([name, own]) => [name, totals(own)])),
  };
}

interface PolicyScores {
  /** Log mass of every text. */
  readonly total: ReadonlyMap<string, number>;
  /** Of the detailed ones, each token's. */
  readonly tokens: ReadonlyMap<string, Float64Array>;
}

async function scoresOf(
  { name, engine }: ScoredPolicy,
  prompt: string,
  texts: readonly string[],
  detailed: ReadonlySet<string>,
): Promise<PolicyScores> {
  const total = new Map<string, number>();
  const tokens = new Map<string, Float64Array>();
  for (let first = 0; first < texts.length; first += BATCH) {
    const some = texts.slice(first, first + BATCH);
    const requests = some.map((text): ScoreRequest => ({ tokenIds: encode(prompt + text), from: prompt.length }));
    const answers = await engine.score(requests);
    some.forEach((text, i) => {
      const logProbs = Float64Array.from(answers[i]?.rawLogProbs ?? []);
      if (logProbs.length !== text.length || !logProbs.every((logProb) => logProb <= ROUNDING))
        throw new Error(`policy ${name} scored ${JSON.stringify(prompt + text)} as [${logProbs.join(", ")}]`);
      total.set(text, sum(logProbs, 0, text.length));
      if (detailed.has(text)) tokens.set(text, logProbs);
    });
  }
  return { total, tokens };
}

/** Log of the chance of tokens [from, to), given what stands before them. */
export function sum(logProbs: Float64Array, from: number, to: number): number {
  let all = 0;
  for (let t = from; t < to; t++) all += logProbs[t]!;
  return all;
}

/** A mass from its natural log; −∞ is none. */
export function massOf(log: number): Mass {
  return log === Number.NEGATIVE_INFINITY ? { kind: "zero" } : { kind: "mass", log };
}

/** V(u) = P(the policy finishes rightly from u): the accepted strings that begin with u, summed from there on. */
export function valueAt(table: TruthTable, policy: number, prefix: string): Mass {
  return massOf(logValues(table, policy, [prefix]).get(prefix)!);
}

/** log V of several prefixes, natural; −∞ where no accepted string begins so, or none with a chance. */
export function logValues(table: TruthTable, policy: number, prefixes: Iterable<string>): Map<string, number> {
  const rests = new Map(Array.from(prefixes, (prefix): [string, number[]] => [prefix, []]));
  const lengths = new Set(Array.from(rests.keys(), (prefix) => prefix.length));
  for (const { accepted, logProbs } of table.rows) {
    const tokens = logProbs[policy]!;
    let rest = 0;
    for (let t = tokens.length; t >= 0; t--) {
      if (t < tokens.length) rest += tokens[t]!;
      if (lengths.has(t)) rests.get(accepted.text.slice(0, t))?.push(rest);
    }
  }
  return new Map(Array.from(rests, ([prefix, own]) => [prefix, logSumExp(own)]));
}
