// Files whose writer dropped answers, and files that nobody graded: no success rate may come out of them.
import { describe, expect, test } from "vitest";
import { documentSchema } from "../../src/attribution/document.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { explain } from "../../src/study/explain.ts";
import { counted, policy } from "../support/evidence.ts";

const problems = (gain: number) =>
  Array.from({ length: 40 }, (_, i) => counted(`p${i}`, Math.min(16, (i % 17) + gain), 16));
const [base, middle, tuned] = [
  policy("base", problems(0)),
  policy("step-100", problems(1)),
  policy("tuned", problems(3)),
];
const selected = "groups without variance were dropped";
const measured = (document: ReturnType<typeof explain>["document"], name: string) =>
  document.findings.filter((one) => one.name === name).map(({ estimate }) => estimate.kind);

describe("selected evidence", () => {
  test.each([
    ["the base", [{ ...base, selected }, tuned], "base is a selection (base.jsonl)"],
    ["the tuned policy", [base, { ...tuned, selected }], "tuned is a selection (tuned.jsonl)"],
  ])("where %s is selected, nothing is measured, and every experiment says why", (_, policies, why) => {
    const { document, exhibits } = explain(policies);
    expect(document.findings.map(({ name, estimate }) => [name, estimate.kind])).toEqual([
      ["paired-sampling", "refused"],
      ["regrade", "refused"],
      ["budget", "refused"],
    ]);
    for (const { estimate } of document.findings) expect(estimate).toMatchObject({ why: expect.stringContaining(why) });
    expect(document.findings[0]?.estimate).toMatchObject({ why: expect.stringContaining(selected) });
    expect(exhibits).toEqual([]);
    expect(document.explanations.every(({ standing }) => standing === "cannot be told")).toBe(true);
    expect(documentSchema.parse(JSON.parse(JSON.stringify(document)))).toBeDefined();
  });

  test("a checkpoint that is selected is refused alone; the ends are judged", () => {
    const { document } = explain([base, { ...middle, selected }, tuned]);
    expect(measured(document, "pass@1/step-100")).toEqual(["refused"]);
    expect(measured(document, "pass@1/tuned")).toEqual(["measured"]);
    expect(measured(explain([base, middle, tuned]).document, "pass@1/step-100")).toEqual(["measured"]);
  });

  test("a file of training rollouts is refused as it is read", async () => {
    const file = "test/fixtures/importers/open-instruct.jsonl";
    const { document } = explain([
      await readEvidence(file, { policy: "base" }),
      await readEvidence(file, { policy: "tuned" }),
    ]);
    expect(document.findings[0]?.estimate).toMatchObject({
      why: expect.stringContaining("open-instruct drops prompts"),
    });
  });

  test("answers that nobody graded are not wrong answers", () => {
    const ungraded = policy(
      "tuned",
      problems(0).map((one) => ({ ...one, right: 0, ungradable: { "no verdict": 16 } })),
    );
    const { document } = explain([base, ungraded]);
    expect(document.findings[0]?.estimate).toMatchObject({ why: "no answer of tuned has a verdict (tuned.jsonl)" });
    const some = { ...ungraded, problems: [...tuned.problems.slice(0, 1), ...ungraded.problems.slice(1)] };
    expect(measured(explain([base, some]).document, "pass@1/tuned")).toEqual(["measured"]);
  });
});
