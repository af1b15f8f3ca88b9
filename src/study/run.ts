// study/ · Run: read the notebook, choose, act, append. What is done is known by the evidence alone, so a run that was stopped,
// killed or moved to another machine goes on where it was.
import type { Notebook } from "../evidence/notebook.ts";
import type { Store } from "../evidence/store.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import type { Engine } from "../engines/engine.ts";
import { EngineError, StudyError } from "../terms/errors.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Chunk, RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import type { Study } from "../terms/study.ts";
import { act } from "./act.ts";
import type { Bench } from "./bench.ts";
import { declare, digest } from "./declared.ts";
import { drive } from "./drive.ts";
import { type Explained, explain } from "./explain.ts";
import { type AskedOn, onlyOn } from "./estimates.ts";
import { Kept } from "./kept.ts";
import { type EndsOf, playRounds, seenOf } from "./live.ts";
import { blocksOf, type Decision, decisionOf, informationOf, limitsAt, type Look } from "./looks.ts";
import { put } from "./put.ts";
import { PAIRED, samples, scores, type Stage } from "./plan.ts";
import type { OpenPolicy } from "./policies.ts";
import { type Foretold, register, registrationOf } from "./register.ts";
import { TokenEnds } from "./token-ends.ts";
import { VERSION } from "./version.ts";

/** What a terminal, a pipe and `--json` are told, as it happens. */
export type RunEvent =
  | {
      readonly kind: "stage";
      readonly stage: string;
      readonly why: string;
      readonly asks: number;
      readonly done: number;
    }
  | {
      readonly kind: "kept";
      readonly policy: string;
      readonly asked: Chunk["kind"];
      readonly asks: number;
      readonly tokens: number;
      readonly failed: number;
    }
  | { readonly kind: "lost"; readonly policy: string; readonly why: string }
  | ({ readonly kind: "looked"; readonly look: number; readonly of: number } & Decision)
  | { readonly kind: "foretold"; readonly done: number; readonly of: number }
  | { readonly kind: "judging"; readonly what: string; readonly done: number }
  | { readonly kind: "budget"; readonly tokens: number; readonly used: number };

