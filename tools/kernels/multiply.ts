// The matrix products that everything is made of. AssemblyScript; addresses in bytes, strides in floats.
//
// Every entry of a result is a sum over k = 0, 1, 2 … in one fixed order, whatever tile it falls into: so a row's result does
// not depend on the rows beside it, one token at a time gives the same bits as a whole sequence, and masked zeros change nothing.

// @ts-ignore: decorator
@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** Terms that are summed in one go: shorter sums of sums round less than one long sum does. */
const BLOCK: i32 = 16;

/** C[m,n] (+)= Σ_k A[m,k] B[k,n]; n is a multiple of 4. `add`: 1 adds to what C holds, 0 overwrites it. */
export function multiply(
  a: usize, aRow: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, k: i32, n: i32, add: i32,
): void {
  for (let p = 0; p < k; p += BLOCK) {
    const count = min(BLOCK, k - p);
    const left = at(a, p);
    const right = at(b, p * bRow);
    const more = p > 0 ? 1 : add;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      const row = at(left, i * aRow);
      let j = 0;
      for (; j + 8 <= n; j += 8) tile4x8(row, aRow, at(right, j), bRow, at(c, i * cRow + j), cRow, count, more);
      if (j < n) tile4x4(row, aRow, 1, at(right, j), bRow, at(c, i * cRow + j), cRow, count, more);
    }
    for (; i < m; i++) row1(at(left, i * aRow), 1, right, bRow, at(c, i * cRow), count, n, more);
  }
}

/** The same with A turned: C[m,n] (+)= Σ_k A[k,m] B[k,n]. */
export function multiplyTurned(
  a: usize, aRow: i32, b: usize, bRow: i32, c: usize, cRow: i32, m: i32, k: i32, n: i32, add: i32,
): void {
  for (let p = 0; p < k; p += BLOCK) {
    const count = min(BLOCK, k - p);
    const left = at(a, p * aRow);
    const right = at(b, p * bRow);
    const more = p > 0 ? 1 : add;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      let j = 0;
      for (; j + 8 <= n; j += 8)
        tileTurned4x8(at(left, i), aRow, at(right, j), bRow, at(c, i * cRow + j), cRow, count, more);
      if (j < n) tile4x4(at(left, i), 1, aRow, at(right, j), bRow, at(c, i * cRow + j), cRow, count, more);
    }
    for (; i < m; i++) row1(at(left, i), aRow, right, bRow, at(c, i * cRow), count, n, more);
  }
}

/** One row of the result; A(k) stands at a + k·aStride. */
function row1(a: usize, aStride: i32, b: usize, bRow: i32, c: usize, k: i32, n: i32, add: i32): void {
  let j = 0;
  for (; j + 16 <= n; j += 16) tile1x16(a, aStride, at(b, j), bRow, at(c, j), k, add);
  for (; j < n; j += 4) tile1x4(a, aStride, at(b, j), bRow, at(c, j), k, add);
}

// @ts-ignore: decorator
@inline
function put(address: usize, value: v128, add: i32): void {
  v128.store(address, add ? f32x4.add(v128.load(address), value) : value);
}

// The two large tiles are written out twice because the addresses of A cost as much as the arithmetic where they are general.

// @ts-ignore: decorator
@inline
function tile4x8(a: usize, aRow: i32, b: usize, bRow: i32, c: usize, cRow: i32, k: i32, add: i32): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  const row = <usize>aRow << 2;
  const bStep = <usize>bRow << 2;
  let a0 = a, a1 = a + row, a2 = a1 + row, a3 = a2 + row;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a0);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load_splat<f32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    b += bStep;
  }
  const cStep = <usize>cRow << 2;
  put(c, s00, add); put(c + 16, s01, add); c += cStep;
  put(c, s10, add); put(c + 16, s11, add); c += cStep;
  put(c, s20, add); put(c + 16, s21, add); c += cStep;
  put(c, s30, add); put(c + 16, s31, add);
}

// @ts-ignore: decorator
@inline
function tileTurned4x8(a: usize, aRow: i32, b: usize, bRow: i32, c: usize, cRow: i32, k: i32, add: i32): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  const aStep = <usize>aRow << 2;
  const bStep = <usize>bRow << 2;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    a += aStep;
    b += bStep;
  }
  const cStep = <usize>cRow << 2;
  put(c, s00, add); put(c + 16, s01, add); c += cStep;
  put(c, s10, add); put(c + 16, s11, add); c += cStep;
  put(c, s20, add); put(c + 16, s21, add); c += cStep;
  put(c, s30, add); put(c + 16, s31, add);
}

/** A(m,k) stands at a + m·aRow + k·aStride. */
// @ts-ignore: decorator
@inline
function tile4x4(a: usize, aRow: i32, aStride: i32, b: usize, bRow: i32, c: usize, cRow: i32, k: i32, add: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const row = <usize>aRow << 2;
  const aStep = <usize>aStride << 2;
  const bStep = <usize>bRow << 2;
  let a0 = a, a1 = a + row, a2 = a1 + row, a3 = a2 + row;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a0), b0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a1), b0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a2), b0));
    s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a3), b0));
    a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
    b += bStep;
  }
  const cStep = <usize>cRow << 2;
  put(c, s0, add); c += cStep;
  put(c, s1, add); c += cStep;
  put(c, s2, add); c += cStep;
  put(c, s3, add);
}

// @ts-ignore: decorator
@inline
function tile1x16(a: usize, aStride: i32, b: usize, bRow: i32, c: usize, k: i32, add: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const aStep = <usize>aStride << 2;
  const bStep = <usize>bRow << 2;
  for (let p = 0; p < k; p++) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b, 48)));
    a += aStep;
    b += bStep;
  }
  put(c, s0, add); put(c + 16, s1, add); put(c + 32, s2, add); put(c + 48, s3, add);
}

// @ts-ignore: decorator
@inline
function tile1x4(a: usize, aStride: i32, b: usize, bRow: i32, c: usize, k: i32, add: i32): void {
  let s = f32x4.splat(0);
  const aStep = <usize>aStride << 2;
  const bStep = <usize>bRow << 2;
  for (let p = 0; p < k; p++) {
    s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(a), v128.load(b)));
    a += aStep;
    b += bStep;
  }
  put(c, s, add);
}

/** out[j,i] = a[i,j]; rows × columns floats, columns a multiple of 4, `row` and `outRow` their strides. */
export function transpose(a: usize, row: i32, out: usize, outRow: i32, rows: i32, columns: i32): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4)
    for (let j = 0; j < columns; j += 4) {
      const from = at(a, i * row + j);
      const to = at(out, j * outRow + i);
      const step = <usize>row << 2;
      const outStep = <usize>outRow << 2;
      const r0 = v128.load(from);
      const r1 = v128.load(from + step);
      const r2 = v128.load(from + 2 * step);
      const r3 = v128.load(from + 3 * step);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
      v128.store(to + outStep, i64x2.shuffle(low01, low23, 1, 3));
      v128.store(to + 2 * outStep, i64x2.shuffle(high01, high23, 0, 2));
      v128.store(to + 3 * outStep, i64x2.shuffle(high01, high23, 1, 3));
    }
  for (; i < rows; i++)
    for (let j = 0; j < columns; j++) store<f32>(at(out, j * outRow + i), load<f32>(at(a, i * row + j)));
}
