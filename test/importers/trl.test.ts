// The fixture is genuine: made for this project with TRL 1.13.0.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { trl } from "../../src/importers/trl.ts";
import { conforms } from "../conformance/importer.ts";
import { fileOf, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/trl.parquet";
const options = { policy: "base", scorer: "correct" };
conforms({
  importer: trl,
  fixtures: [fixture],
  options: { scorer: "correct" },
  binary: true,
  document: true,
  familyless: true,
});

describe("trl", () => {
  test("completions are gathered by their prompts, with the verdict of the reward asked for", async () => {
    const { problems, rightAbove, selected } = await readEvidence(fixture, options);
    expect(problems.map(({ prompt, n, right, ungradable }) => [prompt, n, right, ungradable])).toEqual([
      ["9+7=", 8, 1, {}],
      ["0+8=", 8, 2, {}],
    ]);
    expect(problems[0]?.rollouts?.[0]).toEqual({ verdict: { kind: "wrong" }, text: "13" });
    expect([rightAbove, selected]).toEqual([0.5, undefined]);
  });

  test("of several rewards one must be named, and be there", async () => {
    const several = await refusal(readEvidence(fixture, { policy: "base" }));
    expect(several.message).toContain(`${fixture} has several rewards: "correct", "short"`);
    const other = await refusal(readEvidence(fixture, { policy: "base", scorer: "style" }));
    expect(other.message).toContain('has no column "style", but the rewards "correct", "short"');
  });

  test("a directory that claims to be larger than any table needs is refused before it is read", async () => {
    const bytes = readFileSync(fixture);
    bytes.writeUInt32LE(0x7fffffff, bytes.length - 8);
    const { message } = await refusal(readEvidence(fileOf(bytes), options));
    expect(message).toMatch(/its directory takes 2147483647 bytes, where 0 to 16777216 are read at once/);
  });

  test("a page of a few bytes that claims two thousand million values is refused before they are made", async () => {
    const bytes = readFileSync(fixture);
    // The header of the first data page: a struct (2c) that begins with the number of values (15), 16 (20, zigzag).
    const at = bytes.indexOf(Buffer.from([0x2c, 0x15, 0x20]), 28) + 2;
    const many = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]);
    const bomb = Buffer.concat([bytes.subarray(0, at), many, bytes.subarray(at + 1)]);
    const { message } = await refusal(readEvidence(fileOf(bomb), options));
    expect(message).toMatch(/a page has 2147483647 values, where 0 to 1048576 are read at once/);
  });

  test("bytes that are not what they should be give a sentence, whichever they are", async () => {
    const whole = readFileSync(fixture);
    const errors: string[] = [];
    for (let at = 4; at < whole.length - 8; at += 29) {
      const bytes = Buffer.from(whole);
      bytes[at] = 255 - (bytes[at] as number);
      await readEvidence(fileOf(bytes), options).catch((error: Error) => errors.push(error.name));
    }
    expect(errors.length).toBeGreaterThan(10);
    expect(new Set(errors)).toEqual(new Set(["StudyError"]));
  });

  const real = "/work/shared/data/logs/trl/completions";
  test.skipIf(!existsSync(real))(
    "every file of a real run has 16 rows of one step, and none has a family",
    async () => {
      for (const name of readdirSync(real)) {
        const { problems, selected } = await readEvidence(`${real}/${name}`, options);
        expect(problems.reduce((sum, { n }) => sum + n, 0)).toBe(16);
        expect([selected, problems.some(({ family }) => family !== undefined)]).toEqual([undefined, false]);
      }
    },
  );
});
