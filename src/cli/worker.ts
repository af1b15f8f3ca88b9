// cli/ · Worker: `crucis worker`, answers chunks from a queue until the study has ended; and the runner's side of that queue.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import type { QueueDatabase } from "../evidence/queue-database.ts";
import type { Records } from "../evidence/queue-records.ts";
import type { StudyInQueue } from "../evidence/queue-studies.ts";
import { act } from "../study/act.ts";
import { benchOf } from "../study/bench.ts";
import { readStudy } from "../study/declare.ts";
import { closePolicies, openPolicies } from "../study/policies.ts";
import { studyHash } from "../study/declared.ts";
import { alive } from "../study/run.ts";
import { VERSION } from "../study/version.ts";
import { answerers } from "../study/judge.ts";
import { handOut, work } from "../study/work.ts";
import { StudyError } from "../terms/errors.ts";
import type { Chunk } from "../terms/record.ts";
import type { Study } from "../terms/study.ts";
import { patient } from "./patient.ts";
import { progressLine } from "./progress.ts";
import { studyAt } from "./study-folder.ts";

/** A shell's own number for a command that Ctrl-C ended. */
const INTERRUPTED = 130;

export function workerCommand() {
  return new Command("worker")
    .summary("answer for a study whose runner hands its work to a queue")
    .description(
      "Takes chunks from the queue of a crucis run --queue, asks the study's engines, and puts the answers back, until the " +
        "study has ended. Any number may come and go. Ctrl-C or SIGTERM finishes what is in hand, a second one drops it: then, " +
        "as after a crash, others get it. API keys come from this machine's own environment.",
    )
    .argument("[study]", "a study.ts that the queue cannot carry, or which study, where the queue holds several")
    .requiredOption("--queue <url>", "postgres://user@host:5432/database, the runner's own")
    .action(async (named, { queue: url }) => {
      const signal = stopped();
      const { openDatabase } = await import("../evidence/queue-database.ts");
      const { Queue } = await import("../evidence/queue.ts");
      const database = await openDatabase(url);
      const line = progressLine(process.stderr, { pipedEverySeconds: 5 });
      try {
        const own = named === undefined ? undefined : (await studyAt(named)).study;
        const found = await chosen(database, own, signal);
        if (found === undefined) return;
        const { declared, study } = found;
        const bench = patient(benchOf(study, (path) => declared.questions[path]!));
        const policies = await openPolicies(study, (policy) => ({
          retried: (why, wait) => line.say(`${policy}: trying again in ${wait.toFixed(1)} s (${why})`),
        }));
        const queue = await Queue.open(database, { study: declared.hash });
        process.stderr.write(`Working on ${JSON.stringify(study.title)} from ${database.where}.\n`);
        const begun = performance.now();
        let answers = 0;
        try {
          await work({
            queue,
            policies: answerers(study).map(({ name }) => name),
            act: (chunk) => act(chunk, { study, bench, policies }),
            alive: (chunk) => alive(chunk, { bench, policies, study }, new AbortController().signal),
            room: (policy) => roomOf(study, policy),
            signal,
            onEvent: (event) => {
              if (event.kind === "lost") line.say(`${event.policy}: nothing came back (${event.why})`);
              else {
                answers += event.asks;
                const perSecond = answers / ((performance.now() - begun) / 1000);
                line.say(`${answers.toLocaleString("en-US")} answers, ${perSecond.toFixed(1)} a second`);
              }
            },
          });
        } finally {
          line.end();
          await closePolicies(policies);
          await queue.close();
        }
        process.stderr.write(
          `${signal.aborted ? "Stopped" : "The study has ended"}; ${answers.toLocaleString("en-US")} answers from here.\n`,
        );
      } finally {
        await database.close();
      }
    });
}

/** Fires at the first Ctrl-C or SIGTERM; the second ends the process. */
function stopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(INTERRUPTED);
      stopping.abort();
      process.stderr.write("Finishing what is in hand; once more to drop it.\n");
    });
  return stopping.signal;
}

/** Two rounds of requests, as a runner in one process has them in hand. */
function roomOf(study: Study, name: string): number {
  const inFlight = answerers(study).find((policy) => policy.name === name)?.maxInFlight ?? 256;
  return Math.max(1, Math.floor((2 * inFlight) / study.chunk));
}

