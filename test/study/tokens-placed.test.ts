// test/ · A study that runs knows which characters of a text each token is when it judges, not only when it hands prefixes over.
import { expect, test } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { benchOf } from "../../src/study/bench.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { closePolicies, KINDS, openPolicies } from "../../src/study/policies.ts";
import { judge, run } from "../../src/study/run.ts";
import { emptyFolder } from "../evidence/records.ts";

test("what is read token by token behind lost work is measured by a run, and refused by whoever has no engines", async () => {
  const study = checkStudy(
    {
      title: "Placed",
      policies: ["base", "tuned"].map((name) => ({ name, engine: "world", world: "steady-hand", model: name })),
      sampler: { temperature: 1, maxTokens: 48 },
      tasks: [{ task: "chain", steps: [4, 5, 6], problems: 24, seed: 5 }],
      rollouts: 12,
      scored: 12,
      experiments: [],
      registration: { studies: 0 },
    },
    "study.ts",
    KINDS,
  );
  const folder = emptyFolder();
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const policies = await openPolicies(study);
  const bench = benchOf(study, () => "");
  const judging = { study, bench, store, notebook, onEvent: () => {} };
  try {
    const { document } = await run({ ...judging, policies, signal: new AbortController().signal });
    const found = document.findings.find(({ name }) => name === "cross/after-loss")!.estimate;
    expect(found).toMatchObject({ kind: "measured" });
    const alone = await judge(judging);
    expect(alone.document.findings.find(({ name }) => name === "cross/after-loss")!.estimate).toMatchObject({
      kind: "refused",
      mend: expect.stringContaining("crucis run") as string,
    });
  } finally {
    await closePolicies(policies);
    await store.close();
    await notebook.close();
  }
});
