// A judge in a whole study over HTTP: planted ways and planted mistakes, stopped half-way and gone on with.
import { describe, expect, test } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { stream } from "../../src/maths/random.ts";
import { renderText } from "../../src/report/text.ts";
import { benchOf } from "../../src/study/bench.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { closePolicies, KINDS, openPolicies } from "../../src/study/policies.ts";
import { run, type RunEvent } from "../../src/study/run.ts";
import { Findings, type Finding } from "../../src/terms/finding.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Study } from "../../src/terms/study.ts";
import { emptyFolder } from "../evidence/records.ts";
import { type FakeServer, fakeServer, NOT_FOUND } from "../support/fake-server.ts";

/** Shares of adding, and how often each way is right. */
const ADDS: Readonly<Record<string, number>> = { base: 0.3, tuned: 0.7 };
const RIGHT = { adding: 0.8, doubling: 0.2 };
/** Chances that the judge says adding, and that it says nothing readable: worse on work that is wrong. */
const SAYS = {
  right: { adding: [0.95, 0.05], doubling: [0.3, 0.05] },
  wrong: { adding: [0.85, 0.15], doubling: [0.35, 0.05] },
} as const;

type Way = keyof typeof RIGHT;

function attempt(adds: number, seed: number): { text: string; way: Way; right: boolean } {
  const random = stream(seed, "attempt");
  const way = random.uniform() < adds ? "adding" : "doubling";
  const right = random.uniform() < RIGHT[way];
  const work = way === "adding" ? "one more and one more" : "twice as many";
  return { text: `${work} gives ${right ? "7" : "8"}, says draw ${seed % 1000}`, way, right };
}

function label(prompt: string, seed: number): string {
  const text = /<attempt>\n([^]*)\n<\/attempt>/.exec(prompt)![1]!;
  const way = text.includes("one more") ? "adding" : "doubling";
  const [adding, none] = SAYS[text.includes("gives 7") ? "right" : "wrong"][way];
  const u = stream(seed, "label").uniform();
  if (u < none) return "Hard to say: adding or doubling.";
  return (u - none) / (1 - none) < adding ? "I see no doubling.\n**Adding**." : " doubling\n\nThe next attempt: adding";
}

interface Body {
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
}

const server = (): Promise<FakeServer> =>
  fakeServer(({ path, body }) => {
    if (path === "/v1/models")
      return { json: { data: ["base", "tuned", "judge-x"].map((id) => ({ id, owned_by: "x" })) } };
    if (path !== "/v1/completions") return NOT_FOUND;
    const { model, prompt, seed } = body as Body;
    const asked = prompt === "1" ? "" : model in ADDS ? attempt(ADDS[model]!, seed).text : label(prompt, seed);
    return {
      json: { model, usage: { completion_tokens: 1 }, choices: [{ text: asked, finish_reason: "stop" }] },
    };
  });

/** Two hundred of each way by hand, half of them right. */
const EXAMPLES = (["adding", "doubling"] as const)
  .flatMap((way) =>
    [true, false].flatMap((right) => {
      const found = Array.from({ length: 8000 }, (_, i) => attempt(0.5, 5_000_000 + 7 * i)).filter(
        (one) => one.way === way && one.right === right,
      );
      const texts = [...new Set(found.map(({ text }) => text))].slice(0, 100);
      return texts.map((text) => JSON.stringify({ text, strategy: way, right, problem: "p1" }));
    }),
  )
  .join("\n");

function studyOn(url: string, more: { readonly looks?: number } = {}) {
  const at = { engine: "openai", url: `${url}/v1` };
  return checkStudy(
    {
      title: "Two ways",
      policies: ["base", "tuned"].map((name) => ({ ...at, name, model: name })),
      sampler: { maxTokens: 40 },
      tasks: [
        {
          name: "own",
          version: "1",
          problems: Array.from({ length: 30 }, (_, i) => ({ id: `p${i}`, prompt: `What is ${i}?` })),
          verify: (_: string, text: string) => ({ kind: text.includes("gives 7") ? "right" : "wrong" }) as const,
        },
      ],
      ...more,
      rollouts: 16,
      experiments: ["strategy-census"],
      judge: {
        ...at,
        model: "judge-x",
        strategies: [
          { name: "adding", what: "goes on one by one" },
          { name: "doubling", what: "takes twice as many" },
        ],
        examples: "labelled.jsonl",
        rollouts: 12,
      },
      registration: { studies: 0 },
    },
    "study.ts",
    KINDS,
  );
}

