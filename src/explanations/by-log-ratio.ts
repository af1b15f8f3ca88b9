// explanations/ · By log-ratio: the standing of a rival that says how log π1/π0 lies over texts, from cross-scored rollouts.
//
// A tilt makes the log-ratio of a problem's rollouts two-valued, by outcome; a lower temperature makes it a multiple of log π0.
// A temperature is set token by token, so its law is exact at forks and only nearly so in whole texts. Whatever raises success makes right answers likelier in the mean, so a step between right and wrong is no sign of a tilt. What tells is
// how much of the variation is left among right answers alone.
import type { Measured } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";
import { nothingLeft } from "./by-share.ts";
import type { LawSigns } from "./law-signs.ts";

export interface LogRatioClaim {
  /** Its part of the variation, and the other law's. */
  readonly own: "correctness" | "sharpening";
  readonly other: "correctness" | "sharpening";
  /** The finding whose interval must lie above this, for the claim's direction. */
  readonly direction: { readonly name: string; readonly above: number };
  /** What the law accounts for where it is exact, between tokens after one prefix. */
  readonly law?: string;
  /** What it must account for in whole texts; a temperature is set token by token, so there its law is only nearly exact. */
  readonly least: "lawOfTexts" | "sufficientShare";
  /** Where the law would leave something, or nothing, that other causes would not: sharper than what it has in common with them. */
  readonly signs: LawSigns;
}

/** What single precision takes from or adds to a slope or a step that is not there. */
const ROUNDING = 1e-4;

