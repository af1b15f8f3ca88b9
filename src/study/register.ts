// study/ · Register: predictions, thresholds, split, yardstick, budget and code are in the notebook before the first answer; what changes
// afterwards is an amendment, and is seen as one.
import { createHash } from "node:crypto";
import { fared, predictionsOf, rangeLevel, type Predictions } from "../attribution/registration.ts";
import type { Played } from "../attribution/rehearsal.ts";
import type { Document } from "../attribution/document.ts";
import { canonical } from "../evidence/canonical.ts";
import type { Entry, Notebook } from "../evidence/notebook.ts";
import { StudyError } from "../terms/errors.ts";
import { type Finding, Findings } from "../terms/finding.ts";
import type { JudgeExample } from "../terms/judge.ts";
import { LIMITS } from "../terms/limits.ts";
import type { JudgeDeclared, Study } from "../terms/study.ts";
import { seenJudge } from "./judge.ts";
import { limitsAt, NARROW, RHO } from "./looks.ts";
import type { RehearsalDesign } from "./rehearse.ts";
import { VERSION } from "./version.ts";

/** What is foretold, and from what. */
export interface Foretold {
  readonly design: RehearsalDesign;
  readonly played: readonly Played[];
}

/** What a reader must know was fixed beforehand. Everything that decides which answers are drawn stands in the declaration. */
function fixed(
  { seed, experiments, variants, judge, yardstick, budget, looks }: Study,
  examples: readonly JudgeExample[],
  information: readonly number[],
): Readonly<Record<string, unknown>> {
  return {
    crucis: VERSION,
    thresholds: LIMITS,
    split: { seed },
    experiments: experiments ?? "all",
    variants: variants ?? [],
    // Folders of before there were judges say nothing of one.
    judge: judge === undefined ? null : judgeSeal(judge, examples),
    yardstick: yardstick ?? "none",
    budget: budget ?? "none",
    looks: looks ?? 1,
    levels: information.length === 1 ? null : levelSeal(information),
  };
}

/** What every look may spend, and when a study ends. */
function levelSeal(information: readonly number[]): Readonly<Record<string, unknown>> {
  const levels = information.map((share, at) => {
    const { level, ledgerLevel } = limitsAt({ at, information }, LIMITS);
    return { information: share, level, ledgerLevel };
  });
  return { spending: `t^${RHO}`, within: NARROW, looks: levels };
}

function judgeSeal(judge: JudgeDeclared, examples: readonly JudgeExample[]): Readonly<Record<string, unknown>> {
  const { key, rollouts, examplesKey } = seenJudge(judge, examples);
  return { key, rollouts, examples: examplesKey };
}

const registeredIn = (entries: readonly Entry[]): Entry | undefined =>
  entries.find(({ kind }) => kind === "registered");
const ANSWERS: readonly Entry["kind"][] = ["asked", "observed", "imported"];

/** Predictions can still be sealed: none are, the study wants them, and no answer is there. */
function canRegister({ registration }: Study, entries: readonly Entry[]): boolean {
  return (
    registration.studies > 0 &&
    registeredIn(entries) === undefined &&
    !entries.some(({ kind }) => ANSWERS.includes(kind))
  );
}

/**
 * Seals them, or writes down what was changed since they were.
 *
 * @param examples of the study's judge: other examples are other findings, and that is seen
 * @param information at each look over all of it; one look where not said
 * @throws StudyError where the study wants predictions, none are sealed, and nobody foretold any: nothing is asked then
 */
