// Bad servers in a whole study: every request has one outcome, it is kept as what it is, and the report counts it.
import { expect, test, vi } from "vitest";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { renderText } from "../../src/report/text.ts";
import { benchOf } from "../../src/study/bench.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { closePolicies, KINDS, openPolicies } from "../../src/study/policies.ts";
import { run } from "../../src/study/run.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import { emptyFolder } from "../evidence/records.ts";
import { type Act, badServer, type Bend, type GoodChoice } from "../support/bad-server.ts";

/** Waits between tries are made short; how long they are is tested by itself. */
vi.mock(import("../../src/engines/http/retry.ts"), async (real) => ({ ...(await real()), backoff: () => 0.001 }));

const choice =
  (bend: (one: GoodChoice) => unknown): Bend =>
  (reply) => ({ ...reply, choices: [bend(reply.choices[0])] });
const logProbs = (list: unknown): Bend =>
  choice((one) => ({ ...one, logprobs: { ...one.logprobs, token_logprobs: list } }));
const HTML = { status: 502, text: "<html><title>502 Bad Gateway</title></html>" };

const FOR_EVER = 200;

/** What befalls a problem's first request (or all its tries), and what its record then says; undefined: as if nothing had been. */
const FATES: readonly [string, readonly Act[], RegExp | undefined][] = [
  ["a 429 with Retry-After", [{ status: 429, text: "", headers: { "retry-after": "0" } }], undefined],
  ["a 429 without", [{ status: 429, text: "" }], undefined],
  ["a 500", [{ status: 500, text: "" }], undefined],
  ["a page with 502", [HTML], undefined],
  ["502 for ever", Array.from({ length: FOR_EVER }, (): Act => HTML), /answered 502/],
  ["a page with 200", [{ status: 200, text: "<html>" }], /no JSON/],
  ["half a JSON", [{ status: 200, text: '{"id":' }], undefined],
  ["a reset in mid-body", [{ reset: '{"id":"cmpl-x","choices":[]}' }], undefined],
  ["a hang", ["hang"], undefined],
  ["a hang for ever", Array.from({ length: FOR_EVER }, (): Act => "hang"), /did not answer within 1 s/],
  ["an empty choice list", [(reply) => ({ ...reply, choices: [] })], /0 choices where one was asked/],
  ["log-probabilities that are null", [logProbs(null)], undefined],
  ["a log-probability that is NaN", [(reply) => JSON.stringify(reply).replace("-0.5", "NaN")], /NaN/],
  ["a log-probability of −inf", [(reply) => JSON.stringify(reply).replace("-0.5", "-Infinity")], undefined],
  ["log-probabilities of the wrong length", [logProbs([-0.5])], /1 token_logprobs for 3 tokens/],
  ["a token of no vocabulary", [choice((one) => ({ ...one, token_ids: [1, 2, 2 ** 40] }))], /1099511627776/],
  ["the wrong model", [(reply) => ({ ...reply, model: "other" })], /was asked, and "other" answered/],
  ["an id that came before", [(reply) => ({ ...reply, id: "cmpl-0" })], /to two requests/],
];

test("whatever a server does, each rollout is kept once, as what it is, and the report counts it", async () => {
  const server = await badServer();
  const problems = FATES.map(([, acts], i) => {
    const letter = String.fromCodePoint(0x4e00 + i);
    server.acts.set(letter.codePointAt(0)!, [...acts]);
    return { id: `q${i}`, prompt: `${letter}?` };
  });
  const study = checkStudy(
    {
      title: "A bad server",
      policies: ["base", "step-100"].map((name) => ({
        name,
        engine: "vllm",
        url: `${server.url}/v1`,
        model: name,
        deadlineSeconds: 1,
      })),
      sampler: { temperature: 1, maxTokens: 12 },
      tasks: [{ name: "own", version: "1", problems, verify: () => ({ kind: "right" }) as const }],
      rollouts: 2,
      // A task that names no strategies has the census hand beginnings over: here the paired rollouts alone are looked at.
      experiments: [],
      chunk: 1,
      registration: { studies: 0 },
    },
    "study.ts",
    KINDS,
  );
  const folder = emptyFolder();
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const policies = await openPolicies(study);
  const { document, exhibits } = await run({
    study,
    policies,
    store,
    notebook,
    bench: benchOf(study, () => ""),
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  await closePolicies(policies);

  const records: RolloutRecord[] = [];
  for await (const record of store.rollouts()) records.push(record);
  expect(new Set(records.map(({ rollout }) => rollout)).size).toBe(FATES.length * 2 * 2);
  expect(records.length).toBe(FATES.length * 2 * 2);
  expect((await verified(store)).faults).toEqual([]);
  await store.close();
  await notebook.close();

  const failed = FATES.map(([fate, acts, says], i) => {
    const own = records.filter(({ problem }) => problem === `q${i}`);
    const lost = own.filter(({ verdict }) => verdict === "ungradable");
    expect([fate, lost.map(({ why, detail }) => [why, says?.test(detail!)])]).toEqual([
      fate,
      says === undefined ? [] : Array.from({ length: acts.length === FOR_EVER ? 4 : 1 }, () => ["engine error", true]),
    ]);
    expect(own.filter(({ verdict }) => verdict === "right").length).toBe(4 - lost.length);
    // What was not told is absent, and a probability of zero is one.
    const listed = own.flatMap(({ rawLogProbs }) => (rawLogProbs === undefined ? [] : [rawLogProbs]));
    expect(listed.length).toBe(4 - lost.length - (fate === "log-probabilities that are null" ? 1 : 0));
    return lost.length;
  }).reduce((sum, count) => sum + count, 0);
  const { ungradable } = document.computedFrom;
  expect(Object.values(ungradable).reduce((sum, count) => sum + count, 0)).toBe(failed);
  expect(renderText(document, exhibits)).toContain(`engine error ${ungradable["base"]}) of base`);
});