export interface Running {
  readonly study: Study;
  readonly bench: Bench;
  readonly policies: readonly OpenPolicy[];
  readonly store: Store;
  readonly notebook: Notebook;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Plays every rival on paper; called where predictions are still to be sealed. */
  readonly foretell?: () => Promise<Foretold>;
  /** Where somebody else asks (workers at a queue): hands chunks out, and `keep`s what comes back. In this process where not said. */
  readonly elsewhere?: (
    chunks: readonly Chunk[],
    keep: (chunk: Chunk, records: Records) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
}

type Records = Parameters<Store["commit"]>[1];

/** @throws StudyError, EngineError, the signal's reason; what was kept before stays kept. */
export async function run(running: Running): Promise<Explained> {
  const { study, bench, store, notebook, policies, onEvent } = running;
  await declare(study, bench, notebook);
  const blocks = blocksOf(bench, study.looks);
  await register(study, notebook, running.foretell, bench.examples, informationOf(blocks));
  await reconcile(store, notebook);
  const ends = endsFor(policies);
  const kept = new Kept(store);
  for (const [look, block] of blocks.entries()) {
    const before = lookedIn(notebook, look - 1);
    if (before?.decided === true) break;
    const part = before === undefined ? study : { ...study, experiments: goingOn(study, before.goesOn) };
    if (!(await askAll(part, block, { ...running, kept, ends }))) break;
    if (look === blocks.length - 1 || lookedIn(notebook, look) !== undefined) continue;
    const { document, done } = await explained({ ...running, kept, ends });
    const decision = decisionOf(document, done);
    const { level, ledgerLevel } = limitsAt(lookOf(study, bench, notebook), LIMITS);
    await notebook.append("judged", { look, level, ledgerLevel, ...decision });
    onEvent({ kind: "looked", look, of: blocks.length, ...decision });
  }
  await store.compact();
  return judge({ ...running, kept, ends });
}

/** False where the budget ran out on the way. */
async function askAll(
  study: Study,
  block: Bench,
  { kept, ends, ...running }: Running & { readonly kept: Kept; readonly ends: EndsOf },
): Promise<boolean> {
  const { store, policies } = running;
  const own = new Set([...block.problems, ...block.twins].map(({ id }) => id));
  if (!(await ask(samples(study, block), running))) return false;
  if (study.scored > 0 && (await canScore(study, policies))) {
    const chosen = (await toScore(store, study)).filter(({ problem }) => own.has(problem));
    if (!(await ask(scores(study, chosen), running))) return false;
  }
  // A run that comes back makes every round again, most of them without a new answer: what is kept is read when there is more of it.
  let last: { readonly chunks: number; readonly seen: Seen | undefined } | undefined;
  return playRounds({
    study,
    bench: block,
    seen: async () => {
      const chunks = store.chunkIds().size;
      if (last?.chunks !== chunks) {
        const seen = await seenOf(study, block, kept, ends);
        last = { chunks, seen: seen && onlyOn(seen, own) };
      }
      return last.seen;
    },
    ask: async (stage) => ask(await answerable(await scorable(stage, policies), running), running),
  });
}

/** What was decided at a look, where it was taken. */
function lookedIn(notebook: Notebook, look: number): { decided: boolean; goesOn: readonly string[] } | undefined {
  const fact = notebook.entries.find(({ kind, fact: one }) => kind === "judged" && one["look"] === look)?.fact;
  return fact && { decided: fact["decided"] === true, goesOn: fact["goesOn"] as string[] };
}

const goingOn = ({ experiments }: Study, some: readonly string[]): string[] =>
  some.filter((name) => experiments?.includes(name) ?? true);

/** The first look that was not taken, or the one that decided; what a study has of a block that was not asked to its end counts as that block's look. */
function lookOf(study: Study, bench: Bench, notebook: Notebook): Look {
  const information = informationOf(blocksOf(bench, study.looks));
  let at = 0;
  while (at < information.length - 1 && lookedIn(notebook, at)?.decided === false) at++;
  return { at, information };
}

/** Where looks left experiments out, the problems that they were asked on. */
function askedOn(study: Study, bench: Bench, notebook: Notebook): AskedOn {
  const blocks = blocksOf(bench, study.looks);
  const asked = new Map<string, Set<string>>();
  for (const [look, block] of blocks.entries()) {
    const before = lookedIn(notebook, look - 1);
    for (const { name } of EXPERIMENTS) {
      if (before !== undefined && !before.goesOn.includes(name)) continue;
      const own = asked.get(name) ?? new Set();
      for (const { id } of [...block.problems, ...block.twins]) own.add(id);
      asked.set(name, own);
    }
  }
  return blocks.length === 1 ? new Map() : asked;
}

/** What the kept evidence says. */
export async function judge(judging: Judging): Promise<Explained> {
  const { notebook } = judging;
  const told = await explained(judging);
  const registration = registrationOf(notebook.entries, told.document.findings);
  if (registration !== undefined) told.document.registration = registration;
  const sha256 = digest(told.document);
  const last = notebook.entries.findLast(({ kind }) => kind === "judged");
  if (last?.fact["sha256"] !== sha256)
    await notebook.append("judged", { sha256, crucis: VERSION, verdict: told.document.verdict });
  return told;
}

type Judging = Pick<Running, "study" | "bench" | "store" | "notebook" | "onEvent"> & {
  /** Where the engines are at hand; without it what is read token by token along a text is refused. */
  readonly ends?: EndsOf;
  /** Where some of it was read before. */
  readonly kept?: Kept;
};

async function explained(judging: Judging): Promise<Explained> {
  const { study, bench, store, notebook, onEvent, ends, kept = new Kept(store) } = judging;
  const all = await seenOf(study, bench, kept, ends, "scored");
  const look = lookOf(study, bench, notebook);
  const answered = look.information.length === 1 ? undefined : new Set(all?.rollouts.map(({ problem }) => problem));
  const seen = all && onlyOn(all, answered);
  return explain(inOrder(study, bench, marked(await store.evidence(), notebook)), {
    seed: study.seed,
    look,
    askedOn: askedOn(study, bench, notebook),
    ...(seen === undefined ? {} : { seen }),
    ...(study.yardstick === undefined ? {} : study.yardstick),
    onProgress: (what, done) => onEvent({ kind: "judging", what, done }),
  });
}

/** A crash between the store and the notebook leaves chunks that only the store knows. */
async function reconcile(store: Store, notebook: Notebook): Promise<void> {
  const seen = new Set(notebook.entries.filter(({ kind }) => kind === "observed").map(({ fact }) => fact["chunk"]));
  for (const chunk of store.chunkIds()) if (!seen.has(chunk)) await notebook.append("observed", store.commitOf(chunk)!);
}

/** False where the budget ran out on the way. */
async function ask({ name, why, chunks }: Stage, running: Running): Promise<boolean> {
  const { study, bench, policies, store, notebook, signal, onEvent, elsewhere } = running;
  const waiting = chunks.filter(({ id }) => !store.has(id));
  const size = (list: readonly Chunk[]): number => list.reduce((sum, { asks }) => sum + asks.length, 0);
  onEvent({ kind: "stage", stage: name, why, asks: size(chunks), done: size(chunks) - size(waiting) });
  if (waiting.length === 0) return true;
  const fact = {
    stage: name,
    why,
    chunks: chunks.length,
    asks: size(chunks),
    sha256: digest(chunks.map(({ id }) => id)),
  };
  if (!notebook.entries.some((entry) => entry.kind === "asked" && entry.fact["sha256"] === fact.sha256))
    await notebook.append("asked", fact);

  const budget = new Budget(study.budget?.tokens, store.tokens());
  const overBudget = new AbortController();
  const keep = async (chunk: Chunk, records: Records): Promise<void> => {
    if (!(await store.commit(chunk, records))) return;
    await notebook.append("observed", store.commitOf(chunk.id)!);
    const tokens = tokensOf(chunk, records);
    const failed = records.filter(({ detail }) => detail !== undefined).length;
    onEvent({ kind: "kept", policy: chunk.policy, asked: chunk.kind, asks: chunk.asks.length, tokens, failed });
    if (budget.spend(tokens)) overBudget.abort(new OverBudget());
  };
  const either = AbortSignal.any([signal, overBudget.signal]);
  try {
    if (elsewhere !== undefined) await elsewhere(waiting, keep, either);
    else
      await drive(waiting, {
        act: (chunk, given) => act(chunk, { study, bench, policies, signal: given }),
        keep: (chunk, { records }) => keep(chunk, records),
        alive: (chunk, given) => alive(chunk, running, given),
        inHand: (policy) => inHand(policies, policy),
        signal: either,
        onLost: ({ policy }, error) => onEvent({ kind: "lost", policy, why: error.message }),
      });
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    onEvent({ kind: "budget", tokens: study.budget!.tokens, used: budget.used });
    return false;
  }
  return true;
}

/** Where each token of a rollout ends in its text; every rollout is looked up once. */
function endsFor(policies: readonly OpenPolicy[]): EndsOf {
  const lookups = new Map(policies.map(({ declared, engine }) => [declared.name, new TokenEnds(engine)]));
  const known = new Map<string, readonly number[]>();
  return async (rollout) => {
    let ends = known.get(rollout.rollout);
    if (ends === undefined) {
      ends = await lookups.get(rollout.policy)!.of(rollout);
      known.set(rollout.rollout, ends);
    }
    return ends;
  };
}

/** Two rounds of requests: while one is answered the other waits at the server. */
function inHand(policies: readonly OpenPolicy[], name: string): number {
  return 2 * (policies.find(({ declared }) => declared.name === name)?.declared.maxInFlight ?? 256);
}

/** One short answer to another problem's prompt, which is not kept. */
export async function alive(
  chunk: Chunk,
  { bench, policies, study }: Pick<Running, "bench" | "policies" | "study">,
  signal: AbortSignal,
): Promise<boolean> {
  const own = new Set(chunk.kind === "sample" ? chunk.asks.map(({ problem }) => problem) : []);
  const other = bench.problems.find(({ id }) => !own.has(id));
  const engine = policies.find(({ declared }) => declared.name === chunk.policy)?.engine;
  if (other === undefined || engine === undefined) return false;
  const prompt = await promptFor(engine, bench.promptOf(other.id));
  const [answer] = await engine.sample([{ prompt, sampler: { ...study.sampler, maxTokens: 1 }, seed: 0 }], signal);
  return answer !== undefined && !(answer instanceof EngineError);
}

async function promptFor(engine: Engine, text: string): Promise<readonly number[] | string> {
  return (await engine.capabilities()).tokenIds ? engine.encode(text) : text;
}

class OverBudget extends Error {}

class Budget {
  used: number;
  readonly #most: number | undefined;

