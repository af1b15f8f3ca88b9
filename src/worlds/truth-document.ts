// worlds/ · Truth document: `truth.json` as a closed schema; what is read back is what was written, or it is refused.
import { z } from "zod";
import { StudyError } from "../terms/errors.ts";
import type { Problem } from "../terms/problem.ts";
import { CELLS, type Mass, SEGMENTS, type TruthDocument } from "../terms/truth.ts";

// zod's numbers are finite: neither NaN nor ±Infinity would survive JSON.
const number = z.number();
const numbers = z.array(number);
const count = z.int().nonnegative();

const mass = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mass"), log: number }),
  z.strictObject({ kind: z.literal("zero") }),
]) satisfies z.ZodType<Mass>;
const masses = z.record(z.string(), mass);
const bySegment = z.record(z.enum(SEGMENTS), number);

const problem = z.strictObject({
  id: z.string(),
  task: z.string(),
  prompt: z.string(),
  steps: z.int().positive(),
}) satisfies z.ZodType<Problem>;

const policyTruth = z.strictObject({
  policy: z.string(),
  right: mass,
  lenient: mass,
  strategies: masses,
  plans: masses,
  asides: masses,
});

const pairTruth = z.strictObject({
  policy: z.string(),
  cells: z.record(z.enum(CELLS), mass),
  shares: bySegment,
  bits: bySegment.exactOptional(),
  missingBits: numbers.exactOptional(),
  effectivePlaces: number.exactOptional(),
});

const promised = z.strictObject({
  what: z.string(),
  planted: z.string(),
  intended: z.string(),
  measured: number,
  low: number.exactOptional(),
  high: number.exactOptional(),
  kept: z.boolean(),
});

/** Fields stand in this order. Lists over the policies are as long as `policies`, and `kept` is what the promises say. */
export const truthSchema = z
  .strictObject({
    crucis: z.string(),
    command: z.literal("world truth"),
    world: z.string(),
    seed: z.int().nonnegative(),
    task: z.string(),
    grading: z.enum(["process", "lenient", "outcome"]),
    maxTokens: z.int().positive(),
    policies: z.array(z.string()).min(1),
    problems: z.array(
      z.strictObject({ problem, accepted: count, policies: z.array(policyTruth), pairs: z.array(pairTruth) }),
    ),
    rungs: z.array(
      z.strictObject({
        steps: z.int().positive(),
        problems: count,
        right: numbers,
        lenient: numbers,
        ratio: numbers.exactOptional(),
      }),
    ),
    strategies: z.record(z.string(), numbers),
    promises: z.array(promised),
    kept: z.boolean(),
  })
  .superRefine(({ policies, problems, rungs, strategies, promises, kept }, context) => {
    const must = (holds: boolean, path: (string | number)[], message: string): void => {
      if (!holds) context.addIssue({ code: "custom", path, message });
    };
    const named = (own: readonly { policy: string }[], names: readonly string[], path: (string | number)[]): void => {
      const [found, wanted] = [own.map(({ policy }) => policy).join(", "), names.join(", ")];
      must(found === wanted, path, `policies are [${found}], but must be [${wanted}]`);
    };
    const long = (own: readonly number[] | undefined, path: (string | number)[]): void =>
      must(
        own === undefined || own.length === policies.length,
        path,
        `${own?.length} numbers for ${policies.length} policies`,
      );
    problems.forEach((one, i) => {
      named(one.policies, policies, ["problems", i, "policies"]);
      named(one.pairs, policies.slice(1), ["problems", i, "pairs"]);
    });
    rungs.forEach(({ right, lenient, ratio }, i) => {
      for (const [name, own] of Object.entries({ right, lenient, ratio })) long(own, ["rungs", i, name]);
    });
    for (const [name, own] of Object.entries(strategies)) long(own, ["strategies", name]);
    const broken = promises.filter((promise) => !promise.kept).length;
    must(kept === (broken === 0), ["kept"], `${kept}, but ${broken} of ${promises.length} promises are not kept`);
  }) satisfies z.ZodType<TruthDocument>;

/**
 * A truth document from parsed JSON.
 *
 * @param where  the file it came from, for the message
 * @throws StudyError naming the file and the first field that is not as a truth document has it
 */
export function parseTruth(json: unknown, where: string): TruthDocument {
  const read = truthSchema.safeParse(json);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new StudyError({
    code: "truth-document",
    what: `${where} is no truth of a world: ${path.length === 0 ? "" : `field ${path.join(".")}, `}${message}`,
    mend: "write it again with crucis world truth NAME --json",
  });
}
