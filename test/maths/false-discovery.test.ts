// test/maths · Benjamini–Hochberg against its own paper, and by the false discoveries it lets through.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustedPValues, benjaminiHochberg } from "../../src/maths/false-discovery.ts";
import { stream } from "../../src/maths/random.ts";
import { normalCdf } from "../../src/maths/special.ts";

// Benjamini & Hochberg (1995), §4.1
const paper = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

describe("Benjamini–Hochberg", () => {
  it("rejects the four hypotheses that its paper rejects, in whatever order they come", () => {
    expect(benjaminiHochberg(paper, 0.05).rejected).toEqual(paper.map((p) => p <= 0.0095));
    const shuffled = stream(1, "order").shuffle([...paper]);
    expect(benjaminiHochberg(shuffled, 0.05).rejected).toEqual(shuffled.map((p) => p <= 0.0095));
  });

  it("gives the adjusted values of R's p.adjust", () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH") is 0.05 five times over; with a gap it steps.
    for (const p of adjustedPValues([0.05, 0.01, 0.04, 0.02, 0.03])) expect(p).toBeCloseTo(0.05, 14);
    expect([...adjustedPValues([0.01, 0.5, 0.02])]).toEqual([0.03, 0.5, 0.03]);
    // A later p value that clears its line takes the earlier ones with it.
    expect([...adjustedPValues([0.03, 0.032, 0.031])]).toEqual([0.032, 0.032, 0.032]);
    expect([...adjustedPValues([])]).toEqual([]);
  });

  it("rejects exactly what the step-up rule rejects", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 40 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (thousandths, q) => {
          const p = thousandths.map((x) => (x / 999) ** 3); // crowded near 0, where it matters
          const sorted = [...p].sort((a, b) => a - b);
          const cut = sorted.findLast((value, i) => value * (p.length / (i + 1)) <= q) ?? -1;
          expect(benjaminiHochberg(p, q).rejected).toEqual(p.map((value) => value <= cut));
        },
      ),
    );
  });

  it("keeps the share of false discoveries at q times the share of true nulls, and finds the rest", () => {
    const draws = stream(20, "false-discovery");
    const m = 200;
    const nulls = 150;
    const rounds = 1500;
    let [sum, squares, power] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const p = Array.from({ length: m }, (_, i) => normalCdf(draws.normal() - (i < nulls ? 0 : 3)));
      const { rejected } = benjaminiHochberg(p, 0.1);
      const all = rejected.filter(Boolean).length;
      const share = all === 0 ? 0 : rejected.slice(0, nulls).filter(Boolean).length / all;
      sum += share;
      squares += share * share;
      power += rejected.slice(nulls).filter(Boolean).length / (m - nulls);
    }
    // Independent and continuous: the rate is q m0/m exactly, 0.075.
    const mean = sum / rounds;
    const se = Math.sqrt((squares / rounds - mean * mean) / rounds);
    expect(Math.abs(mean - 0.075) / se).toBeLessThan(4);
    expect(power / rounds).toBeGreaterThan(0.7);
  });

  it("names a p value that cannot be", () => {
    expect(() => adjustedPValues([0.1, Number.NaN])).toThrow("number 1 is NaN");
    expect(() => benjaminiHochberg([0.1], 0)).toThrow("got 0");
  });
});