  constructor(most: number | undefined, used: number) {
    this.#most = most;
    this.used = used;
  }

  /** True once it is used up. */
  spend(tokens: number): boolean {
    this.used += tokens;
    return this.#most !== undefined && this.used >= this.#most;
  }
}

function tokensOf(chunk: Chunk, records: Records): number {
  if (chunk.kind === "score")
    return chunk.asks.reduce((sum, { promptTokenIds, tokenIds }) => sum + promptTokenIds.length + tokenIds.length, 0);
  return (records as readonly RolloutRecord[]).reduce((sum, { tokens }) => sum + (tokens ?? 0), 0);
}

async function canScore(study: Study, policies: readonly OpenPolicy[]): Promise<boolean> {
  const ends = [study.policies[0]!.name, study.policies.at(-1)!.name];
  const both = policies.filter(({ declared }) => ends.includes(declared.name));
  const able = await Promise.all(both.map(({ engine }) => engine.capabilities()));
  return able.every(({ scores: does }) => does);
}

/** A checkpoint on the way may stand behind an engine that scores nothing. */
async function scorable(stage: Stage, policies: readonly OpenPolicy[]): Promise<Stage> {
  const able = new Set<string>();
  for (const { declared, engine } of policies) if ((await engine.capabilities()).scores) able.add(declared.name);
  return { ...stage, chunks: stage.chunks.filter(({ kind, policy }) => kind === "sample" || able.has(policy)) };
}

/** Answers that are replayed may never have been drawn under another prompt; who draws anew can encode any. */
async function answerable(stage: Stage, { study, bench, policies }: Running): Promise<Stage> {
  const chunks: Chunk[] = [];
  for (const chunk of stage.chunks) {
    const policy = policies.find(({ declared }) => declared.name === chunk.policy)!;
    const [first] = chunk.asks;
    const other = chunk.kind === "sample" && chunk.asks[0]?.variant !== undefined;
    if (!other || first === undefined || !(await policy.engine.capabilities()).tokenIds) chunks.push(chunk);
    else if (await encodes(policy.engine, put(study, bench, policy.declared, chunk.asks[0]!).prompt))
      chunks.push(chunk);
  }
  return { ...stage, chunks };
}

async function encodes(engine: Engine, prompt: string): Promise<boolean> {
  try {
    await engine.encode(prompt);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.fault === "cannot") return false;
    throw error;
  }
}

