// `crucis worker` as a user starts it, against a runner's side in this process, on a planted world that ships with the package.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { studyAt } from "../../src/cli/study-folder.ts";
import { type Queued, queued } from "../../src/cli/worker.ts";
import { openDatabase } from "../../src/evidence/queue-database.ts";
import { declareStudy } from "../../src/evidence/queue-studies.ts";
import { act } from "../../src/study/act.ts";
import { samples } from "../../src/study/plan.ts";
import { closePolicies, openPolicies } from "../../src/study/policies.ts";
import { VERSION } from "../../src/study/version.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import { postgresFolder, type ThrowAway, throwAwayPostgres } from "../../tools/postgres.ts";

const yaml = (title: string, rollouts: number): string => `title: ${title}
seed: 3
policies:
  - { name: base, engine: world, world: steady-hand, model: base }
  - { name: tuned, engine: world, world: steady-hand, model: tuned }
sampler: { temperature: 1.0, topP: 1.0, maxTokens: 64 }
tasks: [ { questions: questions.jsonl, answerIn: whole } ]
rollouts: ${rollouts}
chunk: 4
`;
const QUESTIONS = [3, 4, 5].map((n) => `${JSON.stringify({ id: `q${n}`, prompt: `${n}+4?`, answer: "x" })}\n`).join("");

describe.skipIf(postgresFolder() === undefined)("crucis worker; skipped where no initdb is on the machine", () => {
  let postgres: ThrowAway;
  let root: string;
  const children: ChildProcess[] = [];
  const runners: Queued[] = [];

  beforeAll(async () => {
    postgres = await throwAwayPostgres();
    root = mkdtempSync(join(tmpdir(), "crucis-worker-command-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    for (const { end, close } of runners.splice(0)) {
      await end();
      await close();
    }
  });
  afterAll(async () => {
    await postgres?.remove();
    rmSync(root, { recursive: true, force: true });
  });

  function studyFolder(name: string, rollouts: number): string {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "study.yaml"), yaml(name, rollouts));
    writeFileSync(join(folder, "questions.jsonl"), QUESTIONS);
    return folder;
  }

  async function runner(folder: string): Promise<Queued> {
    const { file, study } = await studyAt(folder);
    const made = await queued(postgres.url, file, study);
    runners.push(made);
    return made;
  }

  /** Far from the study's folder: it knows the URL and nothing else. */
  function worker(...args: string[]): { said: Promise<string>; begun: Promise<unknown>; ended: Promise<unknown> } {
    const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [main, "worker", "--queue", postgres.url, ...args], {
      cwd: tmpdir(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    children.push(child);
    return {
      said: text(child.stderr),
      begun: new Promise((resolve) => child.stderr.once("data", resolve)),
      ended: new Promise((resolve) => child.once("exit", resolve)),
    };
  }

  test("with the URL alone it answers as the runner's own process would, token by token, and goes home at the end", async () => {
    const folder = studyFolder("far", 4);
    const { elsewhere, end } = await runner(folder);
    const { study, bench } = await studyAt(folder);
    const { chunks } = samples(study, bench);
    const one = worker();
    const kept: RolloutRecord[] = [];
    await elsewhere(
      chunks,
      async (_, records) => void kept.push(...(records as readonly RolloutRecord[])),
      new AbortController().signal,
    );
    await end();
    expect(await one.ended).toBe(0);
    expect(await one.said).toMatch(
      /Working on "far" from postgres:\/\/crucis@127[^]*The study has ended; 24 answers from here\.\n$/,
    );

    const policies = await openPolicies(study);
    const here = await Promise.all(chunks.map((chunk) => act(chunk, { study, bench, policies })));
    await closePolicies(policies);
    const answers = (records: readonly RolloutRecord[]) =>
      new Map(records.map(({ rollout, tokenIds, verdict, text: said }) => [rollout, { tokenIds, verdict, said }]));
    expect(answers(kept)).toEqual(answers(here.flatMap(({ records }) => records as readonly RolloutRecord[])));
  });

  test("where the queue holds two studies it asks which, and the file says it", async () => {
    const [one, two] = [studyFolder("one", 1), studyFolder("two", 2)];
    await runner(one);
    const second = await runner(two);
    const unsure = worker();
    expect(await unsure.ended).toBe(2);
    expect(await unsure.said).toMatch(/holds several studies, "one" and "two" among them; name the file/);
    const sure = worker(two);
    await sure.begun;
    await second.end();
    expect(await sure.ended).toBe(0);
    expect(await sure.said).toMatch(/^Working on "two" [^]*The study has ended; 0 answers from here\.\n$/);
  });

  test.each([
    [{ file: "study.ts" }, /"odd" is written in TypeScript \(study\.ts\), .*name the same file here/],
    [{ crucis: "0.0.1" }, /the runner of "odd" is crucis 0\.0\.1, and this is .*install the runner's version here/],
  ])("a study that it cannot take on is refused in a sentence: %o", async (odd, says) => {
    const { file } = await studyAt(studyFolder(`odd ${Object.keys(odd).join()}`, 1));
    const database = await openDatabase(postgres.url);
    await declareStudy(database, { hash: "0".repeat(64), title: "odd", questions: {}, crucis: VERSION, file, ...odd });
    const one = worker();
    expect(await one.ended).toBe(2);
    expect(await one.said).toMatch(says);
    await database.query("DELETE FROM crucis.studies");
    await database.close();
  });
});
