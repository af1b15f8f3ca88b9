// report/ · Figure ledger: the official gain as a waterfall of causes; below it, how each cause's part grew over training.
import { scaleLinear } from "d3-scale";
import type { Element } from "../element.ts";
import type { LedgerExhibit, Spot } from "../../terms/exhibit.ts";
import { NBSP, percent, signed } from "../numbers.ts";
import { listed, shorten } from "../words.ts";
import { box, cross, frame, line, narrow, stop, text, type Figure } from "./frame.ts";
import { inWords } from "./kernel.ts";
import { fitted, panelsHeight, panelsOf } from "./panels.ts";
import { spotInWords } from "./spots.ts";

interface Row {
  readonly cause: string;
  readonly share: Spot;
  readonly from: number;
  readonly to: number;
}

/** Each bar starts where the one before it ended. */
function rowsOf({ causes, checkpoints }: LedgerExhibit): Row[] {
  let level = 0;
  return causes.map((cause, i) => {
    const share = checkpoints.at(-1)?.shares[i] ?? {};
    const from = level;
    level += share.value ?? 0;
    return { cause, share, from, to: level };
  });
}

/** A cause that never reaches this part of the gain has no panel of its own. */
const SHOWN = 0.05;

const told = (share: Spot): string => (share.value === undefined ? "not told" : spotInWords(share, "percent"));
const beyondNought = ({ low = -Infinity, high = Infinity }: Spot): boolean => low > 0 || high < 0;

