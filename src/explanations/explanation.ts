// explanations/ · The contract: what a rival claims, which parts of behaviour it moves, and what findings say of it.
import type { Part } from "../terms/behaviour.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import type { Standing } from "../terms/standing.ts";
import type { OnPaper } from "./on-paper.ts";

export interface Explanation {
  /** The file's name. */
  readonly name: string;
  /** The claim, one sentence. */
  readonly claim: string;
  /** What would be seen if it were so, one sentence. */
  readonly sign: string;
  readonly moves: readonly Part[];
  /** What it would do to behaviours: base and tuned are drawn with it before anything is asked. */
  readonly onPaper: OnPaper;
  /** The standing that these findings give it. */
  judge(findings: Findings, limits: Limits): Standing;
}
