// The blocks between the matrix products: norms, rotation, gates, softmax, and their derivatives.
// AssemblyScript; addresses in bytes, counts in floats and multiples of 4 where they are walked in fours.

// Sums over a row are kept in float64: each is one number that every entry of the row is then multiplied with.

// @ts-ignore: decorator
@inline
function addPairs(sum: v128, x: v128): v128 {
  const high = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1));
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(x), high));
}

// @ts-ignore: decorator
@inline
function sumOf(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

// What exp4 needs, each number four times in memory: one load, where a constant in the code takes three instructions.
const TABLE: usize = memory.data<f32>([
  -87, -87, -87, -87,
  88, 88, 88, 88,
  1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341,
  // 1.5 · 2²³: added, it rounds to whole numbers and leaves them in the last bits.
  12582912, 12582912, 12582912, 12582912,
  // ln 2 in two parts, the first with trailing zero bits: n times it is exact.
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4,
  1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
  8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
  4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
  1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
  5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1,
  1, 1, 1, 1,
], 16);
// The exponent of 1, four times.
const EXPONENT: usize = memory.data<i32>([127, 127, 127, 127], 16);

/**
 * e^x to about 2 units in the last place; exactly 0 below −87. S. L. Moshier, Cephes `expf`: x = n ln 2 + r, e^r by a
 * polynomial on |r| ≤ ½ ln 2, then the exponent is put in as bits.
 */
// @ts-ignore: decorator
@inline
function exp4(x: v128): v128 {
  const least = v128.load(TABLE);
  const tiny = f32x4.lt(x, least);
  const bounded = f32x4.pmin(f32x4.pmax(x, least), v128.load(TABLE, 16));
  const whole = f32x4.add(f32x4.mul(bounded, v128.load(TABLE, 32)), v128.load(TABLE, 48));
  const n = f32x4.sub(whole, v128.load(TABLE, 48));
  let r = f32x4.sub(bounded, f32x4.mul(n, v128.load(TABLE, 64)));
  r = f32x4.sub(r, f32x4.mul(n, v128.load(TABLE, 80)));
  let y = v128.load(TABLE, 96);
  y = f32x4.add(f32x4.mul(y, r), v128.load(TABLE, 112));
  y = f32x4.add(f32x4.mul(y, r), v128.load(TABLE, 128));
  y = f32x4.add(f32x4.mul(y, r), v128.load(TABLE, 144));
  y = f32x4.add(f32x4.mul(y, r), v128.load(TABLE, 160));
  y = f32x4.add(f32x4.mul(y, r), v128.load(TABLE, 176));
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r), v128.load(TABLE, 192));
  const power = i32x4.shl(i32x4.add(whole, v128.load(EXPONENT)), 23);
  return v128.andnot(f32x4.mul(y, power), tiny);
}

/** out = x / √(mean x² + ε) ∘ gain, row by row; keeps 1/√(…) of every row in `scales`. */
export function norm(x: usize, gain: usize, out: usize, scales: usize, rows: i32, width: i32, epsilon: f32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    let squares = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const v = v128.load(x + j);
      squares = addPairs(squares, f32x4.mul(v, v));
    }
    const scale = <f32>(1.0 / sqrt<f64>(sumOf(squares) / <f64>width + <f64>epsilon));
    store<f32>(scales + (<usize>i << 2), scale);
    const s = f32x4.splat(scale);
    for (let j: usize = 0; j < bytes; j += 16)
      v128.store(out + j, f32x4.mul(f32x4.mul(v128.load(x + j), s), v128.load(gain + j)));
    x += bytes;
    out += bytes;
  }
}

