// A study that is judged on the way, on a world that ships with Crucis: nothing is asked twice, and it ends where it is decided.
import { describe, expect, test } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { benchOf } from "../../src/study/bench.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { closePolicies, KINDS, openPolicies } from "../../src/study/policies.ts";
import { run, type RunEvent } from "../../src/study/run.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import { emptyFolder } from "../evidence/records.ts";

const study = checkStudy(
  {
    title: "Looks",
    policies: ["base", "tuned"].map((name) => ({ name, engine: "world", world: "steady-hand", model: name })),
    sampler: { temperature: 1, maxTokens: 48 },
    tasks: [{ task: "chain", steps: [1, 2, 3, 4], problems: 40, seed: 5 }],
    rollouts: 8,
    experiments: ["step-ladder", "guess-control"],
    looks: 3,
    registration: { studies: 1 },
  },
  "study.ts",
  KINDS,
);

async function runIn(folder: string, stopAt?: (event: RunEvent) => boolean) {
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const policies = await openPolicies(study);
  const stopping = new AbortController();
  const events: RunEvent[] = [];
  let foretold = 0;
  try {
    const explained = await run({
      study,
      bench: benchOf(study, () => ""),
      policies,
      store,
      notebook,
      signal: stopping.signal,
      foretell: () => {
        foretold++;
        return Promise.resolve({ design: usualDesign(), played: [played] });
      },
      onEvent: (event) => {
        events.push(event);
        if (stopAt?.(event) === true) stopping.abort(new Error("stopped"));
      },
    }).catch((error: Error) => error);
    const rollouts: string[] = [];
    for await (const { rollout } of store.rollouts()) rollouts.push(rollout);
    return { explained, events, rollouts, entries: [...notebook.entries], foretold };
  } finally {
    await closePolicies(policies);
    await store.close();
    await notebook.close();
  }
}
const played = {
  truth: ["steadier-steps"],
  seed: 1,
  standings: {},
  halfWidths: {},
  values: { "ledger/steadier-steps": 1 },
  price: {},
};

describe("a study with three looks", () => {
  test("is asked block by block, judged between them, and every rollout is drawn once, also over a stop", async () => {
    const folder = emptyFolder();
    let blocks = 0;
    // Stopped within the second block.
    const first = await runIn(
      folder,
      (event) => event.kind === "stage" && event.stage === "paired sampling" && event.done === 0 && blocks++ === 1,
    );
    expect(first.explained).toBeInstanceOf(Error);
    expect(first.foretold).toBe(1);
    const second = await runIn(folder);
    expect(second.explained).not.toBeInstanceOf(Error);
    // Sealed once, before anything was asked.
    expect(second.foretold).toBe(0);
    const kinds = second.entries.map(({ kind }) => kind);
    expect(kinds.indexOf("registered")).toBeLessThan(kinds.indexOf("asked"));
    expect(new Set(second.rollouts).size).toBe(second.rollouts.length);
    const looks = second.entries.filter(({ kind, fact }) => kind === "judged" && fact["look"] !== undefined);
    expect(looks.map(({ fact }) => fact["look"])).toEqual([0, 1]);
    // Forty problems are too few to decide anything with eight rollouts.
    expect(looks.map(({ fact }) => fact["decided"])).toEqual([false, false]);
    expect(second.rollouts.filter((name) => name.startsWith("paired-sampling/"))).toHaveLength(40 * 8 * 2);
    if (second.explained instanceof Error) throw second.explained;
    const { document } = second.explained;
    expect(document.computedFrom.problems).toBe(40);
    // A third of five in a hundred may go wrong at each look.
    const gain = document.findings.find(({ name }) => name === "gain@1")!.estimate;
    expect(gain.kind === "measured" && gain.level).toBeCloseTo(1 - 0.05 / 3, 12);
    expect(document.registration?.rivals).toMatchObject([{ name: "steadier-steps" }]);
  });

  test("asks nothing more once a look has decided", async () => {
    const folder = emptyFolder();
    let looked = 0;
    await runIn(folder, (event) => event.kind === "looked" && ++looked === 1);
    const notebook = await Notebook.open(folder);
    const before = notebook.entries.length;
    await notebook.append("judged", { look: 1, decided: true, open: [], goesOn: [] });
    await notebook.close();
    const { rollouts, entries } = await runIn(folder);
    expect(entries.slice(before + 1).filter(({ kind }) => kind === "asked")).toEqual([]);
    expect(rollouts.filter((name) => name.startsWith("paired-sampling/")).length).toBeLessThan(40 * 8 * 2);
  });
});
