import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LIMITS } from "../../src/terms/limits.ts";

it("the page of limits says what the table says", () => {
  const page = readFileSync(new URL("../../docs/limits.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d.]+) \|/gm)].map(([, name, value]) => [name, Number(value)]);
  expect(Object.fromEntries(rows)).toEqual({ ...LIMITS });
});
