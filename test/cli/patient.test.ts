import { expect, test } from "vitest";
import { patient } from "../../src/cli/patient.ts";
import { benchOf } from "../../src/study/bench.ts";
import type { Verdict } from "../../src/terms/verdict.ts";

const own = (verify: (prompt: string, text: string) => Promise<Verdict>) =>
  benchOf({ tasks: [{ name: "own", version: "1", problems: [{ id: "a", prompt: "?" }], verify }] }, () => "");

test("a verifier that never says anything makes its answer ungradable, and others are judged as before", async () => {
  const bench = patient(
    own((_, text) => (text === "never" ? new Promise(() => {}) : Promise.resolve({ kind: "right" }))),
    0.05,
  );
  const [never, right] = await Promise.all([bench.verify("a", "never"), bench.verify("a", "well")]);
  expect(never).toEqual({
    verdict: { kind: "ungradable", why: "grader crash" },
    detail: "the verifier gave no verdict within 0.05 s",
  });
  expect(right).toEqual({ verdict: { kind: "right" } });
});
