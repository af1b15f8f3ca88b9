// report/ · Figure world strategies: how often each way is begun, and how often it ends right, from the base to the tuned policy.
import { scaleLinear } from "d3-scale";
import { line as path } from "d3-shape";
import type { TruthDocument } from "../../terms/truth.ts";
import { type Element, h } from "../element.ts";
import { rate, signed } from "../numbers.ts";
import { listed, shorten } from "../words.ts";
import { box, cross, dodge, dot, frame, line, narrow, stop, text, type Figure } from "./frame.ts";
import { baseOf, exact, meanMass, namesOf, tunedOf } from "./world-facts.ts";

interface Way {
  readonly name: string;
  /** Means over the problems, one entry a policy. */
  readonly begun: readonly number[];
  readonly right: readonly number[];
}

/** Ways that any policy takes with a chance worth drawing, the most right one of the tuned policy first. */
const VISIBLE = 5e-4;

/** Without those that no policy ever takes. */
export function waysOf(truth: TruthDocument): readonly Way[] {
  return namesOf(truth, ({ strategies }) => strategies)
    .map((name) => ({
      name,
      begun: meanMass(truth, ({ plans }) => plans[name]) ?? truth.policies.map(() => 0),
      right: meanMass(truth, ({ strategies }) => strategies[name]) ?? truth.policies.map(() => 0),
    }))
    .filter(({ begun, right }) => Math.max(...begun, ...right) > 0)
    .toSorted((a, b) => (b.right.at(-1) ?? 0) - (a.right.at(-1) ?? 0));
}

const drawable = (truth: TruthDocument): readonly Way[] =>
  waysOf(truth).filter(({ begun, right }) => Math.max(...begun, ...right) >= VISIBLE);

export const worldStrategies: Figure<TruthDocument> = {
  title: () => "Which way is begun, and which way ends right, policy by policy",

  conclude(truth) {
    const changes = waysOf(truth)
      .map((way) => ({ ...way, by: (way.begun.at(-1) ?? 0) - (way.begun[0] ?? 0) }))
      .toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by));
    const [first] = changes;
    if (first === undefined) return "No way of solving was told apart.";
    const shift =
      Math.abs(first.by) < VISIBLE
        ? "No way is begun more or less often than before."
        : `The largest shift is that of ${first.name}: begun with ${exact(first.begun[0] ?? 0)} by ${baseOf(truth)} and ${exact(first.begun.at(-1) ?? 0)} by ${tunedOf(truth)} (${signed(first.by)}).`;
    const ends = drawable(truth).flatMap(({ name, begun, right }) => {
      const reliable = (i: number): string | undefined =>
        (begun.at(i) ?? 0) < VISIBLE ? undefined : rate((right.at(i) ?? 0) / (begun.at(i) ?? 1));
      const [from, to] = [reliable(0), reliable(-1)];
      return from === undefined || to === undefined ? [] : [`${name} ${from} → ${to}`];
    });
    return ends.length === 0 ? shift : `${shift} Once begun, a way ends right: ${listed(ends)}.`;
  },

  reading: () =>
    "Means over all problems. Begun: the mass of the beginnings that commit to a way and can still end right; right: the mass of its accepted answers. Lines that move on the left are choices, lines that move only on the right are reliability.",

  draw(truth, size) {
    const small = narrow(size);
    const ways = drawable(truth);
    const labelled = small ? 76 : 84;
    const gap = 24;
    const width = small ? size.width : (size.width - gap) / 2;
    const height = small ? 210 : 250;
    const sides = [
      { title: "begun", of: (way: Way) => way.begun },
      { title: "right", of: (way: Way) => way.right },
    ];
    return frame(
      {
        size,
        height: small ? 2 * height : height,
        title: worldStrategies.title(truth),
        description: worldStrategies.conclude(truth),
      },
      sides.map((side, n) => {
        const at = { x: small ? 0 : n * (width + gap), y: small ? n * height : 0 };
        const left = at.x + 34;
        const right = at.x + width - labelled;
        const top = at.y + 30;
        const bottom = at.y + height - 44;
        const last = Math.max(1, truth.policies.length - 1);
        const x = scaleLinear([0, last], [left + 8, right - 8]);
        const y = scaleLinear([0, 1], [bottom, top]);
        const ends = dodge(
          ways.map((way) => y(side.of(way).at(-1) ?? 0)),
          14,
          top,
          bottom,
        );
        const step = (x(last) - x(0)) / last;
        return [
          text(
            at.x,
            at.y + 14,
            side.title === "begun" ? "chance that the way is begun" : "chance of a right answer that way",
            "panel-title",
          ),
          [0, 0.5, 1].map((tick) => [
            line(left, y(tick), right, y(tick), "grid"),
            text(left - 7, y(tick) + 4, String(tick), "tick", "end"),
          ]),
          ways.map((way, i): Element[] => [
            h("path", {
              class: `curve gap ${i === 0 ? "" : `dash-${i}`}`.trim(),
              d:
                path<number>(
                  (_, j) => x(j),
                  (value) => y(value),
                ).digits(1)([...side.of(way)]) ?? "",
            }),
            dot(x(last), y(side.of(way).at(-1) ?? 0), 2.5, ""),
            text(right + 4, (ends[i] ?? 0) + 4, shorten(way.name, 13), "halo"),
          ]),
          line(left, bottom, right, bottom, "axis"),
          truth.policies.map((name, i) =>
            i === 0 || i === truth.policies.length - 1
              ? text(x(i), bottom + 17, shorten(name, 12), `tick strong ${i === 0 ? "is-base" : "is-later"}`, "middle")
              : line(x(i), bottom, x(i), bottom + 5, "axis"),
          ),
          truth.policies.map((name, i) =>
            stop(
              box(x(i) - step / 2, top, step, bottom - top, ""),
              { x: x(i), y: ways.map((way) => y(side.of(way)[i] ?? 0)) },
              `${name}, ${side.title}: ${ways.map((way) => `${way.name} ${exact(side.of(way)[i] ?? 0)}`).join(", ")}`,
            ),
          ),
        ];
      }),
      cross(0, 0, ways.length),
    );
  },
};
