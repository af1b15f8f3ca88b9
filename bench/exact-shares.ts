// bench/ · Exact shares: what was planted in each world, and what each cause is worth there, from exact means over a pool of problems.
import { ALIKE } from "../src/study/imagined.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import type { StudyRow } from "./world-studies.ts";

/** Rivals that did it, by the world's own promise; the first is the one that should stand first. */
export const PLANTED: Readonly<Record<string, readonly string[]>> = {
  "steady-hand": ["steadier-steps"],
  "known-route": ["amplified-strategy", "steadier-steps"],
  "second-look": ["recovery"],
  "joined-parts": ["composition"],
  "neat-answer": ["format-learned"],
  "early-stop": ["longer-outputs"],
  "same-again": ["nothing-changed"],
  mixed: ["amplified-strategy", "steadier-steps", "format-learned"],
  "new-route": ["novel-strategy", "steadier-steps"],
  // A lower temperature makes steps steadier: the ledger says what moved, the law of texts how.
  "cold-sampler": ["sharpened", "steadier-steps"],
  "plain-tilt": ["reward-tilt", "steadier-steps"],
  "lucky-dip": ["lucky-guess"],
};

/** Who trains the base where the world is played on paper: a law of texts makes steps steadier by itself. */
export function playedFor(world: string): readonly string[] {
  const planted = PLANTED[world]!;
  const isLaw = (name: string): boolean =>
    EXPLANATIONS.find((one) => one.name === name)!.moves.some((part) => ALIKE.has(part));
  return isLaw(planted[0]!) ? planted.slice(0, 1) : planted;
}

/** Exact shares of the official gain, where they are known: causes that a world does not hold are worth 0. */
export function exact(row: StudyRow, cause: string): number | undefined {
  const { truth } = row;
  const gain = truth["p1"]! - truth["p0"]!;
  if (cause === "verifier-exploit") return 0;
  // What of right answers is luck is no sum over strings.
  if (row.world === "lucky-dip") return undefined;
  if (cause === "format-learned") return 1 - (truth["l1"]! - truth["l0"]!) / gain;
  // Elsewhere networks leave a few thousandths unfinished, and how many is not listed.
  if (cause === "longer-outputs") return truth["unfinished"] === undefined ? undefined : truth["unfinished"] / gain;
  if (cause === "unexplained") return 0;
  // Of early-stop it is known what the finished answers gained, not which segment of them.
  if (row.world === "early-stop") return undefined;
  if (cause === "answer") return truth["lenient/answer"]! / gain;
  const planned = row.world === "new-route" ? "novel-strategy" : "amplified-strategy";
  if (cause === planned) return truth["lenient/plan"]! / gain;
  if (["amplified-strategy", "novel-strategy", "plan-undecided"].includes(cause)) return 0;
  const part = { "steadier-steps": "slips", recovery: "repairs", composition: "joins" }[cause];
  return part === undefined ? undefined : truth[`execution/${part}`]! / gain;
}
