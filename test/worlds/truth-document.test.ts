// test/worlds · The truth as a document: what goes in, what is refused, and what comes back from JSON.
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import { StudyError } from "../../src/terms/errors.ts";
import type { Promised, TruthDocument } from "../../src/terms/truth.ts";
import type { Task } from "../../src/tasks/task.ts";
import { steadyHand } from "../../src/worlds/steady-hand.ts";
import { refuseUnkept, truthOf } from "../../src/worlds/truth.ts";
import { parseTruth, truthSchema } from "../../src/worlds/truth-document.ts";
import { tableOf } from "../../src/worlds/truth-table.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import type { World } from "../../src/worlds/world.ts";
import { NEW, ROUTE, STEADY } from "../support/truth.ts";
import { ASIDES, finishing, hashed, isRight, MOST, toy, toyOf } from "./truth-toy.ts";

const KEPT: Promised = { what: "a gain", planted: "none", intended: "above 0.1", measured: 0.25, kept: true };
const BROKEN: Promised = {
  ...KEPT,
  what: "a loss in points",
  intended: "below 0.1",
  measured: 0.1000494,
  kept: false,
};
const WORLD: World = {
  ...steadyHand,
  name: "toy",
  task: toy,
  maxTokens: MOST,
  study: { seed: 1, steps: [1, 2], count: 3 },
  asides: () => ASIDES,
  promises: () => [{ ...KEPT, low: 0.2, high: 0.3 }],
};
const POLICIES = [hashed("base", 1), hashed("step-1", 2), hashed("tuned", 3)];
const OPTIONS = { world: WORLD, seed: 5, policies: POLICIES, crucis: "1.2.3" };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the truth of a world", () => {
  test("is of its study problems, in order, under every policy", async () => {
    const done: number[] = [];
    const truth = await truthOf({ ...OPTIONS, onProgress: (share) => done.push(share) });
    expect(truth).toMatchObject({ crucis: "1.2.3", command: "world truth", world: "toy", seed: 5, task: "toy" });
    expect(truth).toMatchObject({ grading: "process", maxTokens: MOST, policies: ["base", "step-1", "tuned"] });
    expect(truth.problems.map(({ problem }) => problem)).toEqual(
      [1, 2].flatMap((steps) => toy.problems({ seed: 1, steps, count: 3 })),
    );
    expect(done).toEqual([1, 2, 3, 4, 5, 6].map((problem) => problem / 6));
  });

  test("has a rung for each number of steps: means over its problems, and the ratio of the means", async () => {
    const { rungs, strategies } = await truthOf(OPTIONS);
    expect(rungs.map(({ steps, problems }) => [steps, problems])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    const success = (policy: number, steps: number, wanted: (answer: string) => boolean) =>
      mean([0, 1, 2].map((i) => finishing(() => POLICIES[policy]!, `${steps}${i}?`, wanted)));
    const rightly = (answer: string) => isRight(answer, "process");
    rungs.forEach(({ steps, right, lenient, ratio }) => {
      POLICIES.forEach((_, i) => {
        expect(right[i]).toBeCloseTo(success(i, steps, rightly), 13);
        expect(lenient[i]).toBeCloseTo(
          success(i, steps, (answer) => isRight(answer, "lenient")),
          13,
        );
        expect(ratio![i]).toBeCloseTo(success(i, steps, rightly) / success(0, steps, rightly), 11);
      });
    });
    expect(Object.keys(strategies)).toEqual(toy.strategies);
    expect(strategies["other"]).toEqual([0, 0, 0]);
    const two = (answer: string) => rightly(answer) && /^c?b/.test(answer);
    POLICIES.forEach((_, i) => {
      expect(strategies["two"]![i]).toBeCloseTo(mean([success(i, 1, two), success(i, 2, two)]), 13);
    });
  });

  test.each([
    ["never right", (letter: string) => (letter === "#" ? Number.NEGATIVE_INFINITY : -2)],
    ["right less often than a double can say", () => -400],
    ["right so rarely that no double holds the ratio", (letter: string) => (letter === "." ? -713 : -3)],
  ])("has no ratio over a base that is %s", async (_, log) => {
    const base = toyOf("base", (prompt, prefix, letter) =>
      prompt.startsWith("1") ? log(letter) : POLICIES[0]!.log(prompt, prefix, letter),
    );
    const sure = toyOf("tuned", (_prompt, prefix, letter) =>
      "aa#."[prefix.length] === letter ? 0 : Number.NEGATIVE_INFINITY,
    );
    const { rungs } = await truthOf({ ...OPTIONS, policies: [base, sure] });
    expect(rungs.map(({ ratio }) => ratio?.length)).toEqual([undefined, 2]);
  });

  test("is judged by the world's promises, which see all the rest of it", async () => {
    const seen: unknown[] = [];
    const judged = async (promises: readonly Promised[]) =>
      truthOf({
        ...OPTIONS,
        world: {
          ...WORLD,
          promises(truth) {
            seen.push(truth);
            return promises;
          },
        },
      });
    const kept = await judged([KEPT]);
    expect(kept.kept).toBe(true);
    const { promises, kept: all, ...rest } = kept;
    expect(seen[0]).toEqual(rest);
    expect(promises).toEqual([KEPT]);
    expect(all).toBe(true);
    expect((await judged([KEPT, BROKEN])).kept).toBe(false);
  });

  test("a promise about a number that does not exist is our fault, and no document", async () => {
    const world = { ...WORLD, promises: () => [{ ...KEPT, measured: 0 / 0 }] };
    await expect(truthOf({ ...OPTIONS, world })).rejects.toThrow("world toy: a gain is NaN on these problems");
  });

  test("asks its engines for raw scores behind the prompt, each string once, 512 at most in one call", async () => {
    const texts = Array.from({ length: 1300 }, (_, i) => `${i}`.padStart(4, "0").concat("."));
    const many: Task = {
      ...toy,
      accepted: () => texts.map((text) => ({ text, strategy: "one", planEnd: 0, answerStart: 4, stepEnds: [2, 4] })),
    };
    const even = toyOf("base", () => -Math.log(10));
    const problem = toy.problems({ seed: 1, steps: 1, count: 1 })[0]!;
    await tableOf({ task: many, grading: "process", maxTokens: 5 }, problem, [even]);
    expect(even.calls.map((requests) => requests.length)).toEqual([512, 512, 276]);
    const requests = even.calls.flat();
    expect(requests.every((request) => request.from === 3 && request.sampler === undefined)).toBe(true);
    expect(new Set(requests.map(({ tokenIds }) => tokenIds.join(" "))).size).toBe(1300);
    expect(requests[7]?.tokenIds).toEqual(encode("10?0007."));
  });

  test.each([
    ["not a number", [0, Number.NaN, -1, -1]],
    ["above one", [-1, -1, 0.5, -1]],
    ["missing", [-1, -1]],
    ["too many", [-1, -1, -1, -1, -1, -1, -1]],
  ])("an engine whose scores are %s is told, not summed", async (_, rawLogProbs) => {
    const broken = {
      name: "broken",
      engine: { score: async (requests: readonly unknown[]) => requests.map(() => ({ rawLogProbs })) },
    };
    await expect(truthOf({ ...OPTIONS, policies: [POLICIES[0]!, broken] })).rejects.toThrow(/policy broken scored/);
  });
});

