// study/ · Schema: the shape of a study file, once: for checking, for editors (JSON Schema), and as a type for studies in TypeScript.
import { z } from "zod";
import { EXPERIMENTS } from "../experiments/all.ts";
import { FEWEST_CONTINUATIONS } from "../maths/missing-bits.ts";
import { TASKS } from "../tasks/all.ts";
import { ANSWER_FORMS } from "../tasks/answers-in.ts";
import type { Verdict } from "../terms/verdict.ts";
import { PROBLEM } from "./put.ts";

/** Experiments that ask more than paired rollouts. */
const LIVE = EXPERIMENTS.flatMap(({ name, live }) => (live === undefined ? [] : [name]));

// What a field wants is said as `a noun phrase; how to write it`: study/declare-mistakes makes a sentence of it.
const says = (wanted: string) => ({ error: () => wanted });

/** `1_600_000`, `400M`, `2.5k`: YAML reads them as text. */
const FORM = /^\d(?:_?\d)*(?:\.\d+)?[kMGB]?$/;
const FACTOR: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, B: 1e9 };

function numberOf(written: number | string): number {
  if (typeof written === "number") return written;
  const number = Number.parseFloat(written.replaceAll("_", "")) * (FACTOR[written.at(-1)!] ?? 1);
  // 1.1M is not 1,100,000 in binary.
  return Math.abs(number - Math.round(number)) < 1e-6 ? Math.round(number) : number;
}

function amount(low: number, high: number, like: string) {
  const wanted = says(`a whole number from ${low} to ${high.toLocaleString("en")}; write one like ${like}`);
  const range = z.int(wanted).min(low, wanted).max(high, wanted);
  return z
    .union([range, z.string().regex(FORM)], wanted)
    .transform(numberOf)
    .pipe(range);
}

const SEED = 2 ** 32 - 1;
const seed = amount(0, SEED, "1");

const filled = (wanted: string) => z.string(says(wanted)).min(1, says(wanted));
const some = (wanted: string, low: number, high: number) =>
  z.number(says(wanted)).min(low, says(wanted)).max(high, says(wanted));

const NAME =
  "a name of letters, digits, dots, dashes and underscores; write one like base or step-100, in quotes if it is a number";
const URL_WANTED =
  "an address that begins with http:// or https:// and holds no user, password or query; write one like http://localhost:8000/v1, and name the variable of a key in apiKeyEnv";
const TEMPLATE = `a text with ${PROBLEM} in it, where the problem's own text goes; write one like "Question: ${PROBLEM}\\nAnswer:"`;
const ENV = "the name of an environment variable; write one like OPENAI_API_KEY, never the key itself";

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:\/\/[^/]/i.test(text) && `${url.username}${url.password}${url.search}${url.hash}` === ""
  );
}

const engine = filled("a kind of engine; write one like vllm").describe("Who answers: a kind of engine.");

const policy = z.strictObject(
  {
    name: z
      .string(says(NAME))
      .max(64, says(NAME))
      .regex(/^[A-Za-z0-9][\w.-]*$/, says(NAME))
      .describe("Unique in the study: letters, digits, dots, dashes, underscores."),
    engine,
    url: z
      .string(says(URL_WANTED))
      .refine(isAddress, says(URL_WANTED))
      .exactOptional()
      .describe("Of the server, with /v1 where it has one."),
    model: filled("a model as the server knows it; write its name in quotes")
      .exactOptional()
      .describe("As the server knows it; of a world, the checkpoint."),
    path: filled("a path; write one in quotes")
      .exactOptional()
      .describe("A GGUF file (llama), a study's folder (replay)."),
    world: filled("the name of a world; crucis world list tells them").exactOptional().describe("The planted world."),
    worldSeed: seed.exactOptional().describe("Of the world; 1 where not said."),
    prompt: filled(TEMPLATE)
      .includes(PROBLEM, says(TEMPLATE))
      .exactOptional()
      .describe("How its prompts are written, {problem} for the problem's own text; that text alone where not said."),
    chat: z
      .boolean(says("true or false; YAML knows no other words for them, and none in quotes"))
      .exactOptional()
      .describe("Prompts go through the server's chat template, as one message of the user; false where not said."),
    apiKeyEnv: z
      .string(says(ENV))
      .regex(/^[A-Za-z_]\w*$/, says(ENV))
      .exactOptional()
      .describe("Name of the environment variable that holds the key."),
    maxInFlight: amount(1, 100_000, "256").exactOptional().describe("Requests in flight at most."),
    deadlineSeconds: some("seconds above 0, a day at most; write a number like 600", 1e-3, 86_400)
      .exactOptional()
      .describe("A request that takes longer counts as hung."),
    price: z
      .strictObject(
        {
          generated: some("money per million generated tokens; write a number like 0.6", 0, 1e6),
          scored: some("money per million scored tokens; write a number like 0.15", 0, 1e6),
        },
        says("a mapping of generated and scored; write { generated: 0.6, scored: 0.15 }"),
      )
      .exactOptional()
      .describe("Money per million tokens, for the cost that crucis run shows."),
  },
  says("a mapping with the fields of a policy; write { name: base, engine: … }"),
);