export async function register(
  study: Study,
  notebook: Notebook,
  foretell: (() => Promise<Foretold>) | undefined,
  examples: readonly JudgeExample[] = [],
  information: readonly number[] = [1],
): Promise<void> {
  const now = fixed(study, examples, information);
  const before = registeredIn(notebook.entries);
  if (before !== undefined) {
    const known = { ...(before.fact["fixed"] as Record<string, unknown>) };
    for (const { kind, fact } of notebook.entries) if (kind === "amended") known[String(fact["field"])] = fact["to"];
    for (const [field, to] of Object.entries(now))
      if (canonical(known[field] ?? null) !== canonical(JSON.parse(JSON.stringify(to))))
        await notebook.append("amended", { field, from: known[field] ?? null, to });
    return;
  }
  if (!canRegister(study, notebook.entries)) return;
  if (foretell === undefined)
    throw new StudyError({
      code: "not-registered",
      what: `the study wants the predictions of ${study.registration.studies} studies on paper sealed, and none are`,
      why: "so nothing is asked before that",
      mend: "let crucis run make them, or write registration: { studies: 0 } and do without",
    });
  const { design, played } = await foretell();
  const predictions = predictionsOf(played);
  await notebook.append("registered", { fixed: now, design, predictions, sha256: sealOf(predictions) });
}

function sealOf(predictions: Predictions): string {
  return createHash("sha256")
    .update(canonical(JSON.parse(JSON.stringify(predictions))))
    .digest("hex");
}

/** Predicted against observed, for the document; undefined where nothing was sealed before the first answer. */
export function registrationOf(entries: readonly Entry[], findings: Document["findings"]): Document["registration"] {
  const entry = registeredIn(entries);
  if (entry === undefined || cameLate(entries) !== undefined) return undefined;
  const predictions = entry.fact["predictions"] as unknown as Predictions;
  return {
    at: entry.at,
    sha256: String(entry.fact["sha256"]),
    studies: predictions.studies,
    level: rangeLevel(predictions.studies),
    rivals: fared(predictions, new Findings(findings as readonly Finding[])).map((one) => ({
      ...one,
      off: one.off.map((off) => ({ ...off })),
    })),
    amendments: entries
      .filter(({ kind }) => kind === "amended")
      .map(({ at, fact }) => ({ at, field: String(fact["field"]), from: told(fact["from"]), to: told(fact["to"]) })),
  };
}

const told = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The fact that came before the predictions and should not have, or nothing. */
function cameLate(entries: readonly Entry[]): Entry | undefined {
  const entry = registeredIn(entries);
  return entry && entries.find(({ kind, n }) => ANSWERS.includes(kind) && n < entry.n);
}

/** What `crucis verify` says of order and seal. @returns faults, one sentence each, and what holds */
export function sealed(entries: readonly Entry[]): { readonly faults: readonly string[]; readonly said: string } {
  const entry = registeredIn(entries);
  if (entry === undefined)
    return { faults: [], said: "No predictions were sealed: this study cannot be judged as registered." };
  const line = `notebook.jsonl, line ${entry.n + 1},`;
  const faults: string[] = [];
  const late = cameLate(entries);
  if (late !== undefined)
    faults.push(`${line} seals predictions, and line ${late.n + 1} was ${late.kind} before it: they are none`);
  const is = sealOf(entry.fact["predictions"] as unknown as Predictions);
  if (is !== entry.fact["sha256"])
    faults.push(
      `${line} has predictions with hash ${is.slice(0, 12)}, and its seal says ${String(entry.fact["sha256"]).slice(0, 12)}: a prediction was changed`,
    );
  const second = entries.find(({ kind, n }) => kind === "registered" && n !== entry.n);
  if (second !== undefined) faults.push(`notebook.jsonl, line ${second.n + 1}, seals predictions a second time`);
  const first = entries.find(({ kind }) => ANSWERS.includes(kind));
  const amended = entries.filter(({ kind }) => kind === "amended").length;
  return {
    faults,
    said: [
      `Predictions were sealed at ${entry.at} (${String(entry.fact["sha256"]).slice(0, 16)}…)`,
      first === undefined ? ", and nothing was asked yet." : `; the first answer was asked for at ${first.at}.`,
      amended === 0
        ? " Nothing was amended since."
        : ` ${amended} ${amended === 1 ? "thing was" : "things were"} amended since.`,
    ].join(""),
  };
}
