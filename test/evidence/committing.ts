// A process of its own that keeps chunks as a run does, and says each once it is kept; test/evidence/killed.test.ts kills it.
// node test/evidence/committing.ts FOLDER FIRST
import { writeSync } from "node:fs";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { asked, rollouts, scores } from "./rows.ts";

const [folder = "", first = "0"] = process.argv.slice(2);
const store = await Store.open(folder, { write: true });
const notebook = await Notebook.open(folder);

async function keep(id: string, i: number): Promise<void> {
  const score = i % 3 === 2;
  await store.commit(asked(id, score ? "score" : "sample"), score ? scores(id) : rollouts(id));
  await notebook.append("observed", store.commitOf(id)!);
  writeSync(1, `${id}\n`);
}

for (let i = Number(first); ; i += 4) {
  await Promise.all([0, 1, 2, 3].map((k) => keep(`chunk-${i + k}`, i + k)));
  if (i % 40 === 36) await store.compact();
}