const cuts = {
  topP: some("a number above 0, 1 at most; write 1 to keep all tokens", 1e-9, 1),
  topK: z
    .int(says("a whole number; write 0 to keep all tokens"))
    .min(0, says("a whole number from 0; write 0 to keep all tokens, whatever a server calls that"))
    .max(10_000_000, says("a whole number to 10,000,000; write 0 to keep all tokens")),
  minP: some("a number from 0 to 1; write 0 to keep all tokens", 0, 1),
};
const temperature = some(
  "a temperature above 0; 1 draws from the model as it is, and at 0 there is nothing to compare",
  1e-3,
  100,
);

const sampler = z
  .strictObject(
    {
      temperature: temperature.default(1).describe("Above 0."),
      topP: cuts.topP.default(1).describe("Above 0, 1 at most; 1 keeps all."),
      topK: cuts.topK.default(0).describe("0 keeps all."),
      minP: cuts.minP.default(0).describe("0 … 1; 0 keeps all."),
      maxTokens: amount(1, 10_000_000, "2048").describe("Generated tokens at most."),
      stop: z
        .array(filled("a text that is not empty; write one in quotes"), says('a list of texts; write ["\\n\\n"]'))
        .max(16, says("a list of at most 16 texts; servers take no more"))
        .default([])
        .describe("Where one of these appears the answer ends, it included."),
    },
    says("a mapping with maxTokens in it; write { temperature: 1, maxTokens: 2048 }"),
  )
  .describe("How tokens are drawn; every field is always sent.");

const variant = z.strictObject(
  {
    name: z
      .string(says(NAME))
      .max(64, says(NAME))
      .regex(/^[A-Za-z0-9][\w.-]*$/, says(NAME))
      .describe("Unique among them."),
    prompt: filled(TEMPLATE)
      .includes(PROBLEM, says(TEMPLATE))
      .exactOptional()
      .describe("{problem} for the problem's own text; as the base is asked otherwise where not said."),
    temperature: temperature.exactOptional().describe("The sampler's where not said."),
    topP: cuts.topP.exactOptional().describe("The sampler's where not said."),
    topK: cuts.topK.exactOptional().describe("The sampler's where not said."),
    minP: cuts.minP.exactOptional().describe("The sampler's where not said."),
  },
  says("a mapping with a name and what is tried; write { name: cooler, temperature: 0.6 }"),
);

const handoff = z.strictObject(
  {
    sources: amount(1, 64, "16")
      .exactOptional()
      .describe("Rollouts of each problem handed over for a cell of the factorial, at most; 32 where not said."),
    cuts: amount(2, 99, "6").exactOptional().describe("Cuts of one answer, at most; 12 where not said."),
    continuations: amount(FEWEST_CONTINUATIONS, 60, "8")
      .exactOptional()
      .describe("Of each cut in the first round, and half as many again in each further one; 8 where not said."),
  },
  says("a mapping of sources, cuts and continuations; write { sources: 16, cuts: 6, continuations: 8 }"),
);

