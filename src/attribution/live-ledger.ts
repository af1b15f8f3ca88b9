// attribution/ · Live ledger: the gain of every checkpoint shared out over its causes, where a study drew what that needs.
import type { Outcome } from "../experiments/experiment.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import { type LedgerExhibit, type Missing, spotOf } from "../terms/exhibit.ts";
import type { Findings } from "../terms/finding.ts";
import type { GainRow } from "../terms/gain-row.ts";
import type { Limits } from "../terms/limits.ts";
import { type Beside, besides, FOOLED, mixedWith, UNASKED } from "./beside.ts";
import type { Entry } from "./ledger.ts";
import { CAUSES, type Cause, type Share, type Split, split } from "./split.ts";

export interface LiveLedger extends Outcome {
  /** Of the tuned policy; absent where there is no gain to share out. */
  readonly entries?: readonly Entry[];
}

export interface LiveLedgerOptions {
  /** Training order, the base first. */
  readonly policies: readonly string[];
  /** Rows of the base against each later policy, in that order. */
  readonly rows: readonly (readonly GainRow[])[];
  readonly seed: number;
  readonly yardstick: number;
  /** Resamples; 2,000 where not said. */
  readonly replicates?: number;
  /** Splits that were told before, for one who judges the same rows again with more findings or fewer. */
  readonly told?: Told;
}

/** By the tuned policy's rows, then by the masses that went in. */
export type Told = WeakMap<readonly GainRow[], Map<string, readonly (Split | undefined)[]>>;

const REPLICATES = 2000;

interface Basis {
  readonly identifiedBy: string;
  readonly assumes: string;
}

const BY_WAYS = "who goes on acts on the text alone; the plan's worth goes to the ways that gained right answers";

const BASIS: Readonly<Record<Cause, Basis>> = {
  "verifier-exploit": {
    identifiedBy: "answers that the grader passed and a stricter judge does not",
    assumes: "the stricter judge is not fooled",
  },
  "lucky-guess": {
    identifiedBy: "right answers behind wrong work, and those that would pass on other problems as well",
    assumes: "who guesses does not know the problem",
  },
  "format-learned": {
    identifiedBy: "official minus lenient gain",
    assumes: "lenient reading knows every form that a right answer takes",
  },
  "longer-outputs": {
    identifiedBy: "answers that break off before they say anything, or run out of tokens",
    assumes: "they would have been right as often as finished answers to the same problem",
  },
  "amplified-strategy": {
    identifiedBy: "handoff: the plan, by ways that the base takes more often than the yardstick",
    assumes: BY_WAYS,
  },
  "novel-strategy": {
    identifiedBy: "handoff: the plan, by ways that the base takes more rarely than the yardstick",
    assumes: BY_WAYS,
  },
  "plan-undecided": {
    identifiedBy: "handoff: the plan, by ways whose mass under the base lies on both sides of the yardstick",
    assumes: BY_WAYS,
  },
  "steadier-steps": {
    identifiedBy: "handoff: the execution, less recovery and composition",
    assumes: "who goes on acts on the text alone",
  },
  recovery: {
    identifiedBy: "repairs of slips, swapped in a chain of steps",
    assumes: "slips and repairs are alike over steps and problems; a slip is mended at once or stands",
  },
  composition: {
    identifiedBy: "answers stated after one step of several, swapped in the same chain",
    assumes: "who joins two parts joins the others",
  },
  answer: { identifiedBy: "handoff: the statement of the answer", assumes: "who goes on acts on the text alone" },
  unexplained: { identifiedBy: "what remains", assumes: "nothing" },
};

/** Why a cause has no share, and what mends it. */
type Lack = Readonly<Record<"why" | "mend", string>>;

