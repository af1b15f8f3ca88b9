// explanations/ · Lucky guess: guesses hit, given many tries.
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
    judgeUnseen(findings, limits, "the floor that guessing reaches on these problems was not measured"),
};
