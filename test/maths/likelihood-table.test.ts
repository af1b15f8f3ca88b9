import { describe, expect, it } from "vitest";
import { kernelBoard } from "../../src/maths/kernel-board.ts";
import { likelihoodTable } from "../../src/maths/likelihood-table.ts";
import { logitGrid } from "../../src/maths/logit-grid.ts";
import { expit } from "../../src/maths/logspace.ts";
import { deepscalerCells } from "../support/deepscaler.ts";

describe("the logit grid", () => {
  it("holds both atoms, is even between them, and reaches where n rollouts see no difference", () => {
    const grid = logitGrid(128, 80);
    expect(grid.length).toBe(82);
    expect([grid[0], grid[81]]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    for (let g = 2; g < 80; g++) expect(grid[g + 1]! - grid[g]!).toBeCloseTo(grid[2]! - grid[1]!, 12);
    // At its lower end 128 rollouts show no success with at least 95 %.
    expect((1 - expit(grid[1]!)) ** 128).toBeGreaterThan(0.95);
  });
});

describe("the likelihood table", () => {
  it("has rows that sum to one over the outcomes, atoms included", () => {
    const c = Int32Array.from({ length: 17 }, (_, i) => i);
    const grid = logitGrid(16, 30);
    const table = likelihoodTable(
      c,
      c.map(() => 16),
      grid,
    );
    for (let g = 0; g < grid.length; g++) {
      let sum = 0;
      for (let r = 0; r < 17; r++) sum += table[r * grid.length + g]!;
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  it("is laid out the same way on the kernel's board", () => {
    const board = kernelBoard(deepscalerCells());
    const direct = likelihoodTable(board.side1.c, board.side1.n, board.grid1);
    for (const [r, b] of [
      [0, 0],
      [3, 50],
      [board.outcomes - 1, board.grid1.length - 1],
    ] as const) {
      expect(board.table1[b * board.outcomes + r]).toBe(direct[r * board.grid1.length + b]);
    }
  });
});
