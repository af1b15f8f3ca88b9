// cli/ · Run: `crucis run`, a whole study from its declaration to its report; stopped at any moment, it goes on from there.
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import type { EngineWatch } from "../engines/engine.ts";
import { Notebook } from "../evidence/notebook.ts";
import { Store } from "../evidence/store.ts";
import { renderHtml } from "../report/html.ts";
import { renderText } from "../report/text.ts";
import { closePolicies, openPolicies } from "../study/policies.ts";
import { putsOf } from "../study/put.ts";
import { run } from "../study/run.ts";
import type { Foretold } from "../study/register.ts";
import { scenesOf } from "../study/rehearse.ts";
import { designOf } from "../study/rehearse-design.ts";
import { playAll } from "./rehearse-crew.ts";
import { board } from "./run-board.ts";
import { writeWhole } from "./output.ts";
import { studyAt } from "./study-folder.ts";
import { queued } from "./worker.ts";

/** A shell's own number for a command that Ctrl-C ended. */
const INTERRUPTED = 130;

export function runCommand() {
  return new Command("run")
    .summary("ask, keep, judge: a whole study, resumable at any moment")
    .description(
      "Draws what the study declares, keeps every answer in the study's folder, and judges. Ctrl-C ends it between two " +
        "answers; the same command goes on where it was. Nothing that was kept is asked again.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one", ".")
    .option("--folder <folder>", "where the evidence is kept; beside study.yaml unless told")
    .option("--queue <url>", "hand the work to workers: postgres://…, see crucis worker")
    .option("--json", "print events and at last the result, one JSON value a line")
    .action(async (named, { folder: given, queue, json }) => {
      const { study, bench, folder, file } = await studyAt(named, given);
      const stopping = new AbortController();
      const stop = (): void => stopping.abort(new Interrupted());
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
      const shown = json ? undefined : board(study, process.stderr);
      const tell = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
      // What was opened is closed in the reverse order, wherever it ends.
      await using open = new AsyncDisposableStack();
      open.defer(() => void ["SIGINT", "SIGTERM"].forEach((signal) => process.off(signal, stop)));
      const store = open.adopt(await Store.open(folder, { write: true }), (one) => one.close());
      const notebook = open.adopt(await Notebook.open(folder), (one) => one.close());
      // Rollouts name their problem; whoever reads the folder alone finds its prompt here.
      const problems = bench.problems.map((problem) => `${JSON.stringify(problem)}\n`).join("");
      await writeWhole(join(folder, "problems.jsonl"), problems);
      const prompts = putsOf(study, bench).map((put) => `${JSON.stringify(put)}\n`);
      await writeWhole(join(folder, "prompts.jsonl"), prompts.join(""));
      const watch = (policy: string): EngineWatch => ({
        retried: (why, waitSeconds) =>
          shown === undefined
            ? tell({ kind: "retried", policy, why, waitSeconds })
            : shown.retried(policy, why, waitSeconds),
      });
      const policies = open.adopt(await openPolicies(study, watch), closePolicies);
      const workers =
        queue === undefined ? undefined : open.adopt(await queued(queue, file, study), (one) => one.close());
      const foretell = async (): Promise<Foretold> => {
        const design = designOf(study, bench);
        const scenes = scenesOf(study.registration.studies, [], 0, study.seed);
        const told = (done: number): void => {
          const event = { kind: "foretold", done, of: scenes.length } as const;
          if (shown === undefined) tell(event);
          else shown.event(event);
        };
        return {
          design,
          played: await playAll(
            scenes.map((scene) => ({ scene, design })),
            told,
            stopping.signal,
          ),
        };
      };
      try {
        const { document, exhibits } = await run({
          study,
          bench,
          policies,
          store,
          notebook,
          signal: stopping.signal,
          foretell,
          onEvent: (event) => (shown === undefined ? tell(event) : shown.event(event)),
          ...(workers === undefined ? {} : { elsewhere: workers.elsewhere }),
        });
        await workers?.end();
        shown?.end();
        const report = join(folder, "report.html");
        await writeWhole(report, renderHtml(document, exhibits));
        await writeWhole(join(folder, "result.json"), `${JSON.stringify(document, null, 2)}\n`);
        if (json) tell({ kind: "result", document });
        else process.stdout.write(`${renderText(document, exhibits)}\nEvidence: ${folder}\nReport: ${report}\n`);
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        shown?.end();
        process.stderr.write(
          `Stopped. All that was answered is kept in ${folder}; crucis run ${named} goes on from there.\n`,
        );
        process.exitCode = INTERRUPTED;
      }
    });
}

class Interrupted extends Error {}