describe("truth.json", () => {
  type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

  test("its schema and its type are the same", () => {
    expectTypeOf<Frozen<z.output<typeof truthSchema>>>().toEqualTypeOf<Frozen<TruthDocument>>();
  });

  const documents: [string, () => TruthDocument | Promise<TruthDocument>][] = [
    ["of the toy", () => truthOf(OPTIONS)],
    ["of a steady hand", () => STEADY],
    ["of a route, its promise not kept", () => ROUTE],
    ["of a base that is never right", () => NEW],
  ];
  test.each(documents)("%s comes back as it was written, field by field in order", async (_, document) => {
    const written = JSON.stringify(await document());
    expect(JSON.stringify(parseTruth(JSON.parse(written), "truth.json"))).toBe(written);
  });

  /** Every object of a document, by the path to it. */
  function* objects(value: unknown, path: readonly string[] = []): Generator<[string, Record<string, unknown>]> {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) yield [path.join("."), value as Record<string, unknown>];
    for (const [key, inner] of Object.entries(value)) yield* objects(inner, [...path, key]);
  }
  const FREE = /(strategies|plans|asides)$/;
  const MAY_BE_ABSENT = new Set(["bits", "missingBits", "effectivePlaces", "ratio", "low", "high"]);

  test("has no field too many, none too few, and none of another kind", async () => {
    const whole = await truthOf({ ...OPTIONS, world: { ...WORLD, study: { seed: 1, steps: [1], count: 1 } } });
    const parses = (json: unknown) => truthSchema.safeParse(json).success;
    expect([...objects(whole)].map(([path]) => path)).toContain("problems.0.pairs.1.cells.tbt");
    for (const [path, object] of objects(whole)) {
      if (FREE.test(path)) continue;
      object["surprise"] = 1;
      expect(parses(whole), `${path} with a surprise`).toBe(false);
      delete object["surprise"];
      for (const [field, value] of Object.entries(object)) {
        for (const odd of [null, Number.NaN, "odd", -0.5, []]) {
          // Words are free, and so is where a number lies, and how long some lists are.
          if (typeof odd === typeof value && (typeof odd !== "object" || odd === null) === (typeof value !== "object"))
            continue;
          if (Array.isArray(odd) && Array.isArray(value)) continue;
          object[field] = odd;
          expect(parses(whole), `${path}.${field} = ${odd}`).toBe(false);
        }
        delete object[field];
        expect(parses(whole), `${path} without ${field}`).toBe(MAY_BE_ABSENT.has(field));
        object[field] = value;
      }
    }
    expect(parses(whole)).toBe(true);
  });

  const list = (old: unknown) => old as unknown[];
  const faults: [string, string, (old: unknown) => unknown, string][] = [
    ["a number that JSON cannot hold", "problems.1.policies.0.right.log", () => null, "Invalid input"],
    [
      "a policy in the wrong place",
      "problems.0.policies",
      (old) => list(old).toReversed(),
      "policies are [tuned, step-1, base], but must be [base, step-1, tuned]",
    ],
    [
      "a pair too few",
      "problems.0.pairs",
      (old) => list(old).slice(1),
      "policies are [tuned], but must be [step-1, tuned]",
    ],
    ["a rung with a policy too few", "rungs.1.lenient", (old) => list(old).slice(1), "2 numbers for 3 policies"],
    ["a strategy with a policy too many", "strategies.one", (old) => [...list(old), 0], "4 numbers for 3 policies"],
    ["a broken promise, and all kept", "promises.0.kept", () => false, "kept, true, but 1 of 1 promises are not kept"],
    ["no policy", "policies", () => [], "Too small"],
  ];
  test.each(faults)("with %s is refused, by file and field", async (_, path, spoil, why) => {
    const document = structuredClone(await truthOf(OPTIONS)) as unknown;
    const fields = path.split(".");
    const last = fields.pop()!;
    const inner = fields.reduce(
      (value, field) => value[field] as Record<string, unknown>,
      document as Record<string, unknown>,
    );
    inner[last] = spoil(inner[last]);
    const read = () => parseTruth(document, "worlds/truth.json");
    expect(read).toThrow(StudyError);
    expect(read).toThrow(
      `worlds/truth.json is no truth of a world: field ${why.startsWith("kept") ? "" : `${path}, `}${why}`,
    );
  });

  test.each([[null], [[]], ["text"], [7]])("%j is refused", (json) => {
    expect(() => parseTruth(json, "truth.json")).toThrow(
      /^truth\.json is no truth of a world: .*; write it again with/,
    );
  });
});

describe("a world that does not keep its promises", () => {
  const document = { world: "toy", seed: 5 };

  test("is refused by the first broken one, with what was intended and what was measured", () => {
    const refuse = () => refuseUnkept({ ...document, promises: [KEPT, BROKEN, { ...BROKEN, what: "another" }] });
    expect(refuse).toThrow(StudyError);
    expect(refuse).toThrow(
      "world toy with seed 5 is refused: a loss in points was intended to be below 0.1, but is 0.100049, so training did",
    );
  });

  test("is refused with the interval, where the promise has one", () => {
    const broken = { ...BROKEN, measured: 1e-9, low: 0, high: 2 / 3 };
    expect(() => refuseUnkept({ ...document, promises: [broken] })).toThrow("but is 1e-9 [0, 0.666667]");
  });

  test("one that keeps them is not, nor one that has none", () => {
    expect(() => refuseUnkept({ ...document, promises: [KEPT] })).not.toThrow();
    expect(() => refuseUnkept({ ...document, promises: [] })).not.toThrow();
  });
});
