// report/ · Figure world bits: the bits that the base lacks along the tuned policy's right answers, step by step, exactly.
import { scaleLinear } from "d3-scale";
import type { TruthDocument } from "../../terms/truth.ts";
import { fixed, percent } from "../numbers.ts";
import { box, cross, decimalsOf, frame, line, narrow, stop, text, type Figure } from "./frame.ts";
import { baseOf, type Bits, bitsBySteps, bitsInWords, placeName, tunedOf } from "./world-facts.ts";

/** At most so many effective places are one place; at least this part of all is all over. */
const GATHERED = 1.5;
const SPREAD = 0.6;

export const worldBits: Figure<TruthDocument> = {
  title: (truth) => `Where ${baseOf(truth)} lacks bits, along the right answers of ${tunedOf(truth)}`,

  conclude(truth) {
    const longest = bitsBySteps(truth).at(-1);
    if (longest === undefined)
      return `No profile can be drawn: ${baseOf(truth)} or ${tunedOf(truth)} is never right, and the bits of what is never done are not a number.`;
    return conclusion(longest, baseOf(truth));
  },

  reading: () =>
    "One panel for each number of steps. Bits of a place: log2 of how much the base's chance of finishing right rises when the tuned policy has written that place; they add up to −log2 p0, and may be negative. Means over the tuned policy's right answers, then over problems.",

  draw(truth, size) {
    const small = narrow(size);
    const all = bitsBySteps(truth);
    const columns = Math.max(1, Math.min(small ? 2 : 3, all.length));
    const gap = small ? 18 : 26;
    const width = (size.width - gap * (columns - 1)) / columns;
    const height = small ? 156 : 176;
    const rows = Math.max(1, Math.ceil(all.length / columns));
    const values = all.flatMap(({ bits }) => bits);
    const most = Math.max(0.01, ...values);
    const least = Math.min(0, ...values);
    // Rounding may leave a hair below 0, which is not worth an axis below 0.
    const range: [number, number] = [least < -most / 100 ? least : 0, most];
    return frame(
      {
        size,
        height: rows * height,
        title: worldBits.title(truth),
        description: worldBits.conclude(truth),
      },
      all.map((one, n) => {
        const at = { x: (n % columns) * (width + gap), y: Math.floor(n / columns) * height };
        const left = at.x + 32;
        const right = at.x + width;
        const top = at.y + 30;
        const bottom = at.y + height - 40;
        const y = scaleLinear(range, [bottom, top]).nice(3);
        const ticks = y.ticks(3);
        const step = (right - left) / one.bits.length;
        return [
          text(at.x, at.y + 14, `L = ${one.steps}: ${bitsInWords(one.total)} bits`, "panel-title"),
          ticks.map((tick) => [
            line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
            text(
              left - 6,
              y(tick) + 4,
              ticks.every(Number.isInteger) ? fixed(tick, 0) : fixed(tick, decimalsOf(ticks)),
              "tick",
              "end",
            ),
          ]),
          one.bits.map((bits, i) => {
            const x = left + i * step;
            return [
              stop(
                [
                  box(x, top, step, bottom - top, ""),
                  box(x + step * 0.14, Math.min(y(bits), y(0)), step * 0.72, Math.abs(y(bits) - y(0)), "bits"),
                ],
                { x: x + step / 2, y: [y(bits)] },
                `L = ${one.steps}, ${placeName(i, one.bits.length)}: ${fixed(bits, 3)} bits of ${bitsInWords(one.total)}`,
              ),
              text(x + step / 2, bottom + 16, i === one.bits.length - 1 ? "#" : String(i + 1), "tick", "middle"),
            ];
          }),
          n < all.length - columns ? null : text(right, bottom + 31, "step, then answer (#)", "axis-title", "end"),
        ];
      }),
      cross(0, 0, 1),
    );
  },
};

function conclusion({ steps, bits, total, effectivePlaces }: Bits, base: string): string {
  const positive = bits.map((value) => Math.max(0, value));
  const all = positive.reduce((sum, value) => sum + value, 0);
  const lacks = `At L = ${steps} ${base} lacks ${bitsInWords(total)} bits`;
  if (all === 0 || effectivePlaces === undefined) return `${lacks}.`;
  const most = positive.indexOf(Math.max(...positive));
  const where = `${most === bits.length - 1 ? "the answer" : placeName(most, bits.length)} holds ${percent((positive[most] ?? 0) / all)} of them`;
  const places = `${fixed(effectivePlaces, 1)} effective places of ${bits.length}`;
  if (effectivePlaces <= GATHERED) return `${lacks}, gathered in one place: ${places}, and ${where}.`;
  if (effectivePlaces >= SPREAD * bits.length) return `${lacks}, spread over the answer: ${places}; ${where}.`;
  return `${lacks}, neither gathered in one place nor even: ${places}; ${where}.`;
}
