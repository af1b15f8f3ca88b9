// What crucis doctor --json printed, read for a plan; anything else is refused in a sentence.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toldSpeeds } from "../../src/cli/told-speeds.ts";
import { emptyFolder } from "../evidence/records.ts";

const at = (value: unknown): string => {
  const file = join(emptyFolder(), "doctor.json");
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
};
const doctor = (...policies: object[]) => at({ crucis: "0.1.0", command: "doctor", policies });
const base = { policy: "base", speed: { generated: 100, scored: 1000 } };
const tuned = { policy: "tuned", speed: { generated: 50, scored: 500 } };

test("seconds a token are means over the study's policies, others left out", () => {
  const seconds = toldSpeeds(doctor(base, tuned, { policy: "other" }), ["base", "tuned"]);
  expect(seconds.generated).toBeCloseTo((1 / 100 + 1 / 50) / 2, 12);
  expect(seconds.scored).toBeCloseTo((1 / 1000 + 1 / 500) / 2, 12);
});

test("scoring has no speed where one policy's is not known", () => {
  const seconds = toldSpeeds(doctor(base, { policy: "tuned", speed: { generated: 50 } }));
  expect(Object.keys(seconds)).toEqual(["generated"]);
});

describe("refused, with what disagrees and the mend:", () => {
  test.each([
    ["a file that is not there", () => "nowhere.json", /nowhere\.json cannot be read \(ENOENT\)/],
    ["no JSON", () => at("Examined"), /cannot be read \(.*JSON/],
    ["another command's document", () => at({ command: "plan" }), /is no document of crucis doctor \(at command:/],
    ["a speed that is none", () => doctor({ ...base, speed: { generated: 0 } }), /at policies\.0\.speed\.generated/],
    ["another study's", () => doctor(base), /examined base, and the study also has tuned/],
    ["an engine that did not answer", () => doctor(base, { policy: "tuned" }), /tells no speed of tuned/],
  ])("%s", (_, file, says) => {
    const read = () => toldSpeeds(file(), ["base", "tuned"]);
    expect(read).toThrow(says);
    expect(read).toThrow(/crucis doctor --json/);
  });
});