const LABEL = "a name of lower-case letters, digits and dashes; write one like case-split";
const strategy = z.strictObject(
  {
    name: filled(LABEL)
      .max(40, says(LABEL))
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, says(LABEL))
      .describe("Unique among them: lower-case letters, digits, dashes."),
    what: filled("a sentence by which it can be told from the others; write one in quotes").describe(
      "One sentence by which a reader can tell it from the others.",
    ),
  },
  says('a mapping of name and what; write { name: case-split, what: "treats several cases one by one" }'),
);
const { name: _name, prompt: _prompt, ...answers } = policy.shape;
const WAYS = 'a list of 2 to 20 strategies; write [{ name: case-split, what: "…" }, { name: other, what: "…" }]';
const judge = z.strictObject(
  {
    ...answers,
    strategies: z
      .array(strategy, says(WAYS))
      .min(2, says(WAYS))
      .max(20, says(WAYS))
      .describe("Every attempt follows one of them; name the last other, where there is anything else."),
    examples: filled("the path of a JSON-lines file; write one like labelled.jsonl").describe(
      "Attempts labelled by hand, with text, strategy, and where known problem and right; relative to this file.",
    ),
    rollouts: amount(1, 1_000_000, "16")
      .prefault(16)
      .describe("Labelled rollouts of each problem and policy, at most."),
    temperature: temperature.default(1).describe("Above 0."),
    maxTokens: amount(1, 10_000_000, "512").prefault(512).describe("Generated tokens of one label at most."),
  },
  says("a mapping with engine, strategies and examples; write { engine: vllm, url: …, strategies: […], examples: … }"),
);

const problems = amount(1, 1_000_000, "200");
const TASK = `a task; choose one of ${TASKS.map(({ name }) => name).join(", ")}, or ask your own with questions`;
const GRADINGS = ["process", "lenient", "outcome"] as const;

export const shippedTask = z.strictObject({
  task: z
    .enum(TASKS.map(({ name }) => name) as [string, ...string[]], says(TASK))
    .describe("A task that Crucis brings."),
  steps: z
    .array(amount(1, 1000, "4"), says("a list of numbers of steps; write [1, 2, 4]"))
    .min(1, says("a list of at least one number of steps; write [1, 2, 4]"))
    .exactOptional()
    .describe("Steps of the problems; all that the task can pose where not said."),
  problems: problems.describe(
    "Spread evenly over steps, the first of them one more where that does not come out even.",
  ),
  seed: seed.prefault(1).describe("Names the problems: the same seed poses the same."),
  grading: z
    .enum(GRADINGS, says(`a way of grading; choose one of ${GRADINGS.join(", ")}`))
    .default("process")
    .describe("process: every step right. lenient: the answer's mark may be missing. outcome: the answer alone."),
});

const questions = z.strictObject({
  questions: filled("the path of a JSON-lines file; write one like questions.jsonl").describe(
    "A JSON-lines file with id, prompt, answer; relative to this file.",
  ),
  answerIn: z
    .enum(ANSWER_FORMS, says(`a way of stating answers; choose one of ${ANSWER_FORMS.join(", ")}`))
    .describe("Where a rollout says its answer."),
  problems: problems.exactOptional().describe("The first so many; all of them where not said."),
  twins: filled("the path of a JSON-lines file; write one like fresh.jsonl")
    .exactOptional()
    .describe("A file of the same kind with fresh problems like these, for contamination-control."),
});

type Verify = (prompt: string, text: string) => Verdict | Promise<Verdict>;
const ownTask = z.strictObject({
  name: filled("a name; write one like sorting"),
  problems: z
    .array(
      z.strictObject(
        {
          id: filled("an id that no other problem has; write a text"),
          prompt: filled("a prompt; write a text"),
          steps: amount(1, 1_000_000, "4").exactOptional(),
        },
        says("a problem; write { id, prompt }"),
      ),
      says("a list of problems; write [{ id, prompt }, …]"),
    )
    .min(1, says("at least one problem; write [{ id, prompt }, …]")),
  verify: z.custom<Verify>(
    (value) => typeof value === "function",
    says("a function; only a study in TypeScript can bring one, so use task or questions, or write a study.ts"),
  ),
  strict: z
    .custom<(prompt: string, text: string) => boolean>(
      (value) => typeof value === "function",
      says("a function from prompt and text to true or false; leave it out where there is no stricter judge"),
    )
    .exactOptional(),
  opening: filled("how an answer begins; write one like \\boxed{").exactOptional(),
  version: filled("a version of verify; write one like '1', and another when verify changes"),
});

