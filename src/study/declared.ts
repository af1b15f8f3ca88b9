// study/ · Declared: what of a study decides which answers are drawn, as the notebook's first fact; another study in its folder is refused.
import { createHash } from "node:crypto";
import { canonical } from "../evidence/canonical.ts";
import type { Notebook } from "../evidence/notebook.ts";
import { StudyError } from "../terms/errors.ts";
import type { Study } from "../terms/study.ts";
import type { Bench } from "./bench.ts";
import { judgeKey } from "./judge.ts";
import { VERSION } from "./version.ts";

/**
 * The same study twice is one declaration; another study in the same folder is refused. Reference answers belong to it: what was
 * judged by others would be mixed in.
 */
export async function declare(study: Study, bench: Bench, notebook: Notebook): Promise<void> {
  const declaration = {
    ...asked(study),
    problems: digest(bench.problems.map(({ id, prompt, gold }) => [id, prompt, gold])),
  };
  const sha256 = digest(declaration);
  const declared = notebook.entries.find(({ kind }) => kind === "declared");
  if (declared === undefined) {
    await notebook.append("declared", { sha256, crucis: VERSION, study: declaration });
    return;
  }
  if (declared.fact["sha256"] === sha256) return;
  const before = declared.fact["study"] as Record<string, unknown>;
  const now = JSON.parse(JSON.stringify(declaration)) as Record<string, unknown>;
  const differs = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (field) => canonical(before[field] ?? null) !== canonical(now[field] ?? null),
  );
  throw new StudyError({
    code: "study-changed",
    what: `the study asks for other things than the one this folder was begun with: ${differs.join(", ")} ${differs.length === 1 ? "differs" : "differ"}`,
    why: "and its answers would be mixed",
    mend: "restore the study file, or give the changed study a folder of its own",
  });
}

/** What decides which answers are drawn. Addresses, limits, prices and titles may change on the way. */
function asked({ seed, policies, sampler, tasks, rollouts, scored, chunk, looks, handoff }: Study): object {
  return {
    seed,
    ...(looks === undefined ? {} : { looks }),
    ...(handoff === undefined ? {} : { handoff }),
    policies: policies.map(({ name, model, path, world, worldSeed, chat, prompt }) => ({
      name,
      model,
      path,
      world,
      worldSeed,
      chat,
      prompt,
    })),
    sampler,
    tasks: tasks.map((task) => ("verify" in task ? { ...task, verify: task.version } : task)),
    rollouts,
    scored,
    chunk,
  };
}

/** SHA-256, in hexadecimal, of all that decides which answers are drawn. */
export function studyHash(study: Study): string {
  return digest({ ...asked(study), variants: study.variants, judge: study.judge && judgeKey(study.judge) });
}

export function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex");
}
