import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, test } from "vitest";
import type { Answer, Sampler, Score } from "../../src/engines/engine.ts";
import { replay } from "../../src/engines/replay.ts";
import type { RolloutRecord, ScoreRecord } from "../../src/terms/record.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import { conforms, PLAIN } from "../conformance/engine.ts";
import { worldEngine } from "../support/served-world.ts";

const root = mkdtempSync(join(tmpdir(), "crucis-replay-"));
afterAll(() => rmSync(root, { recursive: true }));

const PROMPTS = ["3+4?", "1*2-5?", "9-9+9*9?", "0?"];
const GREEDY: Sampler = { ...PLAIN, topK: 1 };
const DRAWN = 6;

const SAMPLER = "STRUCT(temperature DOUBLE, topP DOUBLE, topK INTEGER, minP DOUBLE, maxTokens INTEGER, stop VARCHAR[])";
const LISTS = "rawLogProbs: 'FLOAT[]', processedLogProbs: 'FLOAT[]'";
const COLUMNS = {
  rollouts:
    "rollout: 'VARCHAR', policy: 'VARCHAR', problem: 'VARCHAR', index: 'INTEGER', seed: 'BIGINT', variant: 'VARCHAR', engine: 'VARCHAR', " +
    `prefix: 'STRUCT(rollout VARCHAR, tokenIds INTEGER[])', sampler: '${SAMPLER}', text: 'VARCHAR', finish: 'VARCHAR', ` +
    `tokens: 'INTEGER', promptTokenIds: 'INTEGER[]', tokenIds: 'INTEGER[]', ${LISTS}`,
  scores: `rollout: 'VARCHAR', policy: 'VARCHAR', engine: 'VARCHAR', sampler: '${SAMPLER}', ${LISTS}`,
};

