// importers/ · Traces: traces.jsonl of verifiers v1, an episode a line; prime-rl writes the same for training and evaluation.
import { StudyError } from "../terms/errors.ts";
import { ungradable, type Verdict } from "../terms/verdict.ts";
import { readId, readLabel } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow, isObject, type Row } from "./jsonl.ts";
import { answerOf, promptOf } from "./messages.ts";
import { parsePython } from "./python-json.ts";
import { wrongType } from "./refusals.ts";
import { type Asked, cutOffBy, RowLog, type Said, settled } from "./row-log.ts";
import { show } from "./show.ts";
import { Steps } from "./steps.ts";
import { readLogProbs, readTokenIds } from "./token-fields.ts";

const TRAINING =
  "it holds episodes of training, whose policy moves while they are drawn, and prime-rl's effective files lack what its filters dropped";

/** Stop conditions by which verifiers says that a limit ended the trace. */
const LIMITS = ["max_turns", "max_input_tokens", "max_output_tokens", "max_total_tokens", "compaction_failed"];

export const traces: Importer = {
  name: "traces",
  what: "traces.jsonl of verifiers v1 or prime-rl (an episode with its traces a line)",
  recognises: ({ keys }) => keys.has("traces") && keys.has("task"),
  async read(source, options) {
    const { file } = source;
    const log = new RowLog(file, options);
    const steps = new Steps();
    let training = false;
    const read = (episode: Row, line: number): void => {
      const work = part(part(episode, "run"), "work");
      training ||= work["type"] === "train";
      steps.add(work["step"], log.place(line, "run.work.step"));
      const asked = askedBy(episode, file, line);
      const place = (field: string): string => log.place(line, field);
      // Judges and other frozen agents are no rollouts of the policy.
      const own = rows(episode["traces"], place("traces")).filter(
        (trace) => part(trace, "agent")["trainable"] !== false,
      );
      oneAgent(own, place("traces"));
      for (const trace of own) {
        const field = options.scorer === undefined ? "rewards" : `rewards.${options.scorer}`;
        const said = log.grade(rewardOf(part(trace, "rewards"), options.scorer, place(field)), line, field);
        log.add(asked, rolloutOf(trace, said, failed(episode, trace), place), line);
      }
      if (own.length === 0) log.add(asked, { verdict: settled(NONE, failed(episode, {}), undefined) }, line);
    };
    await eachRow(source, read, parsePython);
    return log.evidence("traces", training ? TRAINING : steps.mixed);
  },
};

const NONE = ungradable("no verdict");

/** Keys of different environments may be the same, so the environment is part of the id. */
function askedBy(episode: Row, file: string, line: number): Asked {
  const env = part(episode, "env");
  const task = part(episode, "task");
  const data = part(task, "data");
  const family = readLabel(env["name"], file, line, "env.name") ?? readLabel(env["id"], file, line, "env.id");
  const key = readId(task["key"] ?? task["hash"], file, line, "task.key");
  return {
    id: family === undefined ? key : `${family}/${key}`,
    family,
    prompt: promptOf(data["prompt"], `${file}, line ${line}, field task.data.prompt`),
    gold: typeof data["answer"] === "string" ? data["answer"] : undefined,
  };
}

/** `ok` has the last word: errors may be of attempts that were repeated. */
function failed(episode: Row, trace: Row): boolean {
  const said = [episode["ok"], trace["ok"]].filter((ok) => typeof ok === "boolean");
  if (said.length > 0) return said.includes(false);
  return [episode["errors"], trace["errors"]].some((errors) => Array.isArray(errors) && errors.length > 0);
}

