// maths/ · Lattice: points that fill the unit square evenly, the same ones every time.

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Point i of `count`, in (0, 1)²: the middle of each of as many equal parts, beside multiples of the golden ratio modulo 1 (H. Niederreiter 1978, Bull. AMS 84, 957). */
export function latticePoint(i: number, count: number): readonly [number, number] {
  return [(i + 0.5) / count, ((i + 1) * GOLDEN) % 1];
}
