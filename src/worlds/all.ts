// worlds/ · All: the list. A new world is one file and one line here.
import { StudyError } from "../terms/errors.ts";
import { coldSampler } from "./cold-sampler.ts";
import { earlyStop } from "./early-stop.ts";
import { joinedParts } from "./joined-parts.ts";
import { knownRoute } from "./known-route.ts";
import { luckyDip } from "./lucky-dip.ts";
import { mixed } from "./mixed.ts";
import { neatAnswer } from "./neat-answer.ts";
import { newRoute } from "./new-route.ts";
import { plainTilt } from "./plain-tilt.ts";
import { sameAgain } from "./same-again.ts";
import { secondLook } from "./second-look.ts";
import { steadyHand } from "./steady-hand.ts";
import type { World } from "./world.ts";

export const WORLDS: readonly World[] = [
  steadyHand,
  knownRoute,
  newRoute,
  joinedParts,
  secondLook,
  neatAnswer,
  earlyStop,
  coldSampler,
  plainTilt,
  sameAgain,
  luckyDip,
  mixed,
];

/** StudyError where there is none of that name; it lists those there are. */
export function worldNamed(name: string): World {
  const world = WORLDS.find((one) => one.name === name);
  if (world === undefined)
    throw new StudyError({
      code: "world-unknown",
      what: `there is no world ${JSON.stringify(name)}`,
      mend: `choose one of ${WORLDS.map((one) => one.name).join(", ")}`,
    });
  return world;
}
