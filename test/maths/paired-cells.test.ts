import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distinctSide, pairedCells } from "../../src/maths/paired-cells.ts";

const outcome = fc.integer({ min: 1, max: 4 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("paired cells", () => {
  it("lose no problem and merge only equal ones", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, outcome), { minLength: 1, maxLength: 60 }), (problems) => {
        const counts = {
          c0: problems.map(([[c]]) => c),
          n0: problems.map(([[, n]]) => n),
          c1: problems.map(([, [c]]) => c),
          n1: problems.map(([, [, n]]) => n),
        };
        const cells = pairedCells(counts);
        expect(cells.multiplicity.reduce((a, b) => a + b)).toBe(problems.length);
        problems.forEach(([[c0, n0], [c1, n1]], i) => {
          const cell = cells.cellOf[i]!;
          expect([cells.c0[cell], cells.n0[cell], cells.c1[cell], cells.n1[cell]]).toEqual([c0, n0, c1, n1]);
        });
        const keys = Array.from(cells.c0, (c, i) => `${c}/${cells.n0[i]} ${cells.c1[i]}/${cells.n1[i]}`);
        expect(new Set(keys).size).toBe(keys.length);
        const side = distinctSide(cells.c0, cells.n0);
        side.of.forEach((row, i) => expect([side.c[row], side.n[row]]).toEqual([cells.c0[i], cells.n0[i]]));
      }),
    );
  });
});
