// study/ · Put: how a problem is put to a policy: its prompt, what its answer is begun with, and the sampler, under every variant.
import { createHash } from "node:crypto";
import type { Sampler } from "../terms/sampler.ts";
import type { PolicyDeclared, Study } from "../terms/study.ts";
import { BARE, PARTIAL, TWIN, type Variant, type VariantDeclared } from "../terms/variant.ts";
import type { SampleAsk } from "../terms/record.ts";
import type { Bench } from "./bench.ts";
import { judgeKey, judgePrompt } from "./judge.ts";

export interface Put {
  /** The whole prompt, an answer that was begun for the policy included. */
  readonly prompt: string;
  /** What the answer was begun with; it belongs to the answer. */
  readonly opening: string;
}

/** Stands for the problem's own text. */
export const PROBLEM = "{problem}";
/** To a policy behind a chat template, whose answer nobody else can begin. */
const PLEASE = "State only the final answer, in the form that was asked for, and nothing before it.";
/** Generated tokens in which a bare answer is stated. */
const BARE_TOKENS = 64;
/** Of a prompt's characters, so many stay in a partial one (Wu et al. 2025, arXiv 2507.10532, use 40 to 80 %). */
const PART = 0.6;

export function put(
  { variants = [], judge }: Pick<Study, "variants" | "judge">,
  bench: Pick<Bench, "promptOf" | "openingOf">,
  policy: PolicyDeclared,
  { problem, variant, shown }: Pick<SampleAsk, "problem" | "variant" | "shown">,
): Put {
  if (shown !== undefined)
    return { prompt: judgePrompt(judge!, shown.problem ?? bench.promptOf(problem), shown.text), opening: "" };
  const text = bench.promptOf(problem);
  const template = crossed(variants).find((one) => keyOf(one) === variant)?.prompt ?? policy.prompt ?? PROBLEM;
  const fill = (inside: string): string => template.replaceAll(PROBLEM, () => inside);
  if (variant === PARTIAL) return { prompt: fill(text.slice(0, Math.ceil(PART * text.length))), opening: "" };
  if (variant !== BARE) return { prompt: fill(text), opening: "" };
  if (policy.chat === true) return { prompt: fill(`${text}\n\n${PLEASE}`), opening: "" };
  const opening = bench.openingOf(problem);
  if (opening === undefined) throw new Error(`nobody knows how an answer to ${problem} begins`);
  return { prompt: fill(text) + opening, opening };
}

/** How a problem may be put to a policy other than in its own words: a line of prompts.jsonl, so that a folder can be read, and replayed, alone. */
export interface PutLine extends Put {
  readonly policy: string;
  readonly problem: string;
  readonly variant?: string;
}

/** Of every policy, problem, twin and variant, where it is not the problem's own text. */
export function putsOf(
  study: Pick<Study, "variants" | "policies">,
  bench: Pick<Bench, "problems" | "twins" | "promptOf" | "openingOf">,
): PutLine[] {
  const keys = [undefined, PARTIAL, BARE, ...declaredVariants(study).map(({ key }) => key)];
  const asked = [
    ...bench.problems.flatMap(({ id }) => keys.map((variant) => ({ problem: id, variant }))),
    ...bench.twins.map(({ id }) => ({ problem: id, variant: TWIN })),
  ];
  return study.policies.flatMap((policy) =>
    asked.flatMap(({ problem, variant }): PutLine[] => {
      if (variant === BARE && policy.chat !== true && bench.openingOf(problem) === undefined) return [];
      const found = put(study, bench, policy, variant === undefined ? { problem } : { problem, variant });
      const own = variant === undefined && found.prompt === bench.promptOf(problem);
      return own ? [] : [{ policy: policy.name, problem, ...(variant === undefined ? {} : { variant }), ...found }];
    }),
  );
}

/** What a variant changes of the study's sampler. */
export function samplerOf(
  { sampler, variants = [], judge }: Pick<Study, "sampler" | "variants" | "judge">,
  variant?: string,
): Sampler {
  if (judge !== undefined && variant === judgeKey(judge)) return judge.sampler;
  if (variant === BARE) return { ...sampler, maxTokens: Math.min(sampler.maxTokens, BARE_TOKENS) };
  return { ...sampler, ...crossed(variants).find((one) => keyOf(one) === variant)?.sampler };
}

export function declaredVariants({ variants = [] }: Pick<Study, "variants">): Variant[] {
  return crossed(variants).map((one) => ({ key: keyOf(one), name: one.name }));
}

/** Every prompt that is tried alone is tried with every sampler that is tried alone too: the best of one may need the other. */
function crossed(variants: readonly VariantDeclared[]): VariantDeclared[] {
  const prompts = variants.filter(({ sampler }) => Object.keys(sampler).length === 0);
  const samplers = variants.filter(({ prompt }) => prompt === undefined);
  return [
    ...variants,
    ...prompts.flatMap((one) =>
      one.prompt === undefined
        ? []
        : samplers.flatMap((other) =>
            Object.keys(other.sampler).length === 0
              ? []
              : [{ ...one, ...other, prompt: one.prompt!, name: `${one.name}+${other.name}` }],
          ),
    ),
  ];
}

/** A variant that is changed under its old name is another one: its answers are not mixed with those before. */
function keyOf({ name, prompt, sampler }: VariantDeclared): string {
  const said = JSON.stringify([prompt, ...Object.entries(sampler).sort()]);
  return `${name}~${createHash("sha256").update(said).digest("hex").slice(0, 8)}`;
}
