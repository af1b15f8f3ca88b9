import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { documentSchema } from "../../src/attribution/document.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { explain } from "../../src/study/explain.ts";
import { VERSION } from "../../src/study/version.ts";
import { counted, policy, record } from "../support/evidence.ts";

const side = (right: (i: number) => number, n = 16, count = 60, families = 3) =>
  Array.from({ length: count }, (_, i) => counted(`p${i}`, right(i), n, `f${i % families}`));
const base = policy(
  "base",
  side((i) => i % 17),
);
const tuned = policy(
  "tuned",
  side((i) => Math.min(16, (i % 17) + 3)),
);
const standing = (document: ReturnType<typeof explain>["document"], name: string) =>
  document.explanations.find((one) => one.name === name)!.standing;

describe("explain", () => {
  it("gives a document of the published schema, the same bytes for the same seed, others for another", () => {
    const { document } = explain([base, tuned], { seed: 3 });
    expect(documentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(JSON.parse(JSON.stringify(document)));
    expect(JSON.stringify(explain([base, tuned], { seed: 3 }))).toBe(
      JSON.stringify(explain([base, tuned], { seed: 3 })),
    );
    expect(JSON.stringify(explain([base, tuned], { seed: 4 }))).not.toBe(
      JSON.stringify(explain([base, tuned], { seed: 3 })),
    );
  });

  it("does not rule out that nothing changed where a policy meets itself", () => {
    const { document } = explain([base, { ...base, policy: "tuned" }]);
    expect(standing(document, "nothing-changed")).toBe("alone sufficient");
  });

  it("refuses pass@k for k > n, and says how many rollouts there are", () => {
    const { document } = explain([base, tuned], { passAt: [8, 64, 64] });
    const found = document.findings.filter(({ name }) => name.startsWith("pass@64/"));
    expect(found.map(({ estimate }) => estimate.kind)).toEqual(["refused", "refused"]);
    expect(found[0]!.estimate).toMatchObject({ why: expect.stringContaining("n = 16") });
    expect(document.findings.some(({ name, estimate }) => name === "pass@8/base" && estimate.kind === "measured")).toBe(
      true,
    );
  });

  it("refuses to cluster by three families, and clusters by ten", () => {
    expect(() => explain([base, tuned], { clusterByFamily: true })).toThrow(/3 families .* at least 8/);
    const many = (one: typeof base, right: (i: number) => number) => ({ ...one, problems: side(right, 16, 60, 10) });
    const { document } = explain([many(base, (i) => i % 17), many(tuned, (i) => Math.min(16, (i % 17) + 3))], {
      clusterByFamily: true,
    });
    expect(document.computedFrom.clusteredBy).toBe("family");
  });

  it("takes checkpoints in training order and says that the last is not the best", () => {
    const middle = policy(
      "step-100",
      side((i) => Math.min(16, (i % 17) + 1)),
    );
    const { document } = explain([base, middle, tuned]);
    expect(document.computedFrom.policies).toEqual(["base", "step-100", "tuned"]);
    expect(document.findings.some(({ name }) => name === "gain@1/step-100")).toBe(true);
    expect(document.warnings.join(" ")).toContain("the last checkpoint, not the best");
  });

  it("warns where problems were chosen by their outcome, where rollouts have no verdict, and where n differs", () => {
    const chosen = policy(
      "base",
      side((i) => 1 + (i % 3), 16, 200),
    );
    const other = policy(
      "tuned",
      side((i) => i % 9, 16, 200),
    );
    expect(explain([chosen, other]).document.warnings.join(" ")).toContain("Winner's curse");
    const cut = (name: string, marks: string) =>
      policy(
        name,
        Array.from({ length: 40 }, (_, i) => record(`p${i}`, i % 2 === 0 ? marks : "+-")),
      );
    const text = explain([cut("base", "+~~-"), cut("tuned", "++--")]).document.warnings.join(" ");
    expect(text).toContain("Rollouts without a verdict: 40 (cut off 40) of base, 0 of tuned");
    expect(text).toContain("between 2 and 4 rollouts");
  });

  it("warns where one side solves nothing at all", () => {
    const none = policy(
      "base",
      side(() => 0),
    );
    expect(explain([none, tuned]).document.warnings.join(" ")).toContain("base solves none of the 60 problems");
  });

  it("says its version as package.json does", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(VERSION).toBe(version);
  });
});

const shared = new URL("../../../shared/data/reasoning-gym/", import.meta.url);
const gym = (file: string, family: string, name: string) =>
  readEvidence(new URL(file, shared).pathname, { policy: name, families: [family] });

describe.skipIf(!existsSync(shared))("on reasoning-gym files (skipped: no shared data)", () => {
  const run = async (kind: string, family: string) =>
    explain([await gym(`base_${kind}.json`, family, "base"), await gym(`games500_${kind}.json`, family, "tuned")])
      .document;
  const value = (document: Awaited<ReturnType<typeof run>>, name: string) => {
    const estimate = document.findings.find((one) => one.name === name)?.estimate;
    if (estimate?.kind !== "measured") throw new Error(`${name} is not measured`);
    return estimate;
  };

  it("needle_haystack: format alone is sufficient, and what remains covers 0", async () => {
    const document = await run("cognition", "needle_haystack");
    expect(value(document, "pass@1/base").value).toBe(0);
    expect(value(document, "pass@1/tuned").value).toBeCloseTo(275 / 300, 12);
    expect(value(document, "regrade/lenient/base").value).toBeCloseTo(277 / 300, 12);
    expect(value(document, "regrade/lenient/tuned").value).toBeCloseTo(279 / 300, 12);
    const left = value(document, "regrade/gain/lenient");
    expect(left.low).toBeLessThan(0);
    expect(left.high).toBeGreaterThan(0);
    expect(standing(document, "format-learned")).toBe("alone sufficient");
  });

  it("simple_equations: format is a sixth of it, by `u = 90` where `90` was wanted, and not the explanation", async () => {
    const document = await run("algebra", "simple_equations");
    expect(value(document, "pass@1/base").value).toBeCloseTo(67 / 300, 12);
    expect(value(document, "pass@1/tuned").value).toBeCloseTo(266 / 300, 12);
    expect(value(document, "regrade/share").high).toBeLessThan(0.3);
    expect(standing(document, "format-learned")).toBe("contributes");
  });

  it("rubiks_cube: that nothing changed is not ruled out", async () => {
    expect(standing(await run("cognition", "rubiks_cube"), "nothing-changed")).not.toBe("ruled out");
  });
});
