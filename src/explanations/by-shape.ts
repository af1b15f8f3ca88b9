// explanations/ · By shape: the standing of a rival that says how each problem's odds move, from the gain kernel.
import type { Measured } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import type { Standing } from "../terms/standing.ts";
import { nothingLeft } from "./by-share.ts";

export interface ShapeClaim {
  /** The kernel shape that is this rival alone. */
  readonly own: string;
  /** A shape that holds this rival and another, and the shape that is left when this rival is taken out. */
  readonly joint?: { readonly shape: string; readonly without: string };
  /** Parameter whose value must lie on this side for the claim to hold. */
  readonly sign?: { readonly parameter: string; readonly above?: number; readonly below?: number };
  /** Set where another rival predicts the same shape, so that a fit cannot tell which. */
  readonly sharedWith?: string;
}

const nats = ({ value, se }: Measured): string => `${Math.abs(value).toFixed(0)} ± ${(se ?? 0).toFixed(0)} nats`;

export function judgeShape(findings: Findings, limits: Limits, claim: ShapeClaim): Standing {
  const settled = nothingLeft(findings, limits);
  if (settled !== undefined) return settled;
  const adequacy = findings.get("kernel/adequacy");
  if (adequacy === undefined)
    return { standing: "cannot be told", reason: "no gain kernel was estimated", because: [] };
  if (adequacy.kind !== "measured") {
    return {
      standing: "cannot be told",
      reason: adequacy.kind === "refused" ? adequacy.why : "the gain kernel is only bounded",
      because: ["kernel/adequacy"],
    };
  }
  if (adequacy.diagnostic?.["adequate"] !== "yes") {
    return {
      standing: "cannot be told",
      reason: `no listed shape fits: the nearest is ${adequacy.value.toFixed(3)} nats a problem from its best blend with the free kernel`,
      because: ["kernel/adequacy"],
    };
  }
  const chosen = String(adequacy.diagnostic["shape"]);
  const name = `kernel/elpd/${claim.own}`;
  const own = findings.measured(name);
  if (own === undefined) return { standing: "cannot be told", reason: "its shape was not fitted", because: [] };
  const because = [name, "kernel/adequacy"];
  if (chosen === claim.own) return judgeChosen(findings, limits, claim, because);
  if (claim.joint?.shape === chosen) return judgePart(findings, limits, claim, claim.joint, because);
  if (isFar(own, limits)) {
    return {
      standing: "not needed",
      reason: `the counts follow ${chosen}; its own shape predicts held-out problems ${nats(own)} worse`,
      because,
    };
  }
  if (own.value === 0) return notAlone(nearShapes(findings, limits, [claim.own]), because);
  return {
    standing: "cannot be told",
    reason: `its shape is only ${nats(own)} behind the best, too little to separate them`,
    because,
  };
}

function isFar(behind: Measured, limits: Limits): boolean {
  return behind.value < -limits.separationSe * (behind.se ?? 0) && behind.value < 0;
}

function judgeChosen(findings: Findings, limits: Limits, claim: ShapeClaim, because: string[]): Standing {
  const wrong = wrongSign(findings, claim, claim.own);
  if (wrong !== undefined) return { ...wrong, because: [...because, ...wrong.because] };
  // A shape that holds this one with an extra parameter always stays near; it is no rival.
  const near = nearShapes(findings, limits, [claim.own, claim.joint?.shape]);
  if (near.length > 0) return notAlone(near, because);
  if (claim.sharedWith !== undefined) {
    return {
      standing: "cannot be told",
      reason: `its shape fits alone, but ${claim.sharedWith} predicts the same shape`,
      because,
    };
  }
  return {
    standing: "alone sufficient",
    reason: "its shape alone predicts held-out problems about as well as any listed one, and adequately",
    because,
  };
}

/** Shapes, beside those named, that held-out scores do not set far behind. */
function nearShapes(findings: Findings, limits: Limits, except: readonly (string | undefined)[]): string[] {
  const prefix = "kernel/elpd/";
  return findings.list
    .filter(({ name, estimate }) => name.startsWith(prefix) && estimate.kind === "measured" && !isFar(estimate, limits))
    .map(({ name }) => name.slice(prefix.length))
    .filter((shape) => !except.includes(shape));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function notAlone(near: readonly string[], because: readonly string[]): Standing {
  return {
    standing: "cannot be told",
    reason: `its shape fits, but ${listed(near)} ${near.length === 1 ? "fits" : "fit"} nearly as well`,
    because: [...because, ...near.map((shape) => `kernel/elpd/${shape}`)],
  };
}

function judgePart(
  findings: Findings,
  limits: Limits,
  claim: ShapeClaim,
  joint: { shape: string; without: string },
  because: string[],
): Standing {
  const without = findings.measured(`kernel/elpd/${joint.without}`);
  const all = [...because, `kernel/elpd/${joint.without}`];
  const wrong = wrongSign(findings, claim, joint.shape);
  if (wrong !== undefined) return { ...wrong, because: [...all, ...wrong.because] };
  if (without === undefined || !isFar(without, limits)) {
    return {
      standing: "cannot be told",
      reason: `${joint.shape} is chosen, but ${joint.without} alone is not far behind`,
      because: all,
    };
  }
  const near = nearShapes(findings, limits, [claim.own, joint.shape, joint.without]);
  if (near.length > 0) return notAlone(near, all);
  return {
    standing: "contributes",
    reason: `${joint.shape} is chosen, and without this part held-out problems are predicted ${nats(without)} worse`,
    because: all,
  };
}

/** The claim also says which way a parameter moves; a shape that fits with the opposite sign speaks against it. */
function wrongSign(findings: Findings, { sign }: ShapeClaim, shape: string): Standing | undefined {
  if (sign === undefined) return undefined;
  const name = `kernel/parameter/${shape}/${sign.parameter}`;
  const value = findings.measured(name);
  if (value === undefined) return undefined;
  const low = value.low ?? value.value;
  const high = value.high ?? value.value;
  const [right, wrong] =
    sign.above === undefined ? [high < sign.below!, low > sign.below!] : [low > sign.above, high < sign.above];
  if (right) return undefined;
  const said = `${sign.parameter} = ${value.value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return {
    standing: wrong ? "not needed" : "cannot be told",
    reason: wrong
      ? `the shape fits with ${said}, the opposite of what is claimed`
      : `the shape fits with ${said}, which does not fix the direction`,
    because: [name],
  };
}