/** Adds to dX and to dGain what the norm passes back: dx = s (g∘dy) − s³ x (x · (g∘dy)) / width. */
export function normBack(
  x: usize, gain: usize, scales: usize, dOut: usize, dX: usize, dGain: usize, rows: i32, width: i32,
): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    const scale = load<f32>(scales + (<usize>i << 2));
    const s = f32x4.splat(scale);
    let dot = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const dy = v128.load(dOut + j);
      const v = v128.load(x + j);
      v128.store(dGain + j, f32x4.add(v128.load(dGain + j), f32x4.mul(dy, f32x4.mul(v, s))));
      dot = addPairs(dot, f32x4.mul(f32x4.mul(dy, v128.load(gain + j)), v));
    }
    const cube = <f64>scale * <f64>scale * <f64>scale;
    const back = f32x4.splat(<f32>((cube * sumOf(dot)) / <f64>width));
    for (let j: usize = 0; j < bytes; j += 16) {
      const through = f32x4.mul(f32x4.mul(v128.load(dOut + j), v128.load(gain + j)), s);
      const dx = f32x4.sub(through, f32x4.mul(v128.load(x + j), back));
      v128.store(dX + j, f32x4.add(v128.load(dX + j), dx));
    }
    x += bytes;
    dOut += bytes;
    dX += bytes;
  }
}

/**
 * Turns the pairs (2i, 2i+1) of every head of every row in place. `cosines` holds each cosine twice, `sines` −sin and +sin,
 * one row of headWidth floats a position; `positions` holds one i32 a row. `back` 1 turns the other way.
 */
export function rotate(
  x: usize, rows: i32, width: i32, headWidth: i32, cosines: usize, sines: usize, positions: usize, back: i32,
): void {
  const bytes = <usize>width << 2;
  const head = <usize>headWidth << 2;
  const sign = f32x4.splat(back ? -1.0 : 1.0);
  for (let i = 0; i < rows; i++) {
    const turn = <usize>load<i32>(positions + (<usize>i << 2)) * head;
    let j: usize = 0;
    while (j < bytes) {
      for (let p: usize = 0; p < head; p += 16, j += 16) {
        const v = v128.load(x + j);
        const swapped = i8x16.shuffle(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
        const sine = f32x4.mul(v128.load(sines + turn + p), sign);
        v128.store(x + j, f32x4.add(f32x4.mul(v, v128.load(cosines + turn + p)), f32x4.mul(swapped, sine)));
      }
    }
    x += bytes;
  }
}

/** out = silu(gate) ∘ up; silu(gate) over `gate`, and silu′(gate) into `slope`, which may be `out` where nobody wants it. */
export function gated(gate: usize, up: usize, slope: usize, out: usize, count: i32): void {
  const bytes = <usize>count << 2;
  for (let j: usize = 0; j < bytes; j += 16) {
    const one = v128.load(TABLE, 192);
    const g = v128.load(gate + j);
    const sigmoid = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(g))));
    const silu = f32x4.mul(g, sigmoid);
    v128.store(gate + j, silu);
    v128.store(slope + j, f32x4.add(sigmoid, f32x4.mul(silu, f32x4.sub(one, sigmoid))));
    v128.store(out + j, f32x4.mul(silu, v128.load(up + j)));
  }
}

/** From dOut and what `gated` left: dGate over `slope`, dUp over `up`. */
export function gatedBack(silu: usize, slope: usize, up: usize, dOut: usize, count: i32): void {
  const bytes = <usize>count << 2;
  for (let j: usize = 0; j < bytes; j += 16) {
    const d = v128.load(dOut + j);
    const through = f32x4.mul(d, v128.load(up + j));
    v128.store(slope + j, f32x4.mul(through, v128.load(slope + j)));
    v128.store(up + j, f32x4.mul(d, v128.load(silu + j)));
  }
}

/**
 * Row i of `scores` (stride `row`) becomes softmax(scale · scores[0 … first + i]); entries behind are 0 up to `width`,
 * a multiple of 4.
 */
