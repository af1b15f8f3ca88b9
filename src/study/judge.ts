// study/ · Judge: what it is asked, word by word, and who answers in a study that has one.
import { createHash } from "node:crypto";
import type { JudgeExample, SeenJudge } from "../terms/judge.ts";
import type { JudgeDeclared, PolicyDeclared, Study } from "../terms/study.ts";

/** Goes up when the prompt does. */
const PROMPT = 1;

/** All that somebody answers for: the policies in training order, the judge behind them. */
export function answerers({ policies, judge }: Pick<Study, "policies" | "judge">): readonly PolicyDeclared[] {
  return judge === undefined ? policies : [...policies, judge.policy];
}

/** Of its rollouts. Another model, sampler or description is another judge, whose labels are not mixed with those before. */
export function judgeKey({ policy, strategies, sampler }: JudgeDeclared): string {
  const { model, path, world, worldSeed, chat } = policy;
  return `judge~${digest([PROMPT, model, path, world, worldSeed, chat, strategies, sampler]).slice(0, 8)}`;
}

export function seenJudge(judge: JudgeDeclared, examples: readonly JudgeExample[]): SeenJudge {
  return {
    key: judgeKey(judge),
    strategies: judge.strategies.map(({ name }) => name),
    rollouts: judge.rollouts,
    examples,
    examplesKey: digest(examples).slice(0, 8),
  };
}

/** Says nothing of who wrote the attempt, nor whether it is right. @param problem empty where nobody knows it */
export function judgePrompt({ strategies }: JudgeDeclared, problem: string, attempt: string): string {
  const names = strategies.map(({ name }) => name);
  return [
    "Below is an attempt to solve a problem. Say which of these ways of solving it follows, whether or not it succeeds.",
    "",
    ...strategies.map(({ name, what }) => `- ${name}: ${what}`),
    ...(problem === "" ? [] : ["", "<problem>", problem, "</problem>"]),
    "",
    "<attempt>",
    attempt,
    "</attempt>",
    "",
    `Do not solve the problem. End with a line that holds nothing but one name: ${names.slice(0, -1).join(", ")} or ${names.at(-1)}.`,
    "",
    "Way:",
  ].join("\n");
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
