// report/ · Figure world ladder: exact success by number of steps, one line a policy; below, how many times the base's it is.
import { scaleLinear, scaleLog } from "d3-scale";
import { line as path } from "d3-shape";
import type { Rung, TruthDocument } from "../../terms/truth.ts";
import { type Element, h } from "../element.ts";
import { plain } from "../numbers.ts";
import { listed, shorten } from "../words.ts";
import { box, cross, dodge, dot, frame, labelWidth, line, narrow, stop, text, type Figure } from "./frame.ts";
import { baseOf, exact, inkOf, lineOf, tunedOf } from "./world-facts.ts";

/** Ratios within this factor of each other count as the same at every length. */
const STEADY = 1.15;

const ratioOf = ({ ratio }: Rung): number | undefined => ratio?.at(-1);
export const times = (ratio: number): string => `×${ratio >= 10 ? plain(Math.round(ratio)) : plain(ratio)}`;

export const worldLadder: Figure<TruthDocument> = {
  title: (truth) => `How often each policy is right, by number of steps, and ${tunedOf(truth)} over ${baseOf(truth)}`,

  conclude(truth) {
    const [first, last] = [truth.rungs[0], truth.rungs.at(-1)];
    if (first === undefined || last === undefined) return "There are no problems.";
    const [base, tuned] = [baseOf(truth), tunedOf(truth)];
    const at = (rung: Rung): string =>
      `${exact(rung.right[0] ?? NaN)} to ${exact(rung.right.at(-1) ?? NaN)} at L = ${rung.steps}`;
    const success = `From ${base} to ${tuned}, success goes from ${first === last ? at(first) : `${at(first)} and from ${at(last)}`}.`;
    return `${success} ${pattern(truth)}`;
  },

  reading: () =>
    "Means over the problems of each number of steps, L. On the log axis below, fewer slips a step give a straight line, (r1/r0)^L; a more readable answer gives a flat one; a better way chosen more often gives whatever its reliability is worth at that length.",

  draw(truth, size) {
    const small = narrow(size);
    const { policies, rungs } = truth;
    const left = small ? 44 : 52;
    const right =
      size.width -
      (small ? 12 : Math.min(150, 22 + Math.max(...policies.map((name) => labelWidth(shorten(name, 16), 13)))));
    const rows = small ? Math.ceil(policies.length / 3) : 0;
    const upper = { top: 30 + rows * 17, bottom: (small ? 190 : 220) + rows * 17 };
    const lower = { top: upper.bottom + 62, bottom: upper.bottom + (small ? 160 : 172) };
    const lengths = rungs.map(({ steps }) => steps);
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    const x = scaleLinear(least === most ? [least - 1, most + 1] : [least, most], [left + 8, right - 8]);
    const y = scaleLinear([0, 1], [upper.bottom, upper.top]);
    const ratios = rungs.flatMap((rung) => ratioOf(rung) ?? []);
    const d = scaleLog([Math.min(0.8, ...ratios), Math.max(1.25, ...ratios) * 1.05], [lower.bottom, lower.top]);
    const curve = (values: readonly (readonly [number, number])[], kind: string): Element =>
      h("path", {
        class: kind,
        d:
          path<readonly [number, number]>(
            ([a]) => a,
            ([, b]) => b,
          ).digits(1)(values) ?? "",
      });
    const ends = dodge(
      policies.map((_, i) => y(rungs.at(-1)?.right[i] ?? 0)),
      15,
      upper.top,
      upper.bottom,
    );
    const told = rungs.flatMap((rung): (readonly [number, number])[] => {
      const ratio = ratioOf(rung);
      return ratio === undefined || ratio <= 0 ? [] : [[x(rung.steps), d(ratio)]];
    });
    const width = lengths.length > 1 ? (x(most) - x(least)) / (lengths.length - 1) : right - left;
    return frame(
      { size, height: lower.bottom + 44, title: worldLadder.title(truth), description: worldLadder.conclude(truth) },
      text(left, 14, "chance of a right answer", "panel-title"),
      [0, 0.25, 0.5, 0.75, 1].map((tick) => [
        line(left, y(tick), right, y(tick), "grid"),
        text(left - 8, y(tick) + 4, String(tick), "tick", "end"),
      ]),
      text(
        left,
        lower.top - 14,
        `chance under ${shorten(tunedOf(truth), 20)} / under ${shorten(baseOf(truth), 20)}`,
        "panel-title",
      ),
      ratioTicks(d.domain()).map((tick) => [
        line(left, d(tick), right, d(tick), tick === 1 ? "zero" : "grid"),
        text(left - 8, d(tick) + 4, `×${tick >= 0.01 && tick < 1e4 ? tick : plain(tick)}`, "tick", "end"),
      ]),
      told.length === 0
        ? text((left + right) / 2, (lower.top + lower.bottom) / 2, "the base is never right", "note halo", "middle")
        : null,
      policies
        .map((_, i) => [
          curve(
            rungs.map((rung) => [x(rung.steps), y(rung.right[i] ?? 0)]),
            lineOf(i, policies.length),
          ),
          i === 0 || i === policies.length - 1
            ? rungs.map((rung) => dot(x(rung.steps), y(rung.right[i] ?? 0), 3, inkOf(i, policies.length)))
            : null,
        ])
        .toReversed(),
      policies.map((name, i) =>
        small
          ? text(
              left + (i % 3) * 96,
              33 + Math.floor(i / 3) * 17,
              shorten(name, 12),
              `strong ${inkOf(i, policies.length)}`,
            )
          : text(
              right + 8,
              (ends[i] ?? 0) + 4,
              shorten(name, 16),
              `${i === 0 || i === policies.length - 1 ? "strong" : "note"} ${inkOf(i, policies.length)}`,
            ),
      ),
      curve(told, "curve gap"),
      told.map(([a, b]) => dot(a, b, 3, "")),
      line(left, lower.bottom + 6, right, lower.bottom + 6, "axis"),
      lengths.map((steps) => text(x(steps), lower.bottom + 22, String(steps), "tick", "middle")),
      text(right, lower.bottom + 38, "L, steps of the problem", "axis-title", "end"),
      cross(upper.top, lower.bottom + 6, policies.length + 1),
      rungs.map((rung) => {
        const ratio = ratioOf(rung);
        return stop(
          box(x(rung.steps) - width / 2, upper.top, width, lower.bottom - upper.top, ""),
          {
            x: x(rung.steps),
            y: [...rung.right.map((p) => y(p)), ratio === undefined || ratio <= 0 ? lower.bottom : d(ratio)],
          },
          `L = ${rung.steps}: ${policies.map((name, i) => `${name} ${exact(rung.right[i] ?? NaN)}`).join(", ")}; ${ratio === undefined ? "no ratio, the base is never right" : times(ratio)}`,
        );
      }),
    );
  },
};

