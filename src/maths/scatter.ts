// maths/ · Scatter: averages over a normal law of a function known on an equally spaced grid.
import { normalCdf } from "./special.ts";

/** Σ_b weights[b]·v[from + b] is E v(Z), Z ~ N(location, σ²), v linear between grid points and constant beyond them. */
export interface ScatterWeights {
  readonly from: number;
  readonly weights: Float64Array;
  /** Derivatives of the weights by the location and by σ. */
  readonly byLocation: Float64Array;
  readonly bySigma: Float64Array;
}

/** Between knots cubic (Hermite): within 1e-10 of the normal law, which is far less than what is cut off. */
const FINE = 64;
const END = 8;
const knots = (of: (z: number) => number): Float64Array =>
  Float64Array.from({ length: 2 * END * FINE + 2 }, (_, i) => of(i / FINE - END));
const CDF = knots(normalCdf);
const PDF = knots((z) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI));
const PDF_SLOPE = knots((z) => (-z * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI));

function tabled(z: number, values: Float64Array, slopes: Float64Array): number {
  if (!(Math.abs(z) < END)) return 0;
  const at = (z + END) * FINE;
  const i = Math.floor(at);
  const t = at - i;
  const u = 1 - t;
  const between = values[i]! * u * u * (1 + 2 * t) + values[i + 1]! * t * t * (1 + 2 * u);
  return between + (t * u * (slopes[i]! * u - slopes[i + 1]! * t)) / FINE;
}

/** Standard deviations beyond which a normal law is cut (mass 1e-6). */
const REACH = 4.9;

/**
 * With Ψ(x) = E(x − σN)⁺ = xΦ(x/σ) + σφ(x/σ), the weight of an inner point z is the second difference
 * [Ψ(z+h−m) − 2Ψ(z−m) + Ψ(z−h−m)]/h; the ends take what lies beyond them.
 *
 * @param grid equally spaced, ascending, at least 2 points
 * @param sigma > 0, in grid units
 */
export function scatterWeights(grid: Float64Array, location: number, sigma: number): ScatterWeights {
  const last = grid.length - 1;
  const h = grid[1]! - grid[0]!;
  const clamp = (index: number): number => Math.min(last, Math.max(0, index));
  const from = clamp(Math.floor((location - REACH * sigma - grid[0]!) / h));
  const to = clamp(Math.ceil((location + REACH * sigma - grid[0]!) / h));
  const size = to - from + 1;
  const weights = new Float64Array(size);
  const byLocation = new Float64Array(size);
  const bySigma = new Float64Array(size);
  // Ψ and its derivatives Φ (by x) and φ (by σ) at the points around the window; outside it they are 0 or linear.
  let psiHere = 0;
  let cdfHere = 0;
  let pdfHere = 0;
  let psiBefore = 0;
  let cdfBefore = 0;
  let pdfBefore = 0;
  for (let b = from; b <= to + 1; b++) {
    const x = grid[0]! + b * h - location;
    const z = x / sigma;
    const pdf = tabled(z, PDF, PDF_SLOPE);
    const cdf = z > END ? 1 : tabled(z, CDF, PDF);
    const psi = x * cdf + sigma * pdf;
    const at = b - 1 - from;
    // The difference to the next point, minus the difference before; the first point has nothing before it.
    if (at >= 0 && b - 1 < last) {
      weights[at] = (psi - psiHere - (psiHere - psiBefore)) / h;
      byLocation[at] = -(cdf - cdfHere - (cdfHere - cdfBefore)) / h;
      bySigma[at] = (pdf - pdfHere - (pdfHere - pdfBefore)) / h;
    } else if (at >= 0) {
      weights[at] = 1 - (psiHere - psiBefore) / h;
      byLocation[at] = (cdfHere - cdfBefore) / h;
      bySigma[at] = -(pdfHere - pdfBefore) / h;
    }
    psiBefore = b === from ? psi : psiHere;
    cdfBefore = b === from ? cdf : cdfHere;
    pdfBefore = b === from ? pdf : pdfHere;
    psiHere = psi;
    cdfHere = cdf;
    pdfHere = pdf;
  }
  return { from, weights, byLocation, bySigma };
}
