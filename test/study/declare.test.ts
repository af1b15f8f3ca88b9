import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../src/engines/engine.ts";
import { checkPolicies, checkStudy, readStudy } from "../../src/study/declare.ts";
import { nearest } from "../../src/study/declare-mistakes.ts";
import { KINDS } from "../../src/study/policies.ts";
import { FIELDS, type StudyFile, studyJsonSchema } from "../../src/study/schema.ts";
import { StudyError } from "../../src/terms/errors.ts";
import { RIGHT } from "../../src/terms/verdict.ts";

const GOOD = `title: Q
policies:
  - { name: base, engine: vllm, url: http://localhost:8000/v1, model: base }
  - { name: tuned, engine: vllm, url: http://localhost:8000/v1, model: tuned }
sampler: { maxTokens: 2_048 }
tasks:
  - { task: countdown, problems: 200, seed: 7 }
yardstick: { rlRollouts: 1_600_000 }
budget: { tokens: 400M }
`;

/** Every sentence of the refusal, one a line. */
function refused(text: string, kinds?: readonly EngineKind[]): string[] {
  try {
    readStudy(text, "study.yaml", kinds);
  } catch (error) {
    if (error instanceof StudyError) return error.message.split("\n");
    throw error;
  }
  throw new Error("nothing was refused");
}
const changed = (from: string, to: string): string => {
  if (!GOOD.includes(from)) throw new Error(`${from} does not stand there`);
  return GOOD.replace(from, to);
};

describe("a study that is right", () => {
  test("has every default filled in, and numbers as people write them", () => {
    expect(readStudy(GOOD, "study.yaml", KINDS)).toEqual({
      title: "Q",
      seed: 1,
      policies: [
        { name: "base", engine: "vllm", url: "http://localhost:8000/v1", model: "base" },
        { name: "tuned", engine: "vllm", url: "http://localhost:8000/v1", model: "tuned" },
      ],
      sampler: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 2048, stop: [] },
      tasks: [{ task: "countdown", steps: [1, 2, 3], problems: 200, seed: 7, grading: "process" }],
      rollouts: 64,
      scored: 0,
      chunk: 32,
      yardstick: { rlRollouts: 1_600_000 },
      budget: { tokens: 400_000_000 },
      registration: { studies: 5 },
    });
  });

  test.each([
    ["400M", 4e8],
    ["1.1M", 1_100_000],
    ["2.5k", 2500],
    ["3B", 3e9],
    ["1_600_000", 1_600_000],
    ["0x10", 16],
    ['"12"', 12],
  ])("tokens: %s is %d", (written, tokens) => {
    expect(readStudy(changed("400M", written), "study.yaml").budget).toEqual({ tokens });
  });

  test("may be written in TypeScript, with problems and a verifier of its own", () => {
    const file = {
      title: "T",
      policies: [
        { name: "base", engine: "world", world: "steady-hand", model: "base" },
        { name: "tuned", engine: "world", world: "steady-hand", model: "tuned" },
      ],
      sampler: { maxTokens: 48 },
      tasks: [{ name: "own", problems: [{ id: "a", prompt: "1+1?" }], verify: () => RIGHT, version: "1" }],
    } satisfies StudyFile;
    expect(checkStudy(file, "study.ts", KINDS).tasks).toEqual(file.tasks);
  });

  test.each(["steady-hand", "http", "vllm"])("the example %s.yaml is one", (name) => {
    const file = `examples/studies/${name}.yaml`;
    expect(readStudy(readFileSync(file, "utf8"), file, KINDS).policies).toHaveLength(3);
  });
});

