// study/ · Policies: each declared policy gets its engine; the worlds' own kind stands beside those that engines/ lists.
import { ENGINES } from "../engines/all.ts";
import type { Engine, EngineKind, EngineWatch } from "../engines/engine.ts";
import { StudyError } from "../terms/errors.ts";
import type { PolicyDeclared, Study } from "../terms/study.ts";
import { worldNamed } from "../worlds/all.ts";
import { answerers } from "./judge.ts";
import { defaultCache, openWorld } from "../worlds/open.ts";

const WORLD: EngineKind = {
  kind: "world",
  what: "a policy of a planted world, in this process",
  needs: ["world", "model"],
  takes: ["worldSeed", "maxInFlight", "price"],
  async open({ name, world, model, worldSeed }) {
    const { policies } = openWorld(worldNamed(world!), { seed: worldSeed ?? 1, cache: defaultCache() });
    const found = policies.find((policy) => policy.name === model);
    if (found === undefined)
      throw new StudyError({
        code: "world-policy",
        what: `policy ${name} names checkpoint ${JSON.stringify(model)} of world ${world}`,
        mend: `choose one of ${policies.map((policy) => policy.name).join(", ")}`,
      });
    return found.engine;
  },
};

export const KINDS: readonly EngineKind[] = [...ENGINES, WORLD];

export interface OpenPolicy {
  readonly declared: PolicyDeclared;
  readonly engine: Engine;
}

/** In training order, the judge behind them. @throws StudyError where one cannot be opened; those opened before it are closed. */
export async function openPolicies(
  study: Pick<Study, "policies" | "judge">,
  watch?: (policy: string) => EngineWatch,
): Promise<OpenPolicy[]> {
  const open: OpenPolicy[] = [];
  try {
    for (const declared of answerers(study))
      open.push({ declared, engine: await kindOf(declared).open(declared, watch?.(declared.name)) });
  } catch (error) {
    await closePolicies(open);
    throw error;
  }
  return open;
}

export async function closePolicies(policies: readonly OpenPolicy[]): Promise<void> {
  await Promise.all(policies.map(({ engine }) => engine.close?.()));
}

/** Kinds and fields were checked when the study was declared. */
function kindOf({ name, engine }: PolicyDeclared): EngineKind {
  const kind = KINDS.find((one) => one.kind === engine);
  if (kind === undefined) throw new Error(`policy ${name} has engine ${engine}, which checkStudy lets through`);
  return kind;
}
