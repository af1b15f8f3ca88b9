// cli/ · World sample: answers of one policy, each with its verdict, its strategy and its probability.
import { Command } from "@commander-js/extra-typings";
import type { TokenAnswer, Sampler } from "../engines/engine.ts";
import { table } from "../report/layout.ts";
import { fixed } from "../report/numbers.ts";
import { StudyError } from "../terms/errors.ts";
import type { Problem } from "../terms/problem.ts";
import type { Verdict } from "../terms/verdict.ts";
import type { World } from "../worlds/world.ts";
import { finite, positive, whole } from "./numbers.ts";
import { cacheOption, opened, policyOf, policyOption, seedOption } from "./world-options.ts";

export function sampleCommand() {
  return new Command("sample")
    .summary("draw answers from a policy of a built world")
    .description(
      "A prompt is written out (3+4*2-5?), or is the number of a problem that the world studies: 0, 1, 2 … of --steps L. " +
        "log2 p is the answer's log-probability under the policy itself, before temperature and cuts.",
    )
    .argument("<name>", "a world")
    .argument("[prompts...]", "prompts, or numbers of problems", ["0"])
    .addOption(policyOption())
    .option("-n, --count <number>", "answers a prompt", positive, 4)
    .option(
      "--steps <number>",
      "steps of the problems that are given by number; the world's longest unless told",
      positive,
    )
    .option("--temperature <number>", "above 0", finite, 1)
    .option("--top-p <number>", "in (0, 1]", finite, 1)
    .option("--top-k <number>", "0 keeps all", whole, 0)
    .option("--min-p <number>", "in [0, 1]", finite, 0)
    .option("--max-tokens <number>", "tokens an answer; the world's own limit unless told", positive)
    .option("--draw <number>", "names the answers' random streams: another number, other answers", whole, 1)
    .addOption(seedOption())
    .addOption(cacheOption())
    .option("--json", "print one JSON line an answer")
    .addHelpText(
      "after",
      "\nExamples:\n  crucis world sample steady-hand '3+4*2-5?'\n  crucis world sample steady-hand 0 1 2 --steps 4 --policy base -n 8",
    )
    .action(async (name, prompts, options) => {
      const open = await opened(name, options);
      const { world } = open;
      const posed = prompts.map((prompt) => problemOf(world, prompt, options.steps));
      const { engine } = policyOf(open, options.policy);
      const { temperature, topP, topK, minP } = options;
      const sampler: Sampler = {
        temperature,
        topP,
        topK,
        minP,
        maxTokens: options.maxTokens ?? world.maxTokens,
        stop: [],
      };
      const rows = posed.flatMap((problem) => Array.from({ length: options.count }, () => problem));
      const answers = await engine.sample(
        await Promise.all(
          rows.map(async ({ prompt }, i) => ({
            prompt: await engine.encode(prompt),
            sampler,
            seed: (options.draw + i) % 2 ** 32,
          })),
        ),
      );
      const told = answers.map((answer, i) => tell(world, rows[i]!, answer));
      if (options.json)
        for (const one of told)
          process.stdout.write(
            `${JSON.stringify({ world: name, policy: options.policy, seed: options.seed, sampler, ...one })}\n`,
          );
      else
        process.stdout.write(
          `${posed.map((problem, p) => block(problem, told.slice(p * options.count, (p + 1) * options.count))).join("\n\n")}\n`,
        );
    });
}

type Posed = Pick<Problem, "prompt"> & Partial<Pick<Problem, "id">>;

function problemOf(world: World, prompt: string, steps = Math.max(...world.study.steps)): Posed {
  if (!/^\d+$/.test(prompt)) {
    world.task.steps(prompt, ""); // refuses what is no prompt of the task
    return { prompt };
  }
  try {
    return world.task.problems({ seed: world.study.seed, steps, count: Number(prompt) + 1 }).at(-1)!;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StudyError({
      code: "world-problem",
      what: `there is no problem ${prompt} of ${steps} steps: ${error.message}`,
      mend: "give a smaller number, other --steps, or the prompt itself",
    });
  }
}

interface Told {
  readonly problem?: string;
  readonly prompt: string;
  readonly answer: string;
  readonly finish: TokenAnswer["finish"];
  readonly verdict: Verdict;
  readonly strategy: string;
  /** Bits: of the policy itself, and of the sampler. */
  readonly log2Prob: number;
  readonly sampledLog2Prob: number;
}

function tell({ task, grading }: World, { prompt, id }: Posed, answer: TokenAnswer): Told {
  return {
    ...(id === undefined ? {} : { problem: id }),
    prompt,
    answer: answer.text,
    finish: answer.finish,
    verdict: task.verify(prompt, answer.text, grading),
    strategy: task.signature(prompt, answer.text),
    log2Prob: bits(answer.rawLogProbs),
    sampledLog2Prob: bits(answer.processedLogProbs),
  };
}

/** The engines of worlds tell both. */
const bits = (logProbs: TokenAnswer["rawLogProbs"]): number => logProbs!.reduce((sum, one) => sum + one, 0) / Math.LN2;

function block({ prompt, id }: Posed, told: readonly Told[]): string {
  const rows = told.map(({ answer, verdict, strategy, log2Prob }) => [
    answer,
    verdict.kind === "ungradable" ? verdict.why : verdict.kind,
    strategy,
    fixed(log2Prob, 2),
  ]);
  const columns = [{ head: "answer" }, { head: "verdict" }, { head: "strategy" }, { head: "log2 p", right: true }];
  return `${prompt}${id === undefined ? "" : `  (${id})`}\n\n${table(columns, rows, 100).join("\n")}`;
}
