import { describe, expect, test } from "vitest";
import { EVERYTHING, rehearsalOf, STORED, toldApart } from "../../src/attribution/rehearsal.ts";
import { inWords } from "../../src/cli/rehearsed-study.ts";
import { playAll } from "../../src/cli/rehearse-crew.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { renderRehearsalText } from "../../src/report/rehearsal-text.ts";
import { checkStudy } from "../../src/study/declare.ts";
import { benchOf } from "../../src/study/bench.ts";
import { KINDS } from "../../src/study/policies.ts";
import { blindTo, neighbours, play, type RehearsalDesign, scenesOf } from "../../src/study/rehearse.ts";
import { designOf, LIVE, usualDesign } from "../../src/study/rehearse-design.ts";

const design: RehearsalDesign = {
  ...usualDesign(),
  steps: [2, 3, 4, 6].flatMap((steps) => [steps, steps, steps, steps, steps]),
  rollouts: 32,
  experiments: ["handoff", "step-ladder", "strategy-census"],
};

describe("a study on paper", () => {
  test("is the same for the same scene, and on another thread", async () => {
    const scene = { truth: ["steadier-steps"], seed: 3 };
    const small = { ...design, steps: design.steps.slice(0, 12), rollouts: 8, experiments: ["step-ladder"] };
    const once = play(scene, small);
    expect(play(scene, small)).toEqual(once);
    expect(await playAll([{ scene, design: small }], () => {}, undefined, 1)).toEqual([once]);
    expect(play({ ...scene, seed: 4 }, small).values).not.toEqual(once.values);
  });

  test("names its cause once the policies are handed over to each other, and not from counts", () => {
    for (const [truth, other] of [
      ["steadier-steps", "amplified-strategy"],
      ["amplified-strategy", "steadier-steps"],
    ] as const) {
      const { standings, halfWidths, price } = play({ truth: [truth], seed: 8 }, design);
      expect(toldApart(standings["handoff"]!, truth, other)).toBe(true);
      expect(toldApart(standings[EVERYTHING]!, truth, other)).toBe(true);
      expect(toldApart(standings[STORED]!, truth, other)).toBe(false);
      expect(halfWidths[truth]).toBeGreaterThan(0);
      // In whole rollouts: 20 problems × 32 × 2.
      expect(price[STORED]!.generated).toBeCloseTo(1280, 6);
      expect(price["handoff"]!.generated).toBeGreaterThan(0);
    }
  });
});

describe("scenes", () => {
  test("are every rival's, and pairs of causes that can be two", () => {
    const scenes = scenesOf(2, neighbours(), 1, 1);
    expect(scenes.filter(({ truth }) => truth.length === 1)).toHaveLength(2 * EXPLANATIONS.length);
    expect(new Set(scenes.map(({ seed }) => seed)).size).toBe(scenes.length);
    const pairs = neighbours().map((pair) => pair.join(" "));
    expect(pairs).not.toContain("novel-strategy amplified-strategy");
    const causes = EXPLANATIONS.filter(({ moves }) => moves.length > 0).map(({ name }) => name);
    expect(new Set(pairs.flatMap((pair) => pair.split(" ")))).toEqual(new Set(causes));
  });
});

