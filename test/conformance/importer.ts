// What every importer must keep, run over fixtures of its own.
import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { IMPORTERS } from "../../src/importers/all.ts";
import type { Importer, ImportOptions } from "../../src/importers/importer.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { Source } from "../../src/importers/source.ts";
import { StudyError } from "../../src/terms/errors.ts";
import type { PolicyEvidence, ProblemRecord } from "../../src/terms/observation.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { fileOf, refusal } from "../importers/on-disk.ts";

export interface Conforming {
  readonly importer: Importer;
  /** Paths. */
  readonly fixtures: readonly string[];
  /** What the fixtures need said, such as the scorer. */
  readonly options?: Partial<ImportOptions>;
  /** True where the file is one document: then every cut of it is refused. */
  readonly document?: boolean;
  /** True where the format names no families. */
  readonly familyless?: boolean;
  /** True where the bytes are no text. */
  readonly binary?: boolean;
}

export function conforms(conforming: Conforming): void {
  const { importer, fixtures, options = {}, document = false, familyless = false, binary = false } = conforming;
  const policy = "step-100";
  const read = (file: string, more: Partial<ImportOptions> = {}) => readEvidence(file, { policy, ...options, ...more });
  const recognisers = async (file: string): Promise<string[]> => {
    const source = await Source.open(file);
    await source.close();
    return IMPORTERS.filter((one) => one.recognises(source.head)).map(({ name }) => name);
  };

  describe(`${importer.name} keeps the importers' contract`, () => {
    test("it is listed once, and is a file of its name", () => {
      expect(IMPORTERS.filter(({ name }) => name === importer.name)).toEqual([importer]);
      expect(existsSync(`src/importers/${importer.name}.ts`)).toBe(true);
      expect(importer.what).toMatch(/^\S.*[^.]$/);
    });

    describe.each(fixtures)("%s", (fixture) => {
      const bytes = readFileSync(fixture);

      test("it alone recognises the fixture, whatever the file is called", async () => {
        expect(await recognisers(fixture)).toEqual([importer.name]);
        expect(await recognisers(fileOf(bytes))).toEqual([importer.name]);
      });

      test("the evidence names its policy, file and format, and each problem once", async () => {
        const evidence = await read(fixture);
        expect(evidence).toMatchObject({ policy, file: fixture, format: importer.name });
        expect(evidence.problems.length).toBeGreaterThan(0);
        expect(new Set(evidence.problems.map(({ id }) => id)).size).toBe(evidence.problems.length);
        expect(evidence.problems.every(({ id }) => id !== "")).toBe(true);
      });

      test("right, wrong and ungradable add up to n, and agree with the rollouts where they are kept", async () => {
        expect((await read(fixture)).problems.flatMap(faults)).toEqual([]);
      });

      test("reading twice gives the same", async () => {
        expect(await read(fixture)).toEqual(await read(fixture));
      });

      test("every rollout is handed on as it is read, with its text, whatever is kept", async () => {
        const handed = new Map<string, Rollout[]>();
        const onRollout: ImportOptions["onRollout"] = ({ id }, rollout, index) => {
          expect(index).toBe(handed.get(id)?.length ?? 0);
          handed.set(id, [...(handed.get(id) ?? []), rollout]);
        };
        const { problems } = await read(fixture, { onRollout, keepTexts: false });
        const kept = (await read(fixture)).problems;
        const bare = (rollout: Rollout) => {
          const { tokenIds: _, logProbs: __, ...rest } = rollout;
          return rest;
        };
        for (const { id, rollouts } of kept) expect(handed.get(id)?.map(bare)).toEqual(rollouts);
        expect(handed.size).toBe(kept.filter(({ rollouts }) => rollouts !== undefined).length);
        expect(problems.flatMap(({ rollouts = [] }) => rollouts.filter(({ text }) => text !== undefined))).toEqual([]);
      });

      test.skipIf(binary)("a byte order mark and CRLF change nothing", async () => {
        const { problems } = await read(fixture);
        const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
        const windows = bytes.toString("utf8").replaceAll("\n", "\r\n");
        expect((await read(fileOf(marked))).problems).toEqual(problems);
        expect((await read(fileOf(windows))).problems).toEqual(problems);
      });

      test.skipIf(familyless)(
        "one family asked for is the only one given, and one that is not there is refused by name",
        async () => {
          const all = (await read(fixture)).problems;
          const family = all[0]?.family ?? "";
          const kept = await read(fixture, { families: [family] });
          expect(kept.problems).toEqual(all.filter((problem) => problem.family === family));
          const { message } = await refusal(read(fixture, { families: [family, "no such"] }));
          expect(message).toContain(`${fixture} has no family "no such", but "${family}"`);
        },
      );

      test("a file cut anywhere is refused, or holds whole rows of the uncut one and nothing else", async () => {
        const { problems } = await read(fixture);
        const drawn = new Map(problems.map(({ id, n }) => [id, n]));
        const whole = binary ? bytes.length : bytes.toString("latin1").trimEnd().length;
        const strange: unknown[] = [];
        let refused = 0;
        const cuts = cutsOf(bytes, whole);
        for (const end of cuts) {
          const cut = await read(fileOf(bytes.subarray(0, end))).catch((error: unknown) => error);
          if (cut instanceof StudyError) refused++;
          else if (document || cut instanceof Error) strange.push([end, cut]);
          else strange.push(...(cut as PolicyEvidence).problems.filter(({ id, n }) => !(n <= (drawn.get(id) ?? -1))));
        }
        expect(strange).toEqual([]);
        expect(refused).toBeGreaterThan(cuts.length * 0.8);
      });

      test("what cannot be read whole is refused by a sentence that names the file", async () => {
        const half = fileOf(bytes.subarray(0, Math.floor(bytes.length / 2)));
        const broken = fileOf(Buffer.concat([bytes.subarray(0, bytes.length - 3), Buffer.from([0xff, 10])]));
        const empty = fileOf("");
        const missing = `${fixture}.missing`;
        const codes = new Map([
          [half, "truncated"],
          [empty, "empty-file"],
          [missing, "no-file"],
          ...(binary ? [] : [[broken, "not-utf-8"] as const]),
        ]);
        for (const [file, code] of codes) {
          const error = await refusal(read(file));
          expect(error.message).toContain(file);
          expect(error.message).toMatch(/^[^\n]+\.$/);
          expect([file, error.code]).toEqual([file, code]);
        }
      });
    });
  });
}

