// test/ · Findings made up for judgements: what the experiments would have found.
import type { Estimate, Measured } from "../../src/terms/estimate.ts";
import { Findings } from "../../src/terms/finding.ts";

export function measured(value: number, rest: Partial<Omit<Measured, "kind" | "value">> = {}): Measured {
  return { kind: "measured", value, method: "made up", ...rest };
}

export function findings(estimates: Readonly<Record<string, Estimate>>): Findings {
  return new Findings(Object.entries(estimates).map(([name, estimate]) => ({ name, estimate })));
}

/** A gain in pass@1 that is there beyond doubt. */
export const GAIN = {
  "gain@1": measured(0.2, { low: 0.16, high: 0.24, se: 0.01 }),
  "pass@1/base": measured(0.4),
  "pass@1/tuned": measured(0.6),
} as const;

/** No gain: the interval covers 0. */
export const NO_GAIN = { "gain@1": measured(0.01, { low: -0.05, high: 0.07, se: 0.02 }) } as const;

/** A gain kernel in which `chosen` predicts best, adequately, and the others lie `behind` nats back with SE 10. */
export function kernel(chosen: string, behind: Readonly<Record<string, number>>, adequate: "yes" | "no" = "yes") {
  return {
    "kernel/adequacy": measured(adequate === "yes" ? 0.001 : 0.3, { diagnostic: { adequate, shape: chosen } }),
    [`kernel/elpd/${chosen}`]: measured(0, { se: 0 }),
    ...Object.fromEntries(
      Object.entries(behind).map(([shape, nats]) => [`kernel/elpd/${shape}`, measured(-nats, { se: 10 })]),
    ),
  };
}

/** All shapes but the chosen one far behind. */
export function alone(chosen: string): Record<string, number> {
  const shapes = [
    "nothing-changed",
    "reward-tilt",
    "sharpened",
    "steadier-steps",
    "tilt-and-sharpened",
    "strategy-mixture",
  ];
  return Object.fromEntries(shapes.filter((shape) => shape !== chosen).map((shape) => [shape, 300]));
}
