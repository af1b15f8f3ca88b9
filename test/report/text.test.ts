// test/report/ · The plain-text report: fits its width, starts and ends where it should, and says what it must.
import { describe, expect, test } from "vitest";
import { renderText } from "../../src/report/text.ts";
import { columns } from "../../src/report/words.ts";
import { checkpoints, deepscaler, refusedParts, SAMPLES } from "../fixtures/report/sample.ts";

const STEERING = /[\p{Cf}\u0080-\u009f]|(?!\n)\p{Cc}/u;

describe.each(Object.entries(SAMPLES))("%s", (_, { document, exhibits }) => {
  test.each([60, 100, 120])("no line is wider than %i columns", (width) => {
    const lines = renderText(document, exhibits, { width }).split("\n");
    expect(lines.filter((line) => columns(line) > width)).toEqual([]);
  });

  test("no steering character and no absence dressed as a value gets through", () => {
    const text = renderText(document, exhibits);
    expect(text).not.toMatch(STEERING);
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object|\bnull\b(?!\/)(?<!\/null)/);
  });

  test("the same input gives the same bytes, with exhibits bare or named", () => {
    const named = exhibits.map((exhibit) => ({ name: "paired-sampling", exhibit }));
    expect(renderText(document, named)).toBe(renderText(structuredClone(document), exhibits));
  });

  test("it starts with what it was computed from and ends with what to do next", () => {
    const text = renderText(document, exhibits);
    expect(text).toMatch(/^Computed from\n/);
    expect(text.indexOf("What to do next")).toBeGreaterThan(text.indexOf("The rival explanations"));
    expect(text).toContain("Differences are always tuned − base");
  });
});

test("the certified ranges, the first-loss set and the limits of the band are said in words", () => {
  const text = renderText(deepscaler.document, deepscaler.exhibits).replaceAll(/\s+/g, " ");
  expect(text).toContain(
    "tuned is better than base for k = 1–10 and worse for k = 61–128, certified at 95 % for all k at once.",
  );
  expect(text).toContain("The first k at which it is worse lies in [11, 61].");
  expect(text).toContain("does not cover training-seed variance");
  expect(text).toContain("1,060 problems");
  expect(text).toMatch(/only by base 33 16\.1 ± 0\.5/);
  expect(text).toContain("No listed shape fits");
});

test("a limit that rounds to zero keeps its sign, so that a certified loss looks like one", () => {
  expect(renderText(deepscaler.document, deepscaler.exhibits)).toMatch(/\n +61 .*\[−0\.025, −0\.00003\] +loss\n/);
});

test("every rival, every policy and every next experiment is told", () => {
  const text = renderText(checkpoints.document, checkpoints.exhibits);
  for (const { name } of checkpoints.document.explanations) expect(text).toContain(name);
  for (const { experiment } of checkpoints.document.next) expect(text).toContain(`- ${experiment}: `);
  expect(text).toMatch(/\nstep-100 +0\.642 +\+0\.038 \[\+0\.028, \+0\.048\] +0\.881 +−0\.010 \[−0\.026, \+0\.006\]/);
  expect(text).toContain("0.992 [0.964, 1.020]");
});

test("what was refused says why and what would mend it, in one line each", () => {
  const text = renderText(refusedParts.document, refusedParts.exhibits);
  expect(text).toContain("Not answered: No texts were kept. Keep the texts of the rollouts.");
  expect(text).toContain("Not answered: 1 problem is too few for a mixing law. Bring at least 50 problems.");
  expect(text).toContain("A reward counts as right above 0.5");
  expect(text).toContain("Families are the sampling unit");
});

test("without exhibits the tables still come from the findings", () => {
  const text = renderText(deepscaler.document);
  expect(text).toMatch(/\n128 +0\.891 +0\.871 +−0\.020/);
  expect(text).toContain("First k at which tuned is worse: 11 to 61.");
});

test("colour is off unless asked for", () => {
  expect(renderText(deepscaler.document, [], { colour: true })).toContain("\u001b[1mVerdict\u001b[22m");
});
