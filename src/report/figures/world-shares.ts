// report/ · Figure world shares: what handing over the plan, the steps or the answer is worth, exactly; in probability and in bits.
import { scaleLinear } from "d3-scale";
import { SEGMENTS, type Segment, type TruthDocument } from "../../terms/truth.ts";
import { difference, fixed, percent, signed } from "../numbers.ts";
import { box, cross, decimalsOf, frame, line, narrow, stop, text, type Figure } from "./frame.ts";
import { baseOf, sharesOf, tunedOf } from "./world-facts.ts";

/** Below this a gain is none, and shares of it say nothing. */
const NO_GAIN = 1e-9;

export const worldShares: Figure<TruthDocument> = {
  title: (truth) => `What plan, execution and answer of ${tunedOf(truth)} are worth in the hands of ${baseOf(truth)}`,

  conclude(truth) {
    const last = sharesOf(truth).at(-1);
    if (last === undefined) return "There is no later policy.";
    if (Math.abs(last.gain) < NO_GAIN) return `There is no gain to share: ${difference(last.gain)}.`;
    const parts = SEGMENTS.toSorted((a, b) => Math.abs(last.probability[b]) - Math.abs(last.probability[a]));
    const [first] = parts;
    const part = first === undefined ? 0 : last.probability[first] / last.gain;
    // Where shares pull in both directions, one of them is more than the whole, and a percentage misleads.
    const leading =
      first === undefined || part < 0 || part > 1 + NO_GAIN
        ? ""
        : ` ${capital(first)} is worth most: ${percent(part)} of it.`;
    const told = parts.map((name) => `${name} ${difference(last.probability[name])}`).join(", ");
    return `The gain, ${tunedOf(truth)} − ${baseOf(truth)}, is ${difference(last.gain)}: ${told}.${leading}`;
  },

  reading(truth) {
    const last = sharesOf(truth).at(-1);
    const bits =
      last === undefined || last.withBits === last.problems
        ? ""
        : last.withBits === 0
          ? " In bits nothing can be shared: a cell is zero on every problem."
          : ` Bits are means over the ${last.withBits} of ${last.problems} problems where no cell is zero.`;
    return `Shapley shares over the eight cells in which one policy writes the plan, one the steps and one the answer; means over problems. They add up to the gain.${bits}`;
  },

  draw(truth, size) {
    const small = narrow(size);
    const last = sharesOf(truth).at(-1);
    const gap = 30;
    const width = small ? size.width : (size.width - gap) / 2;
    const height = 178;
    const sides = [
      { title: "in probability", shares: last?.probability, sum: last?.gain ?? 0, say: (x: number) => difference(x) },
      { title: "in bits", shares: last?.bits, sum: last?.gainBits ?? 0, say: (x: number) => signed(x, 2) },
    ];
    return frame(
      {
        size,
        height: small ? 2 * height : height,
        title: worldShares.title(truth),
        description: worldShares.conclude(truth),
      },
      sides.map(({ title, shares, sum, say }, n) => {
        const at = { x: small ? 0 : n * (width + gap), y: small ? n * height : 0 };
        const left = at.x + 70;
        const right = at.x + width - 54;
        const top = at.y + 26;
        const bottom = top + 4 * 28 + 4;
        const head = text(at.x, at.y + 14, `share of the gain, ${title}`, "panel-title");
        if (shares === undefined)
          return [head, text(at.x, at.y + 44, "absent: a cell is zero on every problem", "note")];
        const bars = [
          ...SEGMENTS.map((name) => ({ name, value: shares[name], kind: "step" })),
          { name: "gain", value: sum, kind: "total" },
        ];
        const values = bars.map(({ value }) => value);
        const x = scaleLinear([Math.min(0, ...values), Math.max(1e-12, ...values)], [left, right]);
        const ticks = x.ticks(3);
        return [
          head,
          ticks.map((tick) => [
            line(x(tick), top, x(tick), bottom, tick === 0 ? "zero" : "grid"),
            text(x(tick), bottom + 15, fixed(tick, decimalsOf(ticks)), "tick", "middle"),
          ]),
          bars.map(({ name, value, kind }, i) => {
            const y = top + 6 + i * 28;
            return [
              text(left - 8, y + 14, name, kind === "total" ? "strong" : "", "end"),
              box(Math.min(x(0), x(value)), y, Math.max(1.5, Math.abs(x(value) - x(0))), 18, `bar ${kind}`),
              text(Math.max(x(0), x(value)) + 7, y + 14, say(value), "note halo"),
              stop(box(at.x, y - 4, width, 26, ""), { x: x(value), y: [y + 9] }, `${name}, ${title}: ${say(value)}`),
            ];
          }),
        ];
      }),
      cross(0, 0, 1),
    );
  },
};

const capital = (name: Segment): string => `The ${name}`;
