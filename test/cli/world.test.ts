import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { progressLine } from "../../src/cli/progress.ts";
import { stream } from "../../src/maths/random.ts";
import { WORLDS, worldNamed } from "../../src/worlds/all.ts";
import { CURVE_FILE, writeCurve } from "../../src/worlds/curve.ts";
import { saveCheckpoint } from "../../src/worlds/files/checkpoint.ts";
import { folderOf } from "../../src/worlds/folder.ts";
import { recipeOf } from "../../src/worlds/recipe.ts";
import { initialWeights } from "../../src/worlds/transformer/reference.ts";
import { CHARACTERS, END_TOKEN } from "../../src/worlds/vocabulary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "crucis-world-"));
const cache = join(folder, "cache");
const empty = join(folder, "empty");
afterAll(() => rmSync(folder, { recursive: true }));

const main = join(root, "src/cli/main.ts");
function crucis(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "world", ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 50_000,
  });
  return { status, stdout, stderr };
}

/** A world that counts as built: its networks were never trained, but everything else is as a build leaves it. */
function untrained(name: string, seed = 1): string {
  const world = worldNamed(name);
  const place = folderOf(world, seed, cache);
  const { shape, training } = world;
  const about = {
    world: name,
    recipe: recipeOf(world, seed),
    seed,
    shape,
    vocabulary: CHARACTERS,
    end: CHARACTERS[END_TOKEN]!,
  };
  const none = { kind: "none" } as const;
  const weights = Float32Array.from(initialWeights(shape, stream(seed, "worlds/initial")));
  saveCheckpoint(place, { ...about, policy: "base", phase: "pretraining", step: 1, transform: none }, weights);
  const later = training.kind === "transform" ? training.policies : [{ name: "tuned", transform: none }];
  for (const { name: policy, transform } of later)
    saveCheckpoint(place, { ...about, policy, phase: "transform", step: 0, transform }, { sharedWith: "base" });
  writeCurve(place, CURVE_FILE, {
    world: name,
    seed,
    points: [{ phase: "pretraining", step: 1, loss: 3.4 }],
    checkpoints: later.map(({ name: policy }) => ({ policy, step: 0 })),
  });
  return place;
}

