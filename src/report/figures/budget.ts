// report/ · Figure budget: both policies held to the same number of tokens, and the gain that is left.
import type { BudgetExhibit } from "../../terms/exhibit.ts";
import { count, difference, interval, percent, rate, signed } from "../numbers.ts";
import type { Figure } from "./frame.ts";
import { pairedCurves } from "./paired-curves.ts";

const units = (tokens: number): string =>
  tokens >= 1024 && tokens % 1024 === 0
    ? `${tokens / 1024}k`
    : tokens >= 10_000
      ? `${Math.round(tokens / 1000)}k`
      : String(tokens);

export const budgetFigure: Figure<BudgetExhibit> = {
  title: ({ policies: [base, later] }) =>
    `Success of ${base} and ${later} when both are held to the same number of tokens`,

  conclude({ policies: [base, later], budget, gain, low, high }) {
    const last = budget.length - 1;
    const up = budget.filter((_, i) => (low[i] ?? 0) > 0);
    const down = budget.filter((_, i) => (high[i] ?? 0) < 0);
    const most = `At ${count(budget[last] ?? 0)} tokens the gain, ${later} − ${base}, is ${signed(gain[last] ?? NaN)} ${interval(low[last] ?? NaN, high[last] ?? NaN, signed)}.`;
    const where =
      up.length > 0
        ? ` It lies above 0 from ${count(up[0] ?? 0)} tokens on.`
        : " At no budget does its band lie above 0.";
    const held =
      up.length > 0 && !budget.every((b, i) => b < (up[0] ?? 0) || (low[i] ?? 0) > 0)
        ? ` It lies above 0 at ${up.length} of ${budget.length} budgets.`
        : where;
    return `${most}${held}${down.length > 0 ? ` It lies below 0 at ${down.length} of ${budget.length} budgets.` : ""}`;
  },

  reading: ({ level }) =>
    `Every stored rollout is cut at the budget; one that had not answered by then counts as not right. The band (${percent(level)}) holds over all budgets at once and does not cover training seeds.`,

  draw(exhibit, size) {
    const { budget, policies, base, later, gain, low, high, level } = exhibit;
    return pairedCurves(
      {
        title: budgetFigure.title(exhibit),
        description: budgetFigure.conclude(exhibit),
        x: budget,
        policies,
        base,
        later,
        gap: gain,
        low,
        high,
        ticks: budget.map((at) => ({ at, label: units(at) })),
        axis: "token budget per rollout",
        above: "share of rollouts right within the budget",
        below: `gain at that budget, with ${percent(level)} band`,
        runs: [],
        say: (i) =>
          `${count(budget[i] ?? NaN)} tokens: ${policies[0]} ${rate(base[i] ?? NaN)}, ${policies[1]} ${rate(later[i] ?? NaN)}, gain ${difference(gain[i] ?? NaN)} [${difference(low[i] ?? NaN)}, ${difference(high[i] ?? NaN)}]`,
      },
      size,
    );
  },
};