/** Σ score · weight, or one score alone; undefined where there is none, or where one that was to be given is not. */
function rewardOf(rewards: Row, scorer: string | undefined, place: string): number | undefined {
  const counted = scorer === undefined ? Object.values(rewards) : [rewards[scorer]];
  if (counted.length === 0) return undefined;
  let sum = 0;
  for (const reward of counted) {
    if (!isObject(reward)) return undefined;
    const { score, weight = 1 } = reward;
    if (typeof score !== "number" || typeof weight !== "number") {
      if (score === null || score === undefined) return undefined;
      throw wrongType(place, reward, "a score and its weight", "write it as verifiers does");
    }
    sum += scorer === undefined ? score * weight : score;
  }
  return sum;
}

function rolloutOf(trace: Row, graded: Verdict, broken: boolean, place: (field: string) => string): Said {
  const nodes = rows(trace["nodes"], place("traces.nodes")).filter(({ sampled }) => sampled === true);
  const calls = rows(trace["calls"], place("traces.calls"));
  const last = calls.findLast(({ error }) => error === undefined || error === null);
  const atLimit = typeof trace["stop_condition"] === "string" && LIMITS.includes(trace["stop_condition"]);
  const cutOff = atLimit || cutOffBy(last?.["finish_reason"], place("traces.calls.finish_reason"));
  const drawn = nodes.map((node) => tokensOf(node, place));
  const ids = drawn.every(({ tokenIds }) => tokenIds !== undefined) ? drawn.flatMap((one) => one.tokenIds ?? []) : [];
  const whole = ids.length > 0 && drawn.every(({ logProbs }) => logProbs !== undefined);
  return {
    verdict: settled(graded, broken, cutOff),
    text:
      nodes.length === 0
        ? undefined
        : answerOf(
            nodes.map(({ message }) => message),
            place("traces.nodes.message"),
          ),
    tokens: ids.length > 0 ? ids.length : usedBy(calls),
    cutOff,
    tokenIds: ids.length > 0 ? ids : undefined,
    logProbs: whole ? drawn.flatMap((one) => one.logProbs ?? []) : undefined,
  };
}

/** Of one turn, what the model drew: the mask is false on the template's own tokens. */
function tokensOf(node: Row, place: (field: string) => string): Pick<Said, "tokenIds" | "logProbs"> {
  const all = readTokenIds(node["token_ids"], place("traces.nodes.token_ids"));
  const mask = node["mask"];
  if (all === undefined) return { tokenIds: undefined, logProbs: undefined };
  if (!Array.isArray(mask) || mask.length !== all.length) {
    const found = Array.isArray(mask) ? `${mask.length} entries` : show(mask);
    throw new StudyError({
      code: "length-differs",
      what: `${place("traces.nodes.mask")}: ${found} beside ${all.length} token ids`,
      why: "and the mask says of each token whether the model drew it",
      mend: "write one entry a token",
    });
  }
  const tokenIds = all.filter((_, i) => mask[i] === true);
  return { tokenIds, logProbs: readLogProbs(node["logprobs"], tokenIds.length, place("traces.nodes.logprobs")) };
}

function usedBy(calls: readonly Row[]): number | undefined {
  const used = calls.map((call) => part(call, "usage")["completion_tokens"]);
  if (used.length === 0 || !used.every((one) => Number.isSafeInteger(one) && (one as number) >= 0)) return undefined;
  return (used as number[]).reduce((sum, one) => sum + one, 0);
}

function oneAgent(own: readonly Row[], place: string): void {
  const names = [...new Set(own.map((trace) => part(trace, "agent")["name"] ?? "agent"))];
  if (names.length < 2) return;
  throw new StudyError({
    code: "several-agents",
    what: `${place}: agents ${names.map(show).join(" and ")} both train`,
    why: "and what is right for one is not for the other",
    mend: "keep the traces of one of them",
  });
}

/** What stands under a key where that is an object; else an empty one. */
function part(row: Row, key: string): Row {
  const value = row[key];
  return isObject(value) ? value : {};
}

function rows(value: unknown, place: string): Row[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw wrongType(place, value, "a list of objects", "write it as verifiers does");
  return value;
}
