// cli/ · Init templates: the studies that `crucis init` writes, every line with its reason.
import type { World } from "../worlds/world.ts";

/** Policies on vLLM servers, with a task that Crucis brings and the user's own questions to choose from. */
export function serversTemplate(): string {
  return `# A study: what is declared before anything is asked. docs/study-file.md explains every field; crucis run asks, keeps and judges.
title: What did training change?

# Names every random stream: the same study with the same seed asks the same.
seed: 1

# Training order: the first is the base, the last the tuned model; checkpoints stand in between.
# engine is what answers: vllm, sglang, llama-server, openai, …
# A key is never written here: apiKeyEnv names the environment variable that holds it.
policies:
  - { name: base,  engine: vllm, url: http://localhost:8000/v1, model: Qwen/Qwen2.5-3B }
  - { name: tuned, engine: vllm, url: http://localhost:8000/v1, model: tuned }

# How tokens are drawn, the same for every policy. Cuts (topP, topK, minP) make true zeros: compare without them first.
sampler:
  temperature: 1
  topP: 1          # 1 keeps all
  topK: 0          # 0 keeps all
  minP: 0          # 0 keeps all
  maxTokens: 2048  # generated at most; an answer that is cut off has no verdict
  stop: []

# Problems, and who judges the answers: a task that Crucis brings …
tasks:
  - { task: countdown, problems: 200, seed: 7, grading: outcome }
# … or your own, a JSON-lines file with id, prompt, answer; answerIn says where a rollout states its answer:
# boxed (\\boxed{…}), tag (<answer>…</answer>), mark (#### …), last-number, whole
#  - { questions: questions.jsonl, answerIn: boxed }

rollouts: 64       # of each problem under each policy; pass@k can be told up to this k
scored: 8          # so many of them are scored by base and tuned, token by token; 0 for none
chunk: 32          # requests that are kept together, and asked again together after a crash

# Other prompts and samplers, tried on base and tuned: was the base asked well? {problem} stands for the problem's own text.
# variants:
#   - { name: shots, prompt: "Q: What is 2 + 3? A: 5\\n\\nQ: {problem} A:" }
#   - { name: cool, temperature: 0.6, topP: 0.95 }

# How much hand-overs ask for, where less than usual is enough; crucis plan finds out.
# handoff: { sources: 16, cuts: 6, continuations: 8 }

# A model that says which way of solving a rollout follows; its mistakes are measured on examples labelled by hand:
# JSON lines with text, strategy, and where known problem and right.
# judge:
#   engine: vllm
#   url: http://localhost:8000/v1
#   model: judge
#   chat: true
#   examples: labelled.jsonl
#   strategies:
#     - { name: case-split, what: "Treats several cases one by one." }
#     - { name: other, what: "Anything else." }

# Rollouts that training itself drew: what the base does more rarely than once in so many counts as novel.
# yardstick: { rlRollouts: 1_600_000 }

# Generated and scored tokens together; the study stops asking there.
# budget: { tokens: 400M }

# Studies on paper of each rival, played and sealed before the first answer is asked for; 0 does without.
registration: { studies: 5 }

# Judged on the way, on a quarter, a half and all of the problems: it ends once it is decided, and intervals hold wherever that is.
# looks: 3
`;
}

/** @param policies in training order, as the built world names them */
export function worldTemplate(world: World, seed: number, policies: readonly string[]): string {
  const { steps, count, seed: problemSeed } = world.study;
  const widest = Math.max(...policies.map(({ length }) => length));
  const lines = policies.map((name) => {
    const pad = " ".repeat(widest - name.length);
    return `  - { name: ${name},${pad} engine: world, world: ${world.name}, worldSeed: ${seed}, model: ${name} }`;
  });
  return `# A study of a planted world, in this process: what training changed is known there, so the verdict can be checked.
# docs/study-file.md explains every field.
title: Is what was planted in ${world.name} found?

# Names every random stream: the same study with the same seed draws the same rollouts.
seed: 1

# Training order: the first is the base, the last the tuned one.
policies:
${lines.join("\n")}

# As in the world's training; crucis world truth ${world.name} tells the truth under it.
sampler: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: ${world.maxTokens}, stop: [] }

# The problems whose truth is computed, ${count} of each number of steps.
tasks:
  - { task: ${world.task.name}, steps: [${steps.join(", ")}], problems: ${steps.length * count}, seed: ${problemSeed}, grading: ${world.grading} }

rollouts: 64       # of each problem under each policy; pass@k can be told up to this k
scored: 8          # so many of them are scored by base and tuned, token by token
chunk: 32          # requests that are kept together, and asked again together after a crash
`;
}