export const ledgerFigure: Figure<LedgerExhibit> = {
  title: ({ policies: [base, tuned] }) => `The gain of ${tuned} over ${base}, by cause`,

  conclude(exhibit) {
    const { gain, level, policies } = exhibit;
    const rows = rowsOf(exhibit).filter(({ share }) => share.value !== undefined);
    const causes = rows.filter(({ cause }) => cause !== "unexplained");
    const sure = causes
      .filter(({ share }) => beyondNought(share))
      .toSorted((a, b) => Math.abs(b.share.value!) - Math.abs(a.share.value!));
    const whole = `Of the gain of ${signed(gain.value)} [${signed(gain.low)}, ${signed(gain.high)}] in pass@1, ${policies[1]} − ${policies[0]},`;
    const parts =
      sure.length === 0
        ? "no cause has a part that is certainly not 0"
        : `${listed(sure.map(({ cause, share }) => `${told(share)} by ${inWords(cause)}`))}`;
    const rest = causes.filter((row) => !sure.includes(row)).map(({ cause }) => inWords(cause));
    const others = sure.length === 0 || rest.length === 0 ? "" : ` No part that is certainly not 0: ${listed(rest)}.`;
    const unexplained = rows.find(({ cause }) => cause === "unexplained");
    const open = unexplained === undefined ? "" : ` Unexplained: ${told(unexplained.share)}.`;
    return `${whole} ${parts} (${percent(level)}, all entries at once).${others}${open}`;
  },

  reading: ({ checkpoints, level }) =>
    `Every bar starts where the one above it ended; together they are the whole official gain, 100${NBSP}%. Whiskers, at a bar's end, are ${percent(level)} intervals that hold for all entries at once; a bar to the left takes away.` +
    (checkpoints.length < 2
      ? ""
      : ` Below: the part of each cause from the base up to each checkpoint, in shares of the same whole gain, where it ever reaches ${percent(SHOWN)}; policies in training order: ${listed(checkpoints.map(({ checkpoint }, i) => `${i + 1} ${checkpoint}`))}.`),

  draw(exhibit, size) {
    const small = narrow(size);
    const rows = rowsOf(exhibit);
    const left = small ? 10 : 164;
    const right = size.width - (small ? 14 : 118);
    const rowHeight = small ? 46 : 30;
    const ends = rows.flatMap(({ share: { low, high }, from, to }) => [to, from + (low ?? 0), from + (high ?? 0)]);
    const x = scaleLinear([Math.min(0, ...ends), Math.max(1, ...ends)], [left, right]);
    const top = 26;
    const tall = small ? 15 : 16;
    const y = (row: number): number => top + row * rowHeight + (small ? 22 : 7);
    const bottom = top + (rows.length + 1) * rowHeight + 6;
    const on = exhibit.checkpoints.length > 1;
    const small0 = bottom + 66;
    const shares = exhibit.causes.map((_, i) => exhibit.checkpoints.map((one) => one.shares[i] ?? {}));
    const known = exhibit.causes.flatMap((cause, i) =>
      shares[i]!.some(({ value = 0 }) => Math.abs(value) >= SHOWN) ? [{ cause, spots: shares[i]! }] : [],
    );
    const domain = fitted(
      known.flatMap(({ spots }) => spots),
      0,
    );
    const height = on ? small0 + panelsHeight(size, known.length) : bottom + 24;
    const named = (label: string, at: number): Element =>
      small
        ? text(left, at - 7, shorten(label, 26), "halo")
        : text(left - 12, at + tall / 2 + 4, shorten(label, 22), "", "end");
    const amount = (said: string, at: number, end: number): Element =>
      small
        ? text(size.width - 4, at - 7, said, "note halo", "end")
        : text(end + 8, at + tall / 2 + 4, said, "note halo");
    return frame(
      { size, height, title: ledgerFigure.title(exhibit), description: ledgerFigure.conclude(exhibit) },
      text(left, 14, "share of the official gain", "panel-title"),
      x
        .ticks(small ? 4 : 6)
        .flatMap((tick) => [
          line(x(tick), top, x(tick), bottom, tick === 0 ? "zero" : "grid"),
          text(x(tick), bottom + 16, percent(tick), "tick", "middle"),
        ]),
      rows.map(({ cause, share, from, to }, i) => {
        const [a, b] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
        const { low, high } = share;
        const reach = [x(from + (low ?? 0)), x(from + (high ?? 0))] as const;
        return [
          named(inWords(cause), y(i)),
          share.value === undefined
            ? null
            : box(a, y(i), Math.max(1.5, b - a), tall, `bar ${cause === "unexplained" ? "solid" : "total"}`),
          line(x(to), y(i) + tall, x(to), y(i + 1), "leader"),
          share.value === undefined || low === undefined || high === undefined
            ? null
            : whisker(...reach, y(i) + tall / 2),
          amount(told(share), y(i), Math.max(b, ...reach)),
          stop(
            box(left, y(i) - 5, right - left, tall + 10, ""),
            { x: x(to), y: [y(i) + tall / 2] },
            `${inWords(cause)}: ${told(share)} of the gain`,
          ),
        ];
      }),
      named("official gain", y(rows.length)),
      box(x(0), y(rows.length), x(1) - x(0), tall, "bar step"),
      amount(`${signed(exhibit.gain.value)} in pass@1`, y(rows.length), x(1)),
      stop(
        box(left, y(rows.length) - 5, right - left, tall + 10, ""),
        { x: x(1), y: [y(rows.length) + tall / 2] },
        `official gain: ${signed(exhibit.gain.value)} [${signed(exhibit.gain.low)}, ${signed(exhibit.gain.high)}] in pass@1`,
      ),
      on ? text(0, small0 - 20, "from the base up to each checkpoint", "axis-title") : null,
      on
        ? panelsOf(
            {
              policies: exhibit.checkpoints.map(({ checkpoint }) => checkpoint),
              panels: known.map(({ cause, spots }) => ({
                title: inWords(cause),
                spots,
                percent: true,
                domain,
                changes: [],
              })),
              top: small0,
              withBase: false,
            },
            size,
          )
        : null,
      cross(0, 0, 1),
    );
  },
};

function whisker(x0: number, x1: number, y: number): Element[] {
  return [line(x0, y, x1, y, "whisker"), line(x0, y - 4, x0, y + 4, "whisker"), line(x1, y - 4, x1, y + 4, "whisker")];
}
