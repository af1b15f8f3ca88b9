// importers/ · Gather: rollouts into problems as they are read, wherever they stand; those of one problem must agree on what they share.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import type { UngradableWhy } from "../terms/verdict.ts";
import type { ImportOptions } from "./importer.ts";
import { show, showBoth } from "./show.ts";

export interface Shared {
  readonly id: string;
  readonly family?: string;
  readonly prompt?: string;
  readonly gold?: string;
}

interface Draft {
  shared: Shared;
  readonly first: string;
  right: number;
  readonly ungradable: Partial<Record<UngradableWhy, number>>;
  readonly rollouts: Rollout[];
}

export class Gathering {
  readonly #drafts = new Map<string, Draft>();
  readonly #keepTexts: boolean;
  readonly #onRollout: ImportOptions["onRollout"];

  constructor({ keepTexts = true, onRollout }: ImportOptions) {
    this.#keepTexts = keepTexts;
    this.#onRollout = onRollout;
  }

  /** `place` says where it was read, for sentences: `log.eval, samples/1_epoch_1.json`. Token ids and log-probabilities are handed on, never kept. */
  add(shared: Shared, rollout: Rollout, place: string): void {
    const { id, family, prompt } = shared;
    let draft = this.#drafts.get(id);
    if (draft === undefined) {
      draft = { shared, first: place, right: 0, ungradable: {}, rollouts: [] };
      this.#drafts.set(id, draft);
    } else {
      for (const what of ["family", "prompt", "gold"] as const) agree(what, draft, shared, place);
    }
    const { verdict } = rollout;
    if (verdict.kind === "right") draft.right++;
    if (verdict.kind === "ungradable") draft.ungradable[verdict.why] = (draft.ungradable[verdict.why] ?? 0) + 1;
    const { text, tokenIds: _, logProbs: __, ...kept } = rollout;
    draft.rollouts.push(this.#keepTexts && text !== undefined ? { ...kept, text } : kept);
    this.#onRollout?.(
      { id, ...(family === undefined ? {} : { family }), ...(prompt === undefined ? {} : { prompt }) },
      rollout,
    );
  }

  /** In the order in which they were first seen. */
  problems(): ProblemRecord[] {
    return Array.from(this.#drafts.values(), ({ shared, right, ungradable, rollouts }) => {
      return { ...shared, n: rollouts.length, right, ungradable, rollouts };
    });
  }
}

function agree(what: "family" | "prompt" | "gold", draft: Draft, shared: Shared, place: string): void {
  const before = draft.shared[what];
  const now = shared[what];
  if (now === undefined || before === now) return;
  if (before === undefined) {
    draft.shared = { ...draft.shared, [what]: now };
    return;
  }
  const [first, here] = showBoth(before, now);
  throw new StudyError({
    code: `${what}-differs`,
    what: `${place}: problem ${show(shared.id)} has the ${what} ${here} here, and ${first} at ${draft.first} or after it`,
    why: "and rollouts of one problem share it",
    mend: "give the file of one run",
  });
}
