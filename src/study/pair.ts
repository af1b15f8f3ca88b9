// study/ · Pair: the same problems under several policies, matched by id.
import { StudyError } from "../terms/errors.ts";
import type { PairedEvidence, PolicyEvidence, ProblemRecord } from "../terms/observation.ts";

/** Evidence of all policies on the problems that every one of them answered, in the base's order. */
export interface Matched {
  readonly policies: readonly PolicyEvidence[];
  /** Problems of each policy that some other policy lacks. */
  readonly unpaired: readonly number[];
  /** rows[problem][policy] */
  readonly rows: readonly (readonly ProblemRecord[])[];
}

/** @throws StudyError where no id is common, or where two policies were asked different things under one id. */
export function matchProblems(policies: readonly PolicyEvidence[]): Matched {
  const [base, ...others] = policies as [PolicyEvidence, ...PolicyEvidence[]];
  const byId = others.map(({ problems }) => new Map(problems.map((record) => [record.id, record])));
  const rows: ProblemRecord[][] = [];
  for (const record of base.problems) {
    const partners = byId.map((records) => records.get(record.id));
    if (partners.some((partner) => partner === undefined)) continue;
    rows.push([record, ...(partners as ProblemRecord[])]);
  }
  if (rows.length === 0)
    throw noCommonIds(base, others.find((_, i) => !base.problems.some(({ id }) => byId[i]!.has(id))) ?? others[0]!);
  for (const row of rows)
    for (const [at, other] of row.slice(1).entries()) sameQuestion(base, row[0]!, others[at]!, other);
  return { policies, unpaired: policies.map(({ problems }) => problems.length - rows.length), rows };
}

/** Base against one later policy, on the problems common to all. */
export function pairedWith(matched: Matched, later: number): PairedEvidence {
  return {
    policies: [matched.policies[0]!.policy, matched.policies[later]!.policy],
    problems: matched.rows.map((row) => ({
      id: row[0]!.id,
      family: row[0]!.family ?? row[later]!.family ?? "all",
      sides: [row[0]!, row[later]!],
    })),
    unpaired: [matched.unpaired[0]!, matched.unpaired[later]!],
  };
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);

function noCommonIds(base: PolicyEvidence, other: PolicyEvidence): StudyError {
  return new StudyError({
    code: "no-common-ids",
    what: `${base.file} and ${other.file} have no problem id in common: the first begins with ${shown(base.problems[0]!.id)}, the second with ${shown(other.problems[0]!.id)}`,
    mend: "give two files of the same problems, with the same ids",
  });
}

function sameQuestion(base: PolicyEvidence, a: ProblemRecord, other: PolicyEvidence, b: ProblemRecord): void {
  for (const field of ["prompt", "gold"] as const) {
    const [x, y] = [a[field], b[field]];
    if (x === undefined || y === undefined || x === y) continue;
    throw new StudyError({
      code: `different-${field}`,
      what: `problem ${shown(a.id)} has the ${field} ${shown(x)} in ${base.file} and ${shown(y)} in ${other.file}`,
      why: "so the two are not the same problem",
      mend: "give both sides the same problems under the same ids",
    });
  }
}
