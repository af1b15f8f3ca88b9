// maths/ · Quasi-Newton: a minimum of a smooth function of a few variables (BFGS, Nocedal & Wright 2006, alg. 6.1).

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Approximate inverse Hessian at the minimum, row-major; start a neighbouring problem from it. */
  readonly inverseHessian: Float64Array;
  readonly evaluations: number;
}

export interface MinimiseOptions {
  readonly start: ArrayLike<number>;
  /** Value and gradient at x. The gradient array may be reused between calls. */
  evaluate(x: Float64Array): { value: number; gradient: Float64Array };
  readonly inverseHessian?: Float64Array;
  /** Stop when the predicted decrease falls below this, in units of the value. */
  readonly tolerance: number;
  readonly maxIterations?: number;
  /** Begin again from where it converged, with a fresh inverse Hessian, until that gains nothing. */
  readonly restart?: boolean;
  /** Longest step in any variable. */
  readonly maxStep?: number;
}

export function minimise(options: MinimiseOptions): Minimum {
  const n = options.start.length;
  const maxStep = options.maxStep ?? 1;
  let x = Float64Array.from(options.start);
  let { value, gradient } = copy(options.evaluate(x));
  let evaluations = 1;
  const h =
    options.inverseHessian === undefined ? firstHessian(gradient, n) : Float64Array.from(options.inverseHessian);
  let restartedAt = Number.POSITIVE_INFINITY;
  const maxIterations = options.maxIterations ?? 80;
  for (let iteration = 0; iteration < maxIterations && n > 0; iteration++) {
    let direction = times(h, gradient, n).map((d) => -d);
    let slope = inner(direction, gradient);
    if (slope >= 0) {
      h.set(firstHessian(gradient, n));
      direction = times(h, gradient, n).map((d) => -d);
      slope = inner(direction, gradient);
    }
    if (-slope / 2 < options.tolerance) {
      // A flat direction can starve the inverse Hessian; converged means that a fresh one finds nothing either.
      if (!options.restart || restartedAt - value < options.tolerance) break;
      restartedAt = value;
      h.fill(0);
      for (let k = 0; k < n; k++) h[k * n + k] = 0.01;
      continue;
    }
    const longest = direction.reduce((a, d) => Math.max(a, Math.abs(d)), 0);
    let t = Math.min(1, maxStep / longest);
    let next: { value: number; gradient: Float64Array } | undefined;
    let trial = x;
    for (; t * longest > 1e-7; t /= 3) {
      trial = x.map((value_, k) => value_ + t * direction[k]!);
      const seen = options.evaluate(trial);
      evaluations++;
      if (Number.isFinite(seen.value) && seen.value <= value + 1e-4 * t * slope) {
        next = copy(seen);
        break;
      }
    }
    if (next === undefined) break;
    update(
      h,
      trial.map((v, k) => v - x[k]!),
      next.gradient.map((g, k) => g - gradient[k]!),
      n,
    );
    x = trial;
    ({ value, gradient } = next);
  }
  return { x, value, inverseHessian: h, evaluations };
}

function copy(seen: { value: number; gradient: Float64Array }): { value: number; gradient: Float64Array } {
  return { value: seen.value, gradient: Float64Array.from(seen.gradient) };
}

/** A diagonal guess that makes the first step at most a quarter in any variable. */
function firstHessian(gradient: Float64Array, n: number): Float64Array {
  const largest = gradient.reduce((a, g) => Math.max(a, Math.abs(g)), 1e-12);
  const h = new Float64Array(n * n);
  for (let k = 0; k < n; k++) h[k * n + k] = 0.25 / largest;
  return h;
}

function times(h: Float64Array, v: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) out[a] = out[a]! + h[a * n + b]! * v[b]!;
  return out;
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

/** BFGS update of the inverse Hessian (eq. 6.17), skipped where the curvature seen is not positive. */
function update(h: Float64Array, s: Float64Array, y: Float64Array, n: number): void {
  const sy = inner(s, y);
  if (sy <= 1e-12) return;
  const hy = times(h, y, n);
  const yhy = inner(y, hy);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      h[a * n + b] = h[a * n + b]! + ((1 + yhy / sy) * s[a]! * s[b]!) / sy - (hy[a]! * s[b]! + s[a]! * hy[b]!) / sy;
    }
  }
}
