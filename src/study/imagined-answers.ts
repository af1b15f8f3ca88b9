// study/ · Imagined answers: what a study would see, were its policies these behaviours. Experiments plan and estimate as on real ones.
import { EXPERIMENTS } from "../experiments/all.ts";
import { GOLD, PaperPolicy, pieceOf, RIGHT_ANSWER, spelled, WRONG_ANSWER } from "../experiments/paper-policy.ts";
import { paperReader } from "../experiments/paper-reader.ts";
import { Gathering } from "../evidence/gathered.ts";
import { stream } from "../maths/random.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { RolloutRecord, SampleAsk, ScoreAsk, ScoreRecord } from "../terms/record.ts";
import type { Sampler } from "../terms/sampler.ts";
import type { HandoffSizes, Reader, Seen, SeenProblem } from "../terms/seen.ts";
import type { Answers, ImaginedProblem } from "./imagined.ts";
import { cutTo } from "./live.ts";
import { GOOD_PROMPT, under } from "./imagined-variants.ts";
import { PAIRED } from "./plan.ts";

export interface Design {
  /** In training order, the base first; as many as each problem has behaviours. */
  readonly policies: readonly string[];
  /** Of each problem and policy. */
  readonly rollouts: number;
  /** Of those, how many base and tuned score, each its own and the other's. */
  readonly scored: number;
  /** Names of experiments that ask as they go; none where only rollouts are drawn. */
  readonly experiments: readonly string[];
  readonly handoff?: HandoffSizes;
  readonly seed: number;
  /** What a study like it would not have; all of it is there where not said. */
  readonly without?: Without;
  /** Where problems have a gold of their own. */
  readonly answers?: Answers;
}

export interface Without {
  readonly twins?: boolean;
  readonly variants?: boolean;
  readonly bare?: boolean;
  /** A grader that sees the outcome alone: answers behind wrong work are wrong. */
  readonly luck?: boolean;
  /** Reference answers: what a lenient grader reads by. */
  readonly gold?: boolean;
  /** Engines answer in text alone. */
  readonly tokens?: boolean;
  /** What its task cannot read in a text. */
  readonly reads?: readonly Exclude<keyof Reader, "tokensWithin">[];
}

export interface ImaginedStudy {
  readonly evidence: readonly PolicyEvidence[];
  readonly seen: Seen;
  /** Generated and scored, by experiment. */
  readonly tokens: Readonly<Record<string, { generated: number; scored: number }>>;
}

/** A text that runs over is cut off this much behind the longest that comes to an end. */
const SPARE = 4;