const NO_HANDOFF: Lack = {
  why: "nothing was handed over, so plan, execution and answer are not told apart",
  mend: "run the handoff experiment on engines that continue a given prefix",
};
const LACKS: Readonly<Partial<Record<Cause, Lack>>> = {
  "verifier-exploit": {
    why: "no stricter judge has looked at the answers that the grader passed",
    mend: "give the task a strict judge (in study.ts)",
  },
  "lucky-guess": {
    why: "the grader looks at the work as well, or nothing tells whether an answer would pass on another problem",
    mend: "grade a task of Crucis by its outcome, or give questions with reference answers",
  },
  "format-learned": {
    why: "the task does not say what is right but for its form, so a badly marked answer counts as a wrong one",
    mend: "give a task with a lenient reading",
  },
  recovery: {
    why: "the task does not verify steps, or does not know their number, so slips and repairs are not told apart",
    mend: "give a task whose steps are verified",
  },
  composition: {
    why: "no answer to a problem of two steps or more began with a right step, so nothing is known of joining",
    mend: "give a task whose steps are verified, with problems of two steps or more",
  },
};

/** Limits of `mass/way/<name>`, by way. */
function massesIn({ list }: Findings): ReadonlyMap<string, { low: number; high: number }> {
  const start = "mass/way/";
  return new Map(
    list.flatMap(({ name, estimate }) =>
      name.startsWith(start) && estimate.kind === "bounded"
        ? [[name.slice(start.length), { low: estimate.low ?? 0, high: estimate.high ?? 1 }] as const]
        : [],
    ),
  );
}

/** Told from paired rollouts alone. */
const BEFORE_HANDOFF: readonly Cause[] = ["verifier-exploit", "lucky-guess", "format-learned"];

/** The ledger of every later policy, in shares of the tuned policy's gain. */
export function liveLedger(findings: Findings, limits: Limits, options: LiveLedgerOptions): LiveLedger {
  const { policies, rows } = options;
  const gain = findings.measured("gain@1");
  if (gain?.low === undefined || gain.low <= 0) {
    const why = "no gain in pass@1 is established, so there is nothing to share out";
    return {
      findings: [{ name: "ledger", estimate: refused(why, "draw more rollouts or add problems") }],
      exhibits: [],
    };
  }
  const shared = commonTo(rows);
  const whole = shared.at(-1)!;
  const { ledgerLevel: level } = limits;
  const masses = massesIn(findings);
  const replicates = options.replicates ?? REPLICATES;
  const told = toldOnce(options, masses, () =>
    shared.map((own) => split(own, whole, { ...options, masses, level, replicates })),
  );
  const tuned = told.at(-1);
  if (tuned === undefined) {
    const few = `the ledger needs 2 problems that all policies answered, got ${whole.length}`;
    const why = whole.length < 2 ? few : "the gain is too uncertain to take shares of";
    return {
      findings: [{ name: "ledger", estimate: refused(why, "draw more rollouts or add problems") }],
      exhibits: [],
    };
  }
  // Not right is not right: what was asked otherwise is then held against answers that the grader should not have passed.
  const fooled = (tuned.shares["verifier-exploit"]?.interval?.jointLow ?? 0) > limits.sufficientShare;
  const beside = fooled ? FOOLED : besides(findings, limits);
  const estimates = told.map((one, i) => {
    const own = CAUSES.map((cause) => estimateOf(one?.shares[cause], cause, level, shared[i]!));
    return i === told.length - 1 ? mixedWith(beside, own) : beside.some(({ is }) => is) ? own.map(() => UNASKED) : own;
  });
  const suffix = (i: number): string => (i === rows.length - 1 ? "" : `/${policies[i + 1]!}`);
  return {
    findings: [
      ...beside.map(({ cause, share }) => ({ name: `ledger/${cause}`, estimate: share })),
      ...estimates.flatMap((list, i) =>
        list.map((estimate, k) => ({ name: `ledger/${CAUSES[k]!}${suffix(i)}`, estimate })),
      ),
    ],
    exhibits: [exhibitOf(options, tuned, estimates, level, beside)],
    entries: [
      ...beside.map(({ cause, share, identifiedBy, assumes }) => ({ cause, share, identifiedBy, assumes })),
      ...CAUSES.map((cause, k) => ({ cause, share: estimates.at(-1)![k]!, ...BASIS[cause] })),
    ],
  };
}