function studyOf<T extends z.ZodType>(task: T) {
  const one = "a list with at least one task; write [{ task: chain, problems: 60 }]";
  const two =
    "a list of at least two policies, in training order, the base first; write [{ name: base, … }, { name: tuned, … }]";
  return z.strictObject(
    {
      title: filled("a title; write what the study asks").describe("What the study asks."),
      seed: seed.prefault(1).describe("Names every random stream of the study."),
      policies: z
        .array(policy, says(two))
        .min(2, says(two))
        .max(100, says("a list of at most 100 policies; leave some out"))
        .describe("Training order: the first is the base, the last the tuned one."),
      sampler,
      tasks: z
        .array(task, says(one))
        .min(1, says(one))
        .max(100, says("a list of at most 100 tasks; leave some out"))
        .describe("Problems, and who judges the answers."),
      // With 64 none right still leaves up to 3/64 = 4.6 %, and pass@k can be told up to k = 64.
      rollouts: amount(1, 1_000_000, "64").prefault(64).describe("Of each problem under each policy."),
      scored: amount(0, 1_000_000, "8")
        .prefault(0)
        .describe("The first so many of them are scored by base and tuned, token by token; 0 for none."),
      experiments: z
        .array(z.enum(LIVE, says(`one of ${LIVE.join(", ")}`)), says("a list of experiments; write [ handoff ]"))
        .exactOptional()
        .describe(
          "Those that plan as they go, beside the paired rollouts; all that the engines can carry where not said.",
        ),
      variants: z
        .array(variant, says("a list of variants; write [{ name: cooler, temperature: 0.6 }]"))
        .max(20, says("a list of at most 20 variants; leave some out"))
        .exactOptional()
        .describe("Other prompts and samplers, which decoder-sweep tries on base and tuned."),
      handoff: handoff.exactOptional().describe("How much hand-overs ask for; crucis plan finds what is enough."),
      judge: judge.exactOptional().describe("A model that says which strategy a rollout follows, for strategy-census."),
      chunk: amount(1, 10_000, "32")
        .prefault(32)
        .describe("Requests that are kept, and after a crash asked again, together."),
      yardstick: z
        .strictObject(
          { rlRollouts: amount(1, Number.MAX_SAFE_INTEGER, "1_600_000") },
          says("a mapping; write { rlRollouts: 1_600_000 }"),
        )
        .exactOptional()
        .describe("Rollouts that training itself drew: what the base does more rarely than once in so many is novel."),
      budget: z
        .strictObject({ tokens: amount(1, Number.MAX_SAFE_INTEGER, "400M") }, says("a mapping; write { tokens: 400M }"))
        .exactOptional()
        .describe("Generated and scored tokens together; the study stops asking there."),
      registration: z
        .strictObject({ studies: amount(0, 1000, "5") }, says("a mapping; write { studies: 5 }"))
        .prefault({ studies: 5 })
        .describe("Studies on paper of each rival, whose findings are sealed before the first answer; 0 for none."),
      looks: amount(1, 6, "3")
        .exactOptional()
        .describe("Times that the evidence is judged, on more and more problems; the study ends once it is decided."),
    },
    says("a mapping with title, policies, sampler and tasks; crucis init writes one"),
  );
}

/** The kinds of task, told apart by these fields; a mistake in one is told as that kind's. */
export const TASK_KINDS = ["task", "questions", "verify"] as const;
export const studySchema = studyOf(z.union([shippedTask, questions, ownTask]));

/** `export default { … } satisfies StudyFile`: a study in TypeScript, with what is not said left out. */
export type StudyFile = z.input<typeof studySchema>;

/** The fields there are, by where they stand: list indices left out. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(studySchema.shape),
  policies: Object.keys(policy.shape),
  variants: Object.keys(variant.shape),
  "policies.price": ["generated", "scored"],
  judge: Object.keys(judge.shape),
  "judge.strategies": Object.keys(strategy.shape),
  "judge.price": ["generated", "scored"],
  handoff: Object.keys(handoff.shape),
  sampler: Object.keys(sampler.shape),
  "tasks:task": Object.keys(shippedTask.shape),
  "tasks:questions": Object.keys(questions.shape),
  "tasks:verify": Object.keys(ownTask.shape),
  "tasks.problems": ["id", "prompt", "steps"],
  yardstick: ["rlRollouts"],
  budget: ["tokens"],
  registration: ["studies"],
};

/** JSON Schema, draft 7, of study.yaml as it is written. @param kinds of engines, which editors then offer */
export function studyJsonSchema(kinds: readonly string[]): object {
  const schema = z.toJSONSchema(studyOf(z.union([shippedTask, questions])), {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === engine) jsonSchema.enum = [...kinds];
    },
  });
  return { title: "A study of Crucis", ...schema };
}
