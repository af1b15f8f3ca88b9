// cli/ · Rehearse worker: plays the studies on paper that its crew sends, one after another.
import { parentPort } from "node:worker_threads";
import { play } from "../study/rehearse.ts";
import type { Part } from "./rehearse-crew.ts";

parentPort!.on("message", ({ scene, design }: Part) => {
  parentPort!.postMessage(play(scene, design));
});
