// Nothing is lost in bad places either: `crucis run` on a disk that fills up, on one that is read-only, and twice on one folder.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { verified } from "../../src/evidence/verified.ts";
import { Store } from "../../src/evidence/store.ts";
import { CLI, declared, folderWith, outcomeOf, runOnce } from "./killing.ts";

/** A bad place is one however long the study: a fifth of what is killed elsewhere. */
const ROLLOUTS = 4_000;
const STUDY = declared(
  ["base", "tuned"].map((name) => `{ name: ${name}, engine: world, world: steady-hand, model: ${name} }`),
).replace("rollouts: 250", `rollouts: ${ROLLOUTS / 80}`);
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function study(): string {
  const folder = folderWith(STUDY);
  folders.push(folder);
  return folder;
}

function start(folder: string) {
  const child = spawn(process.execPath, [CLI, "run", folder], { stdio: ["ignore", "ignore", "pipe"] });
  const said = text(child.stderr);
  return { child, ended: once(child, "close").then(async () => ({ code: child.exitCode, said: await said })) };
}

/** A study's folder on a disk of its own; undefined where this user may not have one. */
function onDisk(size: string): string | undefined {
  const folder = study();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "crucis-test", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  writeFileSync(join(folder, "study.yaml"), STUDY);
  return folder;
}

const NO_MOUNT = "mounting a small disk takes root on Linux";

test("a disk that fills up: one sentence, and with more room it goes on to the undisturbed result", async ({
  skip,
}) => {
  const folder = onDisk("1200k");
  if (folder === undefined) return skip(NO_MOUNT);
  const { code, said } = await start(folder).ended;
  expect(code).toBe(2);
  expect(said).toMatch(
    /crucis: .* cannot be written \(ENOSPC\); make room on that disk and run again: nothing that was kept is lost\.\n$/,
  );
  expect(said).not.toContain("    at ");
  const part = await Store.open(folder, { write: false });
  const { faults, rollouts } = await verified(part);
  await part.close();
  expect(faults).toEqual([]);
  expect(rollouts).toBeGreaterThan(100);
  expect(rollouts).toBeLessThan(ROLLOUTS);
  execFileSync("mount", ["-o", "remount,size=200m", folder]);
  await runOnce(folder);
  const alone = study();
  await runOnce(alone);
  const [after, undisturbed] = [await outcomeOf(folder), await outcomeOf(alone)];
  expect(after.rollouts).toEqual(undisturbed.rollouts);
  expect(after.document).toEqual(undisturbed.document);
});

test("a read-only folder: one sentence, and nothing is written", async ({ skip }) => {
  const folder = onDisk("6m");
  if (folder === undefined) return skip(NO_MOUNT);
  execFileSync("mount", ["-o", "remount,ro", folder]);
  const { code, said } = await start(folder).ended;
  expect(code).toBe(2);
  expect(said).toMatch(/cannot be written \(EROFS\); give a folder on a disk that can be written\.\n$/);
  expect(existsSync(join(folder, "notebook.jsonl"))).toBe(false);
});

test("two runners on one folder: the second is told who writes, and the first does not notice", async () => {
  const folder = study();
  const first = start(folder);
  await once(first.child.stderr, "data");
  const second = await start(folder).ended;
  expect(second.code).toBe(2);
  expect(second.said).toContain(`is being written by another process (process ${first.child.pid} on `);
  expect((await first.ended).code).toBe(0);
  expect((await outcomeOf(folder)).rows).toBe(ROLLOUTS);
});

test("reference answers that changed on the way: the run is refused, and the folder stays as it was", async () => {
  const folder = study();
  const questions = (answer: string): string =>
    Array.from({ length: 12 }, (_, i) => JSON.stringify({ id: `q${i}`, prompt: `${i}+1=`, answer })).join("\n");
  const asking = STUDY.replace(/tasks: .*/, "tasks: [ { questions: q.jsonl, answerIn: last-number } ]").replace(
    /rollouts: .*/,
    "rollouts: 4",
  );
  writeFileSync(join(folder, "study.yaml"), asking);
  writeFileSync(join(folder, "q.jsonl"), questions("7"));
  expect((await start(folder).ended).code).toBe(0);
  copyFileSync(join(folder, "notebook.jsonl"), join(folder, "before"));
  writeFileSync(join(folder, "q.jsonl"), questions("8"));
  const { code, said } = await start(folder).ended;
  expect(code).toBe(2);
  expect(said).toContain("the study asks for other things than the one this folder was begun with: problems differs");
  expect(readFileSync(join(folder, "notebook.jsonl"))).toEqual(readFileSync(join(folder, "before")));
});
