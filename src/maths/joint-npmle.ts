// maths/ · Joint NPMLE: the law of (p0, p1) across problems, free of any shape, by maximum likelihood on a grid.
//
// Kiefer & Wolfowitz (1956); computed as mixture weights over grid points (a, b). The likelihood factorises,
// L_i(a,b) = A[i,a]·B[i,b], so the gradient over all grid points is two small matrix products: D = Aᵀ·diag(ratio)·B.
import { likelihoodTable } from "./likelihood-table.ts";
import { logitGrid } from "./logit-grid.ts";
import { type MixtureFit, mixtureWeights } from "./mixture-weights.ts";
import { distinctSide, type PairedCells } from "./paired-cells.ts";

export interface JointFit extends MixtureFit {
  /** Logits of the grid, ascending, ±∞ at the ends: side 0 and side 1. */
  readonly grid0: Float64Array;
  readonly grid1: Float64Array;
  /** Likelihood of each cell's side-0 outcome alone under the fit. */
  readonly marginal: Float64Array;
  /** Likelihood of each cell, and of its side-0 outcome alone, under the uniform law on the grid. */
  readonly uniform: Float64Array;
  readonly uniformMarginal: Float64Array;
}

export interface JointOptions {
  /** Inner grid points per side; the two atoms come on top. */
  readonly points?: number;
  readonly tolerance?: number;
  /** Problems of each cell to use instead of all (a fold's training part). */
  readonly multiplicity?: Float64Array;
  readonly start?: Pick<JointFit, "atoms" | "weights">;
}

/** Atom (a, b) of the grid is number a·width + b. */
export function jointNpmle(cells: PairedCells, options: JointOptions = {}): JointFit {
  const points = options.points ?? 80;
  const multiplicity = options.multiplicity ?? cells.multiplicity;
  const side0 = distinctSide(cells.c0, cells.n0);
  const side1 = distinctSide(cells.c1, cells.n1);
  const grid0 = logitGrid(
    side0.n.reduce((a, b) => Math.max(a, b)),
    points,
  );
  const grid1 = logitGrid(
    side1.n.reduce((a, b) => Math.max(a, b)),
    points,
  );
  const table0 = likelihoodTable(side0.c, side0.n, grid0);
  const table1 = likelihoodTable(side1.c, side1.n, grid1);
  const count = multiplicity.length;
  const width = grid1.length;
  const height = grid0.length;

  const gradient = new Float64Array(height * width);
  const oracle = {
    column(atom: number): Float64Array {
      const a = Math.floor(atom / width);
      const b = atom % width;
      const column = new Float64Array(count);
      for (let i = 0; i < count; i++)
        column[i] = table0[side0.of[i]! * height + a]! * table1[side1.of[i]! * width + b]!;
      return column;
    },
    propose(ratio: Float64Array): { atoms: readonly number[]; largest: number } {
      separableGradient(ratio, side0.of, side1.of, table0, table1, height, width, gradient);
      return localMaxima(gradient, height, width, multiplicity);
    },
  };

  const mean0 = rowMeans(table0, height);
  const mean1 = rowMeans(table1, width);
  const uniform = new Float64Array(count);
  for (let i = 0; i < count; i++) uniform[i] = mean0[side0.of[i]!]! * mean1[side1.of[i]!]!;
  const fit = mixtureWeights({
    multiplicity,
    oracle,
    background: uniform,
    ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance }),
    ...(options.start === undefined ? {} : { start: options.start }),
  });
  const marginal = new Float64Array(count);
  fit.atoms.forEach((atom, k) => {
    const a = Math.floor(atom / width);
    for (let i = 0; i < count; i++) {
      marginal[i] = marginal[i]! + fit.weights[k]! * table0[side0.of[i]! * height + a]!;
    }
  });
  const uniformMarginal = Float64Array.from(side0.of, (row) => mean0[row]!);
  return { ...fit, grid0, grid1, marginal, uniform, uniformMarginal };
}

function rowMeans(table: Float64Array, width: number): Float64Array {
  const rows = table.length / width;
  const means = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let g = 0; g < width; g++) sum += table[r * width + g]!;
    means[r] = sum / width;
  }
  return means;
}

/** D[a,b] = Σ_i ratio_i A[i,a] B[i,b], first over the cells that share a side-0 outcome, then over those outcomes. */
function separableGradient(
  ratio: Float64Array,
  of0: Int32Array,
  of1: Int32Array,
  table0: Float64Array,
  table1: Float64Array,
  height: number,
  width: number,
  out: Float64Array,
): void {
  const rows = table0.length / height;
  const inner = new Float64Array(rows * width);
  for (let i = 0; i < ratio.length; i++) {
    const r = ratio[i]!;
    if (r === 0) continue;
    const into = of0[i]! * width;
    const from = of1[i]! * width;
    for (let b = 0; b < width; b++) inner[into + b] = inner[into + b]! + r * table1[from + b]!;
  }
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    for (let a = 0; a < height; a++) {
      const w = table0[row * height + a]!;
      if (w < 1e-300) continue;
      const into = a * width;
      for (let b = 0; b < width; b++) out[into + b] = out[into + b]! + w * inner[from + b]!;
    }
  }
}

function localMaxima(
  gradient: Float64Array,
  height: number,
  width: number,
  multiplicity: Float64Array,
): { atoms: number[]; largest: number } {
  let total = 0;
  for (const m of multiplicity) total += m;
  const atoms: number[] = [];
  let largest = 0;
  for (let a = 0; a < height; a++) {
    for (let b = 0; b < width; b++) {
      const value = gradient[a * width + b]!;
      if (value > largest) largest = value;
      if (value <= total) continue;
      let top = true;
      for (let da = -1; da <= 1 && top; da++) {
        for (let db = -1; db <= 1; db++) {
          const y = a + da;
          const x = b + db;
          if (y < 0 || x < 0 || y >= height || x >= width) continue;
          if (gradient[y * width + x]! > value) {
            top = false;
            break;
          }
        }
      }
      if (top) atoms.push(a * width + b);
    }
  }
  return { atoms, largest };
}
