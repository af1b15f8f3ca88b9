// The planner on made-up rehearsals, where what each design tells is known.
import { describe, expect, test } from "vitest";
import { EVERYTHING, type Played } from "../../src/attribution/rehearsal.ts";
import { renderPlanText } from "../../src/report/plan-text.ts";
import { choose, type Wanted } from "../../src/study/choose.ts";
import type { RehearsalDesign, Scene } from "../../src/study/rehearse.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import type { StandingName } from "../../src/terms/standing.ts";

const declared: RehearsalDesign = {
  ...usualDesign(),
  steps: Array.from({ length: 120 }, (_, i) => [2, 3, 4][i % 3]!),
  rollouts: 128,
  experiments: ["handoff", "power-sampling"],
};
const wanted: Wanted = { apart: 0.9, within: 0.1, scoredPrice: 0.1, studies: 2, seed: 1 };

/** Every rival but recall is told with a hand-over; with fewer than `enough` problems nothing is. */
function playing(enough: number, halfWidth: (design: RehearsalDesign) => number) {
  const asked: RehearsalDesign[] = [];
  const play = (scenes: readonly Scene[], design: RehearsalDesign): Promise<Played[]> => {
    asked.push(design);
    const told = design.steps.length >= enough && design.experiments.includes("handoff");
    return Promise.resolve(
      scenes.map(({ truth, seed }) => ({
        truth,
        seed,
        standings: {
          [EVERYTHING]: new Proxy({} as Record<string, StandingName>, {
            get: (_, name): StandingName =>
              name === "contaminated" || !told
                ? "cannot be told"
                : name === truth[0]
                  ? "alone sufficient"
                  : "not needed",
          }),
        },
        halfWidths: { "steadier-steps": halfWidth(design) },
        values: {},
        price: {
          "paired-sampling": { generated: 2 * design.steps.length * design.rollouts, scored: 0 },
          ...Object.fromEntries(design.experiments.map((name) => [name, { generated: 1000, scored: 100 }])),
        },
      })),
    );
  };
  return { asked, play };
}

describe("the cheapest design that decides", () => {
  test("grows only as far as it must, and leaves out what tells nothing more", async () => {
    const { play } = playing(60, () => 0.05);
    const { best, dark } = await choose(declared, wanted, play);
    expect(best.decides).toBe(true);
    expect(best.design.steps).toHaveLength(60);
    expect(best.design.rollouts).toBe(16);
    expect(best.design.experiments).toEqual(["handoff"]);
    // 2 × 60 × 16, a hand-over, and its scored rollouts at a tenth.
    expect(best.cost).toBeCloseTo(1920 + 1000 + 10, 9);
    expect(dark.every((pair) => pair.includes("contaminated"))).toBe(true);
    expect(dark).toHaveLength(13);
  });

  test("adds rollouts where they, and not problems, make the ledger narrow", async () => {
    const { play } = playing(15, ({ rollouts }) => 3 / rollouts);
    const { best } = await choose(declared, wanted, play);
    expect(best.design).toMatchObject({ rollouts: 32 });
    expect(best.design.steps).toHaveLength(15);
    expect(best.decides).toBe(true);
  });

  test("every size keeps the lengths in their parts, and no two of one size are tried", async () => {
    const { play, asked } = playing(60, () => 0.05);
    await choose(declared, wanted, play);
    for (const { steps } of asked)
      for (const length of [2, 3, 4])
        expect(Math.abs(steps.filter((own) => own === length).length - steps.length / 3)).toBeLessThanOrEqual(1);
    const names = asked.map(({ steps, rollouts, scored, experiments, handoff }) =>
      JSON.stringify([steps.length, rollouts, scored, experiments, handoff]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("within a budget is the one that tells most, and it is said what stays open", async () => {
    const { play } = playing(60, () => 0.05);
    const chosen = await choose(declared, { ...wanted, budget: 3000 }, play);
    expect(chosen.best.decides).toBe(false);
    expect(chosen.best.cost).toBeLessThanOrEqual(3000);
    const text = renderPlanText(chosen, { ...wanted, title: "a study", tokensPerRollout: 100 });
    const timed = renderPlanText(chosen, { ...wanted, title: "a study", tokensPerRollout: 100, secondsPerToken: 0.01 });
    const seconds = chosen.best.cost * 100 * 0.01;
    expect(timed.replaceAll(/\s+/g, " ")).toContain(
      `, ${Math.ceil(seconds / 60)} min at the speed that crucis doctor saw.`,
    );
    expect(text).not.toContain("crucis doctor saw");
    expect(text).toMatch(/No design of this size decides/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe("what is left is asked for no more often than it must be", () => {
  test("scored rollouts, cuts, continuations and sources are halved while nothing is lost", async () => {
    const { play } = playing(60, ({ handoff, scored }) => ((handoff?.cuts ?? 12) < 6 || scored < 4 ? 0.5 : 0.05));
    const { best, tried } = await choose(declared, wanted, (scenes, design) => priced(play, scenes, design));
    expect(best.decides).toBe(true);
    // Less of the others changes nothing, so there is as little of them as there may be.
    expect(best.design).toMatchObject({ scored: 4, handoff: { sources: 4, cuts: 6, continuations: 4 } });
    expect(tried.map(({ what }) => what)).toContain("3 cuts of a hand-over");
    const text = renderPlanText({ tried, best, dark: [] }, { ...wanted, title: "a study" });
    expect(text).toContain("handoff: { cuts: 6, continuations: 4, sources: 4 }");
    expect(text).toContain("scored: 4");
  });

  test("rungs between the shortest and the longest, where nothing is lost", async () => {
    const long = { ...declared, steps: declared.steps.map((_, i) => [2, 3, 4, 6, 8][i % 5]!) };
    const fewest = async (own: number): Promise<number[]> => {
      // Six problems of one number of steps are needed, which thirty problems have.
      const { play } = playing(15, ({ steps }) => (steps.filter((L) => L === own).length >= 6 ? 0.05 : 0.5));
      const { best } = await choose(long, wanted, (scenes, design) => priced(play, scenes, design));
      expect(best.decides).toBe(true);
      return best.design.steps.toSorted((a, b) => a - b);
    };
    expect(Object.groupBy(await fewest(4), String)).toEqual({ 2: six(2), 4: six(4), 8: six(8) });
    expect(Object.groupBy(await fewest(6), String)).toEqual({ 2: six(2), 6: six(6), 8: six(8) });
  });
});

/** What is asked for costs something. */
async function priced(
  play: ReturnType<typeof playing>["play"],
  scenes: readonly Scene[],
  design: RehearsalDesign,
): Promise<Played[]> {
  const { sources = 32, cuts = 12, continuations = 8 } = design.handoff ?? {};
  const asked = design.experiments.includes("handoff") ? design.steps.length * (sources + cuts * continuations) : 0;
  const lengths = design.steps.reduce((sum, steps) => sum + steps, 0);
  const own = { asked: { generated: asked + lengths, scored: design.scored * design.steps.length } };
  return (await play(scenes, design)).map((one) => ({ ...one, price: { ...one.price, ...own } }));
}

const six = (steps: number): number[] => Array.from({ length: 6 }, () => steps);