describe("a design", () => {
  const declared = (over: object): Parameters<typeof designOf> => {
    const study = checkStudy(
      {
        title: "Q",
        policies: ["base", "step-9"].map((name) => ({ name, engine: "vllm", url: "http://localhost/v1", model: name })),
        sampler: { temperature: 1, maxTokens: 48 },
        tasks: [{ task: "chain", steps: [2, 5], problems: 12 }],
        rollouts: 16,
        scored: 4,
        ...over,
      },
      "study.ts",
      KINDS,
    );
    return [study, benchOf(study, () => "")];
  };

  test("has a declared study's lengths, sizes, names and experiments", () => {
    const own = designOf(...declared({ experiments: ["handoff"], yardstick: { rlRollouts: 5000 } }));
    expect(own).toMatchObject({
      rollouts: 16,
      scored: 4,
      experiments: ["handoff"],
      rlRollouts: 5000,
      policies: ["base", "step-9"],
    });
    expect(own.steps.filter((steps) => steps === 2)).toHaveLength(6);
    expect(own.without).toMatchObject({ variants: true, twins: false, tokens: false, luck: true, gold: true });
  });

  test("of questions without steps, behind a server that speaks in texts, has none of what they do not give", () => {
    const own = designOf(
      ...declared({
        policies: ["base", "tuned"].map((name) => ({
          name,
          engine: "openai",
          url: "http://localhost/v1",
          model: name,
        })),
        tasks: [{ name: "own", version: "1", problems: [{ id: "a", prompt: "?" }], verify: () => ({ kind: "right" }) }],
      }),
    );
    expect(own.without).toMatchObject({ twins: true, tokens: true, gold: true });
    // What such a study cannot carry refuses by itself, and counts are told all the same.
    const { standings } = play(
      { truth: ["steadier-steps"], seed: 1 },
      { ...own, steps: [2, 3, 4, 2, 3, 4], rollouts: 8 },
    );
    expect(standings["handoff"]).toEqual(standings[STORED]);
  });

  test("takes the base's success and the gain from answers that are there", () => {
    const side = (policy: string, right: number) => ({
      policy,
      file: "",
      format: "",
      problems: ["a", "b"].map((id) => ({ id, n: 10, right, ungradable: {} })),
    });
    const [study, bench] = declared({});
    const posterior = designOf(study, bench, [side("base", 2), side("step-9", 7)]);
    expect([posterior.base, posterior.gain].map((value) => value.toFixed(9))).toEqual(["0.200000000", "0.500000000"]);
    // No gain cannot be shared out: the usual one is expected.
    const none = designOf(study, bench, [side("base", 5), side("step-9", 4)]);
    expect(none).toMatchObject({ gain: 0.25, gainGuessed: true });
    expect(inWords(none, "from the folder")).toMatch(/from the folder, and a gain of 0\.25, as a guess/);
    expect(posterior.gainGuessed).toBeUndefined();
    expect(inWords(posterior, "from the folder")).toMatch(/gain of 0\.50, from the folder\.$/);
  });

  test("takes the base's success from its own answers, and a gain that is told before one that is seen", () => {
    const side = (policy: string, right: number) => ({
      policy,
      file: "",
      format: "",
      problems: [{ id: "a", n: 10, right, ungradable: {} }],
    });
    const [study, bench] = declared({});
    expect(designOf(study, bench, [side("base", 6)])).toMatchObject({ base: 0.6, gain: 0.25, gainGuessed: true });
    const told = designOf(study, bench, [side("base", 6), side("step-9", 7)], { gain: 0.2 });
    expect(told).toMatchObject({ base: 0.6, gain: 0.2, gainTold: true });
    expect(inWords(told, "from the folder")).toMatch(
      /right in 0\.60, from the folder, and a gain of 0\.20, as told\.$/,
    );
    // Nobody gains more than is left.
    expect(designOf(study, bench, [side("base", 6)], { gain: 0.9 }).gain).toBeCloseTo(0.38, 12);
  });

  test("that hands nothing over is blind to what only that sees", () => {
    const blind = blindTo(["power-sampling"]);
    expect(blind("recovery", "composition")).toMatch(/only .*step-ladder.* would see/);
    expect(blindTo(LIVE)("recovery", "composition")).toBeUndefined();
  });
});

test("the text of a rehearsal fits 100 columns and has every rival's row", () => {
  const standings = {
    [EVERYTHING]: Object.fromEntries(EXPLANATIONS.map(({ name }) => [name, "cannot be told"] as const)),
  };
  const played = EXPLANATIONS.map(({ name }, seed) => ({
    truth: [name],
    seed,
    standings,
    halfWidths: { "steadier-steps": 0.2 },
    values: {},
    price: { [STORED]: { generated: 100, scored: 0 } },
  }));
  const textOf = (all: typeof played): string =>
    renderRehearsalText(rehearsalOf(all, 0.9, blindTo(LIVE)), { title: "Rehearsal", basis: "On paper." });
  const text = textOf(played);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  for (const { name } of EXPLANATIONS) expect(text).toContain(name);
  const inOneLine = (told: string): string => told.replace(/\s+/g, " ");
  expect(inOneLine(text)).toContain("steadier-steps is not known to ± 0.1 of the gain");
  const onlyCauses = "where training moved more, entries are wider";
  expect(inOneLine(text)).toContain(onlyCauses);
  // What goes on as seen has all in it that training moved.
  expect(inOneLine(textOf([...played, { ...played[0]!, truth: [] }]))).not.toContain(onlyCauses);
});
