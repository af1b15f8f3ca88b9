// Runs `crucis run` as a process of its own and kills it at random moments, with SIGKILL, until it has been killed often enough.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { stream } from "../../src/maths/random.ts";

export const CLI = join(import.meta.dirname, "../../src/cli/main.ts");

/** 20,000 rollouts: 40 problems × 250 × 2 policies. */
export function declared(policies: readonly string[]): string {
  return [
    "title: Is anything lost?",
    "policies:",
    ...policies.map((policy) => `  - ${policy}`),
    "sampler: { temperature: 1, topP: 1, maxTokens: 48 }",
    "tasks: [ { task: chain, steps: [1, 2, 3, 4], problems: 40, seed: 3 } ]",
    "rollouts: 250",
    "chunk: 25",
    "experiments: []",
    "registration: { studies: 0 }",
  ].join("\n");
}

export const ASKED = 20_000;

export function folderWith(study: string): string {
  const folder = mkdtempSync(join(tmpdir(), "crucis-lost-"));
  writeFileSync(join(folder, "study.yaml"), study);
  return folder;
}

/** Exit code, or `killed`. */
export async function runOnce(
  folder: string,
  { killAfter, extra = [] }: { readonly killAfter?: number; readonly extra?: readonly string[] } = {},
): Promise<number | "killed"> {
  const child = spawn(process.execPath, [CLI, "run", folder, ...extra], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  let timer: NodeJS.Timeout | undefined;
  // From its first words on: how long a process takes to get that far depends on what else the machine does.
  if (killAfter !== undefined)
    child.stderr.once("data", () => {
      timer = setTimeout(() => child.kill("SIGKILL"), killAfter);
    });
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (child.signalCode === "SIGKILL") return "killed";
  if (child.exitCode !== 0) throw new Error(`crucis run ended with ${child.exitCode}: ${said}`);
  return 0;
}

/**
 * Kills come at moments uniform in [0, most] milliseconds from when each run begins to ask; then one run ends by itself.
 * Facts in the notebook after each kill: how far it was.
 */
export async function runWithKills(
  folder: string,
  kills: number,
  most: number,
  extra: readonly string[] = [],
): Promise<number[]> {
  const moments = stream(7, "test/lost/moments");
  const after: number[] = [];
  while (after.length < kills) {
    const killAfter = most * moments.uniform();
    if ((await runOnce(folder, { killAfter, extra })) !== "killed") break;
    after.push(Notebook.read(folder).length);
  }
  await runOnce(folder, { extra });
  return after;
}

export interface Outcome {
  readonly rollouts: ReadonlyMap<string, string>;
  readonly rows: number;
  /** All of the document but the folder's own name. */
  readonly document: unknown;
}

export async function outcomeOf(folder: string): Promise<Outcome> {
  const store = await Store.open(folder, { write: false });
  const rollouts = new Map<string, string>();
  let rows = 0;
  for await (const { rollout, text, verdict, seed, tokenIds, rawLogProbs } of store.rollouts()) {
    rows++;
    rollouts.set(rollout, JSON.stringify([text, verdict, seed, tokenIds, rawLogProbs]));
  }
  await store.close();
  const document = JSON.parse(
    readFileSync(join(folder, "result.json"), "utf8").replaceAll(folder, "FOLDER"),
  ) as unknown;
  return { rollouts, rows, document };
}

export const KILLS = 50;

/** Both policies of steady-hand in the runner's own process. */
export const IN_PROCESS = ["base", "tuned"].map(
  (name) => `{ name: ${name}, engine: world, world: steady-hand, model: ${name} }`,
);

/** Of a study that nobody disturbed. */
export async function undisturbed(folder: string): Promise<Outcome> {
  await runOnce(folder);
  return outcomeOf(folder);
}

export async function everyRolloutOnce(folder: string, { rollouts, rows }: Outcome): Promise<void> {
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
export function wasKilledAllAlong(facts: readonly number[]): void {
  expect(facts.length).toBe(KILLS);
  expect(new Set(facts).size).toBeGreaterThan(10);
}
