// Sealing, in a real folder: predictions come before answers, and whatever is changed afterwards is found and named.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonical } from "../../src/evidence/canonical.ts";
import { Notebook } from "../../src/evidence/notebook.ts";
import type { Played } from "../../src/attribution/rehearsal.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { KINDS } from "../../src/study/policies.ts";
import { type Foretold, register, registrationOf, sealed } from "../../src/study/register.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import type { Study } from "../../src/terms/study.ts";
import { emptyFolder } from "../evidence/records.ts";

const study = (over: object = {}): Study =>
  checkStudy(
    {
      title: "Sealed?",
      policies: ["base", "tuned"].map((name) => ({ name, engine: "world", world: "steady-hand", model: name })),
      sampler: { temperature: 1, maxTokens: 48 },
      tasks: [{ task: "chain", problems: 12 }],
      registration: { studies: 2 },
      ...over,
    },
    "study.ts",
    KINDS,
  );
const played = (truth: string, share: number): Played => ({
  truth: [truth],
  seed: 1,
  standings: {},
  halfWidths: {},
  values: { "ledger/steadier-steps": share },
  price: {},
});
const foretell = (): Promise<Foretold> =>
  Promise.resolve({
    design: usualDesign(),
    played: [
      played("steadier-steps", 0.9),
      played("steadier-steps", 1),
      played("recovery", 0),
      played("recovery", 0.1),
    ],
  });
const seen = [
  { name: "ledger/steadier-steps", estimate: { kind: "measured" as const, value: 0.95, method: "made up" } },
];

async function opened(facts: (notebook: Notebook) => Promise<void>): Promise<string> {
  const folder = emptyFolder();
  const notebook = await Notebook.open(folder);
  await facts(notebook);
  await notebook.close();
  return folder;
}

describe("a study that wants predictions", () => {
  test("is not asked before they are sealed", async () => {
    await opened(async (notebook) => {
      await expect(register(study(), notebook, undefined)).rejects.toThrow(/nothing is asked before that/);
      expect(notebook.entries).toEqual([]);
    });
  });

  test("has them sealed once, with thresholds, split, yardstick, budget and code, and told beside what was seen", async () => {
    const folder = await opened(async (notebook) => {
      await register(study(), notebook, foretell);
      await register(study(), notebook, () => Promise.reject(new Error("foretold twice")));
      await notebook.append("asked", { stage: "paired sampling" });
    });
    const entries = Notebook.read(folder);
    expect(entries.map(({ kind }) => kind)).toEqual(["registered", "asked"]);
    expect(Object.keys(entries[0]!.fact["fixed"] as object)).toEqual(
      expect.arrayContaining(["thresholds", "split", "yardstick", "budget", "crucis", "looks"]),
    );
    expect(sealed(entries)).toMatchObject({ faults: [] });
    expect(sealed(entries).said).toMatch(/sealed at .*; the first answer was asked for at .*Nothing was amended/);
    const told = registrationOf(entries, seen)!;
    expect(told.rivals.map(({ name, inside }) => [name, inside])).toEqual([
      ["steadier-steps", 1],
      ["recovery", 0],
    ]);
  });

  test("shows what was changed afterwards as an amendment, once", async () => {
    const folder = await opened(async (notebook) => {
      await register(study(), notebook, foretell);
      const changed = study({ yardstick: { rlRollouts: 5000 } });
      await register(changed, notebook, undefined);
      await register(changed, notebook, undefined);
    });
    const told = registrationOf(Notebook.read(folder), seen)!;
    expect(told.amendments).toMatchObject([{ field: "yardstick", from: "none", to: '{"rlRollouts":5000}' }]);
  });

  test("has the levels of its looks sealed, and one look has none; others afterwards are an amendment", async () => {
    const folder = await opened(async (notebook) => {
      await register(study({ looks: 3 }), notebook, foretell, [], [0.25, 0.5, 1]);
      await register(study({ looks: 3 }), notebook, undefined, [], [0.25, 0.5, 1]);
      await register(study({ looks: 3 }), notebook, undefined, [], [0.5, 1]);
    });
    const entries = Notebook.read(folder);
    expect(entries[0]!.fact["fixed"]).toMatchObject({
      levels: {
        spending: "t^2",
        within: 0.1,
        looks: [
          { information: 0.25, level: 0.996875, ledgerLevel: 0.99375 },
          { information: 0.5, level: 0.989514, ledgerLevel: 0.978658 },
          { information: 1, level: 0.956836, ledgerLevel: 0.911581 },
        ],
      },
    });
    expect(entries.slice(1).map(({ kind, fact }) => [kind, fact["field"]])).toEqual([["amended", "levels"]]);
    const one = await opened((notebook) => register(study(), notebook, foretell));
    expect(Notebook.read(one)[0]!.fact["fixed"]).toMatchObject({ looks: 1, levels: null });
  });

  test("a judge that comes later, other examples, and no judge any more are amendments; none before and none now is not", async () => {
    const judged = study({
      judge: {
        engine: "world",
        world: "steady-hand",
        model: "base",
        strategies: ["plus", "other"].map((name) => ({ name, what: "Some way." })),
        examples: "labelled.jsonl",
      },
    });
    const folder = await opened(async (notebook) => {
      await register(study(), notebook, foretell);
      await register(study(), notebook, undefined);
      for (const text of ["a", "b", "b"]) await register(judged, notebook, undefined, [{ text, strategy: "plus" }]);
      await register(study(), notebook, undefined);
    });
    const { amendments } = registrationOf(Notebook.read(folder), seen)!;
    expect(amendments.map(({ field }) => field)).toEqual(["judge", "judge", "judge"]);
    const [first, second, third] = amendments.map(
      ({ to }) => JSON.parse(to) as { examples: string; key: string } | null,
    );
    expect(first!.key).toBe(second!.key);
    expect(first!.examples).not.toBe(second!.examples);
    expect(third).toBeNull();
  });

  test("cannot seal them behind answers, and is not judged as registered then", async () => {
    const folder = await opened(async (notebook) => {
      await notebook.append("observed", { chunk: "c" });
      await register(study(), notebook, foretell);
    });
    const entries = Notebook.read(folder);
    expect(entries.map(({ kind }) => kind)).toEqual(["observed"]);
    expect(registrationOf(entries, seen)).toBeUndefined();
    expect(sealed(entries).said).toMatch(/cannot be judged as registered/);
  });

  test("sealed behind answers by another hand is named as such", async () => {
    const folder = await opened(async (notebook) => {
      await notebook.append("observed", { chunk: "c" });
      const { predictions, sha256 } = await (async () => {
        const other = await opened((one) => register(study(), one, foretell));
        return Notebook.read(other)[0]!.fact;
      })();
      await notebook.append("registered", { fixed: {}, predictions, sha256 });
    });
    const entries = Notebook.read(folder);
    expect(sealed(entries).faults).toMatchObject([expect.stringMatching(/line 1 was observed before it/)]);
    expect(registrationOf(entries, seen)).toBeUndefined();
  });
});

