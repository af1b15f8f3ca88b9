// report/ · Figure pass@k: two policies over k, the paired difference with its simultaneous band, and what is certified.
import type { CurveExhibit } from "../../terms/exhibit.ts";
import { difference as diff, NBSP, percent, rate } from "../numbers.ts";
import { listed } from "../words.ts";
import type { Figure } from "./frame.ts";
import { pairedCurves } from "./paired-curves.ts";

const run = ([from, to]: readonly [number, number]): string =>
  from === to ? `k${NBSP}=${NBSP}${from}` : `k${NBSP}=${NBSP}${from}–${to}`;
const runs = (list: CurveExhibit["gains"]): string => listed(list.map(run));

export const passAtK: Figure<CurveExhibit> = {
  title: ({ policies: [base, later] }) => `pass@k of ${base} and ${later}, and their difference`,

  conclude({ policies: [base, later], gains, losses, firstLoss, level, k }) {
    const sure = `at ${percent(level)} for all k at once`;
    if (gains.length === 0 && losses.length === 0)
      return `No gain or loss is certified at any k: the band around ${later} − ${base} covers 0 throughout (${percent(level)}, ${run([k[0] ?? 1, k.at(-1) ?? 1])}).`;
    const better = gains.length > 0 ? `better than ${base} for ${runs(gains)}` : "";
    const worse = losses.length > 0 ? `worse ${better === "" ? `than ${base} ` : ""}for ${runs(losses)}` : "";
    const certified = `${later} is ${[better, worse].filter((part) => part !== "").join(" and ")}, certified ${sure}.`;
    const rest =
      losses.length === 0
        ? " No loss is certified at any k."
        : gains.length === 0
          ? " No gain is certified at any k."
          : "";
    return `${certified}${rest}${crossing(firstLoss, later)}`;
  },

  reading: ({ policies: [base, later], level }) =>
    `Above: the chance that at least one of k rollouts is right, averaged over problems. Below: the paired difference, ${later} − ${base}; ` +
    `the grey band holds over all k at once with confidence ${percent(level)}; colour marks where it excludes 0. It covers the draw of problems and rollouts, not training seeds.`,

  draw(exhibit, size) {
    const { k, policies, base, later, difference, low, high, level, gains, losses, firstLoss } = exhibit;
    const most = k.at(-1) ?? 1;
    const powers = Array.from({ length: 24 }, (_, i) => 2 ** i).filter((p) => p >= (k[0] ?? 1) && p <= most);
    const ticks = powers.includes(most) ? powers : [...powers, most];
    return pairedCurves(
      {
        title: passAtK.title(exhibit),
        description: passAtK.conclude(exhibit),
        x: k,
        policies,
        base,
        later,
        gap: difference,
        low,
        high,
        ticks: ticks.map((at) => ({ at, label: String(at) })),
        axis: "k, tries per problem",
        above: "pass@k",
        below:
          `${policies[1]} − ${policies[0]}`.length < 30
            ? `${policies[1]} − ${policies[0]}, with ${percent(level)} band`
            : `difference, with ${percent(level)} band`,
        runs: [
          ...gains.map(([from, to]) => ({ from, to, kind: "gain" as const, label: `gain, ${run([from, to])}` })),
          ...(firstLoss === undefined || losses.length === 0
            ? []
            : [
                {
                  from: firstLoss.low,
                  to: firstLoss.high ?? most,
                  kind: "plain" as const,
                  label: firstLossLabel(firstLoss),
                },
              ]),
          ...losses.map(([from, to]) => ({ from, to, kind: "loss" as const, label: `loss, ${run([from, to])}` })),
        ],
        say: (i) =>
          `k = ${k[i]}: ${policies[0]} ${rate(base[i] ?? NaN)}, ${policies[1]} ${rate(later[i] ?? NaN)}, difference ${diff(difference[i] ?? NaN)} [${diff(low[i] ?? NaN)}, ${diff(high[i] ?? NaN)}]`,
      },
      size,
    );
  },
};

function firstLossLabel({ low, high }: NonNullable<CurveExhibit["firstLoss"]>): string {
  return high === undefined ? `first loss at k ≥ ${low}, if any` : `first loss, k in ${low}–${high}`;
}

function crossing(firstLoss: CurveExhibit["firstLoss"], later: string): string {
  if (firstLoss === undefined) return "";
  return firstLoss.high === undefined
    ? ` If ${later} falls behind at all, it does so no earlier than k = ${firstLoss.low}.`
    : ` The first k at which it is worse lies in [${firstLoss.low}, ${firstLoss.high}].`;
}
