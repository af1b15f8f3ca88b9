// engines/ · Replay: rollouts and scores that somebody has drawn already answer in place of a model. Nothing new is ever drawn.
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { EngineError, StudyError } from "../terms/errors.ts";
import type { Answer, Capabilities, Engine, EngineKind, SampleRequest, Score, ScoreRequest } from "./engine.ts";
import { show } from "./http/json.ts";
import { checkSamples, checkScores } from "./http/requests.ts";
import { readFolder } from "./replay/folder.ts";
import type { Kept, KeptRollout } from "./replay/kept.ts";
import { readLines } from "./replay/lines.ts";

export const replay: EngineKind = {
  kind: "replay",
  what: "rollouts and scores already on disk",
  needs: ["path"],
  takes: ["model", "price"],
  async open({ name, path = "", model = name }) {
    if (!existsSync(path))
      throw new StudyError({
        code: "no-replay",
        what: `policy ${name} names ${JSON.stringify(path)}, where there is nothing`,
        mend: "give the folder of a study, or a file of rollouts as JSON lines",
      });
    if (!statSync(path).isDirectory()) return new ReplayEngine(name, await readLines(path), `file ${basename(path)}`);
    const { kept, engines } = await readFolder(path, model);
    return new ReplayEngine(name, kept, `${model} of ${basename(path)}, drawn by ${engines.join(" and by ")}`);
  },
};

class ReplayEngine implements Engine {
  readonly name: string;
  readonly #kept: Kept;
  readonly #capabilities: Capabilities;

  constructor(name: string, kept: Kept, of: string) {
    this.name = name;
    this.#kept = kept;
    this.#capabilities = capabilitiesOf(kept, of);
  }

  async capabilities(): Promise<Capabilities> {
    return this.#capabilities;
  }

  async encode(text: string): Promise<readonly number[]> {
    if (!this.#capabilities.tokenIds) throw cannot("its rollouts are kept without token ids");
    return this.#kept.encode(text) ?? refuse(`prompt ${show(text)} was never asked`);
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    return this.#kept.decode(tokenIds) ?? refuse(`the text of token ids ${show(tokenIds)} was not kept`);
  }

  async sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly (Answer | EngineError)[]> {
    signal?.throwIfAborted();
    checkSamples(requests);
    return requests.map((request) => {
      const { rollout, drawn } = this.#kept.take(request);
      if (rollout !== undefined) return this.#answerOf(rollout);
      return drawn === 0
        ? cannot(`prompt ${show(request.prompt)} was never asked`)
        : cannot(`of the ${drawn} answers to ${show(request.prompt)} none is left that was drawn with that sampler`);
    });
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly (Score | EngineError)[]> {
    signal?.throwIfAborted();
    checkScores(requests);
    return requests.map(
      (request) =>
        this.#kept.score(request) ??
        cannot(`tokens ${show(request.tokenIds)} were never scored from token ${request.from} on`),
    );
  }

  #answerOf({ text, prefix = [], finish, tokens, tokenIds, rawLogProbs, processedLogProbs }: KeptRollout) {
    const before = prefix.length === 0 ? "" : this.#kept.decode(prefix);
    if (before === undefined || !text.startsWith(before))
      return cannot(`where the text of a continued answer begins was not kept: ${show(text)}`);
    return {
      text: text.slice(before.length),
      finish,
      ...(tokens === undefined ? {} : { tokens }),
      ...(tokenIds === undefined ? {} : { tokenIds }),
      ...(rawLogProbs === undefined ? {} : { rawLogProbs }),
      ...(processedLogProbs === undefined ? {} : { processedLogProbs }),
    };
  }
}

function capabilitiesOf({ rollouts, scores }: Kept, of: string): Capabilities {
  const tokenIds = rollouts.every((one) => one.tokenIds !== undefined && one.promptTokenIds !== undefined);
  const rawLogProbs = rollouts.every((one) => one.rawLogProbs !== undefined);
  const processedLogProbs = rollouts.every((one) => one.processedLogProbs !== undefined);
  const lacks = [
    "answers that nobody drew, and seeds: no experiment that asks anew, and no doctor's test of the sampler",
    ...(tokenIds ? [] : ["token ids: no hand-off and no scores"]),
    ...(scores.length > 0 ? [] : ["scores: no cross-scoring and no unit-weight test"]),
    ...(rawLogProbs ? [] : ["log-probabilities of the model as it is: no unit-weight test"]),
    ...(processedLogProbs ? [] : ["log-probabilities of the sampler: no weighting of what it cuts off"]),
  ];
  return {
    server: "replay",
    tokenIds,
    scores: scores.length > 0,
    rawLogProbs,
    processedLogProbs,
    seeds: false,
    fingerprint: `replay of ${rollouts.length} rollouts: ${of}`,
    lacks,
  };
}

function cannot(what: string): EngineError {
  const mend = "ask for what was drawn, or give the policy an engine that draws";
  return new EngineError({ code: "replay-never", what, mend, fault: "cannot", retry: false });
}

function refuse(what: string): never {
  throw cannot(what);
}