interface Found {
  readonly declared: StudyInQueue;
  readonly study: Study;
}

/** Waits for it where it is not there yet; undefined where the signal came first. */
async function chosen(
  database: QueueDatabase,
  own: Study | undefined,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { awaitStudies, studiesIn } = await import("../evidence/queue-studies.ts");
  const wanted = (declared: StudyInQueue): boolean =>
    own === undefined || keyOf(own, declared.questions) === declared.hash;
  const there = await studiesIn(database);
  if (!there.some(wanted)) {
    const others = there.map(({ title }) => JSON.stringify(title)).join(", ");
    process.stderr.write(
      `Waiting for ${own === undefined ? "a study" : JSON.stringify(own.title)} to come into the queue at ${database.where}` +
        `${others === "" ? "" : `, which holds ${others}`}.\n`,
    );
  }
  const [declared, second] = await awaitStudies(database, { wanted, signal });
  if (declared === undefined) return undefined;
  if (second !== undefined)
    throw new StudyError({
      code: "several-studies",
      what: `the queue at ${database.where} holds several studies, ${JSON.stringify(declared.title)} and ${JSON.stringify(second.title)} among them`,
      mend: "name the file of the one to work on: crucis worker --queue … study.yaml",
    });
  if (declared.crucis !== VERSION)
    throw new StudyError({
      code: "other-version",
      what: `the runner of ${JSON.stringify(declared.title)} is crucis ${declared.crucis}, and this is ${VERSION}`,
      why: "and the two may judge answers differently",
      mend: "install the runner's version here",
    });
  return { declared, study: own ?? carried(declared) };
}

/** The study as the queue carries it. */
function carried({ title, file, text, questions, hash }: StudyInQueue): Study {
  if (text === undefined)
    throw new StudyError({
      code: "study-in-typescript",
      what: `the study ${JSON.stringify(title)} is written in TypeScript (${file}), which a queue does not carry`,
      mend: `name the same file here: crucis worker --queue … ${file}`,
    });
  const study = readStudy(text, file);
  if (keyOf(study, questions) !== hash) throw new Error(`the study ${title} reads differently here and at its runner`);
  return study;
}

/** Of all that decides which answers are drawn, and to which words. */
function keyOf(study: Study, questions: Readonly<Record<string, string>>): string {
  return createHash("sha256")
    .update(JSON.stringify([studyHash(study), questions]))
    .digest("hex");
}

export interface Queued {
  /** Hands the chunks out and keeps what comes back; once the signal fires, what no worker has taken is taken back. */
  readonly elsewhere: (
    chunks: readonly Chunk[],
    keep: (chunk: Chunk, records: Records) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
  /** The study has its verdict: workers go home. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** What `crucis run --queue` does instead of asking in its own process. @param file the study's; questions lie beside it */
export async function queued(url: string, file: string, study: Study): Promise<Queued> {
  const { openDatabase } = await import("../evidence/queue-database.ts");
  const { declareStudy } = await import("../evidence/queue-studies.ts");
  const { Queue } = await import("../evidence/queue.ts");
  const asked = study.tasks.flatMap((task) =>
    "questions" in task ? [task.questions, ...(task.twins === undefined ? [] : [task.twins])] : [],
  );
  const questions = Object.fromEntries(
    [...asked, ...(study.judge === undefined ? [] : [study.judge.examples])].map((path) => [
      path,
      readFileSync(resolve(dirname(file), path), "utf8"),
    ]),
  );
  const database = await openDatabase(url);
  const hash = keyOf(study, questions);
  const text = extname(file) === ".ts" ? {} : { text: readFileSync(file, "utf8") };
  await declareStudy(database, { hash, title: study.title, crucis: VERSION, file, questions, ...text });
  const queue = await Queue.open(database, { study: hash });
  return {
    elsewhere: (chunks, keep, signal) =>
      handOut({
        queue,
        chunks,
        keep,
        signal,
        onIdle: () =>
          process.stderr.write(
            "No worker has taken anything yet. Start some: crucis worker --queue URL, with this queue's URL.\n",
          ),
      }),
    end: () => queue.end(),
    close: async () => {
      await queue.close();
      await database.close();
    },
  };
}
