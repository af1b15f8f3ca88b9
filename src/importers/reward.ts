// importers/ · Reward: when a number from a trainer's or grader's log is a verdict.
import { StudyError } from "../terms/errors.ts";
import { RIGHT, type Verdict, WRONG } from "../terms/verdict.ts";
import { wrongType } from "./refusals.ts";

/** Undefined where the value is no finite number. */
export function fromReward(value: unknown, rightAbove: number): Verdict | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return value > rightAbove ? RIGHT : WRONG;
}

export function badReward(place: string, value: unknown): never {
  if (typeof value === "boolean") throw wrongType(place, value, "a number", "call a field of true and false correct");
  throw wrongType(place, value, "a finite number", "write null where there is no reward");
}

/** The threshold itself, checked. */
export function checkedThreshold(rightAbove: number): number {
  if (Number.isFinite(rightAbove)) return rightAbove;
  throw new StudyError({
    code: "bad-threshold",
    what: `rightAbove is ${rightAbove}`,
    why: "where a finite number belongs",
    mend: "give the reward above which an answer is right",
  });
}