/** @param fresh problems of the same kind, for twins; the same problems where not said, which nobody has met in real life */
export function imaginedStudy(
  problems: readonly ImaginedProblem[],
  design: Design,
  fresh: readonly ImaginedProblem[] = problems,
): ImaginedStudy {
  const twins = fresh.map((one) => ({ ...one, id: `${one.id}/twin` }));
  const byId = new Map(
    [...problems, ...twins].map((one) => [
      one.id,
      {
        ...one,
        prompt: [one.steps],
        // A way, its steps with a repair of each, a mark and an answer.
        sampler: plain(2 * one.steps + 3 + SPARE),
      },
    ]),
  );
  const { without = {} } = design;
  const whole = paperReader(
    new Map(Array.from(byId.values(), ({ id, behaviours }) => [id, behaviours[0]!.ways])),
    new Map(Array.from(byId.values(), ({ id, steps }) => [id, steps])),
    design.answers && new Map(Array.from(byId.values(), ({ id, gold }) => [id, signOf(gold)])),
  );
  const reader = lessThan(whole, without.reads ?? []);
  const known = new Map<string, PaperPolicy>();
  const policyOf = (policy: string, problem: string, variant?: string): PaperPolicy => {
    const key = `${policy} ${variant ?? ""} ${problem}`;
    let found = known.get(key);
    if (found === undefined) {
      const { behaviours, steps } = byId.get(problem)!;
      found = new PaperPolicy(under(variant, behaviours[design.policies.indexOf(policy)]!), steps);
      known.set(key, found);
    }
    return found;
  };
  const rollouts: RolloutRecord[] = [];
  const scores: ScoreRecord[] = [];
  const tokens: Record<string, { generated: number; scored: number }> = {};
  const used = (name: string): { generated: number; scored: number } => (tokens[name] ??= { generated: 0, scored: 0 });

  const problemOf = new Map<string, string>();
  const sample = (policy: string, ask: SampleAsk): void => {
    problemOf.set(ask.rollout, ask.problem);
    const { prompt, sampler } = byId.get(ask.problem)!;
    const random = stream(ask.seed, "study/imagined-answers");
    const prefix = ask.prefix?.tokenIds ?? [];
    const most = Math.max(1, sampler.maxTokens - prefix.length);
    const written = policyOf(policy, ask.problem, ask.variant).write(prefix, () => random.uniform(), most);
    const cut = written.finish === "length";
    const text = worded(
      prefix,
      written.tokenIds,
      design.answers && {
        gold: byId.get(ask.problem)!.gold,
        wrong: design.answers.wrong[design.policies.indexOf(policy) === 0 ? 0 : 1]!,
        lot: () => random.uniform(),
      },
    );
    const right = written.right && (without.luck !== true || whole.sound(ask.problem, text));
    used(ask.experiment).generated += written.tokenIds.length;
    rollouts.push({
      ...ask,
      chunk: "imagined",
      policy,
      engine: "imagined",
      sampler,
      verifier: "imagined",
      verdict: cut ? "ungradable" : right ? "right" : "wrong",
      ...(cut ? { why: "cut off" } : {}),
      text,
      finish: written.finish,
      tokens: written.tokenIds.length,
      ...(without.tokens === true
        ? {}
        : { promptTokenIds: prompt, tokenIds: written.tokenIds, rawLogProbs: written.logProbs }),
    });
  };
  const score = (policy: string, { rollout, tokenIds }: ScoreAsk, experiment: string): void => {
    const problem = problemOf.get(rollout)!;
    const { sampler } = byId.get(problem)!;
    used(experiment).scored += tokenIds.length;
    scores.push({
      chunk: "imagined",
      rollout,
      policy,
      engine: "imagined",
      sampler,
      rawLogProbs: policyOf(policy, problem).score(tokenIds),
    });
  };

  for (const policy of design.policies)
    for (const { id } of problems)
      for (let index = 0; index < design.rollouts; index++) {
        const rollout = `${PAIRED}/${policy}/${id}/${index}`;
        sample(policy, {
          rollout,
          experiment: PAIRED,
          problem: id,
          index,
          seed: stream(design.seed, rollout).uint32(),
        });
      }
  const ends = [design.policies[0]!, design.policies.at(-1)!];
  for (const { rollout, promptTokenIds, tokenIds, index, verdict, policy } of rollouts)
    if (index < design.scored && verdict !== "ungradable" && ends.includes(policy) && tokenIds !== undefined)
      for (const by of ends) score(by, { rollout, promptTokenIds: promptTokenIds!, tokenIds }, "cross-scoring");

  const stepless = without.reads?.includes("steps") === true;
  const placed = ({ id, family, steps }: ImaginedProblem): SeenProblem =>
    stepless ? { id, family } : { id, family, steps };
  const seen: Seen = {
    policies: design.policies,
    problems: problems.map(placed),
    twins: without.twins === true ? [] : twins.map(placed),
    variants: without.variants === true ? [] : [GOOD_PROMPT],
    bare: without.bare !== true,
    ...(design.handoff === undefined ? {} : { handoff: design.handoff }),
    rollouts,
    scores,
    reader,
  };
  const drawn = [...rollouts];
  for (const { name, live } of EXPERIMENTS) {
    if (live === undefined || !design.experiments.includes(name)) continue;
    const others = rollouts.length;
    for (let round = 0; ; round++) {
      // What cutTo leaves, without looking at the others' rollouts one by one.
      const own = { ...seen, rollouts: [...drawn, ...rollouts.slice(others)] };
      const before = round === 0 ? cutTo(own, name, round) : own;
      const asks = live.refuse(before) === undefined ? live.plan(before, round, design.seed) : [];
      if (asks.length === 0) break;
      for (const one of asks)
        if (one.kind === "sample") sample(one.policy, one.ask);
        else score(one.policy, one.ask, name);
    }
  }
  const gathering = new Gathering();
  for (const record of rollouts) gathering.add(record);
  const byPolicy = new Map(gathering.evidence("imagined").map((one) => [one.policy, one]));
  return {
    evidence: design.policies.map((policy) => {
      const own = byPolicy.get(policy)!;
      return {
        ...own,
        problems: own.problems.map((one) => ({
          ...one,
          family: "imagined",
          ...(without.gold === true
            ? {}
            : { gold: whole.passes === undefined ? GOLD : signOf(byId.get(one.id)!.gold) }),
        })),
      };
    }),
    seen,
    tokens,
  };
}

/** One character that is no piece: an answer that problems have in common; without an index, one's own. */
function signOf(answer: number | undefined): string {
  return answer === undefined ? GOLD : String.fromCharCode(COMMON + answer);
}

/** Of private use in Unicode. */
const COMMON = 0xe000;

interface Stated {
  readonly gold: number | undefined;
  /** As in Answers. */
  readonly wrong: readonly number[];
  readonly lot: () => number;
}

/** The characters; an answer that is stated last is one that problems have in common, where there are such. */
function worded(prefix: readonly number[], tokenIds: readonly number[], stated: Stated | undefined): string {
  const all = [...prefix, ...tokenIds];
  const last = tokenIds.at(-1);
  if (stated === undefined || (last !== RIGHT_ANSWER && last !== WRONG_ANSWER)) return spelled(all);
  return spelled(all.slice(0, -1)) + (last === RIGHT_ANSWER ? signOf(stated.gold) : wrongSign(stated));
}

function wrongSign({ gold, wrong, lot }: Stated): string {
  const others = wrong.map((share, answer) => (answer === gold ? 0 : share));
  let left = lot() * others.reduce((a, b) => a + b, 0);
  const chosen = others.findIndex((share) => (left -= share) < 0);
  return chosen < 0 || chosen === wrong.length - 1 ? pieceOf(WRONG_ANSWER) : signOf(chosen);
}

function lessThan(reader: Reader, fields: NonNullable<Without["reads"]>): Reader {
  const less: Partial<Reader> & Pick<Reader, "tokensWithin"> = { ...reader };
  for (const field of fields) delete less[field];
  return less;
}

function plain(maxTokens: number): Sampler {
  return { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens, stop: [] };
}
