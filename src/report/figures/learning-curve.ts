// report/ · Figure learning curve: what training looked like, one small panel a quantity, the kept checkpoints marked.
import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line as path } from "d3-shape";
import type { LearningCurve } from "../../terms/truth.ts";
import { type Element, h } from "../element.ts";
import { count, fixed, plain } from "../numbers.ts";
import { listed } from "../words.ts";
import { box, cross, decimalsOf, frame, line, narrow, stop, text, type Figure } from "./frame.ts";

type Point = LearningCurve["points"][number];
type Quantity = "loss" | "reward" | "kl" | "entropy" | "length";

const UNITS: Readonly<Record<Quantity, string>> = {
  loss: "loss, nats a token",
  reward: "mean reward",
  kl: "KL from the base, nats a token",
  entropy: "entropy, nats a token",
  length: "length, tokens an answer",
};
/** Loss of a policy gradient says nothing that a reader could use; the reward does. */
const SHOWN: Readonly<Record<Point["phase"], readonly Quantity[]>> = {
  pretraining: ["loss"],
  reinforcement: ["reward", "kl", "entropy", "length"],
  imitation: ["loss"],
};

interface Panel {
  readonly phase: Point["phase"];
  readonly quantity: Quantity;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

function panels({ points }: LearningCurve): readonly Panel[] {
  const phases = [...new Set(points.map(({ phase }) => phase))];
  return phases.flatMap((phase) =>
    SHOWN[phase].flatMap((quantity) => {
      const told = points.flatMap((point) => {
        const value = point[quantity];
        return point.phase === phase && value !== undefined ? [{ step: point.step, value }] : [];
      });
      return told.length === 0 ? [] : [{ phase, quantity, points: told }];
    }),
  );
}

const END = 0.1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of the first and of the last tenth of a panel: single steps are noisy. */
function ends({ points }: Panel): readonly [number, number] {
  const n = Math.max(1, Math.floor(points.length * END));
  const values = points.map(({ value }) => value);
  return [mean(values.slice(0, n)), mean(values.slice(-n))];
}

function moved(panel: Panel): string {
  const [from, to] = ends(panel);
  const noun = {
    loss: "the loss",
    reward: "the mean reward",
    kl: "the divergence from the base",
    entropy: "the entropy",
    length: "the length",
  };
  return `${noun[panel.quantity]} went from ${plain(from)} to ${plain(to)}`;
}

export const learningCurve: Figure<LearningCurve> = {
  title: ({ world, seed }) => `How ${world} was trained, seed ${seed}`,

  conclude(curve) {
    const all = panels(curve);
    const phases = [...new Set(all.map(({ phase }) => phase))];
    return phases
      .map((phase) => {
        const here = all.filter((panel) => panel.phase === phase);
        const steps = here[0]?.points.at(-1)?.step ?? 0;
        return `In ${count(steps)} steps of ${phase}, ${listed(here.map(moved))}.`;
      })
      .join(" ");
  },

  reading: ({ checkpoints }) =>
    `Each panel has its own scale; the numbers in the text are means over its first and its last tenth. ` +
    (checkpoints.some(({ step }) => step > 0)
      ? `Dotted lines: the kept policies, ${listed(checkpoints.map(({ policy, step }) => `${policy} after step ${count(step)}`))}.`
      : `Nothing was trained after pretraining: ${listed(checkpoints.map(({ policy }) => policy))} are made from the base's network by a formula.`),

  draw(curve, size) {
    const all = panels(curve);
    const columns = narrow(size) ? 1 : 2;
    const gap = 40;
    const width = (size.width - gap * (columns - 1)) / columns;
    const height = narrow(size) ? 150 : 176;
    const rows = Math.ceil(all.length / columns);
    return frame(
      { size, height: rows * height, title: learningCurve.title(curve), description: learningCurve.conclude(curve) },
      all.map((panel, i) =>
        drawn(panel, curve.checkpoints, {
          x: (i % columns) * (width + gap),
          y: Math.floor(i / columns) * height,
          width,
          height,
        }),
      ),
      cross(0, 0, 1),
    );
  },
};

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawn({ phase, quantity, points }: Panel, checkpoints: LearningCurve["checkpoints"], at: Place): Element[] {
  const left = at.x + 46;
  const right = at.x + at.width - 16;
  const top = at.y + 30;
  const bottom = at.y + at.height - 44;
  const x = scaleLinear([0, points.at(-1)?.step ?? 1], [left, right]);
  const [low = 0, high = 1] = extent(points, ({ value }) => value);
  const y = scaleLinear(low === high ? [low - 0.5, high + 0.5] : [low, high], [bottom, top]).nice(4);
  const ticks = y.ticks(4);
  const kept = phase === "pretraining" ? [] : checkpoints.filter(({ step }) => step > 0);
  const width = Math.max(1, (right - left) / points.length);
  return [
    text(at.x, at.y + 14, `${phase}: ${UNITS[quantity]}`, "panel-title"),
    ...ticks.flatMap((tick) => [
      line(left, y(tick), right, y(tick), "grid"),
      text(
        left - 7,
        y(tick) + 4,
        Number.isInteger(tick) && ticks.every(Number.isInteger) ? count(tick) : fixed(tick, decimalsOf(ticks)),
        "tick",
        "end",
      ),
    ]),
    ...kept.map(({ step }) => line(x(step), top, x(step), bottom, "diagonal")),
    h("path", {
      class: "curve gap",
      d:
        path<(typeof points)[number]>(
          ({ step }) => x(step),
          ({ value }) => y(value),
        ).digits(1)(points) ?? "",
    }),
    line(left, bottom, right, bottom, "axis"),
    ...x.ticks(5).map((tick) => text(x(tick), bottom + 16, count(tick), "tick", "middle")),
    text(right, bottom + 32, "steps", "axis-title", "end"),
    ...points.map(({ step, value }) => {
      const policy = kept.find((one) => one.step === step)?.policy;
      return stop(
        box(x(step) - width / 2, top, width, bottom - top, ""),
        { x: x(step), y: [y(value)] },
        `${phase}, step ${count(step)}: ${quantity} ${plain(value)}${policy === undefined ? "" : `, kept as ${policy}`}`,
      );
    }),
  ];
}