/** As a study leaves it: JSON lines turned into Parquet with zstd. */
async function written(
  name: string,
  rollouts: readonly Partial<RolloutRecord>[],
  scores: readonly Partial<ScoreRecord>[] = [],
): Promise<string> {
  const folder = join(root, name);
  const database = await (await DuckDBInstance.create()).connect();
  for (const [part, rows] of Object.entries({ rollouts, scores })) {
    mkdirSync(join(folder, part), { recursive: true });
    const lines = join(folder, `${part}.jsonl`);
    const line = (row: object): string =>
      JSON.stringify(row, (_, value: unknown) => (value === Number.NEGATIVE_INFINITY ? "-Infinity" : value));
    writeFileSync(lines, rows.map((row) => `${line(row)}\n`).join(""));
    const columns = COLUMNS[part as keyof typeof COLUMNS];
    await database.run(
      `COPY (SELECT * FROM read_json('${lines}', format = 'newline_delimited', columns = {${columns}}))
       TO '${folder}/${part}/0001.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  database.closeSync();
  const problems = PROMPTS.map((prompt, i) => `${JSON.stringify({ id: `p${i}`, prompt })}\n`);
  writeFileSync(join(folder, "problems.jsonl"), problems.join(""));
  return folder;
}

const model = worldEngine();
const asks = PROMPTS.flatMap((prompt, i) =>
  Array.from({ length: DRAWN }, (_, index) => ({ prompt, problem: `p${i}`, index, seed: 100 * i + index })),
);
const answers = await model.sample(asks.map(({ prompt, seed }) => ({ prompt, seed, sampler: PLAIN })));
const rollouts = asks.map(
  ({ prompt, problem, index, seed }, i): Partial<RolloutRecord> => ({
    rollout: `paired-sampling/base/${problem}/${index}`,
    policy: "base",
    problem,
    index,
    seed,
    engine: "weights of no meaning",
    sampler: PLAIN,
    tokens: answers[i]!.tokenIds.length,
    promptTokenIds: encode(prompt),
    ...answers[i],
  }),
);
const scores = await Promise.all(
  [PLAIN, GREEDY].map(async (sampler) => {
    const texts = rollouts.map(({ promptTokenIds, tokenIds }) => ({
      tokenIds: [...promptTokenIds!, ...tokenIds!],
      from: promptTokenIds!.length,
      sampler,
    }));
    return (await model.score(texts)).map((score, i) => ({
      rollout: rollouts[i]!.rollout!,
      policy: "base",
      sampler,
      ...score,
    }));
  }),
);
const whole = await written("whole", rollouts, scores.flat());
const declared = { name: "base", engine: "replay" };
const open = (path: string) => replay.open({ ...declared, path });

conforms({
  kind: replay,
  open: () => open(whole),
  prompts: PROMPTS,
  cannot: { seeds: "it draws nothing", fresh: "it draws nothing" },
});

describe("replay of a study's folder", () => {
  test("gives each stored answer once, in order of index where no seed is known", async () => {
    const engine = await open(whole);
    const asked = Array.from({ length: DRAWN + 1 }, () => ({ prompt: encode("0?"), sampler: PLAIN, seed: 7 }));
    const given = await engine.sample(asked);
    const kept = answers.slice(-DRAWN).map(({ text, tokenIds }) => ({ text, tokenIds }));
    expect(given.slice(0, DRAWN)).toMatchObject(kept);
    expect(given.at(-1)).toMatchObject({
      fault: "cannot",
      message: expect.stringContaining(`of the ${DRAWN} answers`),
    });
  });

  test("gives a rollout to the seed that drew it, whatever the order; numbers as they were kept, in float32", async () => {
    const engine = await open(whole);
    const given = await engine.sample(
      asks.toReversed().map(({ prompt, seed }) => ({ prompt: encode(prompt), seed, sampler: PLAIN })),
    );
    for (const [i, answer] of (given.toReversed() as Answer[]).entries()) {
      expect(answer.tokenIds).toEqual(answers[i]!.tokenIds);
      expect(answer.rawLogProbs).toEqual(answers[i]!.rawLogProbs!.map(Math.fround));
    }
  });

  test("refuses a sampler that nobody drew with, a prompt that nobody asked, and tokens that nobody scored", async () => {
    const engine = await open(whole);
    const request = { prompt: encode("0?"), sampler: PLAIN, seed: 7 };
    const [warm, foreign] = await engine.sample([
      { ...request, sampler: { ...PLAIN, temperature: 0.7 } },
      { ...request, prompt: encode("8?") },
    ]);
    expect(warm).toMatchObject({
      fault: "cannot",
      message: expect.stringContaining("none is left that was drawn with"),
    });
    expect(foreign).toMatchObject({ fault: "cannot", message: expect.stringContaining("never asked") });
    const [score] = await engine.score([{ tokenIds: encode("8?9."), from: 2 }]);
    expect(score).toMatchObject({ fault: "cannot", message: expect.stringContaining("never scored from token 2 on") });
    await expect(engine.encode("8?")).rejects.toMatchObject({ fault: "cannot" });
  });

  test("tells the sampler's own scores only for the sampler that they were told for", async () => {
    const engine = await open(whole);
    const { promptTokenIds, tokenIds } = rollouts[0]!;
    const text = { tokenIds: [...promptTokenIds!, ...tokenIds!], from: promptTokenIds!.length };
    const [cold, plain] = await engine.score([
      { ...text, sampler: { ...PLAIN, temperature: 0.7 } },
      { ...text, sampler: PLAIN },
    ]);
    expect((cold as Score).processedLogProbs).toBeUndefined();
    expect((plain as Score).processedLogProbs).toEqual((plain as Score).rawLogProbs);
  });

  test("continues a prefix with what continued it, the text from where it went on", async () => {
    const [first] = rollouts;
    const prefix = { rollout: first!.rollout!, tokenIds: first!.tokenIds!.slice(0, 2) };
    const text = `${first!.text!.slice(0, 2)}7.`;
    const next = {
      ...first!,
      rollout: "handoff/0/x",
      index: 0,
      seed: 9,
      prefix,
      text,
      tokenIds: encode("7."),
      tokens: 2,
      rawLogProbs: [-1, -2],
      processedLogProbs: [-1, -2],
    };
    const engine = await open(await written("prefixed", [...rollouts, next]));
    const prompt = [...first!.promptTokenIds!, ...prefix.tokenIds];
    const sampler = { ...PLAIN, maxTokens: PLAIN.maxTokens - 2 };
    const [answer] = await engine.sample([{ prompt, sampler, seed: 9 }]);
    expect(answer).toMatchObject({ text: "7.", tokenIds: encode("7."), rawLogProbs: [-1, -2] });
    expect(await engine.decode([...prefix.tokenIds, ...encode("7.")])).toBe(text);
  });

  test("leaves out answers that never came, and other policies' answers", async () => {
    const { text: _, tokenIds: _1, finish: _2, ...failed } = rollouts[0]!;
    const other = { ...rollouts[1]!, policy: "tuned", text: "not base's" };
    const engine = await open(await written("mixed", [failed, other, ...rollouts.slice(2, 4)]));
    const asked = Array.from({ length: 3 }, (_3, seed) => ({ prompt: encode("3+4?"), sampler: PLAIN, seed }));
    const texts = (await engine.sample(asked)).map((one) => ("text" in one ? one.text : one.fault));
    expect(texts).toEqual([rollouts[2]!.text, rollouts[3]!.text, "cannot"]);
    expect((await engine.capabilities()).fingerprint).toContain(
      "replay of 2 rollouts: base of mixed, drawn by weights",
    );
  });

  test("refuses a folder that is not finished, lacks the prompts, or holds nothing of the policy", async () => {
    const folder = await written("unfinished", rollouts);
    mkdirSync(join(folder, "segments"));
    writeFileSync(join(folder, "segments/0001.jsonl"), "");
    await expect(open(folder)).rejects.toThrow("holds answers that are not yet in rollouts/*.parquet");
    const bare = await written("bare", rollouts);
    await expect(replay.open({ ...declared, path: bare, model: "step-7" })).rejects.toThrow(
      "no answer of a policy step-7",
    );
    writeFileSync(join(bare, "rollouts/0002.parquet"), "PAR1");
    await expect(open(bare)).rejects.toThrow("0002.parquet cannot be read as Parquet");
    rmSync(join(bare, "problems.jsonl"));
    await expect(open(bare)).rejects.toThrow("has no problems.jsonl");
    await expect(open(join(root, "nowhere"))).rejects.toThrow("where there is nothing");
  });
});

test("a bare answer is replayed behind the prompt it was begun in, without what it was begun with", async () => {
  const prompt = PROMPTS[0]!;
  const [bare] = await model.sample([{ prompt: `${prompt}#`, seed: 5, sampler: PLAIN }]);
  const row: Partial<RolloutRecord> = {
    rollout: "guess-control/0/bare/base/p0/0",
    policy: "base",
    problem: "p0",
    index: 0,
    seed: 5,
    variant: "bare",
    engine: "weights of no meaning",
    sampler: PLAIN,
    tokens: bare!.tokenIds.length,
    promptTokenIds: encode(`${prompt}#`),
    ...bare!,
    text: `#${bare!.text}`,
  };
  const folder = await written("put-otherwise", [...rollouts, row]);
  const put = { policy: "base", problem: "p0", variant: "bare", prompt: `${prompt}#`, opening: "#" };
  writeFileSync(join(folder, "prompts.jsonl"), `${JSON.stringify(put)}\n`);
  const engine = await open(folder);
  expect(await engine.encode(`${prompt}#`)).toEqual(encode(`${prompt}#`));
  const [again] = await engine.sample([{ prompt: encode(`${prompt}#`), seed: 5, sampler: PLAIN }]);
  expect(again).toMatchObject({ text: bare!.text, tokenIds: bare!.tokenIds });
});

describe("replay of a file of rollouts", () => {
  const lines = (name: string, rows: readonly object[]): string => {
    const path = join(root, name);
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return path;
  };
  const row = { prompt: "3+4?", response: "3+4=7;#7.", finish_reason: "stop" };

  test("without token ids takes and gives text, and says what it lacks", async () => {
    const engine = await open(lines("texts.jsonl", [row, { ...row, response: "#8.", finish_reason: "length" }]));
    const asked = { prompt: "3+4?", sampler: PLAIN, seed: 0 };
    expect(await engine.sample([asked, asked])).toEqual([
      { text: "3+4=7;#7.", finish: "stop" },
      { text: "#8.", finish: "length" },
    ]);
    expect(await engine.capabilities()).toMatchObject({ tokenIds: false, scores: false, rawLogProbs: false });
    await expect(engine.encode("3+4?")).rejects.toMatchObject({ fault: "cannot" });
  });

  test("with token ids gives them, and their log-probabilities as the sampler's", async () => {
    const ids = { prompt_token_ids: encode("3+4?"), token_ids: [7, 17], logprobs: [-0.5, -0.25] };
    const engine = await open(lines("ids.jsonl", [{ ...row, ...ids }]));
    const prompt = await engine.encode("3+4?");
    expect(await engine.sample([{ prompt, sampler: PLAIN, seed: 0 }])).toEqual([
      { text: "3+4=7;#7.", finish: "stop", tokens: 2, tokenIds: [7, 17], processedLogProbs: [-0.5, -0.25] },
    ]);
  });

  test.each([
    [{ prompt: "3+4?" }, "line 2: text is not a text: nothing"],
    [{ ...row, finish_reason: "gave up" }, "finish_reason is none of length, max_tokens"],
    [{ ...row, token_ids: [1.5] }, "token_ids holds what is none: [1.5]"],
    [{ ...row, token_ids: [1, 2], logprobs: [-1] }, "logprobs has 1 entries for 2 tokens: [-1]"],
    [{ ...row, token_ids: "12" }, 'token_ids is not a list: "12"'],
  ])("names file, line and field of what it cannot use: %o", async (bad, said) => {
    await expect(open(lines("bad.jsonl", [row, bad]))).rejects.toThrow(said);
  });

  test("with a null among the log-probabilities, none are told", async () => {
    const engine = await open(lines("null.jsonl", [{ ...row, token_ids: [1, 2], logprobs: [-1, null] }]));
    const [answer] = await engine.sample([{ prompt: "3+4?", sampler: PLAIN, seed: 0 }]);
    expect(answer).not.toHaveProperty("processedLogProbs");
  });
});
