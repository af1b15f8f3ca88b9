import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { stream } from "../../src/maths/random.ts";
import { emptyFolder, linesIn, linesOf } from "./records.ts";
import { rollouts, scores } from "./rows.ts";

const KILLS = 30;

/** Starts a process that keeps chunks and kills it once it said `after` of them, or a little later. The chunks it said. */
async function killedAfter(after: number, folder: string, first: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "committing.ts"), folder, String(first)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, errors] = ["", ""];
  child.stderr.on("data", (data) => (errors += String(data)));
  child.stdout.on("data", (data) => {
    said += String(data);
    if (said.split("\n").length > after) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (child.signalCode !== "SIGKILL") throw new Error(`the process ended by itself: ${errors}`);
  // A line that was cut off was not said.
  return said.split("\n").slice(0, -1);
}

describe("a process that is killed with SIGKILL", () => {
  test(`at ${KILLS} moments, while it keeps, writes the notebook or compacts, loses and doubles nothing`, async () => {
    const folder = emptyFolder();
    const moments = stream(5, "test/evidence/killed");
    const said = new Set<string>();
    let first = 0;
    for (let i = 0; i < KILLS; i++) {
      for (const id of await killedAfter(1 + Math.floor(44 * moments.uniform()), folder, first)) said.add(id);
      const store = await Store.open(folder, { write: false });
      const notebook = Notebook.read(folder);
      const kept = store.chunkIds();
      expect([...said].filter((id) => !kept.has(id))).toEqual([]);
      const observed = new Set(notebook.map(({ fact }) => fact["chunk"]));
      expect([...said].filter((id) => !observed.has(id))).toEqual([]);
      const { faults } = await verified(store);
      await store.close();
      expect(faults).toEqual([]);
      // The next process asks for what is not there, and for some that is.
      first = Math.max(0, Math.max(...[...kept].map((id) => Number(id.slice(6)))) - 8);
      first -= first % 4;
    }
    const store = await Store.open(folder, { write: true });
    const numbers = [...store.chunkIds()].map((id) => Number(id.slice(6)));
    const expected = numbers.map((n) => (n % 3 === 2 ? scores(`chunk-${n}`) : rollouts(`chunk-${n}`)));
    expect(await linesIn(store)).toEqual(linesOf(...expected));
    await store.compact();
    expect(await linesIn(store)).toEqual(linesOf(...expected));
    await store.close();
    expect(numbers.length).toBeGreaterThan(10 * KILLS);
  });
});
