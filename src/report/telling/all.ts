// report/ · The telling: every section, in the order in which the plain-text report tells them.
import { budget } from "./budget.ts";
import { computedFrom } from "./computed-from.ts";
import { controls } from "./controls.ts";
import { crossScoring } from "./cross-scoring.ts";
import { evolution } from "./evolution.ts";
import { handoff } from "./handoff.ts";
import { kernel } from "./kernel.ts";
import { ladder } from "./ladder.ts";
import { ledger } from "./ledger.ts";
import { mass } from "./mass.ts";
import { missingBits } from "./missing-bits.ts";
import { next } from "./next.ts";
import { passAtK } from "./pass-at-k.ts";
import { regrade } from "./regrade.ts";
import { registration } from "./registration.ts";
import { inseparable, rivals } from "./rivals.ts";
import { list, prose, section, type Section } from "./section.ts";
import { solvedOnly } from "./solved-only.ts";
import type { Story } from "./story.ts";
import { strategies } from "./strategies.ts";

const verdict = (story: Story): Section | undefined => section("verdict", "Verdict", [prose(story.document.verdict)]);

const warnings = (story: Story): Section | undefined =>
  section("warnings", "Before believing it", [
    story.document.warnings.length === 0 ? undefined : list(story.document.warnings),
  ]);

/** What was measured: the body of both reports. */
export const MEASURED = [
  passAtK,
  solvedOnly,
  kernel,
  regrade,
  budget,
  handoff,
  missingBits,
  crossScoring,
  ladder,
  strategies,
  mass,
  controls,
] as const;

export const TELLING: readonly ((story: Story) => Section | undefined)[] = [
  computedFrom,
  verdict,
  warnings,
  ...MEASURED,
  ledger,
  evolution,
  rivals,
  inseparable,
  registration,
  next,
];