describe("a notebook that was changed", () => {
  const lines = (folder: string): string[] =>
    readFileSync(join(folder, "notebook.jsonl"), "utf8").trimEnd().split("\n");
  const written = (folder: string, changed: readonly string[]): void =>
    writeFileSync(join(folder, "notebook.jsonl"), `${changed.join("\n")}\n`);
  const whole = (): Promise<string> =>
    opened(async (notebook) => {
      await register(study(), notebook, foretell);
      await notebook.append("asked", { stage: "one" });
      await notebook.append("observed", { chunk: "c", rows: 1, sha256: "0" });
    });

  test.each([
    ["a prediction", (all: string[]) => all.with(0, all[0]!.replace('"high":1,', '"high":2,')), /line 1 says hash/],
    ["the order", (all: string[]) => [all[1]!, all[0]!, all[2]!], /line 1 follows/],
    ["an answer's fact", (all: string[]) => all.with(2, all[2]!.replace('"rows":1', '"rows":2')), /line 3 says hash/],
    ["a line taken out", (all: string[]) => [all[0]!, all[2]!], /line 2 follows/],
  ])("%s: it is found and named", async (_, change, sentence) => {
    const folder = await whole();
    const before = lines(folder);
    const after = change(before);
    expect(after).not.toEqual(before);
    written(folder, after);
    expect(() => Notebook.read(folder)).toThrow(sentence);
  });

  test("a prediction whose line was sealed anew no longer fits the seal of the predictions", async () => {
    const folder = await whole();
    const [first] = Notebook.read(folder);
    const predictions = JSON.parse(canonical(first!.fact["predictions"])) as {
      byRival: Record<string, { high: number }[]>;
    };
    predictions.byRival["recovery"]![0]!.high = 2;
    const forged = await opened(async (notebook) => {
      await notebook.append("registered", { ...first!.fact, predictions });
    });
    expect(sealed(Notebook.read(forged)).faults).toMatchObject([expect.stringMatching(/a prediction was changed/)]);
  });
});
