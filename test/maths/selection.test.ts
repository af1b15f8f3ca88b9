import { describe, expect, it } from "vitest";
import { simulate } from "../../bench/simulate.ts";
import { type PairedCells, pairedCells } from "../../src/maths/paired-cells.ts";
import { selectionSigns } from "../../src/maths/selection.ts";
import { deepscalerCells } from "../support/deepscaler.ts";

/** Drops the problems of some outcomes before "writing the file". */
function keep(cells: PairedCells, kept: (c0: number, c1: number) => boolean): PairedCells {
  const rows = Array.from(cells.cellOf).filter((cell) => kept(cells.c0[cell]!, cells.c1[cell]!));
  return pairedCells({
    c0: rows.map((cell) => cells.c0[cell]!),
    n0: rows.map((cell) => cells.n0[cell]!),
    c1: rows.map((cell) => cells.c1[cell]!),
    n1: rows.map((cell) => cells.n1[cell]!),
  });
}

describe("signs of selection", () => {
  it("are absent where problems were not chosen", () => {
    expect(selectionSigns(deepscalerCells())).toEqual([]);
    for (let seed = 1; seed <= 20; seed++) expect(selectionSigns(simulate("reward-tilt", 300, 16, seed))).toEqual([]);
  });

  it("appear where the problems that the base never solved were left out", () => {
    const signs = selectionSigns(keep(simulate("reward-tilt", 500, 8, 1), (c0) => c0 > 0));
    expect(signs).toContainEqual(expect.objectContaining({ side: 0, absent: "none-right" }));
  });

  it("appear on the side that was chosen by, and for problems that were always solved too", () => {
    const signs = selectionSigns(keep(simulate("reward-tilt", 500, 8, 1), (_, c1) => c1 < 8));
    expect(signs).toEqual([expect.objectContaining({ side: 1, absent: "all-right" })]);
  });
});
