// explanations/ · Lucky guess: guesses hit, given many tries.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";
import { judgeEntry } from "./by-ledger.ts";
import { nothingLeft } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { chance } from "./on-paper.ts";
import { judgeUnseen } from "./unseen.ts";

export const luckyGuess: Explanation = {
  name: "lucky-guess",
  claim: "guesses hit, given many tries",
  sign: "answers without a chain reproduce the rise at large k",
  moves: ["luck"],
  onPaper: chance("luck", (lack) => 0.1 * (1 - lack), 1),
  judge: (findings, limits) =>
    judgeEntry(findings, limits, "lucky-guess") ??
    notNeeded(findings, limits) ??
    judgeUnseen(findings, limits, "the floor that guessing reaches on these problems was not measured"),
};

/** Shares of the gain that bound what guesses can have of it, from above. */
const BOUNDS = [
  { name: "guess/unworked", said: "right answers that show no work" },
  { name: "guess/share", said: "what bare answers of the base reach" },
] as const;

function notNeeded(findings: Findings, limits: Limits): Standing | undefined {
  const settled = nothingLeft(findings, limits);
  if (settled !== undefined) return settled;
  for (const { name, said } of BOUNDS) {
    const most = findings.measured(name);
    const high = most?.high ?? most?.value;
    if (high !== undefined && high < limits.negligibleShare) {
      const reason = `${said} make at most ${percent(Math.max(0, high))} of the gain`;
      return { standing: "not needed", reason, because: [name] };
    }
  }
  return undefined;
}