describe("a mistake is told with line, path, what was found, and the mend", () => {
  test.each<[what: string, from: string, to: string, sentence: string]>([
    [
      "out of range",
      "title: Q",
      "title: Q\nrollouts: 0",
      "line 2, rollouts: 0 stands where a whole number from 1 to 1,000,000 belongs; write one like 64.",
    ],
    [
      "not whole",
      "title: Q",
      "title: Q\nchunk: 1.5",
      "line 2, chunk: 1.5 stands where a whole number from 1 to 10,000 belongs; write one like 32.",
    ],
    [
      "not a number",
      "title: Q",
      "title: Q\nseed: .nan",
      "line 2, seed: NaN stands where a whole number from 0 to 4,294,967,295 belongs; write one like 1.",
    ],
    ["a decimal comma", "400M", '"1,5M"', 'line 9, budget.tokens: "1,5M" stands where'],
    [
      "a number for a name",
      "name: base",
      "name: 100",
      "line 3, policies[0].name: 100 stands where a name of letters, digits, dots, dashes and underscores belongs;",
    ],
    ["a name with a slash", "name: base", "name: a/b", 'line 3, policies[0].name: "a/b" stands where a name'],
    [
      "yes for true",
      "model: base",
      "model: base, chat: yes",
      'line 3, policies[0].chat: "yes" stands where true or false belongs;',
    ],
    [
      "an address without a scheme",
      "url: http://localhost:8000/v1, model: tuned",
      "url: localhost:8000, model: tuned",
      'line 4, policies[1].url: "localhost:8000" stands where an address',
    ],
    [
      "temperature 0",
      "maxTokens: 2_048",
      "maxTokens: 1, temperature: 0",
      "line 5, sampler.temperature: 0 stands where a temperature above 0 belongs; 1 draws from the model as it is",
    ],
    [
      "another server's word for all tokens",
      "maxTokens: 2_048",
      "maxTokens: 1, topK: -1",
      "line 5, sampler.topK: -1 stands where a whole number from 0 belongs; write 0 to keep all tokens",
    ],
    [
      "no limit of tokens",
      "maxTokens: 2_048",
      "topP: 1",
      "line 5, sampler.maxTokens: this field is missing, and a whole number from 1",
    ],
    [
      "a misspelt field",
      "maxTokens: 2_048",
      "max_tokens: 2_048",
      "line 5, sampler.max_tokens: there is no such field; write maxTokens, if that was meant.",
    ],
    [
      "an unknown field",
      "seed: 7",
      "colour: 7",
      "line 7, tasks[0].colour: there is no such field; use one of task, steps, problems, seed, grading.",
    ],
    [
      "a field that JavaScript has everywhere",
      "title: Q",
      "title: Q\n__proto__: { seed: 3 }",
      "line 2, __proto__: there is no such field;",
    ],
    [
      "an unknown task",
      "task: countdown",
      "task: cuontdown",
      'line 7, tasks[0].task: "cuontdown" stands where a task belongs; choose one of chain, repaired-chain, countdown',
    ],
    [
      "no kind of task",
      "task: countdown, ",
      "",
      "line 7, tasks[0]: a task has none of task, questions, verify; write { task: chain",
    ],
    [
      "a mistake in questions",
      "{ task: countdown, problems: 200, seed: 7 }",
      "{ questions: q.jsonl, answerIn: box }",
      'line 7, tasks[0].answerIn: "box" stands where a way of stating answers belongs; choose one of boxed, tag, mark, last-number, whole.',
    ],
    [
      "a verifier in YAML",
      "{ task: countdown, problems: 200, seed: 7 }",
      "{ name: a, version: '1', problems: [{ id: a, prompt: b }], verify: x }",
      'line 7, tasks[0].verify: "x" stands where a function belongs; only a study in TypeScript can bring one',
    ],
    [
      "steps that cannot be posed",
      "seed: 7",
      "steps: [1, 9]",
      "line 7, tasks[0]: countdown poses problems of 1 to 3 steps, not of 9; ask for fewer problems, or for other steps.",
    ],
    [
      "more problems than there are",
      "problems: 200",
      "steps: [1], problems: 400",
      "line 7, tasks[0]: countdown can pose 0 to 334 problems of 1 steps, not 400;",
    ],
    [
      "steps twice",
      "seed: 7",
      "steps: [2, 2]",
      "line 7, tasks[0].steps[1]: 2 steps are there twice; name each number once.",
    ],
    [
      "fewer problems than steps",
      "problems: 200",
      "problems: 2",
      "line 7, tasks[0].problems: 2 problems are to be spread over 3 numbers of steps (1, 2, 3);",
    ],
    [
      "two of one name",
      "name: tuned",
      "name: base",
      "line 4, policies[1].name: policies[0] is named base too; give each policy its own name.",
    ],
    [
      "more scored than drawn",
      "title: Q",
      "title: Q\nrollouts: 8\nscored: 9",
      "line 3, scored: 9 rollouts are to be scored where 8 are drawn; write 8 at most.",
    ],
    [
      "nothing",
      "title: Q",
      "title:",
      "line 1, title: nothing stands where a title belongs; write what the study asks.",
    ],
  ])("%s", (_, from, to, sentence) => {
    const sentences = refused(changed(from, to));
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(`study.yaml, ${sentence}`);
  });

  test("one policy is too few, and a mapping is no list of policies", () => {
    const one = GOOD.replace(/ {2}- \{ name: tuned.*\n/, "");
    expect(refused(one)).toEqual([
      expect.stringContaining("line 2, policies: a list of 1 stands where a list of at least two policies"),
    ]);
    expect(
      refused("title: Q\npolicies: { name: a }\nsampler: { maxTokens: 1 }\ntasks: [{ task: chain, problems: 60 }]\n"),
    ).toEqual([expect.stringContaining("line 2, policies: a mapping stands where")]);
  });

  test("a mistake behind an alias is told where the anchor stands", () => {
    const text = changed("model: base }", "model: base, price: &p { generated: -1, scored: 1 } }").replace(
      "model: tuned }",
      "model: tuned, price: *p }",
    );
    const sentence = (i: number): string => `study.yaml, line 3, policies[${i}].price.generated: -1 stands where`;
    expect(refused(text)).toEqual([0, 1].map((i) => expect.stringContaining(sentence(i))));
  });

  test("without lines in TypeScript", () => {
    const bad = { title: 1n, policies: 3, sampler: { maxTokens: 1 }, tasks: [() => 1] };
    expect(() => checkStudy(bad, "study.ts")).toThrow(
      /^study\.ts, title: 1 stands where a title belongs;.*\nstudy\.ts, policies: 3 /,
    );
  });
});

describe("many mistakes", () => {
  test("are told at once, in the order of the file", () => {
    const text = GOOD.replace("title: Q", "titel: Q").replace("2_048", "0").replace("200", "none");
    expect(refused(text).map((sentence) => /line \d+, [\w[\].]+/.exec(sentence)?.[0])).toEqual([
      "line 1, titel",
      "line 5, sampler.maxTokens",
      "line 7, tasks[0].problems",
    ]);
  });

  test("beyond ten are counted", () => {
    const bad = Array.from({ length: 13 }, (_, i) => `x${i}: 1`).join("\n");
    const sentences = refused(`${GOOD}${bad}\n`);
    expect(sentences).toHaveLength(11);
    expect(sentences.at(-1)).toBe("study.yaml has 3 more mistakes; mend the first ten and look again.");
  });
});

describe("what is no YAML of ours is refused in one sentence", () => {
  test.each<[what: string, text: string, sentence: RegExp]>([
    ["a field twice", `${GOOD}seed: 1\nseed: 2\n`, /line 11: this field is there twice in one mapping; keep one/],
    [
      "a tab",
      changed("sampler: { maxTokens: 2_048 }", "sampler:\n\tmaxTokens: 1"),
      /line 6: the line is indented with a tab/,
    ],
    ["two documents", `${GOOD}---\n${GOOD}`, /line 10: a second document begins here/],
    ["a tag", changed("title: Q", "title: !!js/function Q"), /line 1: a tag \(!…\) stands here/],
    ["an open quotation", changed("title: Q", "title: 'Q"), /line \d+: Missing closing 'quote/],
    ["an alias without anchor", changed("title: Q", "title: *x"), /aliases cannot be followed/],
    ["an alias within itself", "a: &x [*x]\n", /aliases cannot be followed/],
    ["aliases that multiply", bomb(), /aliases cannot be followed \(Excessive alias count/],
    ["deep nesting", "[".repeat(20_000), /line 1: lists or mappings are nested too deeply/],
    ["a huge file", `# ${"x".repeat(2 ** 20)}\n${GOOD}`, /1048\d+ characters, which is no study/],
    ["an empty file", "", /line 1: nothing stands where a mapping with title/],
    ["a text", "hello", /line 1: "hello" stands where a mapping/],
  ])("%s", (_, text, sentence) => {
    const sentences = refused(text);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(sentence);
  });

  function bomb(): string {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(10).fill(of).join(", ")}]\n`;
    return level("a", "x") + level("b", "*a") + level("c", "*b") + level("d", "*c");
  }
});

describe("what may be a key is never shown", () => {
  test.each([
    ["url: http://localhost:8000/v1, model: base", "url: http://me:sk-secret@host/v1, model: base"],
    ["url: http://localhost:8000/v1, model: base", "url: http://host/v1?key=sk-secret, model: base"],
    ["model: base", "model: base, apiKeyEnv: sk-secret"],
    ["model: base", "model: base, apiKey: sk-secret"],
    ["model: base", "model: { key: sk-secret }"],
  ])("%s → %s", (from, to) => {
    expect(refused(changed(from, to), KINDS).join("\n")).not.toContain("secret");
  });
});

describe("a policy's fields are held against its engine", () => {
  const policies = (first: string): string => GOOD.replace(/- \{ name: base.*/, `- { name: base, ${first} }`);

  test.each([
    ["engine: vlm", 'policies[0].engine: there is no engine "vlm"; write vllm, if that was meant, or one of vllm, '],
    [
      "engine: world, world: steady-hand",
      "policies[0].model: policy base has engine world, which needs model; add model to it.",
    ],
    [
      "engine: vllm, url: http://h/v1, model: a, world: x",
      "policies[0].world: policy base has engine vllm, which makes no use of world; leave it out: vllm takes name, engine, prompt, url, model, ",
    ],
    [
      "engine: vllm, url: http://h/v1, modell: a",
      "policies[0].modell: there is no such field; write model, if that was meant.",
    ],
  ])("%s", (first, sentence) => {
    const sentences = refused(policies(first), KINDS);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(`study.yaml, line 3, ${sentence}`);
  });

  test("also of a study that was checked without the kinds", () => {
    const study = readStudy(policies("engine: vlm"), "study.yaml");
    expect(() => checkPolicies(study, KINDS)).toThrow(/^study, policies\[0\]\.engine: there is no engine "vlm"/);
    expect(() => checkPolicies(readStudy(GOOD, "study.yaml"), KINDS)).not.toThrow();
  });
});

test("the nearest field forgives case, underscores and slips, and guesses nothing far", () => {
  expect(
    ["top_p", "MINP", "maxToken", "temprature", "prompt"].map((word) => nearest(word, FIELDS["sampler"]!)),
  ).toEqual(["topP", "minP", "maxTokens", "temperature", undefined]);
});

describe("the JSON Schema", () => {
  interface Node {
    readonly properties?: Readonly<Record<string, Node>>;
    readonly items?: Node;
    readonly anyOf?: readonly Node[];
    readonly enum?: readonly string[];
    readonly required?: readonly string[];
    readonly default?: unknown;
    readonly description?: string;
  }
  const { properties = {}, required } = studyJsonSchema(["vllm", "world"]) as Node;

  test("asks only for what has no default, and offers the engines there are", () => {
    expect(required).toEqual(["title", "policies", "sampler", "tasks"]);
    expect(properties["policies"]?.items?.properties?.["engine"]?.enum).toEqual(["vllm", "world"]);
    expect([properties["seed"]?.default, properties["rollouts"]?.default, properties["scored"]?.default]).toEqual([
      1, 64, 0,
    ]);
  });

  test("has no field that the page about the study file does not name", () => {
    const page = readFileSync("docs/study-file.md", "utf8");
    const fieldsOf = ({ properties: inner = {}, items, anyOf = [] }: Node): [string, Node][] => [
      ...Object.entries(inner),
      ...[...Object.values(inner), ...(items === undefined ? [] : [items]), ...anyOf].flatMap(fieldsOf),
    ];
    const fields = fieldsOf({ properties });
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter(([name]) => !page.includes(`\`${name}\``)).map(([name]) => name)).toEqual([]);
  });
});
