// The two worlds that come with the repository: what they are, and that sampling agrees with their exact truth.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sampler } from "../../src/engines/engine.ts";
import type { Problem } from "../../src/terms/problem.ts";
import type { TruthDocument } from "../../src/terms/truth.ts";
import { stream } from "../../src/maths/random.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { probability } from "../../src/worlds/measures.ts";
import { type OpenWorld, openFolder, openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { truthOf } from "../../src/worlds/truth.ts";
import { tableOf, valueAt } from "../../src/worlds/truth-table.ts";
import { encode } from "../../src/worlds/vocabulary.ts";

const nowhere = join(tmpdir(), "crucis-no-such-cache");
const PLAIN: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 48, stop: [] };
const MOST_BYTES = 3_000_000;

describe.each(["steady-hand", "known-route"])("%s, as shipped", (name) => {
  const world = worldNamed(name);
  let open: OpenWorld;
  let truth: TruthDocument;

  beforeAll(async () => {
    open = openWorld(world, { seed: 1, cache: nowhere });
    truth = await truthOf({ world, seed: 1, policies: open.policies, crucis: "test" });
  });

  test("needs no build, keeps its promises, and is small", () => {
    expect(open.folder.startsWith(SHIPPED)).toBe(true);
    expect(truth.kept).toBe(true);
    expect(open.policies).toHaveLength(5);
    const bytes = readdirSync(open.folder).map((file) => statSync(join(open.folder, file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });

  /** Share of right ones among `count` answers that go on from a prefix. */
  async function sampledSuccess(
    which: number,
    problems: readonly Problem[],
    prefix: string,
    count: number,
    seed: number,
  ) {
    const seeds = stream(seed, "test/shipped");
    const asked = Array.from({ length: count }, (_, i) => problems[i % problems.length]!);
    const answers = await open.policies.at(which)!.engine.sample(
      asked.map(({ prompt }) => ({
        prompt: encode(prompt + prefix),
        seed: seeds.uint32(),
        sampler: { ...PLAIN, maxTokens: world.maxTokens - prefix.length },
      })),
    );
    const right = asked.filter(
      ({ prompt }, i) => world.task.verify(prompt, prefix + answers[i]!.text, world.grading).kind === "right",
    );
    return right.length / count;
  }

  test.each([0, -1])("sampled answers of policy %i are right as often as the truth says", async (which) => {
    const count = 1500;
    for (const steps of [2, 4, 6]) {
      const own = truth.problems.filter(({ problem }) => problem.steps === steps);
      const exact = own.map(({ policies }) => probability(policies.at(which)!.right));
      const mean = exact.reduce((sum, p) => sum + p, 0) / own.length;
      const variance = exact.reduce((sum, p) => sum + p * (1 - p), 0) / own.length / count;
      const problems = own.map(({ problem }) => problem);
      const rate = await sampledSuccess(which, problems, "", count, steps);
      expect(Math.abs(rate - mean)).toBeLessThan(4 * Math.sqrt(variance));
    }
  });

  test("so is what goes on from a prefix, whoever wrote it", async () => {
    const problem = truth.problems.at(-1)!.problem;
    const table = await tableOf(world, problem, open.policies);
    const { text } = table.rows.find(({ accepted }) => accepted.strategy === "stepwise")!.accepted;
    const count = 800;
    for (const cut of [4, 12, 25, text.length - 2]) {
      const exact = probability(valueAt(table, 0, text.slice(0, cut)));
      const rate = await sampledSuccess(0, [problem], text.slice(0, cut), count, cut);
      expect(Math.abs(rate - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / count) + 1e-9);
    }
  });

  test("the unit-weight test: 20,000 own answers through the scoring path have mean weight one", async () => {
    const engine = open.policies.at(-1)!.engine;
    const prompt = encode(truth.problems[0]!.problem.prompt);
    const answers = await engine.sample(
      Array.from({ length: 20_000 }, (_, seed) => ({ prompt, seed, sampler: PLAIN })),
    );
    const scores = await engine.score(
      answers.map(({ tokenIds }) => ({ tokenIds: [...prompt, ...tokenIds], from: prompt.length })),
    );
    let sum = 0;
    let worst = 0;
    answers.forEach(({ rawLogProbs }, i) => {
      const differences = rawLogProbs!.map((logProb, t) => scores[i]!.rawLogProbs[t]! - logProb);
      worst = Math.max(worst, ...differences.map(Math.abs));
      sum += Math.exp(differences.reduce((total, difference) => total + difference, 0));
    });
    expect(worst).toBeLessThan(5e-6);
    expect(Math.abs(sum / answers.length - 1)).toBeLessThan(1e-5);
  });
});

describe("what the two worlds are there to show", () => {
  const longest = async (name: string) => {
    const world = worldNamed(name);
    const { policies } = openWorld(world, { seed: 1, cache: nowhere });
    const truth = await truthOf({ world, seed: 1, policies, crucis: "test" });
    return truth.problems.filter(({ problem }) => problem.steps === 6).map(({ pairs }) => pairs.at(-1)!);
  };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("steadier steps: the missing bits lie over the steps, and execution takes the gain", async () => {
    const pairs = await longest("steady-hand");
    expect(mean(pairs.map(({ effectivePlaces }) => effectivePlaces!))).toBeGreaterThan(3);
    const gain = mean(pairs.map(({ shares }) => shares.plan + shares.execution + shares.answer));
    expect(mean(pairs.map(({ shares }) => shares.execution)) / gain).toBeGreaterThan(0.9);
  });

  test("a known route: they lie in one place, and the plan takes the gain", async () => {
    const pairs = await longest("known-route");
    expect(mean(pairs.map(({ effectivePlaces }) => effectivePlaces!))).toBeLessThan(2);
    const gain = mean(pairs.map(({ shares }) => shares.plan + shares.execution + shares.answer));
    expect(mean(pairs.map(({ shares }) => shares.plan)) / gain).toBeGreaterThan(0.8);
  });
});

describe("a world that was damaged", () => {
  const folder = mkdtempSync(join(tmpdir(), "crucis-damaged-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is refused with both hashes named, and a world that is not built with what to do", () => {
    const world = worldNamed("steady-hand");
    const { folder: whole } = openWorld(world, { seed: 1, cache: nowhere });
    const copy = join(folder, basename(whole));
    cpSync(whole, copy, { recursive: true });
    const file = join(copy, "tuned.safetensors");
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    expect(() => openFolder(world, copy)).toThrow(
      /tuned\.safetensors has the SHA-256 [0-9a-f]{64}, but tuned\.json names [0-9a-f]{64}.*crucis world build steady-hand/,
    );
    expect(() => openWorld(world, { seed: 99, cache: nowhere })).toThrow(
      /run crucis world build steady-hand --seed 99/,
    );
    expect(() => worldNamed("steady-hands")).toThrow(/there is no world "steady-hands"; choose one of steady-hand, /);
  });
});
