// attribution/ · Beside: causes that are told from answers of their own and come off before the ledger's other entries: a badly asked base,
// answers that were recalled.
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { CAUSES } from "./split.ts";

/** What comes off before all else, and is told from answers of its own. */
export interface Beside {
  readonly cause: string;
  readonly identifiedBy: string;
  readonly assumes: string;
  readonly share: Estimate;
  /** Certainly worth naming. */
  readonly is: boolean;
}

const BESIDES = [
  {
    cause: "weak-baseline",
    finding: "sweep/share",
    identifiedBy: "decoder-sweep: the base's best prompt and sampler",
    assumes: "the tuned policy was asked as well as it can be",
    lack: ["the base was asked in one way only", "add variants to study.yaml: other prompts, temperatures, top-p"],
  },
  {
    cause: "contaminated",
    finding: "recall/share",
    identifiedBy: "contamination-control: the gain that is missing on fresh twins",
    assumes: "nobody trained on the twins, and they are of the same kind",
    lack: ["no fresh problems of the same kind were asked", "give twins, or a task that Crucis poses"],
  },
] as const;

/** A share that may not be worth naming is a limit, and in no sum: what stands behind it would be given up for too little. */
export function besides(findings: Findings, limits: Limits): Beside[] {
  return BESIDES.map(({ cause, finding, identifiedBy, assumes, lack }): Beside => {
    const found = findings.get(finding) ?? refused(lack[0], lack[1]);
    if (found.kind !== "measured") return { cause, identifiedBy, assumes, share: found, is: false };
    const { value, low = value, high = value, level, method } = found;
    if (low > limits.negligibleShare) return { cause, identifiedBy, assumes, share: found, is: true };
    const share: Estimate = {
      kind: "bounded",
      ...(low > 0 ? { low } : {}),
      high: Math.max(0, high),
      ...(level === undefined ? {} : { level }),
      method,
    };
    return { cause, identifiedBy, assumes, share, is: false };
  });
}

/** Where the tuned policy's answers were passed and are not right. */
export const FOOLED: readonly Beside[] = BESIDES.map(({ cause, identifiedBy, assumes }) => ({
  cause,
  identifiedBy,
  assumes,
  share: refused(
    "nearly all of the gain are answers that the grader passed and a stricter judge does not, so there is no gain to hold against other ways of asking",
    "let the stricter judge grade the study, and run it again",
  ),
  is: false,
}));

const MIXED = refused(
  "the base's answers and prefixes were drawn with what comes off first in them, so causes behind it are not told apart",
  "ask the base in its best way, or ask fresh problems, in a study of its own",
);

/** Where a part of the gain is of another kind, what was measured with it in it does not stand. */
export function mixedWith(beside: readonly Beside[], own: readonly Estimate[]): readonly Estimate[] {
  const parts = beside.flatMap(({ is, share }) => (is && share.kind === "measured" ? [share] : []));
  if (parts.length === 0) return own;
  const sum = (of: (one: (typeof parts)[number]) => number): number =>
    1 - parts.reduce((total, one) => total + of(one), 0);
  return CAUSES.map((cause) =>
    cause === "unexplained"
      ? {
          kind: "measured",
          value: sum(({ value }) => value),
          low: sum(({ value, high = value }) => high),
          high: sum(({ value, low = value }) => low),
          method: "1 minus the entries above",
        }
      : MIXED,
  );
}

/** Of a checkpoint on the way. */
export const UNASKED = refused(
  "only the tuned policy was held against what comes off first",
  "study this checkpoint as the tuned policy",
);
