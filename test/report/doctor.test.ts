// test/report/ · The doctor's report, told: within 100 columns, with everything that is wrong in it and what that forbids.
import { describe, expect, test } from "vitest";
import { renderDoctorText } from "../../src/report/doctor-text.ts";
import type { Check, DoctorReport } from "../../src/terms/doctor.ts";

const HOSTILE = "evil\u202e\u001b[31m";
const check = (name: string, outcome: Check["outcome"], forbids: readonly string[] = []): Check => ({
  name,
  asks: `${name} holds`,
  outcome,
  forbids,
});
const WELL = check("echo", { kind: "passed", seen: "64 texts; other tokens, other scores" });
const ILL = check("unit-weight", { kind: "failed", why: "its own rollouts weigh 1.22 ± 0.01 in the mean, not 1" }, [
  "cross-scoring",
  "rare-mass",
]);
const UNKNOWN = check(
  "told-cuts",
  { kind: "refused", why: "it tells no scores under a sampler", mend: "draw plainly" },
  ["cross-scoring"],
);
const DIFFERENT = check("tokenizer", { kind: "failed", why: '"3+4?" is [3,4] to one and [7] to the other' }, [
  "handoff",
]);
const measured = (value: number, se?: number) => ({
  kind: "measured" as const,
  value,
  method: "told",
  ...(se === undefined ? {} : { se }),
});

const base: DoctorReport["policies"][number] = {
  policy: "base",
  engine: "vllm",
  server: "vllm 0.11.0",
  fingerprint: "vllm 0.11.0 Qwen/Qwen2.5-3B, raw log-probabilities",
  context: 32_768,
  lacks: ["seeds that hold: a rollout cannot be drawn again"],
  checks: [WELL, ILL, UNKNOWN],
  unitWeight: measured(1.2214, 0.0101),
  mismatch: measured(0.0123),
};
const away: DoctorReport["policies"][number] = {
  policy: "tuned",
  engine: "vllm",
  lacks: [],
  checks: [check("reachable", { kind: "failed", why: "nobody answers; start the server." }, ["paired-sampling"])],
};
const REPORT: DoctorReport = {
  crucis: "0.1.0",
  command: "doctor",
  rollouts: 64,
  prompts: 1200,
  policies: [base, away],
  between: [{ ...DIFFERENT, policies: ["base", "tuned"] }],
};
const hostile: DoctorReport = {
  ...REPORT,
  policies: [{ ...base, policy: `${HOSTILE}${"x".repeat(300)}`, server: HOSTILE, lacks: [HOSTILE] }],
};
const words = (report: DoctorReport): string => renderDoctorText(report).replaceAll(/\s+/g, " ");

describe.each(Object.entries({ ill: REPORT, hostile }))("%s", (_, report) => {
  const text = renderDoctorText(report);

  test("no line is wider than 100 columns, none ends in a blank", () => {
    expect(text.split("\n").filter((line) => [...line].length > 100 || /\s$/.test(line))).toEqual([]);
  });

  test("steering characters are spelled out", () => {
    expect(text).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  });
});

describe("the doctor's text", () => {
  test("begins with what was examined, one row a policy", () => {
    expect(renderDoctorText(REPORT)).toMatch(
      /^Examined\n─+\n2 policies, each with 64 rollouts of its own; 1,200 prompts/,
    );
    expect(words(REPORT)).toContain("base vllm vllm 0.11.0 1 1 1 1.221 ± 0.010 0.0123");
  });

  test("a policy that was not reached has no numbers", () => {
    expect(words(REPORT)).toContain("tuned vllm not reached 0 1 0 – –");
  });

  test("says of every check what was asked, whether it holds, and what was seen", () => {
    expect(words(REPORT)).toContain("echo yes echo holds: 64 texts; other tokens, other scores");
    expect(words(REPORT)).toContain("unit-weight NO unit-weight holds: its own rollouts weigh 1.22 ± 0.01 in the mean");
    expect(words(REPORT)).toContain("told-cuts not known told-cuts holds: it tells no scores under a sampler");
    expect(words(REPORT)).toContain("To know them: - told-cuts: Draw plainly.");
    expect(words(REPORT)).toContain("It lacks, as it says itself: - seeds that hold: a rollout cannot be drawn again");
  });

  test("ends with what is forbidden, each with everything that stands against it", () => {
    expect(words(REPORT)).toMatch(
      /What that forbids ─+ experiment because ─+ ─+ cross-scoring base: unit-weight fails; base: told-cuts is not known rare-mass base: unit-weight fails paired-sampling tuned: reachable fails handoff base and tuned: tokenizer fails $/,
    );
  });

  test("where nothing is wrong, nothing is forbidden", () => {
    const well = { ...REPORT, policies: [{ ...base, checks: [WELL], lacks: [] }], between: [] };
    expect(words(well)).toContain("What that forbids ───────────────── Nothing: every experiment can be asked");
    expect(words(well)).not.toContain("Between the policies");
    expect(words(well)).not.toContain("To know them");
  });
});
