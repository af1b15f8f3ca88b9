import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCard } from "../../../src/worlds/files/card.ts";
import { loadCheckpoint, loadOptimiser, saveCheckpoint } from "../../../src/worlds/files/checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../../../src/worlds/files/safetensors.ts";
import { layoutOf } from "../../../src/worlds/transformer/shape.ts";
import { SMALL } from "../../support/transformer.ts";
import { about, momentsOf, newFolder, refusal, weightsOf } from "./scratch.ts";

const bytesOf = (folder: string, file: string): Buffer => readFileSync(join(folder, file));

/** The card of `base` after this is done to it, hashes included. */
function rewriteCard(folder: string, change: (card: Record<string, unknown>) => unknown): void {
  const file = join(folder, "base.json");
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))));
}

function savedBase(): string {
  const folder = newFolder();
  saveCheckpoint(folder, about("base"), weightsOf(1), momentsOf(1, 3));
  return folder;
}

describe("a checkpoint", () => {
  test("gives back every bit of weights and moments, and the card that was told", () => {
    const some = fc.float32Array({ minLength: 12, maxLength: 12, noNaN: false });
    fc.assert(
      fc.property(some, fc.nat(), fc.maxSafeInteger(), (few, step, seed) => {
        const folder = newFolder();
        const filled = (shift: number) => weightsOf(1).map((_, i) => few[(i + shift) % 12]!);
        const told = { ...about("base", step), seed };
        const written = saveCheckpoint(folder, told, filled(0), { step, m: filled(1), v: filled(2) });
        const { card, weights } = loadCheckpoint(folder, "base");
        expect(card).toEqual(written);
        expect(card).toMatchObject({ ...told, format: "crucis-world-checkpoint/1" });
        expect(weights).toEqual(filled(0));
        expect(loadOptimiser(folder, card)).toEqual({ step, m: filled(1), v: filled(2) });
      }),
      { numRuns: 30 },
    );
  });

  test("has the names and sizes of the layout in its file, for common tools to open", () => {
    const folder = savedBase();
    const { tensors } = readSafetensors(bytesOf(folder, "base.safetensors"), "base.safetensors");
    expect([...tensors].map(([name, { dimensions }]) => ({ name, dimensions }))).toEqual(
      layoutOf(SMALL).tensors.map(({ name, dimensions }) => ({ name, dimensions })),
    );
    expect(readdirSync(folder).sort()).toEqual(["base.json", "base.optimiser.safetensors", "base.safetensors"]);
  });

  test("that only transforms another policy keeps no bytes of its own", () => {
    const folder = savedBase();
    const transform = { kind: "power", alpha: 1.5 } as const;
    const told = { ...about("tuned"), phase: "transform", transform } as const;
    saveCheckpoint(folder, told, { sharedWith: "base" });
    expect(existsSync(join(folder, "tuned.safetensors"))).toBe(false);
    const tuned = loadCheckpoint(folder, "tuned");
    expect(tuned.card.transform).toEqual(transform);
    expect(tuned.card.weights).toEqual(readCard(folder, "base").weights);
    expect(tuned.weights).toEqual(weightsOf(1));
  });

  test("is replaced by its next state, and back, as often as a run saves it", () => {
    const folder = savedBase();
    for (const step of [4, 5, 6, 6]) {
      saveCheckpoint(folder, about("base", step), weightsOf(step), momentsOf(step, step));
      const { card, weights } = loadCheckpoint(folder, "base");
      expect([card.step, weights, loadOptimiser(folder, card)]).toEqual([step, weightsOf(step), momentsOf(step, step)]);
    }
    expect(readdirSync(folder).length).toBe(5);
  });
});

/** Which of the two checkpoints a folder holds, whole; every refusal but that nothing is there fails the test. */
function found(folder: string): "nothing" | "old" | "new" {
  if (!existsSync(join(folder, "base.json"))) return "nothing";
  const { card, weights } = loadCheckpoint(folder, "base");
  const isNew = card.step === 9;
  const [seed, step] = isNew ? [2, 9] : [1, 3];
  expect([card.step, weights, loadOptimiser(folder, card)]).toEqual([step, weightsOf(seed), momentsOf(seed, step)]);
  return isNew ? "new" : "old";
}

