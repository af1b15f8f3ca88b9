// maths/ · Special functions: gamma and beta, the error function, the normal law, the regularised incomplete beta and its inverse.
//
// Within 1e−10 relative of test/fixtures/special-functions.json (mpmath, 50 digits); mostly within 1e−14.
// DLMF: NIST Digital Library of Mathematical Functions, dlmf.nist.gov. Arguments out of range are RangeErrors.
import { expit, log1mExp } from "./logspace.ts";

const HALF_LOG_2PI = 0.91893853320467274178;

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

// ── Gamma ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** y-coefficients of log Γ(2 + y) = (1 − γ) y + Σ_{k≥2} (−1)^k (ζ(k) − 1) y^k / k (DLMF 5.7.3), for |y| ≤ ½. */
// biome-ignore format: a table
const LOG_GAMMA_AT_2 = [
  0.42278433509846713939, 0.32246703342411322, -0.067352301053198095, 0.020580808427784548, -0.0073855510286739853,
  0.0028905103307415233, -0.001192753911703261, 0.00050966952474304242, -0.00022315475845357938, 9.9457512781808534e-5,
  -4.4926236738133142e-5, 2.0507212775670692e-5, -9.4394882752683959e-6, 4.3748667899074878e-6, -2.0392157538013662e-6,
  9.5514121304074198e-7, -4.492469198764566e-7, 2.1207184805554666e-7, -1.00432248239681e-7, 4.7698101693639806e-8,
  -2.2711094608943165e-8, 1.0838659214896954e-8, -5.1834750419700467e-9, 2.4836745438024783e-9, -1.1921401405860912e-9,
];

/** log Γ(x), x > 0. Relatively accurate at its zeros 1 and 2 too, where the series starts with the linear term. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, got ${x}`);
  if (x >= 10) return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2PI - 0.5) + stirlingCorrection(x);
  if (x < 0.5) return x * polynomial(x, LOG_GAMMA_AT_2) - Math.log(x * (1 + x));
  if (x < 1.5) return (x - 1) * polynomial(x - 1, LOG_GAMMA_AT_2) - Math.log1p(x - 1);
  let product = 1;
  for (; x > 2.5; x--) product *= x - 1;
  return (x - 2) * polynomial(x - 2, LOG_GAMMA_AT_2) + Math.log(product);
}

/** δ(x) = log Γ(x) − [(x − ½) log x − x + ½ log 2π], x > 0 (DLMF 5.11.1 from 10 on). */
function stirlingCorrection(x: number): number {
  if (x < 10) return logGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_2PI);
  const r = 1 / (x * x);
  return (
    (1 / 12 -
      r *
        (1 / 360 -
          r *
            (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r * (1 / 156 - (r * 3617) / 122400))))))) /
    x
  );
}

/** log B(a, b), a, b > 0. Gammas are never subtracted where they are large (cf. DiDonato & Morris 1992, TOMS 708). */
export function logBeta(a: number, b: number): number {
  const least = Math.min(a, b);
  const most = Math.max(a, b);
  if (most < 10) return logGamma(least) + logGamma(most) - logGamma(a + b);
  if (!(least > 0)) throw new RangeError(`logBeta needs a > 0 and b > 0, got ${a} and ${b}`);
  const main = -least * Math.log1p(most / least) - most * Math.log1p(least / most);
  const correction = stirlingCorrection(least) + stirlingCorrection(most) - stirlingCorrection(a + b);
  return main + 0.5 * Math.log(1 / a + 1 / b) + HALF_LOG_2PI + correction;
}

/** log C(n, k), n ≥ 0, whole or not; −∞ for k outside [0, n]. */
export function logChoose(n: number, k: number): number {
  if (!(n >= 0)) throw new RangeError(`logChoose needs n ≥ 0, got ${n}`);
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (k === 0 || k === n) return 0;
  return -Math.log1p(n) - logBeta(k + 1, n - k + 1);
}

/** ψ's zero, in two parts, and its Taylor coefficients there: ψ^(k)(x0)/k!, k = 1 … 9. */
const DIGAMMA_ZERO = [1.4616321449683622, 9.5499954299656977e-17] as const;
// biome-ignore format: a table
const DIGAMMA_AT_ZERO = [
  0.96767224544762117, -0.44276316898359211, 0.25849976095565101, -0.16394270544240653, 0.10782405069126237,
  -0.072199561256454711, 0.048804288164143107, -0.033161126474847359, 0.022597648232218105,
];

