import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the sources in tools/kernels give the committed module, byte for byte", () => {
  const folder = mkdtempSync(join(tmpdir(), "crucis-kernels-"));
  const file = join(folder, "kernels.wasm");
  execFileSync(process.execPath, ["tools/build-kernels.ts", file]);
  const built = readFileSync(file);
  rmSync(folder, { recursive: true });
  expect(built.equals(readFileSync("src/worlds/transformer/kernels.wasm"))).toBe(true);
  expect(built.length).toBeLessThan(16_384);
});