/** @param byShape the standing that success counts give, which holds where nothing better is known */
export function judgeLogRatio(
  findings: Findings,
  limits: Limits,
  { own, other, direction, law, least: needed, signs }: LogRatioClaim,
  byShape: Standing,
): Standing {
  const name = `cross/anova/${own}`;
  const part = findings.measured(name);
  const sign = findings.measured(direction.name);
  if (part === undefined) {
    if (sign === undefined || (sign.high ?? sign.value) > direction.above + ROUNDING)
      return unscored(findings, byShape);
    return {
      standing: "not needed",
      reason: `both policies give the rollouts of a problem the same log-ratio, and ${direction.name} is ${sign.value.toFixed(2)}`,
      because: [direction.name],
    };
  }
  const settled = nothingLeft(findings, limits);
  if (settled !== undefined) return settled;
  const { value, low = value, high = value } = part;
  const rest = findings.measured(`cross/anova/${other}`);
  const because = [name];
  const least = (one: Measured | undefined): number => one?.low ?? one?.value ?? 0;
  const atForks = law === undefined ? undefined : findings.measured(law);
  const alone = findings.measured(`cross/alone/${own}`);
  const beyond = findings.measured(`cross/beyond/${own}`);
  const said = `${own} accounts for ${percent(value)} [${percent(low)}, ${percent(high)}] of the log-ratio's variation`;
  if (high < limits.negligibleShare) return { standing: "not needed", reason: said, because };
  if (sign !== undefined && (sign.high ?? sign.value) < direction.above) {
    const wrong = `${direction.name} is ${sign.value.toFixed(2)}, below ${direction.above}`;
    return { standing: "not needed", reason: `${said}, but ${wrong}`, because: [...because, direction.name] };
  }
  const right = sign !== undefined && (sign.low ?? sign.value) > direction.above;
  if (right) because.push(direction.name);
  if (right && least(atForks) > limits.lawOfTexts) {
    return {
      standing: "alone sufficient",
      reason: `${own} accounts for ${percent(atForks!.value)} of how tokens after one prefix differ`,
      because: [...because, law!],
    };
  }
  const traces = signs(findings, limits);
  const against = traces.find(({ is }) => is === "contradicted");
  // What the law itself forbids was done; and what was done has other causes.
  if (against !== undefined && isExplained(findings, limits))
    return {
      standing: "not needed",
      reason: `${against.said}, and the ledger leaves nothing unexplained`,
      because: [...because, ...against.because, "ledger/unexplained"],
    };
  // Whatever makes likely tokens likelier goes with a temperature in whole texts; at forks only a temperature is one.
  const broken = atForks !== undefined && (atForks.high ?? atForks.value) < limits.lawOfTexts;
  if (right && !broken && against === undefined && (alone === undefined ? low : least(alone)) > limits[needed]) {
    const by =
      alone === undefined ? said : `${own} alone accounts for ${percent(alone.value)} of the log-ratio's variation`;
    return {
      standing: "alone sufficient",
      reason: by,
      because: alone === undefined ? because : [...because, `cross/alone/${own}`],
    };
  }
  // What only goes with the other law adds nothing to it.
  const otherAlone = findings.measured(`cross/alone/${other}`);
  if (
    beyond !== undefined &&
    (beyond.high ?? beyond.value) < limits.negligibleShare &&
    (otherAlone?.low ?? otherAlone?.value ?? 0) > limits.sufficientShare
  )
    return {
      standing: "not needed",
      reason: `${other} alone accounts for ${percent(otherAlone!.value)} of the log-ratio's variation, and ${own} adds ${percent(beyond.value)} to it`,
      because: [...because, `cross/beyond/${own}`, `cross/alone/${other}`],
    };
  if (rest !== undefined) because.push(`cross/anova/${other}`);
  const both = low + least(rest);
  if (right && against === undefined && low > limits.negligibleShare && both > limits.sufficientShare)
    return { standing: "contributes", reason: `${said}, and ${other} for most of the rest`, because };
  const whole = traces.find((one) => one.whole);
  if (right && whole !== undefined && low > limits.negligibleShare)
    return { standing: "contributes", reason: `${said}; ${whole.said}`, because: [...because, ...whole.because] };
  // Two ways to leave a fifth to neither: what both leave together, and what length, form and ways share with them.
  const laws = findings.measured("cross/laws");
  const most = Math.min(laws?.high ?? Number.POSITIVE_INFINITY, high + (rest?.high ?? rest?.value ?? 0));
  const open: Standing = {
    standing: "cannot be told",
    reason: [`${said}: too little for a law of texts, too much to be nothing`, ...traces.map((one) => one.said)].join(
      "; ",
    ),
    because: [...because, ...traces.flatMap((one) => one.because)],
  };
  // Shares see that other causes are at work; what only this law does says that it is at work too.
  const isAtWork = traces.some(({ is }) => is === "seen");
  if (most >= limits.sufficientShare || isAtWork || !isExplained(findings, limits)) return open;
  return {
    standing: "not needed",
    reason: `${said}: at least ${percent(1 - most)} goes to neither outcome nor the base's own log-probability, and the ledger leaves nothing unexplained`,
    because: [...because, ...(laws === undefined ? [] : ["cross/laws"]), "ledger/unexplained"],
  };
}

/** What the causes with an entry of their own leave to no cause is not worth naming. */
function isExplained(findings: Findings, limits: Limits): boolean {
  const rest = findings.measured("ledger/unexplained");
  return rest !== undefined && (rest.high ?? rest.value) < limits.negligibleShare;
}

/** Where a study ran, a shape over problems is no longer the best there could be: it names a law, not what the policies did. */
function unscored(findings: Findings, byShape: Standing): Standing {
  const claims = byShape.standing === "alone sufficient" || byShape.standing === "contributes";
  const ran = findings.list.some(({ name, estimate }) => name.startsWith("ledger/") && estimate.kind === "measured");
  if (!claims || !ran) return byShape;
  const refused = findings.get("cross-scoring");
  return {
    standing: "cannot be told",
    reason: `the counts follow its shape, but texts were not cross-scored${refused?.kind === "refused" ? ` (${refused.why})` : ""}`,
    because: byShape.because,
  };
}
