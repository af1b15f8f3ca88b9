// worlds/ · Curve: what training looked like, beside its checkpoints; its file is also the sign that a world is finished.
import { join } from "node:path";
import { z } from "zod";
import { StudyError } from "../terms/errors.ts";
import type { LearningCurve } from "../terms/truth.ts";
import { readIfThere, rebuild } from "./files/card.ts";
import { writeWholeFile } from "./files/whole-file.ts";

/** Finished, and on the way. */
export const CURVE_FILE = "curve.json";
export const GROWING_FILE = "in-progress.curve.json";

const number = z.number();
const schema = z.strictObject({
  world: z.string(),
  seed: number,
  points: z.array(
    z.strictObject({
      phase: z.enum(["pretraining", "reinforcement", "imitation"]),
      step: number,
      loss: number.exactOptional(),
      reward: number.exactOptional(),
      kl: number.exactOptional(),
      entropy: number.exactOptional(),
      length: number.exactOptional(),
    }),
  ),
  checkpoints: z.array(z.strictObject({ policy: z.string(), step: number })),
}) satisfies z.ZodType<LearningCurve>;

/** Undefined where there is none. StudyError where it is not what a build writes. */
export function readCurve(folder: string, file: string): LearningCurve | undefined {
  const path = join(folder, file);
  const bytes = readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    const first = error instanceof z.ZodError ? error.issues[0] : undefined;
    throw new StudyError({
      code: "world-curve",
      what: `${path} is no learning curve: ${first === undefined ? "it is not JSON" : `${first.path.join(".")} ${first.message}`}`,
      mend: rebuild(),
    });
  }
}

export function writeCurve(folder: string, file: string, curve: LearningCurve): void {
  // Through the schema, so that the fields stand in its order, whether they were read back in between or not.
  writeWholeFile(folder, file, new TextEncoder().encode(`${JSON.stringify(schema.parse(curve))}\n`));
}