describe("a save that is interrupted", () => {
  test("by an error leaves no card and no half file", () => {
    const folder = newFolder();
    // A folder stands where the weights belong.
    mkdirSync(join(folder, "base.safetensors", "full"), { recursive: true });
    expect(() => saveCheckpoint(folder, about("base"), weightsOf(1))).toThrow(/base\.safetensors/);
    expect(readdirSync(folder)).toEqual(["base.safetensors"]);
    expect(refusal(() => loadCheckpoint(folder, "base")).code).toBe("checkpoint-missing");
  });

  test.each([
    ["the first", false],
    ["a later", true],
  ] as const)("by a kill at any step of %s leaves the old checkpoint or the new one, whole", (_, hasOld) => {
    const script = join(import.meta.dirname, "killed-save.ts");
    const moments = momentsOf(2, 9);
    const saved = JSON.stringify({
      about: about("base", 9),
      weights: [...weightsOf(2)],
      moments: { step: 9, m: [...moments.m], v: [...moments.v] },
    });
    const left: string[] = [];
    let folder = "";
    for (let at = 1; left.at(-1) !== "finished"; at++) {
      folder = hasOld ? savedBase() : newFolder();
      const { signal, status, stderr } = spawnSync(process.execPath, [script, folder, String(at), saved]);
      if (signal !== "SIGKILL" && status !== 0) throw new Error(String(stderr));
      left.push(status === 0 ? "finished" : found(folder));
    }
    expect(found(folder)).toBe("new");
    // Three files, each written, synced, renamed, and its folder synced; the card's name is what counts.
    const before = hasOld ? "old" : "nothing";
    expect(left).toEqual([...Array.from({ length: 11 }, () => before), "new", "finished"]);
  });
});

describe("a checkpoint that cannot be trusted is refused", () => {
  test("with both hashes where any byte of the weights changed", () => {
    const folder = savedBase();
    const file = join(folder, "base.safetensors");
    const { sha256 } = readCard(folder, "base").weights;
    const whole = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = Buffer.from(whole);
        broken[at]! ^= change;
        writeFileSync(file, broken);
        const { code, what, mend } = refusal(() => loadCheckpoint(folder, "base"));
        expect(code).toBe("checkpoint-hash");
        expect(what).toMatch(/base\.safetensors has the SHA-256 [0-9a-f]{64}, but base\.json names [0-9a-f]{64}$/);
        expect(what).toContain(sha256);
        expect(mend).toBe("run crucis world build steady-hand again");
      }),
      { numRuns: 40 },
    );
  });

  test("where a byte of the optimiser changed, though the weights still load", () => {
    const folder = savedBase();
    const file = join(folder, "base.optimiser.safetensors");
    const broken = readFileSync(file);
    broken[broken.length - 1]! ^= 1;
    writeFileSync(file, broken);
    const { card } = loadCheckpoint(folder, "base");
    expect(refusal(() => loadOptimiser(folder, card)).code).toBe("checkpoint-hash");
  });

  test("where the file of the weights is gone", () => {
    const folder = savedBase();
    rmSync(join(folder, "base.safetensors"));
    const { code, message } = refusal(() => loadCheckpoint(folder, "base"));
    expect(code).toBe("checkpoint-missing");
    expect(message).toContain("base.safetensors is named by base.json, but is not there");
  });

  test.each(["tuned", "../base", ""])("where there is no card of policy %j", (policy) => {
    const { code, message } = refusal(() => loadCheckpoint(savedBase(), policy));
    expect(code).toBe("checkpoint-missing");
    expect(message).toContain(`there is no checkpoint of policy ${JSON.stringify(policy)}`);
    expect(message).toContain("crucis world build NAME");
  });

  test("where the card is not JSON, or JSON of nothing", () => {
    const folder = savedBase();
    for (const text of ["", "{", "null", "[]", "3"]) {
      writeFileSync(join(folder, "base.json"), text);
      const { code, message } = refusal(() => loadCheckpoint(folder, "base"));
      expect(code).toBe("checkpoint-card");
      expect(message).toContain("base.json");
    }
  });

  test("where the card is of another version of the format", () => {
    const folder = savedBase();
    rewriteCard(folder, (card) => ({ ...card, format: "crucis-world-checkpoint/2" }));
    const { code, message } = refusal(() => loadCheckpoint(folder, "base"));
    expect(code).toBe("checkpoint-format");
    expect(message).toContain('"crucis-world-checkpoint/2", but this version reads "crucis-world-checkpoint/1"');
  });

  test("where the card is of another policy", () => {
    const folder = savedBase();
    renameSync(join(folder, "base.json"), join(folder, "tuned.json"));
    expect(refusal(() => loadCheckpoint(folder, "tuned")).message).toContain(
      'of policy "base", but the file is named after "tuned"',
    );
  });

  const wrong: [string, string, object][] = [
    ["an unknown field", "note", { note: 1 }],
    ["a phase there is not", "phase", { phase: "dreaming" }],
    ["half a step", "step", { step: 0.5 }],
    ["a step before the first", "step", { step: -1 }],
    ["a recipe that is no hash", "recipe", { recipe: "steady" }],
    [
      "weights outside the folder",
      "weights.file",
      { weights: { file: "../base.safetensors", sha256: "0".repeat(64) } },
    ],
    ["weights of another kind", "weights.file", { weights: { file: "base.gguf", sha256: "0".repeat(64) } }],
    ["a hash of another kind", "weights.sha256", { weights: { file: "base.safetensors", sha256: "0" } }],
    ["a transform there is not", "transform", { transform: { kind: "twist" } }],
    ["a power of nothing", "transform.alpha", { transform: { kind: "power", alpha: 0 } }],
    ["sizes that no decoder has", "width is 10", { shape: { ...SMALL, width: 10 } }],
    ["more characters than tokens", "knows 12 tokens, but there are 13", { vocabulary: "0123456789.;#" }],
    ["a character twice", "stands twice", { vocabulary: "0123456789.." }],
    ["an end that is no token", 'the end "x" is none of', { end: "x" }],
  ];
  test.each(wrong)("where the card has %s", (_, said, change) => {
    const folder = savedBase();
    rewriteCard(folder, (card) => ({ ...card, ...change }));
    const { code, message } = refusal(() => loadCheckpoint(folder, "base"));
    expect(code).toBe("checkpoint-card");
    expect(message).toContain("base.json");
    expect(message).toContain(said);
  });

  test("where the weights are more than the card's shape has", () => {
    const folder = savedBase();
    rewriteCard(folder, (card) => ({ ...card, shape: { ...SMALL, layers: 1 } }));
    const { size } = layoutOf(SMALL);
    const fewer = layoutOf({ ...SMALL, layers: 1 }).size;
    const { code, message } = refusal(() => loadCheckpoint(folder, "base"));
    expect(code).toBe("checkpoint-weights");
    expect(message).toContain(`base.safetensors: there are ${size} weights, but the card's shape has ${fewer}`);
  });

  test("where the file holds as many weights in another form", () => {
    const { tensors } = readSafetensors(bytesOf(savedBase(), "base.safetensors"), "base");
    const named = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    const forms: [string, typeof named][] = [
      [
        "embed_tokens.weight is Float32Array 8 × 12, but must be Float32Array 12 × 8",
        named.map((each, i) => (i === 0 ? { ...each, dimensions: [8, 12] } : each)),
      ],
      [
        "model.norm.weight is Float64Array 8, but must be Float32Array 8",
        named.map((each) =>
          each.name === "model.norm.weight" ? { ...each, data: Float64Array.from(each.data) } : each,
        ),
      ],
      [
        "model.norm.weight is not there",
        named.map((each) => (each.name === "model.norm.weight" ? { ...each, name: "lm_head" } : each)),
      ],
    ];
    for (const [said, form] of forms) {
      const folder = savedBase();
      const bytes = writeSafetensors(form);
      writeFileSync(join(folder, "base.safetensors"), bytes);
      const sha256 = /SHA-256 (\w+)/.exec(refusal(() => loadCheckpoint(folder, "base")).what)![1];
      rewriteCard(folder, (card) => ({ ...card, weights: { file: "base.safetensors", sha256 } }));
      expect(refusal(() => loadCheckpoint(folder, "base")).message).toContain(said);
    }
  });

  test("where training shall go on, but no optimiser was kept, or one without its steps", () => {
    const folder = newFolder();
    const card = saveCheckpoint(folder, about("base"), weightsOf(1));
    expect(refusal(() => loadOptimiser(folder, card)).message).toContain("no optimiser's state was kept with policy");
    const stepless = { ...card, optimiser: card.weights };
    expect(refusal(() => loadOptimiser(folder, stepless)).message).toContain('number of steps is ""');
  });
});

