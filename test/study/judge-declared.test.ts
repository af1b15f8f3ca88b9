// What a study file may say of a judge, and what changes when it says another.
import { describe, expect, test } from "vitest";
import { checkStudy, readStudy } from "../../src/study/declare.ts";
import { answerers, judgeKey, judgePrompt, seenJudge } from "../../src/study/judge.ts";
import { KINDS } from "../../src/study/policies.ts";
import { samplerOf } from "../../src/study/put.ts";
import { StudyError } from "../../src/terms/errors.ts";

const POLICIES = `title: Q
policies:
  - { name: base, engine: vllm, url: http://h/v1, model: a }
  - { name: tuned, engine: vllm, url: http://h/v1, model: b }
sampler: { maxTokens: 100 }
tasks: [{ task: chain, problems: 60 }]
`;
const JUDGE = `judge:
  engine: openai
  url: http://h/v1
  model: big
  examples: labelled.jsonl
  strategies: [{ name: plus, what: adds }, { name: other, what: anything else }]
`;
const declared = (change: (text: string) => string = (text) => text) =>
  readStudy(POLICIES + change(JUDGE), "study.yaml", KINDS);

function refused(change: (text: string) => string, policies = POLICIES): string {
  try {
    readStudy(policies + change(JUDGE), "study.yaml", KINDS);
  } catch (error) {
    if (error instanceof StudyError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a judge in a study file", () => {
  test("answers behind the policies, under a sampler of its own", () => {
    const study = declared();
    const judge = study.judge!;
    expect(judge).toEqual({
      policy: { name: "judge", engine: "openai", url: "http://h/v1", model: "big" },
      strategies: [
        { name: "plus", what: "adds" },
        { name: "other", what: "anything else" },
      ],
      examples: "labelled.jsonl",
      rollouts: 16,
      sampler: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 512, stop: [] },
    });
    expect(answerers(study).map(({ name }) => name)).toEqual(["base", "tuned", "judge"]);
    expect(samplerOf(study, judgeKey(judge)).maxTokens).toBe(512);
    expect(samplerOf(study).maxTokens).toBe(100);
    expect(checkStudy(JSON.parse(JSON.stringify({ ...study, judge: undefined })), "study.ts").judge).toBeUndefined();
  });

  test.each([
    ["engine: openai", "engine: opanai", 'judge.engine: there is no engine "opanai"; write openai, if that was meant'],
    ["  model: big\n", "", "judge.model: the judge has engine openai, which needs model; add model to it"],
    [
      "  model: big",
      "  model: big\n  world: x",
      "judge.world: the judge has engine openai, which makes no use of world",
    ],
    ["  model: big", "  model: big\n  prompt: x", "judge.prompt: there is no such field"],
    ["examples:", "exampels:", "judge.exampels: there is no such field; write examples, if that was meant"],
    ["name: other", "name: plus", "judge.strategies[1].name: strategies[0] is named plus too; give each strategy"],
    [
      "name: plus",
      "name: Plus Minus",
      'judge.strategies[0].name: "Plus Minus" stands where a name of lower-case letters',
    ],
    ["{ name: plus, what: adds }, ", "", "judge.strategies: a list of 1 stands where a list of 2 to 20 strategies"],
    [", what: adds", "", "judge.strategies[0].what: this field is missing, and a sentence by which"],
  ])("%j → %j is told with its place", (from, to, sentence) => {
    expect(refused((text) => text.replace(from, to))).toContain(sentence);
  });

  test("somebody must ask it, and its name is no policy's", () => {
    expect(refused((text) => `${text}experiments: [handoff]\n`)).toContain(
      "judge: only strategy-census asks a judge, and experiments leaves it out; add strategy-census to experiments",
    );
    expect(refused((text) => text, POLICIES.replace("name: tuned", "name: judge"))).toContain(
      "policies[1].name: the judge is named judge; give the policy another name",
    );
  });
});

describe("labels of two judges are never mixed", () => {
  const key = (from = "", to = ""): string => judgeKey(declared((text) => text.replace(from, to)).judge!);

  test.each([
    ["model: big", "model: bigger"],
    ["what: adds", "what: adds up"],
    ["model: big", "model: big\n  maxTokens: 9"],
    ["model: big", "model: big\n  chat: true"],
  ])("%j → %j is another judge", (from, to) => expect(key(from, to)).not.toBe(key()));

  test("its address, price and examples may change; labels of other examples are not theirs", () => {
    expect(key("http://h/v1", "http://g/v1")).toBe(key());
    expect(key("labelled", "more")).toBe(key());
    const of = (text: string): string => seenJudge(declared().judge!, [{ text, strategy: "plus" }]).examplesKey;
    expect(of("a")).not.toBe(of("b"));
  });
});

test("the prompt tells the ways, the problem where it is known, the attempt, and nothing of who wrote it", () => {
  const { judge } = declared();
  const prompt = judgePrompt(judge!, "What is 1 + 1?", "It is $& 2.");
  for (const part of ["- plus: adds\n- other: anything else\n", "<problem>\nWhat is 1 + 1?\n</problem>", "$& 2."])
    expect(prompt).toContain(part);
  expect(prompt).toMatch(/nothing but one name: plus or other\.\n\nWay:$/);
  expect(judgePrompt(judge!, "", "x")).not.toContain("<problem>");
});