async function toScore(store: Store, study: Study): Promise<RolloutRecord[]> {
  const chosen: RolloutRecord[] = [];
  for await (const record of store.rollouts())
    if (record.experiment === PAIRED && record.index < study.scored) chosen.push(record);
  return chosen.sort((a, b) => (a.rollout < b.rollout ? -1 : 1));
}

/** What was imported as selected stays so: the store does not know, the notebook does. */
function marked(evidence: readonly PolicyEvidence[], notebook: Notebook): PolicyEvidence[] {
  const facts = notebook.entries.flatMap(({ kind, fact }) => (kind === "imported" ? [fact] : []));
  return evidence.map((one) => {
    const selected = facts.find((fact) => fact["policy"] === one.policy && typeof fact["selected"] === "string");
    return selected === undefined ? one : { ...one, selected: String(selected["selected"]) };
  });
}

/** Training order and what the bench says of the problems, which the folder does not know. */
function inOrder(study: Study, bench: Bench, evidence: readonly PolicyEvidence[]): PolicyEvidence[] {
  const problems = new Map(bench.problems.map((problem) => [problem.id, problem]));
  return study.policies.map(({ name }) => {
    const found = evidence.find(({ policy }) => policy === name);
    if (found === undefined)
      throw new StudyError({
        code: "no-answers",
        what: `policy ${name} has no answers yet`,
        mend: "let crucis run draw some",
      });
    return {
      ...found,
      problems: found.problems.map((record) => {
        const { family, prompt, gold } = problems.get(record.id) ?? {};
        return {
          ...record,
          ...(family === undefined ? {} : { family }),
          ...(prompt === undefined ? {} : { prompt }),
          ...(gold === undefined ? {} : { gold }),
        };
      }),
    };
  });
}