/** What does not add up in a problem; nothing where all does. */
export function faults({ id, n, right, ungradable, rollouts }: ProblemRecord): string[] {
  const absent = Object.values(ungradable).reduce((sum, many) => sum + many, 0);
  const wrong = [];
  if (!(Number.isInteger(n) && n >= 1)) wrong.push(`${id}: n is ${n}`);
  if (!(right >= 0 && right + absent <= n)) wrong.push(`${id}: ${right} right and ${absent} ungradable of ${n}`);
  if (rollouts === undefined) return wrong;
  const tally = { right: 0, n: rollouts.length, ungradable: {} as Record<string, number> };
  for (const { verdict } of rollouts) {
    if (verdict.kind === "right") tally.right++;
    if (verdict.kind === "ungradable") tally.ungradable[verdict.why] = (tally.ungradable[verdict.why] ?? 0) + 1;
  }
  return isDeepStrictEqual(tally, { right, n, ungradable }) ? wrong : [...wrong, `${id}: its rollouts say otherwise`];
}

/** Cuts that are tried of a long file. */
const MANY = 1000;

/** Behind every byte of a short file; of a long one about a thousand places, with those about its first line's end. */
function cutsOf(bytes: Uint8Array, whole: number): readonly number[] {
  const stride = Math.max(1, Math.floor(whole / MANY));
  const line = bytes.indexOf(10);
  const about = [line - 1, line, line + 1].filter((end) => end > 0 && end < whole);
  const even = Array.from({ length: Math.ceil((whole - 1) / stride) }, (_, i) => 1 + i * stride);
  return [...new Set([...even, ...about])];
}