export function attend(scores: usize, row: i32, rows: i32, first: i32, width: i32, scale: f32): void {
  const bytes = <usize>width << 2;
  const s = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    const seen = <usize>(first + i + 1) << 2;
    for (let j = seen; j < bytes; j += 4) store<f32>(scores + j, -f32.MAX_VALUE);
    let top4 = f32x4.splat(-f32.MAX_VALUE);
    for (let j: usize = 0; j < bytes; j += 16) top4 = f32x4.pmax(top4, v128.load(scores + j));
    const top = f32x4.splat(
      max(
        max(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1)),
        max(f32x4.extract_lane(top4, 2), f32x4.extract_lane(top4, 3)),
      ),
    );
    let sum = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const e = exp4(f32x4.mul(f32x4.sub(v128.load(scores + j), top), s));
      v128.store(scores + j, e);
      sum = addPairs(sum, e);
    }
    const whole = f32x4.splat(<f32>sumOf(sum));
    for (let j: usize = 0; j < bytes; j += 16) v128.store(scores + j, f32x4.div(v128.load(scores + j), whole));
    scores += <usize>row << 2;
  }
}

/** dScores over dP, in place: p ∘ (dP − p · dP) · scale. */
export function attendBack(p: usize, dP: usize, row: i32, rows: i32, width: i32, scale: f32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    let dot = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) dot = addPairs(dot, f32x4.mul(v128.load(p + j), v128.load(dP + j)));
    const mean = f32x4.splat(<f32>sumOf(dot));
    const s = f32x4.splat(scale);
    for (let j: usize = 0; j < bytes; j += 16)
      v128.store(dP + j, f32x4.mul(f32x4.mul(v128.load(p + j), f32x4.sub(v128.load(dP + j), mean)), s));
    p += <usize>row << 2;
    dP += <usize>row << 2;
  }
}

/** In place: logits become coefficient · (1[target] − softmax), the derivative of coefficient · log p(target) by them. */
export function chooseBack(logits: usize, targets: usize, coefficients: usize, rows: i32, vocabulary: i32): void {
  const bytes = <usize>vocabulary << 2;
  for (let i = 0; i < rows; i++) {
    const coefficient = load<f32>(coefficients + (<usize>i << 2));
    let top4 = f32x4.splat(-f32.MAX_VALUE);
    for (let j: usize = 0; j < bytes; j += 16) top4 = f32x4.pmax(top4, v128.load(logits + j));
    const top = f32x4.splat(
      max(
        max(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1)),
        max(f32x4.extract_lane(top4, 2), f32x4.extract_lane(top4, 3)),
      ),
    );
    let sum = f64x2.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const e = exp4(f32x4.sub(v128.load(logits + j), top));
      v128.store(logits + j, e);
      sum = addPairs(sum, e);
    }
    const share = f32x4.splat(<f32>(-<f64>coefficient / sumOf(sum)));
    for (let j: usize = 0; j < bytes; j += 16) v128.store(logits + j, f32x4.mul(v128.load(logits + j), share));
    const target = logits + (<usize>load<i32>(targets + (<usize>i << 2)) << 2);
    store<f32>(target, load<f32>(target) + coefficient);
    logits += bytes;
  }
}

/** out[i] = table[ids[i]]. */
export function embed(table: usize, ids: usize, out: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++)
    memory.copy(out + <usize>i * bytes, table + <usize>load<i32>(ids + (<usize>i << 2)) * bytes, bytes);
}

/** dTable[ids[i]] += dOut[i], in the order of the rows. */
export function embedBack(dTable: usize, ids: usize, dOut: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    add(dTable + <usize>load<i32>(ids + (<usize>i << 2)) * bytes, dOut, width);
    dOut += bytes;
  }
}

/** a += b. */
export function add(a: usize, b: usize, count: i32): void {
  const bytes = <usize>count << 2;
  for (let j: usize = 0; j < bytes; j += 16) v128.store(a + j, f32x4.add(v128.load(a + j), v128.load(b + j)));
}
