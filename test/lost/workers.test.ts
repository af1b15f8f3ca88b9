// Nothing is lost with several workers on PostgreSQL either: the runner is killed ten times, and one of three workers in the middle.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { postgresFolder, throwAwayPostgres } from "../../tools/postgres.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { ASKED, CLI, declared, folderWith, outcomeOf, runOnce, runWithKills } from "./killing.ts";

const KILLS = 10;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const STUDY = declared(
  ["base", "tuned"].map(
    (name) => `{ name: ${name}, engine: world, world: steady-hand, model: ${name}, maxInFlight: 50 }`,
  ),
);

function study(): string {
  const folder = folderWith(STUDY);
  folders.push(folder);
  return folder;
}

function worker(url: string): ChildProcess {
  return spawn(process.execPath, [CLI, "worker", "--queue", url], { stdio: "ignore" });
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once("close", resolve))
    : Promise.resolve();

test.skipIf(postgresFolder() === undefined)(
  "three workers, one of them killed, and a runner that is killed: every rollout once (skipped: no PostgreSQL here)",
  async () => {
    const alone = study();
    await runOnce(alone);
    const undisturbed = await outcomeOf(alone);

    const postgres = await throwAwayPostgres();
    const workers = [worker(postgres.url), worker(postgres.url), worker(postgres.url)];
    try {
      const folder = study();
      const killing = runWithKills(folder, KILLS, 1200, ["--queue", postgres.url]);
      setTimeout(() => workers[0]!.kill("SIGKILL"), 5000);
      const facts = await killing;
      expect(facts.length).toBe(KILLS);
      expect(workers[0]!.signalCode).toBe("SIGKILL");
      const outcome = await outcomeOf(folder);
      expect(outcome.rows).toBe(ASKED);
      expect(outcome.rollouts).toEqual(undisturbed.rollouts);
      expect(outcome.document).toEqual(undisturbed.document);
      const store = await Store.open(folder, { write: false });
      expect((await verified(store)).faults).toEqual([]);
      await store.close();
      // The study has its verdict, so those that are left go home by themselves.
      await Promise.all(workers.map(ended));
      expect(workers.slice(1).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    } finally {
      workers.forEach((child) => child.kill("SIGKILL"));
      await postgres.remove();
    }
  },
);
