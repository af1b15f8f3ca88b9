// worlds/ · Run: what every kind of training shares: a state that can be taken up again, and what is told on the way.
import type { LearningCurve } from "../terms/truth.ts";
import { noMoments, type Moments } from "./optimiser.ts";

export type CurvePoint = LearningCurve["points"][number];
export type Phase = CurvePoint["phase"];

/** One line of a corpus; the loss is on the answer alone. */
export interface Example {
  readonly prompt: string;
  readonly answer: string;
}

/** All that a step depends on beside the options; the random streams are named by the step, so they need no state. */
export interface RunState {
  /** Steps done. */
  readonly step: number;
  readonly weights: Float32Array;
  readonly moments: Moments;
}

/** A run that has not begun, from these weights; they are copied. */
export function beginRun(weights: Float32Array): RunState {
  return { step: 0, weights: Float32Array.from(weights), moments: noMoments(weights.length) };
}

export interface Watch {
  /** After every step. The state's arrays go on changing: copy what is kept. */
  readonly stepped: (state: RunState, point: CurvePoint) => void;
}
