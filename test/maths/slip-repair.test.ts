// test/maths · Slip and repair: rates counted by hand, the chain's closed form, coverage by simulation.
import { describe, expect, test } from "vitest";
import { type Stream, stream } from "../../src/maths/random.ts";
import { rightAfter, type StepStates, slipRepair } from "../../src/maths/slip-repair.ts";

const states = (text: string): boolean[] => [...text].map((letter) => letter === "r");

describe("the two rates", () => {
  test("are counted over the steps begun right, and begun wrong", () => {
    const { slip, repair } = slipRepair(
      [
        { right: states("rrwwr"), cluster: 0 },
        { right: states("rrr"), cluster: 1 },
        { right: states("wr"), cluster: 2 },
      ],
      0.9,
    );
    // Begun right: r r w | r r r | w. Begun wrong: w r | r.
    expect(slip).toMatchObject({ events: 2, atRisk: 7, value: 2 / 7 });
    expect(repair).toMatchObject({ events: 2, atRisk: 3, value: 2 / 3 });
  });

  test("have the error of a ratio of sums over problems", () => {
    const { slip } = slipRepair(
      [
        { right: states("rw"), cluster: 0 },
        { right: states("rrr"), cluster: 1 },
      ],
      0.9,
    );
    // ε = 1/5; residuals 1 − 2/5 and 0 − 3/5; √(2 · (0.36 + 0.36)) / 5.
    expect(slip!.se).toBeCloseTo(Math.sqrt(2 * 0.72) / 5, 12);
  });

  test("a rate that was never put to the test is absent, one never seen is a bound", () => {
    const { slip, repair } = slipRepair(
      [0, 1].map((cluster) => ({ right: states("rrrrr"), cluster })),
      0.95,
    );
    expect(repair).toBeUndefined();
    expect(slip).toMatchObject({ events: 0, atRisk: 10, value: 0, low: 0 });
    expect(slip).not.toHaveProperty("se");
    // 0 of 10 at 95 %: 1 − 0.05^{1/10}.
    expect(slip!.high).toBeCloseTo(1 - 0.05 ** 0.1, 12);
    const always = slipRepair(
      [0, 1].map((cluster) => ({ right: states("wr"), cluster })),
      0.95,
    );
    expect(always.repair).toMatchObject({ value: 1, high: 1 });
    expect(always.repair!.low).toBeCloseTo(0.05 ** 0.5, 12);
  });

  test("need two problems", () => {
    expect(() => slipRepair([{ right: states("rw"), cluster: 0 }], 0.9)).toThrow(/2 problems or more, got 1/);
  });
});

/**
 * E[slips] / E[steps begun right] of the study below, by quadrature over its Beta(3, 27): less than the mean rate 0.1, for a problem
 * that slips often begins fewer steps rightly.
 */
const POOLED_SLIP = 0.0955;

function study(draws: Stream): StepStates[] {
  return Array.from({ length: 40 }, (_, cluster) => {
    const slip = draws.beta(3, 27);
    return Array.from({ length: 6 }, () => {
      let is = true;
      const right = Array.from({ length: 3 + draws.integer(8) }, () => {
        is = is ? draws.uniform() >= slip : draws.uniform() < 0.3;
        return is;
      });
      return { right, cluster };
    });
  }).flat();
}

test("rates of simulated chains are unbiased and covered at 90 %", () => {
  const studies = 500;
  let slips = 0;
  let repairs = 0;
  const off: number[] = [];
  for (let s = 0; s < studies; s++) {
    const { slip, repair } = slipRepair(study(stream(51, "chains", s)), 0.9);
    if (slip!.low <= POOLED_SLIP && POOLED_SLIP <= slip!.high) slips++;
    if (repair!.low <= 0.3 && 0.3 <= repair!.high) repairs++;
    off.push(repair!.value - 0.3);
  }
  const mean = off.reduce((sum, value) => sum + value, 0) / studies;
  const sd = Math.sqrt(off.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (studies - 1));
  expect(Math.abs(mean) / (sd / Math.sqrt(studies))).toBeLessThan(3);
  // 500 studies: the share has a standard error of 1.3 %.
  for (const count of [slips, repairs]) {
    expect(count / studies).toBeGreaterThan(0.86);
    expect(count / studies).toBeLessThan(0.94);
  }
});

describe("the chance to be right after some steps", () => {
  test("is what stepping the chain gives", () => {
    for (const [slip, repair] of [
      [0.1, 0.3],
      [0.2, 0],
      [0, 0.5],
      [0, 0],
      [1, 1],
    ] as const) {
      let right = 1;
      for (let steps = 0; steps <= 12; steps++) {
        expect(rightAfter(steps, slip, repair)).toBeCloseTo(right, 14);
        right = right * (1 - slip) + (1 - right) * repair;
      }
    }
  });
});
