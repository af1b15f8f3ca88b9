// What every engine must keep, whoever answers. What an engine cannot do is said with a reason, and then must be refused by name.
import { describe, expect, onTestFinished, test } from "vitest";
import { ENGINES } from "../../src/engines/all.ts";
import type { Engine, EngineKind, SampleRequest, Sampler } from "../../src/engines/engine.ts";
import { EngineError, StudyError } from "../../src/terms/errors.ts";

export const PLAIN: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 12, stop: [] };

/** What an engine says of itself. */
type Told = "tokenIds" | "scores" | "rawLogProbs" | "processedLogProbs" | "seeds";
const TOLD: readonly Told[] = ["tokenIds", "scores", "rawLogProbs", "processedLogProbs", "seeds"];

export interface Conforming {
  readonly kind: EngineKind;
  /** A new one for each test, over the same model. */
  readonly open: () => Promise<Engine>;
  /** Three or more texts, all different, that it answers with several tokens; a prefix of several is none of them. */
  readonly prompts: readonly string[];
  /** Why it cannot; what is not here it must be able to. `fresh`: answers to any sampler, seed and prompt, as often as asked. */
  readonly cannot?: Partial<Record<Told | "fresh", string>>;
  /** Where the kind is listed, if not in engines/all.ts. */
  readonly listed?: readonly EngineKind[];
  /** Nats between a token's log-probability when it was drawn and when it is scored. */
  readonly within?: number;
}

type Skip = (condition: boolean, note?: string) => void;

