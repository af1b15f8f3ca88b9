import { expect, it } from "vitest";
import { percent } from "../../src/terms/percent.ts";

it("is whole, with a true minus sign and no negative zero", () => {
  expect([0.934, 1, -0.114, -0.004].map(percent)).toEqual(["93 %", "100 %", "−11 %", "0 %"]);
});