function toldOnce(
  { rows, told }: LiveLedgerOptions,
  masses: ReadonlyMap<string, unknown>,
  tell: () => readonly (Split | undefined)[],
): readonly (Split | undefined)[] {
  const last = rows.at(-1);
  if (told === undefined || last === undefined) return tell();
  const own = told.get(last) ?? new Map<string, readonly (Split | undefined)[]>();
  const key = JSON.stringify([...masses]);
  const found = own.get(key) ?? tell();
  told.set(last, own.set(key, found));
  return found;
}

/** Rows of the problems that every policy answered, so that checkpoints' shares are of one gain. */
function commonTo(rows: LiveLedgerOptions["rows"]): readonly (readonly GainRow[])[] {
  const answered = rows.map((own) => new Set(own.map(({ problem }) => problem)));
  return rows.map((own) => own.filter(({ problem }) => answered.every((some) => some.has(problem))));
}

function estimateOf(found: Share | undefined, cause: Cause, level: number, rows: readonly GainRow[]): Estimate {
  if (found === undefined) {
    const own = LACKS[cause];
    const handed = rows.some(({ segments }) => segments !== undefined);
    const { why, mend } = own !== undefined && (handed || BEFORE_HANDOFF.includes(cause)) ? own : NO_HANDOFF;
    return refused(why, mend);
  }
  const { value, interval } = found;
  if (interval === undefined)
    return { kind: "measured", value, method: `${BASIS[cause].identifiedBy}; the same on every problem, no interval` };
  return {
    kind: "measured",
    value,
    low: interval.jointLow,
    high: interval.jointHigh,
    se: interval.se,
    level,
    method: `${BASIS[cause].identifiedBy}; share of the official gain, bootstrap over problems, all entries at once`,
    diagnostic: { aloneLow: interval.low, aloneHigh: interval.high },
  };
}

function exhibitOf(
  { policies, rows }: LiveLedgerOptions,
  tuned: Split,
  estimates: readonly (readonly Estimate[])[],
  level: number,
  beside: readonly Beside[],
): LedgerExhibit {
  const { gain } = tuned;
  const limits = "jointLow" in gain ? { low: gain.low, high: gain.high } : { low: gain.value, high: gain.value };
  const parts = beside.filter(({ is }) => is);
  const shown = CAUSES.map((cause, k) => ({ cause, k })).filter(
    ({ cause, k }) =>
      cause === "unexplained" || (parts.length === 0 && estimates.some((list) => isSeen(cause, list[k]!))),
  );
  const missing = [
    ...beside.map(({ cause, share }) => [cause, share] as const),
    ...CAUSES.map((cause, k) => [cause, estimates.at(-1)![k]!] as const),
  ].flatMap(([what, estimate]): Missing[] =>
    estimate.kind === "refused" ? [{ what, why: estimate.why, mend: estimate.mend }] : [],
  );
  const last = rows.length - 1;
  return {
    kind: "ledger",
    policies: [policies[0]!, policies.at(-1)!],
    level,
    gain: { value: gain.value, ...limits },
    causes: [...parts.map(({ cause }) => cause), ...shown.map(({ cause }) => cause)],
    checkpoints: rows.map((_, i) => ({
      checkpoint: policies[i + 1]!,
      shares: [
        ...parts.map(({ share }) => spotOf(i === last ? share : UNASKED)),
        ...shown.map(({ k }) => spotOf(estimates[i]![k]!)),
      ],
    })),
    missing,
  };
}

/** A cause that no rollout of any policy shows would be an empty bar; what was not handed over leaves a gap. */
function isSeen(cause: Cause, estimate: Estimate): boolean {
  if (estimate.kind === "refused") return !BEFORE_HANDOFF.includes(cause);
  return estimate.kind === "measured" && Math.abs(estimate.value) > 1e-12;
}
