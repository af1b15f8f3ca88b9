// explanations/ · Unseen: the standing of a rival that no experiment at hand looks at.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import type { Standing } from "../terms/standing.ts";
import { nothingLeft } from "./by-share.ts";

export function judgeUnseen(findings: Findings, limits: Limits, reason: string): Standing {
  return nothingLeft(findings, limits) ?? { standing: "cannot be told", reason, because: [] };
}
