// importers/ · Rollout verdict: what the official verifier said of one row, and when that is no verdict at all.
import { RIGHT, type UngradableWhy, ungradable, type Verdict, WRONG } from "../terms/verdict.ts";
import { isObject, type Row } from "./jsonl.ts";
import { at, wrongType } from "./refusals.ts";
import { badReward, fromReward } from "./reward.ts";
import { type Layout, nameIn } from "./rollout-fields.ts";

const WHYS: readonly UngradableWhy[] = ["cut off", "no verdict", "engine error", "grader crash"];

/** The samplers' words for having been stopped at the limit. */
export const STOPPED: readonly string[] = ["length", "max_tokens", "model_length"];

/** True where the sampler was stopped at its limit; undefined where the row does not say. */
export function cutOffIn(row: Row, layout: Layout, file: string, line: number): boolean | undefined {
  if (layout.finish.length === 0) return undefined;
  const name = nameIn(row, layout.finish);
  const value = row[name];
  if (value === null) return undefined;
  if (typeof value !== "string")
    throw wrongType(at(file, line, name), value, "a finish reason", 'write a string such as "stop" or "length"');
  return STOPPED.includes(value);
}

export interface Threshold {
  readonly rightAbove: number;
  /** Set once a reward has become a verdict. */
  used: boolean;
}

/** A verdict wins over true and false, which win over a reward. */
export function verdictIn(
  row: Row,
  layout: Layout,
  cutOff: boolean | undefined,
  file: string,
  line: number,
  threshold: Threshold,
): Verdict {
  const verdict =
    (layout.verdict.length > 0 ? said(row.verdict, file, line) : undefined) ??
    (layout.correct.length > 0 ? marked(row, nameIn(row, layout.correct), file, line) : undefined) ??
    (layout.reward.length > 0 ? rewarded(row, nameIn(row, layout.reward), file, line, threshold) : undefined);
  if (layout.error.length > 0 && !isEmpty(row.error)) return ungradable("engine error");
  if (cutOff === true && verdict?.kind !== "right") return ungradable("cut off");
  return verdict ?? ungradable("no verdict");
}

function said(value: unknown, file: string, line: number): Verdict | undefined {
  if (value === null) return undefined;
  const { kind, why } = isObject(value) ? value : { kind: value, why: undefined };
  if (kind === "right") return RIGHT;
  if (kind === "wrong") return WRONG;
  if (kind === "ungradable") {
    const known = WHYS.find((one) => one === (why ?? "no verdict"));
    if (known !== undefined) return ungradable(known);
    throw wrongType(at(file, line, "verdict.why"), why, "a reason", `write one of ${WHYS.join(", ")}`);
  }
  throw wrongType(at(file, line, "verdict"), value, "a verdict", 'write "right", "wrong" or "ungradable"');
}

function marked(row: Row, name: string, file: string, line: number): Verdict | undefined {
  const value = row[name];
  if (value === true) return RIGHT;
  if (value === false) return WRONG;
  if (value === null) return undefined;
  throw wrongType(at(file, line, name), value, "true or false", "write one of them, or call numbers reward");
}

function rewarded(row: Row, name: string, file: string, line: number, threshold: Threshold): Verdict | undefined {
  const value = row[name];
  if (value === null) return undefined;
  threshold.used = true;
  return fromReward(value, threshold.rightAbove) ?? badReward(at(file, line, name), value);
}

/** An error is what a log says it is, unless it says nothing: null, false, "", [], {}. */
function isEmpty(error: unknown): boolean {
  return !error || (typeof error === "object" && Object.keys(error).length === 0);
}
