// cli/ · Rehearse worker: a process that plays the studies on paper that its crew sends, one after another.
import { enableCompileCache } from "node:module";
import type { Answer, Part } from "./rehearse-crew.ts";

enableCompileCache();
const playing = import("../study/rehearse.ts");

process.on("message", async ({ scene, design }: Part) => {
  let answer: Answer;
  try {
    const { play } = await playing;
    answer = { played: play(scene, design) };
  } catch (error) {
    answer = { error };
  }
  // Whoever began this may be gone.
  process.send!(answer, (error) => {
    if (error !== null) process.exit();
  });
});
// Ctrl-C reaches the whole group: whoever began this ends it.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