async function runIn(folder: string, study: Study, stopAt?: (event: RunEvent) => boolean) {
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const policies = await openPolicies(study);
  const stopping = new AbortController();
  try {
    const explained = await run({
      study,
      bench: benchOf(study, () => EXAMPLES),
      policies,
      store,
      notebook,
      signal: stopping.signal,
      onEvent: (event) => {
        if (stopAt?.(event) === true) stopping.abort(new Error("stopped"));
      },
    }).catch((error: Error) => error);
    const labels: RolloutRecord[] = [];
    for await (const record of store.rollouts()) if (record.policy === "judge") labels.push(record);
    return { explained, labels, faults: (await verified(store)).faults };
  } finally {
    await closePolicies(policies);
    await store.close();
    await notebook.close();
  }
}

describe("a study with a judge", () => {
  test("asks for every label once, also over a stop, and tells shares and success as they were planted", async () => {
    const fake = await server();
    const folder = emptyFolder();
    const study = studyOn(fake.url);
    const judged = (): Body[] =>
      fake.asked.map(({ body }) => body as Body).filter((body) => body?.model === "judge-x" && body.prompt !== "1");
    let chunks = 0;
    // Examples are thirteen chunks; so it is stopped within the rollouts.
    const first = await runIn(
      folder,
      study,
      (event) => event.kind === "kept" && event.policy === "judge" && ++chunks === 17,
    );
    expect(first.explained).toBeInstanceOf(Error);
    expect(first.labels.length).toBeGreaterThanOrEqual(400 + 4 * 32);
    const before = judged().length;
    const second = await runIn(folder, study);
    if (second.explained instanceof Error) throw second.explained;
    const kept = new Set(first.labels.map(({ seed }) => seed));
    expect(
      judged()
        .slice(before)
        .filter(({ seed }) => kept.has(seed)),
    ).toEqual([]);
    const labelled = 400 + 2 * 30 * 12;
    expect(second.labels).toHaveLength(labelled);
    expect(new Set(second.labels.map(({ rollout }) => rollout)).size).toBe(labelled);
    // A label is no attempt, right or wrong, and the attempt is not kept a second time.
    expect(new Set(second.labels.map(({ verdict, why }) => `${verdict} ${why}`))).toEqual(
      new Set(["ungradable no verdict"]),
    );
    expect(second.faults).toEqual([]);
    const { prompt } = judged().at(-1)!;
    expect(prompt).toContain("- adding: goes on one by one");
    expect(prompt).toMatch(/<problem>\nWhat is \d+\?\n<\/problem>/);
    expect(prompt).not.toMatch(/base|tuned/);

    const { document, exhibits } = second.explained;
    expect(document.computedFrom.rollouts).toEqual({ base: 480, tuned: 480 });
    expect(Object.values(document.computedFrom.ungradable)).toEqual([0, 0]);
    const found = new Findings(document.findings as readonly Finding[]);
    for (const [policy, share] of Object.entries(ADDS)) {
      const drawn = found.measured(`strategy/adding/share/${policy}`)!;
      expect(drawn.low).toBeLessThan(share);
      expect(drawn.high).toBeGreaterThan(share);
      for (const way of ["adding", "doubling"] as const) {
        const success = found.measured(`strategy/${way}/success/${policy}`)!;
        expect(success.low).toBeLessThan(RIGHT[way]);
        expect(success.high).toBeGreaterThan(RIGHT[way]);
      }
    }
    // As labelled, the base adds far more often than it does.
    const texts = second.labels.filter(
      ({ rollout, text }) => /paired-sampling\/base/.test(rollout) && text!.includes("**Adding"),
    );
    expect(texts.length / 360).toBeGreaterThan(found.measured("strategy/adding/share/base")!.high!);
    expect(found.measured("judge/accuracy")!.value).toBeGreaterThan(0.6);
    expect(found.measured("judge/unreadable/base")!.value).toBeCloseTo(0.1, 1);
    expect(renderText(document, exhibits)).toMatch(/adding\s+base\s+0?\.?\d/);

    const asked = fake.asked.length;
    const third = await runIn(folder, study);
    if (third.explained instanceof Error) throw third.explained;
    expect(third.explained.document.findings).toEqual(document.findings);
    // Each of three engines asks what server it has before it.
    expect(fake.asked.slice(asked).filter(({ body }) => body !== undefined && (body as Body).prompt !== "1")).toEqual(
      [],
    );
  });

  test("that is judged on the way asks for examples once, and has them at every look", async () => {
    const fake = await server();
    const { explained, labels } = await runIn(emptyFolder(), studyOn(fake.url, { looks: 2 }));
    if (explained instanceof Error) throw explained;
    expect(labels).toHaveLength(400 + 2 * 30 * 12);
    const found = new Findings(explained.document.findings as readonly Finding[]);
    const { low, high } = found.measured("strategy/adding/share/tuned")!;
    expect(low).toBeLessThan(0.7);
    expect(high).toBeGreaterThan(0.7);
  });
});
