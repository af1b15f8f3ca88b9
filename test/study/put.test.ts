import { describe, expect, it } from "vitest";
import { declaredVariants, put, putsOf, samplerOf } from "../../src/study/put.ts";
import type { Sampler } from "../../src/terms/sampler.ts";
import { BARE, PARTIAL, TWIN, type VariantDeclared } from "../../src/terms/variant.ts";

const bench = {
  promptOf: (id: string) => (id === "p" ? "What is 1 + 1, all told? $& {problem}" : "other"),
  openingOf: (id: string) => (id === "p" ? "#### " : undefined),
};
const base = { name: "base", engine: "vllm" };
const sampler: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 512, stop: [] };
const prompt = bench.promptOf("p");

describe("how a problem is put", () => {
  it("is its own text, letter by letter, or the policy's template around it", () => {
    expect(put({}, bench, base, { problem: "p" })).toEqual({ prompt, opening: "" });
    const asked = { ...base, prompt: "Question: {problem}\nAnswer:" };
    expect(put({}, bench, asked, { problem: "p" }).prompt).toBe(`Question: ${prompt}\nAnswer:`);
    expect(put({}, bench, asked, { problem: "p", variant: TWIN }).prompt).toBe(`Question: ${prompt}\nAnswer:`);
  });

  it("bare, its answer is begun for the policy, and asked for in words behind a chat template", () => {
    expect(put({}, bench, base, { problem: "p", variant: BARE })).toEqual({
      prompt: `${prompt}#### `,
      opening: "#### ",
    });
    const chat = put({}, bench, { ...base, chat: true }, { problem: "p", variant: BARE });
    expect(chat.opening).toBe("");
    expect(chat.prompt).toContain("State only the final answer");
    expect(() => put({}, bench, base, { problem: "q", variant: BARE })).toThrow(
      /nobody knows how an answer to q begins/,
    );
    expect(samplerOf({ sampler }, BARE)).toEqual({ ...sampler, maxTokens: 64 });
  });

  it("in part, three fifths of its letters are left", () => {
    const { prompt: part } = put({}, bench, base, { problem: "p", variant: PARTIAL });
    expect(prompt.startsWith(part)).toBe(true);
    expect(part.length).toBe(Math.ceil(0.6 * prompt.length));
  });
});

describe("declared variants", () => {
  const variants: readonly VariantDeclared[] = [
    { name: "shots", prompt: "One + one is two. {problem}", sampler: {} },
    { name: "cool", sampler: { temperature: 0.6 } },
    { name: "both", prompt: "Q: {problem}", sampler: { topP: 0.9 } },
  ];

  it("are tried as they are, and every lone prompt with every lone sampler", () => {
    const tried = declaredVariants({ variants });
    expect(tried.map(({ name }) => name)).toEqual(["shots", "cool", "both", "shots+cool"]);
    const last = tried.at(-1)!.key;
    expect(put({ variants }, bench, base, { problem: "q", variant: last }).prompt).toBe("One + one is two. other");
    expect(samplerOf({ sampler, variants }, last)).toEqual({ ...sampler, temperature: 0.6 });
    expect(samplerOf({ sampler, variants }, undefined)).toEqual(sampler);
  });

  it("that are changed under an old name are others", () => {
    const keys = (temperature: number) =>
      declaredVariants({ variants: [{ name: "cool", sampler: { temperature } }] }).map(({ key }) => key);
    expect(keys(0.6)).toEqual(keys(0.6));
    expect(keys(0.6)).not.toEqual(keys(0.7));
  });
});

it("a folder names every prompt that is not the problem's own text, and what an answer was begun with", () => {
  const study = { policies: [base, { ...base, name: "tuned", prompt: "Q: {problem}" }] };
  const place = { problems: [{ id: "p", prompt, family: "f" }], twins: [{ id: "q", prompt: "other", family: "f" }] };
  const lines = putsOf(study, { ...bench, ...place });
  expect(lines.filter(({ policy }) => policy === "base").map(({ problem, variant }) => [problem, variant])).toEqual([
    ["p", PARTIAL],
    ["p", BARE],
    ["q", TWIN],
  ]);
  expect(lines).toContainEqual({ policy: "tuned", problem: "p", prompt: `Q: ${prompt}`, opening: "" });
  expect(lines).toContainEqual({
    policy: "base",
    problem: "p",
    variant: BARE,
    prompt: `${prompt}#### `,
    opening: "#### ",
  });
});