/** ψ(x) = d log Γ(x) / dx, x > 0 (DLMF 5.5.2, 5.11.2); relatively accurate at its zero 1.4616… too. */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma needs x > 0, got ${x}`);
  const d = x - DIGAMMA_ZERO[0] - DIGAMMA_ZERO[1];
  if (Math.abs(d) < 0.01) return d * polynomial(d, DIGAMMA_AT_ZERO);
  let sum = 0;
  for (; x < 10; x++) sum -= 1 / x;
  const r = 1 / (x * x);
  const series =
    r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))));
  return sum + (Math.log(x) - 0.5 / x - series);
}

// ── Error function and normal law ────────────────────────────────────────────────────────────────────────────────────
// W. J. Cody (1969), "Rational Chebyshev approximations for the error function", Math. Comp. 23, 631–637; as in CALERF.

// biome-ignore format: tables
const ERF_SMALL = [
  [3209.37758913846947, 377.485237685302021, 113.86415415105016, 3.1611237438705656, 0.185777706184603153],
  [2844.23683343917062, 1282.61652607737228, 244.024637934444173, 23.6012909523441209, 1],
] as const;
// biome-ignore format: tables
const ERFC_MIDDLE = [
  [1230.33935479799725, 2051.07837782607147, 1712.04761263407058, 881.95222124176909, 298.635138197400131, 66.1191906371416295,
    8.88314979438837594, 0.564188496988670089, 2.15311535474403846e-8],
  [1230.33935480374942, 3439.36767414372164, 4362.61909014324716, 3290.79923573345963, 1621.38957456669019, 537.181101862009858,
    117.693950891312499, 15.7449261107098347, 1],
] as const;
// biome-ignore format: tables
const ERFC_FAR = [
  [6.58749161529837803e-4, 0.0160837851487422766, 0.125781726111229246, 0.360344899949804439, 0.305326634961232344, 0.0163153871373020978],
  [2.33520497626869185e-3, 0.0605183413124413191, 0.527905102951428412, 1.87295284992346047, 2.56852019228982242, 1],
] as const;
const SMALL = 0.46875;
const INV_SQRT_PI = 0.56418958354775628695;

const erfSmall = (x: number): number => (x * polynomial(x * x, ERF_SMALL[0])) / polynomial(x * x, ERF_SMALL[1]);

/** e^{x²} erfc(x), x ≥ 0.46875. */
function erfcScaled(x: number): number {
  if (x <= 4) return polynomial(x, ERFC_MIDDLE[0]) / polynomial(x, ERFC_MIDDLE[1]);
  const r = 1 / (x * x);
  return (INV_SQRT_PI - (r * polynomial(r, ERFC_FAR[0])) / polynomial(r, ERFC_FAR[1])) / x;
}

/** e^{−scale x²}, x ≥ 0; the leading digits are squared apart, since x² rounds by more than the exponential forgives. */
function gaussian(x: number, scale: number): number {
  if (x > 40) return 0;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-scale * head * head) * Math.exp(-scale * (x - head) * (x + head));
}

/** 2/√π ∫₀ˣ e^{−t²} dt. */
export function erf(x: number): number {
  if (Math.abs(x) <= SMALL) return erfSmall(x);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/** 1 − erf(x), relatively accurate until it underflows (x ≈ 26.5). */
export function erfc(x: number): number {
  if (Math.abs(x) <= SMALL) return 1 - erfSmall(x);
  return x > 0 ? erfcScaled(x) * gaussian(x, 1) : 2 - erfc(-x);
}

/** P(Z ≤ x), Z standard normal; relatively accurate in the lower tail (the upper one is normalCdf(−x)). */
export function normalCdf(x: number): number {
  const y = x * Math.SQRT1_2;
  if (Math.abs(y) <= SMALL) return 0.5 + 0.5 * erfSmall(y);
  return x < 0 ? 0.5 * erfcScaled(-y) * gaussian(-x, 0.5) : 1 - normalCdf(-x);
}

// biome-ignore format: tables
const QUANTILE = [
  [3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
  [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
    28729.085735721942674, 5226.495278852854561],
  [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
    0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4],
  [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966,
    5.475938084995344946e-4, 1.05075007164441684324e-9],
  [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
    0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
  [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5,
    1.4215117583164458887e-7, 2.04426310338993978564e-15],
] as const;

/** The x with normalCdf(x) = p, p in [0, 1]; ∓∞ at its ends. M. J. Wichura (1988), Algorithm AS 241, Appl. Stat. 37, 477–484. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile needs 0 ≤ p ≤ 1, got ${p}`);
  const [centre, centreUnder, middle, middleUnder, far, farUnder] = QUANTILE;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, centre)) / polynomial(r, centreUnder);
  }
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const x =
    r <= 5
      ? polynomial(r - 1.6, middle) / polynomial(r - 1.6, middleUnder)
      : polynomial(r - 5, far) / polynomial(r - 5, farUnder);
  return Math.sign(q) * x;
}

// ── Incomplete beta ──────────────────────────────────────────────────────────────────────────────────────────────────
// x and y = 1 − x travel together, so that neither end of [0, 1] loses digits.

/**
 * log( x^a y^b / B(a, b) ) with y = 1 − x; x, y in (0, 1), a, b > 0.
 *
 * In Loader's saddle-point form (C. Loader 2000, "Fast and accurate computation of binomial probabilities"): the part that
 * is linear in the distance from the mean a/(a+b) cancels on paper, not in floating point.
 */