describe("what cannot be a checkpoint is not written", () => {
  test("weights of another number than the shape's", () => {
    const folder = newFolder();
    const short = weightsOf(1).subarray(1);
    const { size } = layoutOf(SMALL);
    const said = `there are ${size - 1} weights, but this shape has ${size}`;
    expect(refusal(() => saveCheckpoint(folder, about("base"), short)).message).toContain(said);
    const moments = { ...momentsOf(1, 1), v: short };
    expect(refusal(() => saveCheckpoint(folder, about("base"), weightsOf(1), moments)).message).toContain(said);
    expect(existsSync(join(folder, "base.json"))).toBe(false);
  });

  test("a policy whose name would leave the folder", () => {
    const { code, message } = refusal(() => saveCheckpoint(newFolder(), about("../base"), weightsOf(1)));
    expect(code).toBe("checkpoint-card");
    expect(message).toContain("field policy: must be of letters, digits, - and _");
  });

  test("a policy that shares weights with one that is missing, or of another shape", () => {
    const folder = savedBase();
    const missing = refusal(() => saveCheckpoint(folder, about("tuned"), { sharedWith: "elder" }));
    expect(missing.code).toBe("checkpoint-missing");
    const wide = { ...about("tuned"), shape: { ...SMALL, ropeBase: 200 } };
    const { code, message } = refusal(() => saveCheckpoint(folder, wide, { sharedWith: "base" }));
    expect(code).toBe("checkpoint-shape");
    for (const part of ['"ropeBase":200', '"ropeBase":100', 'policy "base"']) expect(message).toContain(part);
  });
});