export function conforms({ kind, open, prompts, cannot = {}, listed = ENGINES, within = 1e-4 }: Conforming): void {
  const needing = (skip: Skip, ...needed: (Told | "fresh")[]): void => {
    const missing = needed.find((one) => cannot[one] !== undefined);
    skip(missing !== undefined, missing && `${missing}: ${cannot[missing]}`);
  };
  const opened = async (): Promise<Engine> => {
    const engine = await open();
    onTestFinished(() => engine.close?.());
    return engine;
  };
  /** Text where the engine takes no token ids. */
  const asPrompt = async (engine: Engine, text: string) => (cannot.tokenIds === undefined ? engine.encode(text) : text);
  const asking = async (engine: Engine, sampler: Partial<Sampler> = {}): Promise<SampleRequest[]> =>
    Promise.all(
      prompts.map(async (text, i) => ({
        prompt: await asPrompt(engine, text),
        sampler: { ...PLAIN, ...sampler },
        seed: 7 + i,
      })),
    );
  const answered = <T>(answers: readonly (T | EngineError)[]): T[] =>
    answers.map((one) => {
      if (one instanceof EngineError) throw one;
      return one;
    });
  const sampled = async (engine: Engine, requests: readonly SampleRequest[]) => answered(await engine.sample(requests));
  /** Prompt and own answer of each prompt. */
  const drawn = async (engine: Engine) => {
    const requests = await asking(engine);
    return (await sampled(engine, requests)).map((answer, i) => {
      const prompt = requests[i]!.prompt as readonly number[];
      return { answer, tokenIds: [...prompt, ...answer.tokenIds!], from: prompt.length };
    });
  };

  describe(`${kind.kind} keeps the engines' contract`, () => {
    test("its kind is listed once, and says in a noun phrase what it is", () => {
      expect(listed.filter((one) => one.kind === kind.kind)).toEqual([kind]);
      expect(kind.what).toMatch(/^\S.*[^.]$/);
    });

    test("it says what it can: the same each time, and what it lacks with what that forbids", async () => {
      const engine = await opened();
      const capabilities = await engine.capabilities();
      expect(await engine.capabilities()).toEqual(capabilities);
      expect(await (await opened()).capabilities()).toEqual(capabilities);
      const { server, fingerprint, lacks } = capabilities;
      expect([server, fingerprint].every((one) => one.trim() !== "")).toBe(true);
      expect(TOLD.filter((one) => !capabilities[one])).toEqual(TOLD.filter((one) => cannot[one] !== undefined));
      for (const lack of lacks) expect(lack).toMatch(/^\S.*: \S.*[^.]$/s);
      expect(lacks.length > 0).toBe(TOLD.some((one) => !capabilities[one]));
    });

    test("text becomes the same token ids each time, and they become the text again", async ({ skip }) => {
      needing(skip, "tokenIds");
      const engine = await opened();
      for (const text of prompts) {
        const ids = await engine.encode(text);
        expect(ids.length).toBeGreaterThan(0);
        expect(await engine.encode(text)).toEqual(ids);
        expect(await engine.decode(ids)).toContain(text);
      }
    });

    test("nothing asked is nothing answered", async () => {
      const engine = await opened();
      expect(await engine.sample([])).toEqual([]);
      expect(await engine.score([])).toEqual([]);
    });

    test("each answer has a text, a way it ended, and no more tokens than were asked for", async () => {
      const engine = await opened();
      const answers = await sampled(engine, await asking(engine));
      expect(answers).toHaveLength(prompts.length);
      for (const { text, finish, tokens, tokenIds } of answers) {
        expect(["stop", "length"]).toContain(finish);
        expect(typeof text).toBe("string");
        expect(tokenIds === undefined).toBe(cannot.tokenIds !== undefined);
        const counts = [tokens, tokenIds?.length].filter((one) => one !== undefined);
        expect(new Set(counts).size).toBeLessThanOrEqual(1);
        expect(counts.every((one) => one >= 1 && one <= PLAIN.maxTokens)).toBe(true);
      }
    });

    test("the token ids of an answer are its text, and whole numbers", async ({ skip }) => {
      needing(skip, "tokenIds");
      const engine = await opened();
      for (const { text, tokenIds } of await sampled(engine, await asking(engine))) {
        expect(tokenIds!.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
        expect((await engine.decode(tokenIds!)).startsWith(text)).toBe(true);
      }
    });

    test("each token has its log-probability, or none has", async ({ skip }) => {
      needing(skip, "rawLogProbs", "tokenIds");
      const engine = await opened();
      for (const { tokenIds, rawLogProbs, processedLogProbs } of await sampled(engine, await asking(engine))) {
        expect(rawLogProbs).toHaveLength(tokenIds!.length);
        expect(processedLogProbs?.length ?? tokenIds!.length).toBe(tokenIds!.length);
        expect([...rawLogProbs!, ...(processedLogProbs ?? [])].every((one) => one <= 1e-6)).toBe(true);
      }
    });

    test("answers stand in the order of their requests", async ({ skip }) => {
      needing(skip, "fresh", "seeds");
      const engine = await opened();
      const requests = await asking(engine);
      const many = Array.from({ length: 60 }, (_, i) => ({ ...requests[i % requests.length]!, seed: 100 + i }));
      const together = await sampled(engine, many);
      for (const i of [0, 1, 31, 59]) expect(await sampled(engine, [many[i]!])).toEqual([together[i]]);
      expect(await sampled(engine, many.toReversed())).toEqual(together.toReversed());
    });

    test("different seeds give different answers", async ({ skip }) => {
      needing(skip, "fresh");
      const engine = await opened();
      const [request] = await asking(engine);
      const answers = await sampled(
        engine,
        Array.from({ length: 8 }, (_, seed) => ({ ...request!, seed })),
      );
      expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
    });

    test("an answer ends after maxTokens", async ({ skip }) => {
      needing(skip, "fresh");
      const engine = await opened();
      for (const { finish, tokens, tokenIds } of await sampled(engine, await asking(engine, { maxTokens: 1 }))) {
        expect(tokenIds?.length ?? tokens ?? 1).toBe(1);
        expect(["stop", "length"]).toContain(finish);
      }
    });

    test("an answer ends with the first stop string in it, the string included", async ({ skip }) => {
      needing(skip, "fresh");
      const engine = await opened();
      const whole = await sampled(engine, await asking(engine));
      const { text } = whole.find((one) => one.text.length >= 3)!;
      const stop = text.slice(1, 3);
      const answers = await sampled(engine, await asking(engine, { stop: ["never in an answer", stop] }));
      for (const answer of answers) expect([-1, answer.text.length - stop.length]).toContain(answer.text.indexOf(stop));
      expect(cannot.seeds !== undefined || answers.some((one) => one.text.endsWith(stop))).toBe(true);
    });

    test("one token is left by topK 1, whatever the seed", async ({ skip }) => {
      needing(skip, "fresh");
      const engine = await opened();
      const [request] = await asking(engine, { topK: 1, maxTokens: 4 });
      const answers = await sampled(
        engine,
        Array.from({ length: 8 }, (_, seed) => ({ ...request!, seed })),
      );
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    });

    test("a prefix is continued", async ({ skip }) => {
      needing(skip, "fresh", "tokenIds");
      const engine = await opened();
      const continued = (await drawn(engine)).map(({ answer, tokenIds, from }) => ({
        prompt: tokenIds.slice(0, from + Math.ceil(answer.tokenIds!.length / 2)),
        sampler: PLAIN,
        seed: 3,
      }));
      for (const { tokenIds } of await sampled(engine, continued)) expect(tokenIds!.length).toBeGreaterThan(0);
    });

    test("its own answers score as they were drawn, from wherever one begins", async ({ skip }) => {
      needing(skip, "scores", "rawLogProbs");
      const engine = await opened();
      const own = await drawn(engine);
      const scores = answered(await engine.score(own));
      const later = answered(await engine.score(own.map(({ tokenIds, from }) => ({ tokenIds, from: from + 1 }))));
      for (const [i, { answer }] of own.entries()) {
        const { rawLogProbs } = scores[i]!;
        expect(rawLogProbs).toHaveLength(answer.tokenIds!.length);
        for (const [t, logProb] of rawLogProbs.entries())
          expect(Math.abs(logProb - answer.rawLogProbs![t]!)).toBeLessThan(within);
        expect(later[i]!.rawLogProbs).toEqual(rawLogProbs.slice(1));
      }
    });

    test("where ranks are told there is one a token, from 1, and where all is told likelier tokens rank first", async ({
      skip,
    }) => {
      needing(skip, "scores");
      const engine = await opened();
      const scores = answered(await engine.score(await drawn(engine)));
      const told = scores.filter(({ ranks }) => ranks !== undefined);
      expect([0, scores.length]).toContain(told.length);
      for (const { rawLogProbs, ranks } of told) {
        expect(ranks!.length).toBe(rawLogProbs.length);
        for (const [t, rank] of ranks!.entries()) {
          expect(Number.isSafeInteger(rank) && rank >= 1).toBe(true);
          // Of r tokens that are at least as likely as this one, none can have more than 1/r in the mean: p ≤ 1/rank.
          expect(rawLogProbs[t]!).toBeLessThanOrEqual(-Math.log(rank) + within);
        }
      }
    });

    test("scores do not depend on what is asked before", async ({ skip }) => {
      needing(skip, "scores");
      const engine = await opened();
      const own = await drawn(engine);
      const scores = answered(await engine.score(own));
      expect(answered(await engine.score(own.toReversed()))).toEqual(scores.toReversed());
    });

    test("where nothing is cut, the sampler's own density is the model's", async ({ skip }) => {
      needing(skip, "scores");
      const engine = await opened();
      const own = (await drawn(engine)).map((one) => ({ ...one, sampler: PLAIN }));
      const both = answered(await engine.score(own));
      expect(cannot.processedLogProbs !== undefined || both.every((one) => one.processedLogProbs !== undefined)).toBe(
        true,
      );
      for (const { rawLogProbs, processedLogProbs } of both.filter((one) => one.processedLogProbs !== undefined))
        for (const [t, logProb] of processedLogProbs!.entries())
          expect(Math.abs(logProb - rawLogProbs[t]!)).toBeLessThan(within);
    });

    test("a token that the sampler cuts off has −∞ where the sampler's density is told", async ({ skip }) => {
      needing(skip, "scores", "processedLogProbs");
      const engine = await opened();
      const greedy = (await drawn(engine)).map((one) => ({ ...one, sampler: { ...PLAIN, topK: 1 } }));
      const told = answered(await engine.score(greedy)).flatMap((one) => one.processedLogProbs!);
      expect(told.every((one) => one === Number.NEGATIVE_INFINITY || Math.abs(one) < within)).toBe(true);
      expect(told).toContain(Number.NEGATIVE_INFINITY);
    });

    test("what makes no sense is a StudyError", async () => {
      const engine = await opened();
      const [request] = await asking(engine);
      const samplers = [{ temperature: 0 }, { topP: 0 }, { topP: 1.5 }, { topK: -1 }, { minP: 2 }, { maxTokens: 0 }];
      const wrong = [
        ...samplers.map((sampler) => ({ ...request!, sampler: { ...PLAIN, ...sampler } })),
        { ...request!, seed: -1 },
        { ...request!, prompt: [] },
      ];
      for (const one of wrong) await expect(engine.sample([one])).rejects.toThrow(StudyError);
    });

    test("a score from before the second token, or from behind the last, is a StudyError", async ({ skip }) => {
      needing(skip, "scores");
      const engine = await opened();
      for (const from of [0, 3, 1.5])
        await expect(engine.score([{ tokenIds: [1, 2], from }])).rejects.toThrow(StudyError);
    });

    test("what was given up before it began rejects with the signal's reason", async () => {
      const engine = await opened();
      const requests = await asking(engine);
      const reason = new Error("given up");
      await expect(engine.sample(requests, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test("token ids that it cannot take or make, it refuses by name", async ({ skip }) => {
      skip(cannot.tokenIds === undefined, "it can");
      const engine = await opened();
      await expect(engine.encode(prompts[0]!)).rejects.toMatchObject({ fault: "cannot", retry: false });
      await expect(engine.decode([1])).rejects.toMatchObject({ fault: "cannot", retry: false });
    });

    test("scores that it cannot give, it refuses by name, each in its place", async ({ skip }) => {
      skip(cannot.scores === undefined, "it can");
      const engine = await opened();
      const refused = await engine.score([{ tokenIds: [1, 2], from: 1 }]);
      expect(refused).toMatchObject([{ fault: "cannot", retry: false }]);
    });
  });
}