/** Round numbers, about five of them. */
export function ratioTicks(domain: readonly number[]): number[] {
  const [low = 1, high = 1] = domain;
  const span = Math.log10(high / low);
  const decades = Math.ceil(span / 5);
  const round =
    span < 0.6
      ? [0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2, 2.5, 3]
      : span < 1.7
        ? [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
        : Array.from({ length: 621 }, (_, i) => 10 ** (i - 310)).filter((_, i) => (i - 310) % decades === 0);
  return round.filter((tick) => tick >= low && tick <= high);
}

function pattern(truth: TruthDocument): string {
  const told = truth.rungs.flatMap((rung) => {
    const ratio = ratioOf(rung);
    return ratio === undefined ? [] : [{ steps: rung.steps, ratio }];
  });
  const never = truth.rungs.filter((rung) => ratioOf(rung) === undefined).map(({ steps }) => String(steps));
  const absent = never.length === 0 ? "" : ` At L = ${listed(never)} the base is never right, so there is no ratio.`;
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return absent.trim();
  if (first === last) return `p1/p0 is ${times(first.ratio)}.${absent}`;
  const ratios = told.map(({ ratio }) => ratio);
  const ends = `p1/p0 is ${times(first.ratio)} at L = ${first.steps} and ${times(last.ratio)} at L = ${last.steps}`;
  const rising = told.every(({ ratio }, i) => i === 0 || ratio > (told[i - 1]?.ratio ?? 0));
  const shape =
    Math.max(...ratios) <= STEADY * Math.min(...ratios)
      ? "about the same at every length"
      : rising
        ? "it grows with every step"
        : "it does not grow with every step";
  return `${ends}: ${shape}.${absent}`;
}
