// A study that is judged on the way, on a world that ships with Crucis: nothing is asked twice, and it ends where it is decided.
import { describe, expect, test } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { benchOf } from "../../src/study/bench.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { limitsAt } from "../../src/study/looks.ts";
import { closePolicies, KINDS, openPolicies } from "../../src/study/policies.ts";
import { run, type RunEvent } from "../../src/study/run.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import { LIMITS } from "../../src/terms/limits.ts";
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
interface Registered {
  readonly fixed: {
    readonly levels: { readonly looks: readonly Record<"information" | "level" | "ledgerLevel", number>[] };
  };
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
    // What was sealed is what was used, at each look and in the end: looks at 12, 20 and 40 problems.
    const { fixed } = second.entries.find(({ kind }) => kind === "registered")!.fact as unknown as Registered;
    expect(fixed.levels.looks.map(({ information }) => information)).toEqual([0.3, 0.5, 1]);
    expect(looks.map(({ fact }) => [fact["level"], fact["ledgerLevel"]])).toEqual(
      fixed.levels.looks.slice(0, 2).map(({ level, ledgerLevel }) => [level, ledgerLevel]),
    );
    const { level } = fixed.levels.looks[2]!;
    expect(level).toBeLessThan(0.958);
    const gain = document.findings.find(({ name }) => name === "gain@1")!.estimate;
    expect(gain.kind === "measured" && gain.level).toBe(level);
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
    const { explained, rollouts, entries } = await runIn(folder);
    expect(entries.slice(before + 1).filter(({ kind }) => kind === "asked")).toEqual([]);
    expect(rollouts.filter((name) => name.startsWith("paired-sampling/")).length).toBeLessThan(40 * 8 * 2);
    // It ended at the second look, and has what that look may spend: never the last one's narrower intervals.
    if (explained instanceof Error) throw explained;
    const gain = explained.document.findings.find(({ name }) => name === "gain@1")!.estimate;
    const second = limitsAt({ at: 1, information: [0.3, 0.5, 1] }, LIMITS);
    expect(gain.kind === "measured" && gain.level).toBe(second.level);
  });
});
