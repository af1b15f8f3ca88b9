// study/ · Bench: the problems of a study and who judges answers to them, whatever kind of task they come from.
import { isObject } from "../importers/jsonl.ts";
import { plain, show } from "../importers/show.ts";
import { taskNamed } from "../tasks/all.ts";
import { questions } from "../tasks/questions.ts";
import { StudyError } from "../terms/errors.ts";
import type { AnswerForm } from "../tasks/answers-in.ts";
import type { JudgeExample } from "../terms/judge.ts";
import type { Problem } from "../terms/problem.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader } from "../terms/seen.ts";
import type { Study, TaskDeclared } from "../terms/study.ts";
import { ungradable, type Verdict } from "../terms/verdict.ts";
import { examplesIn } from "./judge-examples.ts";
import { posedBy, twinsOf } from "./posed.ts";
import { type Posed, taskReader } from "./reader.ts";
import { rowsIn } from "./rows-in.ts";
import { VERSION } from "./version.ts";

export interface BenchProblem {
  /** Unique in the study. */
  readonly id: string;
  readonly prompt: string;
  /** The task, or what a question's row says; the clustering unit above the problem. */
  readonly family: string;
  /** L, where it is known. */
  readonly steps?: number;
  /** The reference answer, where there is one. */
  readonly gold?: string;
}

export interface Judged {
  readonly verdict: Verdict;
  /** The sentence behind a grader crash. */
  readonly detail?: string;
}

export interface Bench {
  /** In the order of their declaration. */
  readonly problems: readonly BenchProblem[];
  /** Of problems and twins. */
  promptOf(problem: string): string;
  /** What an answer is begun with where none is worked out; undefined where nobody knows. */
  openingOf(problem: string): string | undefined;
  /** Fresh problems of the same kind, which the study asks only where an experiment wants them. */
  readonly twins: readonly BenchProblem[];
  /** `chain/process@0.1.0`: name and version of what judges answers to that problem. */
  verifierOf(problem: string): string;
  /** A verifier that throws or gives no verdict makes the answer ungradable; this never rejects. */
  verify(problem: string, text: string): Promise<Judged>;
  /** Labelled by hand, for the judge's mistakes; none where the study has no judge. */
  readonly examples?: readonly JudgeExample[];
  /** What experiments can read in texts. @param ends of each generated token, in characters of the rollout's text */
  readerOf?(ends: (rollout: RolloutRecord) => readonly number[]): Reader;
}

/** One problem with its judge. */
interface Placed {
  readonly problem: BenchProblem;
  readonly verifier: string;
  readonly verify: (text: string) => Verdict | Promise<Verdict>;
  readonly lenient?: (text: string) => boolean;
  readonly answered?: (text: string) => boolean;
  readonly passes?: (text: string) => boolean;
  readonly strict?: (text: string) => boolean;
  readonly opening?: string;
  readonly posed?: Posed;
  readonly twin?: true;
}

/**
 * @param readQuestions the text of a file that the study names; what it throws is told as a file that cannot be read
 * @throws StudyError where a file of questions or examples is bad, or two problems have one id
 */
export function benchOf(study: Pick<Study, "tasks" | "judge">, readQuestions: (path: string) => string): Bench {
  const placed = new Map<string, Placed>();
  study.tasks.forEach((task, i) => {
    for (const one of placedBy(task, readQuestions)) {
      const { id } = one.problem;
      if (placed.has(id))
        throw new StudyError({
          code: "problem-twice",
          what: `tasks[${i}] brings problem ${show(id)}, which the study has already`,
          why: "and a problem is counted once",
          mend: "give the two tasks other seeds, steps or ids",
        });
      placed.set(id, one);
    }
  });
  const of = (id: string): Placed => {
    const found = placed.get(id);
    if (found === undefined) throw new Error(`${id} is no problem of this study`);
    return found;
  };
  const all = [...placed.values()];
  const listed = (twin: true | undefined): BenchProblem[] =>
    all.filter((one) => one.twin === twin).map(({ problem }) => problem);
  return {
    problems: listed(undefined),
    twins: listed(true),
    ...(study.judge === undefined
      ? {}
      : { examples: examplesIn(study.judge, readQuestions, (id) => placed.get(id)?.problem.prompt) }),
    openingOf: (id) => of(id).opening,
    promptOf: (id) => of(id).problem.prompt,
    verifierOf: (id) => of(id).verifier,
    verify: (id, text) => judged(of(id), text),
    readerOf: (ends) => {
      const posed = new Map(all.flatMap(({ problem, posed: one }) => (one === undefined ? [] : [[problem.id, one]])));
      // A reader reads every problem's texts or none: what it can say of some would pass for all.
      if (posed.size === all.length) return taskReader(posed, ends);
      const looks = (["lenient", "answered", "passes", "strict"] as const).filter((look) =>
        all.every((one) => one[look] !== undefined),
      );
      return {
        ...taskReader(new Map(), ends),
        ...Object.fromEntries(looks.map((look) => [look, (id: string, text: string) => of(id)[look]!(text)])),
      };
    },
  };
}

