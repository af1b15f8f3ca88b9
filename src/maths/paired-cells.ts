// maths/ · Paired cells: distinct outcomes (c0 of n0, c1 of n1) with how many problems showed each; every estimator of the
// gain kernel sees the data only through them, so 100,000 problems cost no more than their distinct outcomes.

export interface PairedCells {
  /** Successes and trials of side 0 (base) and side 1 (later policy), one entry a cell. */
  readonly c0: Int32Array;
  readonly n0: Int32Array;
  readonly c1: Int32Array;
  readonly n1: Int32Array;
  /** Problems in the cell. */
  readonly multiplicity: Float64Array;
  /** cellOf[problem] = its cell. */
  readonly cellOf: Int32Array;
}

/** Columns of equal length, one entry a problem. */
export interface PairedCounts {
  readonly c0: ArrayLike<number>;
  readonly n0: ArrayLike<number>;
  readonly c1: ArrayLike<number>;
  readonly n1: ArrayLike<number>;
}

export function pairedCells(counts: PairedCounts): PairedCells {
  const problems = counts.c0.length;
  const cellOf = new Int32Array(problems);
  const found = new Map<string, number>();
  const first: number[] = [];
  const multiplicity: number[] = [];
  for (let i = 0; i < problems; i++) {
    const key = `${counts.c0[i]},${counts.n0[i]},${counts.c1[i]},${counts.n1[i]}`;
    let cell = found.get(key);
    if (cell === undefined) {
      cell = first.length;
      found.set(key, cell);
      first.push(i);
      multiplicity.push(0);
    }
    cellOf[i] = cell;
    multiplicity[cell] = multiplicity[cell]! + 1;
  }
  const take = (column: ArrayLike<number>): Int32Array => Int32Array.from(first, (i) => column[i]!);
  return {
    c0: take(counts.c0),
    n0: take(counts.n0),
    c1: take(counts.c1),
    n1: take(counts.n1),
    multiplicity: Float64Array.from(multiplicity),
    cellOf,
  };
}

/** One side's distinct (c, n), and which of them each cell has. */
export interface Side {
  readonly c: Int32Array;
  readonly n: Int32Array;
  readonly of: Int32Array;
}

export function distinctSide(c: Int32Array, n: Int32Array): Side {
  const found = new Map<number, number>();
  const first: number[] = [];
  const of = new Int32Array(c.length);
  // n < 2^26 and c ≤ n: the pair fits a double exactly.
  for (let i = 0; i < c.length; i++) {
    const key = n[i]! * 67108864 + c[i]!;
    let at = found.get(key);
    if (at === undefined) {
      at = first.length;
      found.set(key, at);
      first.push(i);
    }
    of[i] = at;
  }
  return { c: Int32Array.from(first, (i) => c[i]!), n: Int32Array.from(first, (i) => n[i]!), of };
}
