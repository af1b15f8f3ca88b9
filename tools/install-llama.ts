// Installs node-llama-cpp into tools/llama/node_modules, where the engine llama looks first: the project's own lock does not carry it.
// Without install scripts (they would compile), and of its many binaries only this platform's, about 120 MB instead of 730.
// For a GPU: npm install node-llama-cpp@3.21.1 beside the project, which brings them all.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { LLAMA_VERSION } from "../src/engines/llama/library.ts";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "mac-x64",
  "darwin-arm64": "mac-arm64-metal",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

const folder = `${import.meta.dirname}/llama`;
const platform = PLATFORMS[`${process.platform}-${process.arch}`];
if (platform === undefined) throw new Error(`node-llama-cpp has no binary for ${process.platform} on ${process.arch}`);
mkdirSync(folder, { recursive: true });
const parts = ["node-llama-cpp", `@node-llama-cpp/${platform}`].map((name) => `${name}@${LLAMA_VERSION}`);
const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
const { status } = spawnSync("npm", ["install", "--prefix", folder, ...options, ...parts], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
