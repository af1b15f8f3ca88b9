// The package as a stranger gets it: packed, installed into an empty folder, run with Node 24. Slow, so `npm run test:package`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const empty = mkdtempSync(join(tmpdir(), "crucis-package-"));
const floor = {
  version: "24.21.0",
  package: `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
};
const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  version: string;
  dependencies: Record<string, string>;
};

// What npm tells its scripts about this project must not reach the npm that installs elsewhere.
const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name)),
);
const npm = (cwd: string, ...words: string[]) => execFileSync("npm", words, { cwd, env: outside, encoding: "utf8" });
const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

const user = join(empty, "user");
const node = join(empty, "node");

/** `npx crucis` in the user's folder, under the oldest Node that the package promises. */
function crucis(...words: string[]) {
  const env = { ...outside, PATH: [join(node, "node_modules", ".bin"), process.env["PATH"]].join(delimiter) };
  const { status, stdout, stderr } = spawnSync("npx", ["--no-install", "crucis", ...words], {
    cwd: user,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  for (const folder of [user, node]) mkdirSync(folder);
  npm(".", "pack", "--pack-destination", empty, ...quiet);
  for (const folder of [user, node])
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(user, "install", ...quiet, join(empty, `crucis-${version}.tgz`));
  npm(node, "install", ...quiet, `${floor.package}@${floor.version}`);
});

afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe("the package", () => {
  test("brings its runtime dependencies and nothing of the workshop", () => {
    const tree = JSON.parse(npm(user, "ls", "--all", "--json")) as {
      dependencies: { crucis: { dependencies: Record<string, object> } };
    };
    // An optional peer that is not there stands in the list without a version.
    const there = Object.entries(tree.dependencies.crucis.dependencies).filter(([, one]) => "version" in one);
    expect(there.map(([name]) => name).sort()).toEqual(Object.keys(dependencies).sort());
    const installed = readdirSync(join(user, "node_modules")).filter((name) =>
      /^(node-|@crucis|vitest|typescript|tsdown)/.test(name),
    );
    expect(installed).toEqual([]);
    const files = readdirSync(join(user, "node_modules", "crucis")).sort();
    expect(files).toEqual(["CHANGELOG.md", "LICENSE", "NOTICE", "README.md", "dist", "examples", "package.json"]);
  });

  test("runs under the oldest Node it promises", () => {
    expect(execFileSync(join(node, "node_modules", ".bin", "node"), ["-v"], { encoding: "utf8" }).trim()).toBe(
      `v${floor.version}`,
    );
    expect(crucis("--version")).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test("opens a world that it brings, and trains on threads of its own", () => {
    const { status, stdout } = crucis("world", "truth", "steady-hand", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ crucis: version, world: "steady-hand", kept: true });
    const { status: drawn, stdout: answers } = crucis(
      "world",
      "sample",
      "known-route",
      "3+4*2-5?",
      "-n",
      "2",
      "--json",
    );
    expect(drawn).toBe(0);
    expect(answers.trim().split("\n")).toHaveLength(2);
    // Two threads: the worker is started from the built file beside it.
    const script = `
      import { buildWorld, worldNamed } from "crucis";
      const world = worldNamed("new-route");
      const few = { steps: 3, checkpoints: [3] };
      const { training, pretraining } = world;
      const tiny = { ...world, pretraining: { ...pretraining, steps: 3 }, training: { ...training, options: { ...training.options, ...few } } };
      const { policies } = await buildWorld(tiny, { seed: 1, cache: "worlds", threads: 2 });
      console.log(policies.map(({ name }) => name).join(" "));`;
    writeFileSync(join(user, "train.mjs"), script);
    const bin = join(node, "node_modules", ".bin", "node");
    expect(execFileSync(bin, ["train.mjs"], { cwd: user, encoding: "utf8" }).trim()).toBe("base tuned");
  });

  test("explains counts, and draws the report", () => {
    const counts = (rates: number[]) =>
      rates.map((c, i) => `${JSON.stringify({ id: `problem ${i}`, c, n: 16 })}\n`).join("");
    const base = Array.from({ length: 40 }, (_, i) => i % 13);
    writeFileSync(join(user, "base.jsonl"), counts(base));
    writeFileSync(join(user, "tuned.jsonl"), counts(base.map((c) => c + 3)));
    const { status, stdout } = crucis("explain", "base.jsonl", "tuned.jsonl", "--json", "--html", "report.html");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ crucis: version, command: "explain", computedFrom: { problems: 40 } });
    expect(readFileSync(join(user, "report.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });

  test("says no with exit code 2 and one sentence", () => {
    const { status, stdout, stderr } = crucis("explain", "missing.jsonl", "tuned.jsonl");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("missing.jsonl");
  });

  test("has types that a strict user can compile against", () => {
    writeFileSync(
      join(user, "use.ts"),
      'import * as crucis from "crucis";\nexport const names: string[] = Object.keys(crucis);\n',
    );
    const options = ["--strict", "--module", "nodenext", "--target", "es2024", "--noEmit", "--types", ""];
    const tsc = spawnSync(resolve("node_modules", ".bin", "tsc"), [...options, "use.ts"], {
      cwd: user,
      encoding: "utf8",
    });
    expect({ status: tsc.status, stdout: tsc.stdout }).toEqual({ status: 0, stdout: "" });
  });
});
