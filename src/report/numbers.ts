// report/ · Numbers: the one place where numbers become words. Never prints NaN: what is no number is "not known".
import type { DocumentEstimate } from "../attribution/document.ts";

/** Keeps a number and its unit on one line; plain text shows it as a space. */
export const NBSP = "\u00a0";

/** A true minus sign; and no negative zero. */
export function fixed(x: number, decimals: number): string {
  if (Number.isNaN(x)) return "not known";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const text = Math.abs(x).toFixed(decimals);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Three significant digits; powers of ten only where plain digits would mislead. */
export function plain(x: number): string {
  if (!Number.isFinite(x) || x === 0) return fixed(x, 0);
  const size = Math.abs(x);
  if (size < 1e-4 || size >= 1e7) return x.toExponential(1).replace(/^-/, "−").replace("e+", "e");
  if (Number.isInteger(x)) return count(x);
  return fixed(x, Math.max(0, 2 - Math.floor(Math.log10(size))));
}

export function count(n: number): string {
  return fixed(n, 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 12.3 million: prices, where the last digits are noise. */
export function rough(n: number): string {
  if (!Number.isFinite(n)) return fixed(n, 0);
  for (const [unit, word] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ] as const)
    if (Math.abs(n) >= unit) return `${Number((n / unit).toPrecision(3))} ${word}`;
  return count(Number(n.toPrecision(3)));
}

/** Success rates and pass@k. */
export function rate(p: number): string {
  return p > 0 && p < 5e-4 ? plain(p) : fixed(p, 3);
}

/** With its sign always written: a difference. */
export function signed(x: number, decimals = 3): string {
  const text = fixed(x, decimals);
  return x > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A difference of rates: three decimals, but never so few that its sign is lost. */
export function difference(x: number): string {
  const size = Math.abs(x);
  return signed(x, size >= 5e-4 || !(size > 5e-7) ? 3 : -Math.floor(Math.log10(size)));
}

export function percent(share: number): string {
  const shown = 100 * share;
  return `${fixed(shown, Math.abs(shown) < 10 && !Number.isInteger(shown) ? 1 : 0)}${NBSP}%`;
}

/** Decimals that show two digits of a width, a standard error or the like. */
function decimalsOf(width: number, least = 0, most = 6): number {
  if (!(width > 0) || !Number.isFinite(width)) return Math.max(least, 3);
  return Math.min(most, Math.max(least, 1 - Math.floor(Math.log10(width))));
}

export function interval(
  low: number,
  high: number,
  say: (x: number, decimals: number) => string = fixed,
  least = say === signed ? 3 : 0,
): string {
  const decimals = decimalsOf(high - low, least);
  return `[${say(low, decimals)}, ${say(high, decimals)}]`;
}

/** Both to the decimals that the error deserves. */
export function plusMinus(value: number, se: number): string {
  const decimals = Math.max(0, se > 0 ? -Math.floor(Math.log10(se)) + (firstDigit(se) === 1 ? 1 : 0) : 1);
  return `${fixed(value, Math.min(decimals, 6))}${NBSP}±${NBSP}${fixed(se, Math.min(decimals, 6))}`;
}

function firstDigit(x: number): number {
  return Number(x.toExponential()[0]);
}

/** Any estimate in a few words; `signs` for differences. A refusal says only that it is one: the reason stands elsewhere. */
export function estimateInWords(estimate: DocumentEstimate | undefined, signs = false): string {
  const say = signs ? signed : fixed;
  if (estimate === undefined) return "–";
  if (estimate.kind === "refused") return "refused";
  const { low, high } = estimate;
  if (estimate.kind === "bounded") {
    if (low !== undefined && high !== undefined)
      return high - low < 1e-4
        ? `${plain(low)} to ${plain(high)}`
        : interval(low, high, say).slice(1, -1).replace(", ", " to ");
    return low !== undefined ? `at least ${plain(low)}` : high !== undefined ? `at most ${plain(high)}` : "not known";
  }
  const { value, se } = estimate;
  if (low !== undefined && high !== undefined && high > low) {
    const size = Math.max(Math.abs(low), Math.abs(high));
    if (size < 1e-4 || size >= 1e7) return `${plain(value)} [${plain(low)}, ${plain(high)}]`;
    return `${say(value, decimalsOf(high - low, signs ? 3 : 0))} ${interval(low, high, say)}`;
  }
  if (se !== undefined && se > 0) return plusMinus(value, se);
  return signs ? difference(value) : plain(value);
}

/** Seconds, rounded up: `75 s`, `40 min`, `3.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
