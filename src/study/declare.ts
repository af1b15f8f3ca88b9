// study/ · Declare: from study.yaml, or from what a study.ts exports, to a checked study; every mistake at once, in sentences.
import type { z } from "zod";
import type { EngineKind } from "../engines/engine.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { taskNamed } from "../tasks/all.ts";
import { JUDGE } from "../terms/judge.ts";
import type { JudgeDeclared, PolicyDeclared, Study, TaskDeclared } from "../terms/study.ts";
import { at, isMapping, type Mistake, mistakesOf, nearest, type Path, refusal } from "./declare-mistakes.ts";
import { parseYaml } from "./declare-yaml.ts";
import { posable, posedBy, type TaskOfOurs } from "./posed.ts";
import { FIELDS, shippedTask, studySchema } from "./schema.ts";

/**
 * A study.yaml. `file` stands in the sentences; nothing is read from disk.
 *
 * @param kinds of engines, against which the policies' fields are then held too
 * @throws StudyError with every mistake, up to ten, each with line, path, what was found, and the mend
 */
export function readStudy(text: string, file: string, kinds?: readonly EngineKind[]): Study {
  const { value, lineOf } = parseYaml(text, file);
  return checked(value, file, kinds, lineOf);
}

/** What `export default { … } satisfies StudyFile` gave; otherwise as `readStudy`, without lines. */
export function checkStudy(value: unknown, file: string, kinds?: readonly EngineKind[]): Study {
  return checked(value, file, kinds);
}

/** Whether every policy's engine is known, has the fields that it needs, and none that it would pass over. @throws StudyError */
export function checkPolicies(study: Study, kinds: readonly EngineKind[], file = "study"): void {
  const mistakes = engineMistakes(study, kinds);
  if (mistakes.length > 0) throw refusal(mistakes, file);
}

function checked(value: unknown, file: string, kinds?: readonly EngineKind[], lineOf?: (path: Path) => number): Study {
  const parsed = studySchema.safeParse(value);
  const mistakes = [
    ...(parsed.success ? [] : mistakesOf(parsed.error.issues, value)),
    ...sameNames(value, "policies", "policy"),
    ...sameNames(value, "variants", "variant"),
    ...sameNames(at(value, ["judge"]), "strategies", "strategy", ["judge"]),
    ...judgeMistakes(value),
    ...(kinds === undefined ? [] : engineMistakes(value, kinds)),
    ...inconsistent(value),
  ];
  if (!parsed.success || mistakes.length > 0) throw refusal(mistakes, file, lineOf);
  const { tasks, variants, judge, ...rest } = parsed.data;
  return {
    ...rest,
    tasks: tasks.map((task): TaskDeclared => ("task" in task ? withSteps(task) : task)),
    ...(variants === undefined
      ? {}
      : {
          variants: variants.map(({ name, prompt, ...sampler }) => ({
            name,
            ...(prompt === undefined ? {} : { prompt }),
            sampler,
          })),
        }),
    ...(judge === undefined ? {} : { judge: judgeOf(judge) }),
  };
}

function judgeOf(judge: NonNullable<z.output<typeof studySchema>["judge"]>): JudgeDeclared {
  const { strategies, examples, rollouts, temperature, maxTokens, ...policy } = judge;
  return {
    policy: { ...policy, name: JUDGE },
    strategies,
    examples,
    rollouts,
    sampler: { temperature, topP: 1, topK: 0, minP: 0, maxTokens, stop: [] },
  };
}

function withSteps(task: z.output<typeof shippedTask>): TaskOfOurs {
  return { ...task, steps: task.steps ?? posable(taskNamed(task.task)) };
}

// The checks below see the value as it was written, so that their mistakes are told beside those of its shape.

function listAt(value: unknown, field: string): readonly unknown[] {
  const list = at(value, [field]);
  return Array.isArray(list) ? list : [];
}

/** @param above the path of `value` */
function sameNames(value: unknown, list: string, one: string, above: Path = []): Mistake[] {
  const names = listAt(value, list).map((entry) => at(entry, ["name"]));
  return names.flatMap((name, i): Mistake[] => {
    const first = names.indexOf(name);
    if (typeof name !== "string" || first === i) return [];
    const what = `${list}[${first}] is named ${name} too`;
    return [{ path: [...above, list, i, "name"], what, mend: `give each ${one} its own name` }];
  });
}

const ASKING: readonly unknown[] = EXPERIMENTS.flatMap(({ name, live }) => (live?.asksJudge ? [name] : []));

