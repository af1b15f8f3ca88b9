// study/ · Doctor: are the engines what they claim? Every check is a value; one policy's failure does not end the others' examination.
import { EXPERIMENTS } from "../experiments/all.ts";
import type { Engine, Sampler } from "../engines/engine.ts";
import type { DoctorReport, PolicyHealth } from "../terms/doctor.ts";
import { CrucisError, StudyError } from "../terms/errors.ts";
import type { PolicyDeclared } from "../terms/study.ts";
import { Clocked } from "./doctor-clock.ts";
import { samplingChecks } from "./doctor-sampling.ts";
import { scoringChecks } from "./doctor-scoring.ts";
import { sameTokens } from "./doctor-tokenizer.ts";
import { check, draw, failed, passed, PLAIN, type Ward } from "./doctor-ward.ts";
import { VERSION } from "./version.ts";

export interface Patient {
  readonly declared: PolicyDeclared;
  readonly engine: Engine;
}

export interface DoctorOptions {
  /** Of each policy, drawn and scored; 8 or more. */
  readonly rollouts: number;
  /** Generated tokens of each of them, at most. */
  readonly maxTokens: number;
  /** As the study will draw: the settings that it uses must be honoured for anything to be drawn. */
  readonly sampler: Sampler;
  /** Names the random streams. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** A clock in milliseconds, for the speed. */
  readonly now?: () => number;
}

/** `done`: 0 to 1, of the whole examination. */
export type DoctorProgress = (policy: string, what: string, done: number) => void;

/** Whatever asks a policy for answers. */
const DRAWING = EXPERIMENTS.filter(
  ({ price }) => price({ problems: 1, rolloutsPerProblem: 1 }).generatedRollouts > 0,
).map(({ name }) => name);

/** Prompts that are asked, and of these the ones that are asked again under every setting of the sampler. */
const PROMPTS = 8;
const AGAIN = 4;

/**
 * Asks every policy for `rollouts` rollouts, scores them four times over, and draws about 200 answers of four tokens.
 *
 * @throws StudyError where there are no prompts; the signal's reason
 */
export async function doctor(
  policies: readonly Patient[],
  prompts: readonly string[],
  options: DoctorOptions,
  onProgress?: DoctorProgress,
): Promise<DoctorReport> {
  const distinct = [...new Set(prompts)];
  if (distinct.length === 0)
    throw new StudyError({
      code: "no-prompts",
      what: "there is no prompt to ask",
      mend: "declare a task with problems",
    });
  // Easy problems often stand first: some of all parts.
  const few = Math.min(PROMPTS, distinct.length);
  const chosen = Array.from({ length: few }, (_, i) => distinct[Math.floor((i * distinct.length) / few)]!);
  const health: PolicyHealth[] = [];
  for (const [i, patient] of policies.entries())
    health.push(
      await examine(patient, chosen, options, (what, done) =>
        onProgress?.(patient.declared.name, what, (i + done) / policies.length),
      ),
    );
  const reached = policies.filter((_, i) => health[i]!.server !== undefined);
  const between = reached.map(({ declared, engine }) => ({ name: declared.name, engine }));
  return {
    crucis: VERSION,
    command: "doctor",
    rollouts: options.rollouts,
    prompts: distinct.length,
    policies: health,
    between: await sameTokens(between, chosen),
  };
}

async function examine(
  { declared, engine }: Patient,
  texts: readonly string[],
  options: DoctorOptions,
  say: (what: string, done: number) => void,
): Promise<PolicyHealth> {
  const { name } = declared;
  const known = { policy: name, engine: declared.engine };
  const reachable = "it answers, and is what was declared";
  let ward: Ward;
  try {
    say("asks what it is", 0);
    const capabilities = await engine.capabilities();
    const prompts = await Promise.all(
      texts.map(async (text) => ({ text, prompt: capabilities.tokenIds ? await engine.encode(text) : text })),
    );
    const { seed, signal } = options;
    ward = { name, engine, capabilities, chat: declared.chat === true, prompts, seed, signal };
  } catch (error) {
    if (!(error instanceof CrucisError)) throw error;
    return { ...known, lacks: [], checks: [check("reachable", reachable, failed(error.message), DRAWING)] };
  }
  const { server, fingerprint, context, lacks } = ward.capabilities;
  say(`draws ${options.rollouts} rollouts`, 0.1);
  const clocked = options.now === undefined ? undefined : new Clocked(engine, options.now);
  const timed = clocked === undefined ? ward : { ...ward, engine: clocked.engine };
  const own = await draw(timed, options.rollouts, { ...PLAIN, maxTokens: options.maxTokens });
  say("scores them", 0.4);
  const { checks, weight } = await scoringChecks(timed, own.drawn);
  const speed = clocked?.speed;
  say("asks for short answers under every setting of the sampler", 0.7);
  const scoresHold = checks.every(({ outcome }) => outcome.kind !== "failed");
  const few = { ...ward, prompts: ward.prompts.slice(0, AGAIN) };
  return {
    ...known,
    server,
    fingerprint,
    ...(context === undefined ? {} : { context }),
    lacks,
    checks: [
      check("reachable", reachable, passed(server), DRAWING),
      // Single answers that do not come are ungradable, and forbid nothing.
      check("answers", "every request is answered", own.outcome, own.drawn.length === 0 ? DRAWING : []),
      ...checks,
      ...(await samplingChecks(few, { sampler: options.sampler, drawing: DRAWING, scoresHold })),
    ],
    ...(weight.unitWeight === undefined ? {} : { unitWeight: weight.unitWeight }),
    ...(weight.mismatch === undefined ? {} : { mismatch: weight.mismatch }),
    ...(speed === undefined ? {} : { speed }),
  };
}
