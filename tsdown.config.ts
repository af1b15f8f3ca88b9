// dist/ mirrors src/, file for file, so that addresses relative to a source file hold in the package too.
import { defineConfig } from "tsdown";

export default defineConfig({
  // Workers are started by their addresses, so nothing imports it.
  entry: ["src/index.ts", "src/cli/main.ts", "src/cli/rehearse-worker.ts", "src/worlds/transformer/crew-worker.ts"],
  copy: [{ from: "src/worlds/transformer/kernels.wasm", to: "dist/worlds/transformer" }],
  root: "src",
  format: "esm",
  platform: "node",
  target: "node24",
  unbundle: true,
  fixedExtension: false,
  dts: true,
  deps: { onlyBundle: [] },
  failOnWarn: true,
  // Declarations come from TypeScript 7 itself; its interface being young is known.
  suppressWarnings: /TypeScript 7\.0 does not yet have a stable API/,
  report: { summary: true, gzip: false },
});