/** Who would ask it; and records tell its answers from a policy's by the name. */
function judgeMistakes(value: unknown): Mistake[] {
  if (at(value, ["judge"]) === undefined) return [];
  const experiments = at(value, ["experiments"]);
  const unasked: Mistake = {
    path: ["judge"],
    what: `only ${ASKING.join(" and ")} asks a judge, and experiments leaves it out`,
    mend: `add ${ASKING.join(" or ")} to experiments, or leave the judge out`,
  };
  const left = Array.isArray(experiments) && !experiments.some((name) => ASKING.includes(name)) ? [unasked] : [];
  const named = listAt(value, "policies").flatMap((policy, i): Mistake[] =>
    at(policy, ["name"]) === JUDGE
      ? [{ path: ["policies", i, "name"], what: `the judge is named ${JUDGE}`, mend: "give the policy another name" }]
      : [],
  );
  return [...left, ...named];
}

/** Fields that every policy may have. */
const EVERYWHERE: readonly (keyof PolicyDeclared)[] = ["name", "engine", "prompt"];

function engineMistakes(value: unknown, kinds: readonly EngineKind[]): Mistake[] {
  const own = at(value, ["judge"]);
  const all: (readonly [unknown, Path])[] = [
    ...listAt(value, "policies").map((policy, i) => [policy, ["policies", i]] as const),
    ...(own === undefined ? [] : [[own, ["judge"]] as const]),
  ];
  return all.flatMap(([policy, path]): Mistake[] => {
    const named = at(policy, ["engine"]);
    if (!isMapping(policy) || typeof named !== "string" || named === "") return [];
    const kind = kinds.find((one) => one.kind === named);
    if (kind === undefined) {
      const known = kinds.map((one) => one.kind);
      const near = nearest(named, known);
      return [
        {
          path: [...path, "engine"],
          what: `there is no engine ${JSON.stringify(named)}`,
          mend: `write ${near === undefined ? "" : `${near}, if that was meant, or `}one of ${known.join(", ")}`,
        },
      ];
    }
    const who = `${path[0] === "judge" ? "the judge" : `policy ${String(policy["name"] ?? path[1])}`} has engine ${kind.kind}`;
    const used: readonly string[] = [...EVERYWHERE, ...kind.needs, ...kind.takes];
    const missing = kind.needs.filter((field) => policy[field] === undefined);
    // Misspelt fields are told as such.
    const unused = FIELDS["policies"]!.filter((field) => policy[field] !== undefined && !used.includes(field));
    return [
      ...missing.map((field) => ({
        path: [...path, field],
        what: `${who}, which needs ${field}`,
        mend: `add ${field} to it`,
      })),
      ...unused.map((field) => ({
        path: [...path, field],
        what: `${who}, which makes no use of ${field}`,
        mend: `leave it out: ${kind.kind} takes ${used.join(", ")}`,
      })),
    ];
  });
}

function inconsistent(value: unknown): Mistake[] {
  const { rollouts: drawn, scored: some } = studySchema.shape;
  const [rollouts, scored] = [drawn.safeParse(at(value, ["rollouts"])), some.safeParse(at(value, ["scored"]))];
  const tooMany = rollouts.success && scored.success && scored.data > rollouts.data;
  return [
    ...(tooMany
      ? [
          {
            path: ["scored"],
            what: `${scored.data} rollouts are to be scored where ${rollouts.data} are drawn`,
            mend: `write ${rollouts.data} at most`,
          },
        ]
      : []),
    ...listAt(value, "tasks").flatMap((task, i) => cannotPose(task, ["tasks", i])),
  ];
}

function cannotPose(value: unknown, path: Path): Mistake[] {
  const parsed = shippedTask.safeParse(value);
  if (!parsed.success) return [];
  const task = withSteps(parsed.data);
  const { steps, problems } = task;
  const twice = steps.findIndex((L, i) => steps.indexOf(L) !== i);
  if (twice >= 0)
    return [
      { path: [...path, "steps", twice], what: `${steps[twice]} steps are there twice`, mend: "name each number once" },
    ];
  if (problems < steps.length)
    return [
      {
        path: [...path, "problems"],
        what: `${problems} problems are to be spread over ${steps.length} numbers of steps (${steps.join(", ")})`,
        mend: "ask for more problems, or name fewer steps",
      },
    ];
  try {
    posedBy(task);
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path, what: error.message, mend: "ask for fewer problems, or for other steps" }];
  }
}
