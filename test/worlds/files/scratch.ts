// test/ · A folder that is gone afterwards, checkpoints to put into it, and the refusal of what cannot be read.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { stream } from "../../../src/maths/random.ts";
import { StudyError } from "../../../src/terms/errors.ts";
import type { About } from "../../../src/worlds/files/checkpoint.ts";
import type { Moments } from "../../../src/worlds/optimiser.ts";
import { layoutOf } from "../../../src/worlds/transformer/shape.ts";
import { CHARACTERS } from "../../../src/worlds/vocabulary.ts";
import { SMALL, someWeights } from "../../support/transformer.ts";

const root = mkdtempSync(join(tmpdir(), "crucis-worlds-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

export const newFolder = (): string => mkdtempSync(join(root, "world-"));

/** A shape of few characters, so that a dozen of them are its vocabulary. */
export const FEW = CHARACTERS.slice(10, 10 + SMALL.vocabulary);

export const weightsOf = (seed: number): Float32Array => Float32Array.from(someWeights(SMALL, seed));

export const about = (policy: string, step = 3): About => ({
  world: "steady-hand",
  recipe: "ab".repeat(32),
  policy,
  phase: "pretraining",
  step,
  seed: 1,
  shape: SMALL,
  vocabulary: FEW,
  end: ".",
  transform: { kind: "none" },
});

export function momentsOf(seed: number, step: number): Moments {
  const draws = stream(seed, "test moments");
  const some = () => Float32Array.from({ length: layoutOf(SMALL).size }, () => draws.normal());
  return { step, m: some(), v: some() };
}

/** Whatever else is thrown, or nothing thrown, fails the test. */
export function refusal(doing: () => unknown): StudyError {
  try {
    doing();
  } catch (error) {
    if (error instanceof StudyError) return error;
    throw error;
  }
  return expect.unreachable("this was not refused") as never;
}
