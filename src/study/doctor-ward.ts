// study/ · Doctor's ward: one policy under examination, what is drawn from it, and how what goes wrong becomes a value.
import type { Answer, Capabilities, Engine, Sampler, SampleRequest } from "../engines/engine.ts";
import { stream } from "../maths/random.ts";
import type { Check, CheckOutcome } from "../terms/doctor.ts";
import { CrucisError, EngineError } from "../terms/errors.ts";

export interface Ward {
  readonly name: string;
  readonly engine: Engine;
  readonly capabilities: Capabilities;
  /** Prompts go through a template, so that their ids say more than their text. */
  readonly chat: boolean;
  readonly prompts: readonly { readonly text: string; readonly prompt: SampleRequest["prompt"] }[];
  /** Names the random streams. */
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** A rollout that came back. */
export interface Drawn {
  readonly request: SampleRequest;
  readonly answer: Answer;
}

export interface Batch {
  readonly drawn: readonly Drawn[];
  /** Whether all did. */
  readonly outcome: CheckOutcome;
}

type Unwell = Exclude<CheckOutcome, { readonly kind: "passed" }>;

/** The model as it is. */
export const PLAIN: Omit<Sampler, "maxTokens"> = { temperature: 1, topP: 1, topK: 0, minP: 0, stop: [] };

export const passed = (seen: string): CheckOutcome => ({ kind: "passed", seen });
export const failed = (why: string): Unwell => ({ kind: "failed", why });
export const refused = (why: string, mend: string): Unwell => ({ kind: "refused", why, mend });

export function check(name: string, asks: string, outcome: CheckOutcome, forbids: readonly string[]): Check {
  return { name, asks, outcome, forbids: outcome.kind === "passed" ? [] : forbids };
}

/** An engine that says that it cannot, or does not answer, was not examined; one that answers nonsense was. */
export function outcomeOf(error: unknown): Unwell {
  if (!(error instanceof CrucisError)) throw error;
  const why = error.why === "" ? error.what : `${error.what}, ${error.why}`;
  const nonsense = error instanceof EngineError && (error.fault === "bad answer" || error.fault === "wrong model");
  return nonsense ? failed(why) : refused(why, error.mend);
}

export async function attempt(asking: () => Promise<CheckOutcome>): Promise<CheckOutcome> {
  try {
    return await asking();
  } catch (error) {
    return outcomeOf(error);
  }
}

/** @throws the first EngineError among them */
export function whole<T>(answers: readonly (T | EngineError)[]): T[] {
  return answers.map((one) => {
    if (one instanceof EngineError) throw one;
    return one;
  });
}

/** Prompts take turns; every request has a seed of its own. The same count gives the same seeds. */
export function draw(ward: Ward, count: number, sampler: Sampler): Promise<Batch> {
  const seeds = stream(ward.seed, `study/doctor/${ward.name}`);
  const requests = Array.from({ length: count }, (_, i): SampleRequest => {
    const { prompt } = ward.prompts[i % ward.prompts.length]!;
    return { prompt, sampler, seed: seeds.uint32() };
  });
  return send(ward, requests);
}

export async function send({ engine, signal }: Ward, requests: readonly SampleRequest[]): Promise<Batch> {
  try {
    const answers = await engine.sample(requests, signal);
    const drawn = answers.flatMap((answer, i) =>
      answer instanceof EngineError ? [] : [{ request: requests[i]!, answer }],
    );
    const lost = answers.filter((answer) => answer instanceof EngineError);
    if (lost[0] === undefined) return { drawn, outcome: passed(`${drawn.length} of ${requests.length}`) };
    const outcome = outcomeOf(lost[0]);
    const why = `${lost.length} of ${requests.length} requests failed: ${outcome.why}`;
    return { drawn, outcome: drawn.length === 0 ? { ...outcome, why } : failed(why) };
  } catch (error) {
    return { drawn: [], outcome: outcomeOf(error) };
  }
}

/** What tells two answers apart. */
export const idsOrText = ({ tokenIds, text }: Answer): string => tokenIds?.join() ?? text;

/** As it stands in a sentence. */
export function shown(value: string | readonly number[]): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
