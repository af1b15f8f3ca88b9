// Nothing is lost: a study of 20,000 rollouts whose runner is killed again and again says the same as one that nobody disturbed.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verified } from "../../src/evidence/verified.ts";
import { Store } from "../../src/evidence/store.ts";
import { serveSteadyHand } from "./serving.ts";
import { ASKED, declared, folderWith, type Outcome, outcomeOf, runOnce, runWithKills } from "./killing.ts";

const KILLS = 50;
const CHUNK = 25;
/** Of one policy, at once: two rounds of requests. */
const IN_FLIGHT = 32;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function study(policies: readonly string[]): string {
  const folder = folderWith(declared(policies));
  folders.push(folder);
  return folder;
}

const inProcess = ["base", "tuned"].map(
  (name) => `{ name: ${name}, engine: world, world: steady-hand, model: ${name} }`,
);

async function everyRolloutOnce(folder: string, { rollouts, rows }: Outcome): Promise<void> {
  expect(rows).toBe(ASKED);
  expect(rollouts.size).toBe(ASKED);
  const store = await Store.open(folder, { write: false });
  // Chain, hashes and counts of every chunk.
  const { faults, rollouts: counted } = await verified(store);
  await store.close();
  expect(faults).toEqual([]);
  expect(counted).toBe(ASKED);
}

/** Before anything was kept, in the middle of it, and while it judged. */
function wasKilledAllAlong(facts: readonly number[]): void {
  expect(facts.length).toBe(KILLS);
  expect(new Set(facts).size).toBeGreaterThan(10);
}

describe("a runner that is killed", () => {
  let undisturbed: Outcome;
  beforeAll(async () => {
    const folder = study(inProcess);
    await runOnce(folder);
    undisturbed = await outcomeOf(folder);
  });

  test(`at ${KILLS} random moments, in process`, async () => {
    const folder = study(inProcess);
    wasKilledAllAlong(await runWithKills(folder, KILLS, 400));
    const outcome = await outcomeOf(folder);
    await everyRolloutOnce(folder, outcome);
    expect(outcome.rollouts).toEqual(undisturbed.rollouts);
    expect(outcome.document).toEqual(undisturbed.document);
  });

  test(`at ${KILLS} random moments, over HTTP; the server is asked nothing twice but what was in flight`, async () => {
    await using served = await serveSteadyHand();
    const folder = study(
      ["base", "tuned"].map(
        (name) => `{ name: ${name}, engine: vllm, url: "${served.url}/v1", model: ${name}, maxInFlight: ${IN_FLIGHT} }`,
      ),
    );
    wasKilledAllAlong(await runWithKills(folder, KILLS, 600));
    const outcome = await outcomeOf(folder);
    await everyRolloutOnce(folder, outcome);
    // The same seeds give the same rollouts over a socket, and so the same findings.
    expect(outcome.rollouts).toEqual(undisturbed.rollouts);
    expect((outcome.document as { findings: unknown }).findings).toEqual(
      (undisturbed.document as { findings: unknown }).findings,
    );
    const policies = 2;
    expect(served.rollouts()).toBeGreaterThanOrEqual(ASKED);
    expect(served.rollouts()).toBeLessThanOrEqual(ASKED + KILLS * policies * (2 * IN_FLIGHT + CHUNK));
  });
});
