// report/ · Figure evolution: what each behaviour and each measure did from the base on, checkpoint by checkpoint.
import type { EvolutionExhibit } from "../../terms/exhibit.ts";
import { count, percent } from "../numbers.ts";
import { listed } from "../words.ts";
import { cross, frame, text, type Figure } from "./frame.ts";
import { inWords } from "./kernel.ts";
import { type Panel, panelsHeight, panelsOf } from "./panels.ts";
import { numbersOf, spotInWords } from "./spots.ts";

type Behaviour = EvolutionExhibit["behaviours"][number];

/** "amplified", "emerged at step-100", "undecided: 4,000 base rollouts would decide". */
export function statusOf({ status, emergedAt, samples }: Behaviour): string {
  if (status === "emerged" && emergedAt !== undefined) return `emerged at ${emergedAt}`;
  if (status === "undecided" && samples !== undefined)
    return `undecided: about ${count(Number(samples.toPrecision(2)))} base rollouts would decide`;
  return status;
}

const HEAD = 22;
const GAP = 30;

export const evolution: Figure<EvolutionExhibit> = {
  title: ({ policies: [base, tuned] }) => `From ${base} to ${tuned}: what changed at which checkpoint`,

  conclude({ behaviours, measures, checkpoints }) {
    const last = checkpoints.length - 1;
    const told = behaviours.map(
      (one) =>
        `${inWords(one.name)} went from ${spotInWords(one.shares[0] ?? {}, "percent")} to ${spotInWords(one.shares[last] ?? {}, "percent")} of rollouts (${statusOf(one)})`,
    );
    const moved = measures.filter(({ changes }) => changes.length > 0);
    const changed = moved.map(({ name, changes }) => `${name} at ${listed(changes)}`);
    const measured =
      measures.length === 0
        ? ""
        : changed.length === 0
          ? " No measure changes its level beyond noise."
          : ` The level changes: ${changed.join("; ")}.`;
    if (told.length === 0) return measured.trim() === "" ? "No behaviour could be followed." : measured.trim();
    return `Over training ${told.join("; ")}.${measured}`;
  },

  reading: ({ checkpoints, level }) =>
    `Policies in training order: ${listed(checkpoints.map((name, i) => `${i} ${name}`))}. Whiskers are ${percent(level)} intervals over problems; an arrow is a bound. “Emerged” at the first checkpoint whose lower end passes the base's upper end; “amplified”, where the base does it often enough for training to have met it. Dotted: the level changes there.`,

  draw(exhibit, size) {
    const { behaviours, measures, checkpoints } = exhibit;
    const shares: Panel[] = behaviours.map((one) => ({
      title: inWords(one.name),
      note: one.status === "undecided" ? "undecided" : statusOf(one),
      spots: one.shares,
      percent: true,
      domain: [0, Math.min(1, Math.max(0.05, ...numbersOf(one.shares)))],
      changes: one.changes,
    }));
    const others: Panel[] = measures.map(({ name, unit, values, changes }) => ({
      title: name,
      note: unit,
      spots: values,
      percent: false,
      changes,
    }));
    const middle = HEAD + panelsHeight(size, shares.length) + (shares.length > 0 && others.length > 0 ? GAP : 0);
    const height = middle + panelsHeight(size, others.length);
    return frame(
      { size, height, title: evolution.title(exhibit), description: evolution.conclude(exhibit) },
      shares.length === 0 ? null : text(0, 10, "share of rollouts", "axis-title"),
      panelsOf({ policies: checkpoints, panels: shares, top: HEAD, withBase: true }, size),
      others.length === 0 ? null : text(0, middle - 12, "measures, each on a scale of its own", "axis-title"),
      panelsOf({ policies: checkpoints, panels: others, top: middle, withBase: true }, size),
      cross(0, 0, 1),
    );
  },
};