function placedBy(task: TaskDeclared, readQuestions: (path: string) => string): Placed[] {
  if ("task" in task) {
    const { grading } = task;
    const ours = taskNamed(task.task);
    const place = ({ id, prompt, steps }: Problem): Placed => ({
      problem: { id, prompt, steps, family: ours.name },
      verifier: `${ours.name}/${grading}@${VERSION}`,
      verify: (text) => ours.verify(prompt, text, grading),
      ...(ours.opening === undefined ? {} : { opening: ours.opening }),
      posed: { task: ours, prompt, grading },
    });
    return [...posedBy(task).map(place), ...twinsOf(task).map((one): Placed => ({ ...place(one), twin: true }))];
  }
  if ("verify" in task)
    return task.problems.map((problem) => ({
      problem: { ...problem, family: task.name },
      verifier: `${task.name}@${task.version}`,
      verify: (text) => task.verify(problem.prompt, text),
      ...(task.strict === undefined ? {} : { strict: (text: string) => task.strict!(problem.prompt, text) }),
      ...(task.opening === undefined ? {} : { opening: task.opening }),
    }));
  return [
    ...questionsIn(task.questions, task, readQuestions),
    ...(task.twins === undefined
      ? []
      : questionsIn(task.twins, { answerIn: task.answerIn, twin: true }, readQuestions)),
  ];
}

interface QuestionsAsked {
  readonly answerIn: AnswerForm;
  readonly problems?: number;
  readonly twin?: true;
}

function questionsIn(path: string, task: QuestionsAsked, readQuestions: (path: string) => string): Placed[] {
  const asked = questions(rowsIn(path, "questions", readQuestions), task.answerIn, plain(path));
  const few = asked.problems.slice(0, task.problems);
  if (task.problems !== undefined && few.length < task.problems)
    throw new StudyError({
      code: "too-few-questions",
      what: `${plain(path)} holds ${few.length} questions where the study wants ${task.problems}`,
      mend: "write fewer, or leave problems out to take all",
    });
  const name = path.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
  return few.map((question) => ({
    problem: { family: name, ...question },
    verifier: asked.verifier,
    verify: (text) => asked.verify(question, text),
    lenient: (text) => asked.lenient(question, text),
    answered: asked.answered,
    passes: (text) => asked.verify(question, text).kind === "right",
    ...(asked.opening === undefined ? {} : { opening: asked.opening }),
    ...(task.twin === undefined ? {} : { twin: true as const }),
  }));
}

const CRASH = ungradable("grader crash");

async function judged({ verify }: Placed, text: string): Promise<Judged> {
  try {
    const verdict: unknown = await verify(text);
    if (isVerdict(verdict)) return { verdict };
    return { verdict: CRASH, detail: `the verifier gave ${shown(verdict)}, which is no verdict` };
  } catch (error) {
    return {
      verdict: CRASH,
      detail: `the verifier threw ${error instanceof Error ? plain(`${error.name}: ${error.message}`) : shown(error)}`,
    };
  }
}

const REASONS = ["cut off", "no verdict", "engine error", "grader crash"];

/** A user's function may give anything. */
function isVerdict(value: unknown): value is Verdict {
  if (!isObject(value)) return false;
  const { kind, why } = value;
  return kind === "right" || kind === "wrong" || (kind === "ungradable" && REASONS.includes(String(why)));
}

function shown(value: unknown): string {
  return typeof value === "object" && value !== null
    ? "an object"
    : show(typeof value === "number" ? value : String(value));
}