describe("crucis world", () => {
  const { training } = worldNamed("same-again");
  const policies = ["base", ...(training.kind === "transform" ? training.policies.map(({ name }) => name) : [])];
  let same = "";
  beforeAll(() => {
    same = untrained("same-again");
    untrained("cold-sampler");
    untrained("neat-answer");
  });

  it("lists every world with what is planted and whether it is built, within 100 columns", () => {
    const { status, stdout } = crucis("list", "--cache", cache);
    expect(status).toBe(0);
    expect(stdout.split("\n").filter((line) => [...line].length > 100)).toEqual([]);
    for (const { name } of WORLDS) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    expect(stdout).toMatch(/^same-again .* yes$/m);
    expect(stdout).toMatch(/^new-route .* no$/m);
  });

  it("lists them as JSON", () => {
    const worlds = JSON.parse(crucis("list", "--cache", cache, "--json").stdout) as { name: string; built: string }[];
    expect(worlds.map(({ name }) => name)).toEqual(WORLDS.map(({ name }) => name));
    expect(worlds.find(({ name }) => name === "same-again")?.built).toBe("yes");
    expect(worlds.find(({ name }) => name === "new-route")?.built).toBe("no");
  });

  it("finds a finished build, writes truth.json, and prints the promises", () => {
    const { status, stdout, stderr } = crucis("build", "same-again", "--cache", cache, "--threads", "1");
    expect(stderr).toMatch(/^Ctrl-C is harmless/);
    expect(stdout).toContain(same);
    expect(stdout).toMatch(/promised +planted +intended +measured +kept/);
    const truth = JSON.parse(readFileSync(join(same, "truth.json"), "utf8")) as { world: string; kept: boolean };
    expect(truth.world).toBe("same-again");
    expect(status).toBe(truth.kept ? 0 : 2);
  });

  it("refuses a build that does not keep what it promises, with the number", () => {
    const { status, stdout, stderr } = crucis("build", "neat-answer", "--cache", cache, "--threads", "1");
    expect(status).toBe(2);
    expect(stdout).toMatch(/ no$/m);
    expect(stderr).toMatch(/crucis: .*neat-answer.*\d/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("tells the truth as text within 100 columns, as JSON, and as a page", () => {
    const page = join(folder, "truth.html");
    const { stdout } = crucis("truth", "same-again", "--cache", cache, "--html", page);
    expect(stdout).toMatch(/^Computed from\n/);
    expect(stdout.split("\n").filter((line) => [...line].length > 100)).toEqual(
      [`Page: ${page}`].filter((line) => line.length > 100),
    );
    expect(stdout).toContain(`Page: ${page}`);
    expect(readFileSync(page, "utf8")).toMatch(/<\/html>\s*$/);
    const json = JSON.parse(crucis("truth", "same-again", "--cache", cache, "--json").stdout) as { policies: string[] };
    expect(json.policies).toEqual(policies);
  });

  it("samples answers with verdict, strategy and log2 p, the same for the same --draw", () => {
    const args = ["sample", "same-again", "3+4*2-5?", "0", "--steps", "2", "-n", "3", "--cache", cache];
    const { status, stdout } = crucis(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^3\+4\*2-5\?\n/);
    expect(stdout).toContain("(chain/L2/seed7/0)");
    expect(stdout.match(/^answer +verdict +strategy +log2 p$/gm)).toHaveLength(2);
    expect(crucis(...args).stdout).toBe(stdout);
    expect(crucis(...args, "--draw", "99").stdout).not.toBe(stdout);
  });

  it("samples as JSON lines, with the sampler that was used", () => {
    const { stdout } = crucis(
      "sample",
      "same-again",
      "-n",
      "2",
      "--json",
      "--temperature",
      "0.5",
      "--max-tokens",
      "7",
      "--cache",
      cache,
    );
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({ world: "same-again", policy: "tuned", problem: "chain/L6/seed7/0" });
      expect(line["sampler"]).toMatchObject({ temperature: 0.5, maxTokens: 7 });
      expect(String(line["answer"]).length).toBeLessThanOrEqual(7);
      expect(line["log2Prob"]).toBeLessThan(0);
    }
  });

  it("exports to a GGUF file and to a folder for Hugging Face, and not what weights cannot carry", () => {
    const file = join(folder, "base.gguf");
    expect(
      crucis("export", "same-again", "--policy", "base", "--as", "gguf", "--to", file, "--cache", cache).status,
    ).toBe(0);
    expect(readFileSync(file).subarray(0, 4).toString()).toBe("GGUF");
    const to = join(folder, "hf");
    expect(
      crucis("export", "same-again", "--policy", "base", "--as", "huggingface", "--to", to, "--cache", cache).status,
    ).toBe(0);
    expect(readdirSync(to)).toEqual(expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]));
    const cold = join(folder, "cold.gguf");
    const { status, stderr } = crucis("export", "cold-sampler", "--as", "gguf", "--to", cold, "--cache", cache);
    expect(status).toBe(2);
    expect(stderr).toMatch(/transform/);
    expect(existsSync(cold)).toBe(false);
  });

  it("serves until Ctrl-C, then closes", async () => {
    const server = spawn(process.execPath, [main, "world", "serve", "same-again", "--port", "0", "--cache", cache]);
    let said = "";
    const ended = new Promise<number | null>((resolve) => server.once("close", resolve));
    await new Promise<void>((resolve) => {
      server.stdout.on("data", (data: Buffer) => {
        said += data.toString();
        if (said.includes("Ctrl-C ends it.")) resolve();
      });
      void ended.then(() => resolve());
    });
    const [, address] = /on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
    expect(said).toContain(`models: ${policies.join(", ")}`);
    const models = (await (await fetch(`${address}/v1/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual(policies);
    const body = JSON.stringify({ model: "tuned", prompt: "3+4?", max_tokens: 4 });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${address}/v1/completions`, { method: "POST", headers, body })).status).toBe(200);
    server.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(said).toMatch(/Closed after 1 completion\.\n$/);
  });

  it("says on a pipe how far a build is, and ends at once on Ctrl-C", async () => {
    const build = spawn(process.execPath, [
      main,
      "world",
      "build",
      "steady-hand",
      "--seed",
      "77",
      "--threads",
      "1",
      "--cache",
      cache,
    ]);
    let said = "";
    const ended = new Promise<NodeJS.Signals | null>((resolve) => build.once("close", (_, signal) => resolve(signal)));
    await new Promise<void>((resolve) => {
      build.stderr.on("data", (data: Buffer) => {
        said += data.toString();
        if (/%/.test(said)) resolve();
      });
      void ended.then(() => resolve());
    });
    build.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    expect(said).toMatch(
      /^Ctrl-C is harmless: the same command goes on where this one stopped\.\npretraining of steady-hand: 0 %, loss \d/,
    );
  });

  const bad: readonly [what: string, args: string[], message: RegExp][] = [
    ["an unknown world", ["truth", "steady-foot"], /no world "steady-foot".*steady-hand, known-route/],
    ["an unknown world to build", ["build", "nowhere"], /no world "nowhere"/],
    ["a world that was not built: truth", ["truth", "new-route", "--cache", empty], /crucis world build new-route/],
    ["a world that was not built: sample", ["sample", "new-route", "--cache", empty], /crucis world build new-route/],
    ["a world that was not built: serve", ["serve", "new-route", "--cache", empty], /crucis world build new-route/],
    ["a world of another seed", ["truth", "same-again", "--seed", "5", "--cache", cache], /seed 5.*--seed 5/],
    ["an unknown policy", ["sample", "same-again", "--policy", "step-9", "--cache", cache], /"step-9".*base,.* tuned/],
    ["a prompt of no task", ["sample", "same-again", "hello", "--cache", cache], /"hello" is no prompt of chain/],
    ["a problem that cannot be posed", ["sample", "same-again", "0", "--steps", "99", "--cache", cache], /99/],
    ["a temperature of zero", ["sample", "same-again", "--temperature", "0", "--cache", cache], /temperature/],
    ["no threads", ["build", "same-again", "--threads", "0", "--cache", cache], /from 1 on/],
    [
      "a format that there is not",
      ["export", "same-again", "--as", "onnx", "--to", "x", "--cache", cache],
      /gguf, huggingface/,
    ],
    [
      "a page in a folder that is not there",
      ["truth", "same-again", "--html", join(folder, "no", "t.html"), "--cache", cache],
      /cannot be written/,
    ],
    [
      "an export onto a file",
      ["export", "same-again", "--policy", "base", "--as", "huggingface", "--to", join(main, "x"), "--cache", cache],
      /cannot be written/,
    ],
    ["a subcommand that there is not", ["destroy"], /unknown command/],
  ];
  it.each(bad)("answers %s with a sentence and exit code 2", (_, args, message) => {
    const { status, stdout, stderr } = crucis(...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("names the damaged file of a checkpoint whose bytes changed", () => {
    const place = untrained("same-again", 3);
    const file = join(place, "base.safetensors");
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = bytes.at(-1)! ^ 1;
    writeFileSync(file, bytes);
    const { status, stderr } = crucis("sample", "same-again", "--seed", "3", "--cache", cache);
    expect(status).toBe(2);
    expect(stderr).toMatch(/base\.safetensors.*[0-9a-f]{64}/);
  });
});

describe("progress on a pipe", () => {
  const lines = (tty: boolean, options?: { pipedEverySeconds: number }): string[] => {
    const written: string[] = [];
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const target = { isTTY: tty, columns: 80, write: (text: string) => written.push(text) };
      const progress = progressLine(target as unknown as NodeJS.WriteStream, options);
      for (let second = 0; second <= 12; second++) {
        progress.share("training", 0.5 + second / 64, `loss ${second}`);
        vi.advanceTimersByTime(1000);
      }
      progress.end();
      return written;
    } finally {
      vi.useRealTimers();
    }
  };

  it("is silent unless asked", () => {
    expect(lines(false)).toEqual([]);
  });

  it("is a line every few seconds where asked, and work done before does not count into the time left", () => {
    expect(lines(false, { pipedEverySeconds: 5 })).toEqual([
      "training: 50 %, loss 0\n",
      "training: 58 %, about 27 s left, loss 5\n",
      "training: 66 %, about 22 s left, loss 10\n",
    ]);
  });

  it("is one line that is written over on a terminal", () => {
    const written = lines(true);
    expect(written).toHaveLength(14);
    for (const text of written)
      expect(text).toSatisfy((line: string) => line.startsWith("\r\u001b[2K") && !line.includes("\n"));
  });
});