export function logBetaPower(x: number, y: number, a: number, b: number): number {
  const sum = a + b;
  const distance = a * y - b * x; // λ of DiDonato & Morris
  const deviance = a * logMinusLinear(-distance / a, (x * sum) / a) + b * logMinusLinear(distance / b, (y * sum) / b);
  const correction = stirlingCorrection(sum) - stirlingCorrection(a) - stirlingCorrection(b);
  return deviance + 0.5 * Math.log(a * (b / sum)) - HALF_LOG_2PI + correction;
}

/** log(1 + t) − t, given 1 + t as well, in case it is near 0. */
function logMinusLinear(t: number, onePlusT: number): number {
  if (Math.abs(t) > 0.4) return Math.log(onePlusT) - t;
  // log(1 + t) = 2 artanh r, r = t/(2 + t); and 2r − t = −t r.
  const r = t / (2 + t);
  const s = r * r;
  let series = 0;
  for (let k = 23; k >= 3; k -= 2) series = series * s + 1 / k;
  return r * (2 * s * series - t);
}

/** log I_x(a, b), x and y = 1 − x in [0, 1]. */
function logBetaLower(x: number, y: number, a: number, b: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (y === 0) return 0;
  const distance = a * y - b * x;
  const power = logBetaPower(x, y, a, b);
  // x ≤ (a+1)/(a+b+2): where the fraction converges in O(√max(a, b)) terms.
  if (distance + y - x >= 0) return Math.min(0, power - Math.log(betaFraction(x, y, a, b, distance)));
  return log1mExp(Math.min(0, power - Math.log(betaFraction(y, x, b, a, -distance))));
}

/**
 * F with I_x(a, b) = x^a y^b / (B(a, b) F): the even part of the continued fraction DLMF 8.17.22, all of whose terms are
 * positive below the mean (A. R. DiDonato & A. H. Morris 1992, TOMS 18, 360–373, eq. 9), by the modified Lentz method.
 */
function betaFraction(x: number, y: number, a: number, b: number, distance: number): number {
  let fraction = (a / (a + 1)) * (distance + 1);
  let c = fraction;
  let d = 0;
  for (let n = 1; n < 1e6; n++) {
    const under = a + 2 * n - 1;
    const step = (n * (b - n) * x) / under;
    const alpha = ((a + n - 1) / under) * (a + b + n - 1) * x * step;
    const beta = n + step + ((a + n) / (under + 2)) * (distance + 1 + n * (1 + y));
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < 2 ** -52) return fraction;
  }
  throw new Error(`the incomplete beta fraction did not settle at x = ${x}, a = ${a}, b = ${b}`);
}

/** The logit z of the x with log I_x(a, b) = logP, logP ≤ log ½; clamped to ±708. */
function betaRoot(logP: number, a: number, b: number): number {
  // In z, the beta density e^{az}(1 + e^z)^{−a−b} is log-concave, and so is its integral: Newton on log I needs no bracket.
  // After one step it climbs from the left; the first step back is rounding.
  let z = Math.log(a / b);
  for (let i = 0; i < 200; i++) {
    const x = expit(z);
    const y = expit(-z);
    const logLower = logBetaLower(x, y, a, b);
    const slope = Math.exp(logBetaPower(x, y, a, b) - logLower); // d log I / dz = x y × density / I
    const next = Math.min(708, Math.max(-708, z + (logP - logLower) / slope));
    const settled = Math.abs(next - z) <= 2 ** -50 * (1 + Math.abs(z)) || (i > 0 && next <= z);
    z = next;
    if (settled) break;
  }
  return z;
}

function checkBeta(name: string, value: number, a: number, b: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} needs its first argument in [0, 1], got ${value}`);
  if (!(a > 0 && b > 0 && a + b < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name} needs a > 0 and b > 0, got ${a} and ${b}`);
}

/** I_x(a, b) = P(X ≤ x), X ~ Beta(a, b); relatively accurate in the lower tail. */
export function betaCdf(x: number, a: number, b: number): number {
  checkBeta("betaCdf", x, a, b);
  return Math.exp(logBetaLower(x, 1 - x, a, b));
}

/** P(X > x) = 1 − I_x(a, b), relatively accurate in the upper tail. */
export function betaCdfUpper(x: number, a: number, b: number): number {
  checkBeta("betaCdfUpper", x, a, b);
  return Math.exp(logBetaLower(1 - x, x, b, a));
}

/** The x with I_x(a, b) = p. Values below about 3e−308 are given as that. */
export function betaQuantile(p: number, a: number, b: number): number {
  checkBeta("betaQuantile", p, a, b);
  if (p === 0 || p === 1) return p;
  return p <= 0.5 ? expit(betaRoot(Math.log(p), a, b)) : expit(-betaRoot(Math.log1p(-p), b, a));
}

/** The x with 1 − I_x(a, b) = q: keeps the digits of a small q that 1 − q would lose. */
export function betaQuantileUpper(q: number, a: number, b: number): number {
  checkBeta("betaQuantileUpper", q, a, b);
  if (q === 0 || q === 1) return 1 - q;
  return q <= 0.5 ? expit(-betaRoot(Math.log(q), b, a)) : expit(betaRoot(Math.log1p(-q), a, b));
}
