// study/ · Usable: whether a policy's answers can give a success rate at all, before anybody estimates one.
import { type Refused, refused } from "../terms/estimate.ts";
import type { Matched } from "./pair.ts";

/** Why no success rate of these policies can be had, by their places in training order; undefined where it can. */
export function unusable({ policies, rows }: Matched, places: readonly number[]): Refused | undefined {
  for (const at of places) {
    const { policy, file, selected } = policies[at]!;
    if (selected !== undefined) {
      return refused(
        `${policy} is a selection (${file}): ${selected}. No success rate can be had from it`,
        "give answers that were drawn for evaluation, of one policy, all of them; if nothing was left out, write them as rollouts (docs/importers/rollouts.md)",
      );
    }
    if (rows.every((row) => row[at]!.ungradable["no verdict"] === row[at]!.n)) {
      return refused(
        `no answer of ${policy} has a verdict (${file})`,
        "write beside each answer what your own verifier said",
      );
    }
  }
  return undefined;
}
