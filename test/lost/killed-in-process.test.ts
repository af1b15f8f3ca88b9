// Nothing is lost: a study of 20,000 rollouts whose runner is killed again and again says the same as one that nobody disturbed.
import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import {
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

const [alone, folder] = [1, 2].map(() => folderWith(declared(IN_PROCESS))) as [string, string];
afterAll(() => [alone, folder].forEach((one) => rmSync(one, { recursive: true, force: true })));

test(`a runner that is killed at ${KILLS} random moments, in process`, async () => {
  const is = await undisturbed(alone);
  wasKilledAllAlong(await runWithKills(folder, KILLS, 400));
  const outcome = await outcomeOf(folder);
  await everyRolloutOnce(folder, outcome);
  expect(outcome.rollouts).toEqual(is.rollouts);
  expect(outcome.document).toEqual(is.document);
});
