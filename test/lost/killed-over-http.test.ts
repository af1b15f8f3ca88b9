// Nothing is lost over HTTP either, and the server is asked nothing twice but what was in flight.
import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { serveSteadyHand } from "./serving.ts";
import {
  ASKED,
  declared,
  everyRolloutOnce,
  folderWith,
  IN_PROCESS,
  KILLS,
  outcomeOf,
  runWithKills,
  undisturbed,
  wasKilledAllAlong,
} from "./killing.ts";

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

test(`a runner that is killed at ${KILLS} random moments, over HTTP`, async () => {
  const is = await undisturbed(study(IN_PROCESS));
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
  expect(outcome.rollouts).toEqual(is.rollouts);
  expect((outcome.document as { findings: unknown }).findings).toEqual((is.document as { findings: unknown }).findings);
  const policies = 2;
  expect(served.rollouts()).toBeGreaterThanOrEqual(ASKED);
  expect(served.rollouts()).toBeLessThanOrEqual(ASKED + KILLS * policies * (2 * IN_FLIGHT + CHUNK));
});
