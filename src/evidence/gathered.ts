// evidence/ · Gathered: rollouts as the evidence of policies, problem by problem; what counts are made of.
import type { PolicyEvidence, ProblemRecord } from "../terms/observation.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Rollout } from "../terms/rollout.ts";
import { RIGHT, type UngradableWhy, ungradable, WRONG } from "../terms/verdict.ts";

interface Draft {
  right: number;
  ungradable: Partial<Record<UngradableWhy, number>>;
  rollouts: { readonly index: number; readonly rollout: Rollout }[];
}

/** Rollouts that begin at the study's own prompt: a hand-off is no answer of one policy, and a variant none to that prompt. Policies and problems in the order of their names. */
export async function gathered(records: AsyncIterable<RolloutRecord>, folder: string): Promise<PolicyEvidence[]> {
  const gathering = new Gathering();
  for await (const record of records) gathering.add(record);
  return gathering.evidence(folder);
}

/** The same, of rollouts that come one by one. */
export class Gathering {
  readonly #policies = new Map<string, Map<string, Draft>>();

  add(record: RolloutRecord): void {
    if (record.prefix !== undefined || record.variant !== undefined) return;
    const problems = entry(this.#policies, record.policy, () => new Map<string, Draft>());
    const draft = entry(problems, record.problem, () => ({ right: 0, ungradable: {}, rollouts: [] }));
    const { verdict, why = "no verdict", index, text, tokens, finish } = record;
    if (verdict === "right") draft.right++;
    else if (verdict === "ungradable") draft.ungradable[why] = (draft.ungradable[why] ?? 0) + 1;
    const rollout: Rollout = {
      verdict: verdict === "right" ? RIGHT : verdict === "wrong" ? WRONG : ungradable(why),
      ...(text === undefined ? {} : { text }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(finish === undefined ? {} : { cutOff: finish === "length" }),
    };
    draft.rollouts.push({ index, rollout });
  }

  evidence(folder: string): PolicyEvidence[] {
    return byName(this.#policies).map(([policy, problems]) => ({
      policy,
      file: folder,
      format: "study",
      problems: byName(problems).map(([id, { right, ungradable: absent, rollouts }]): ProblemRecord => {
        const inOrder = rollouts.sort((a, b) => a.index - b.index).map(({ rollout }) => rollout);
        return { id, n: inOrder.length, right, ungradable: absent, rollouts: inOrder };
      }),
    }));
  }
}

function byName<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
