// study/ · Doctor's sampling: are seeds and the sampler's settings honoured? Hot answers differ by themselves; a cut must end that.
import type { Sampler, Score } from "../engines/engine.ts";
import type { Check, CheckOutcome } from "../terms/doctor.ts";
import { percent } from "../terms/percent.ts";
import { SCORING } from "./doctor-scoring.ts";
import {
  attempt,
  type Batch,
  check,
  draw,
  type Drawn,
  failed,
  idsOrText,
  passed,
  PLAIN,
  refused,
  send,
  type Ward,
  whole,
} from "./doctor-ward.ts";

const SEEDS = 8;
const TOKENS = 4;
/** The hottest that every server takes: OpenAI's interface ends there. */
const HOT = 2;
/** Share of answers beside the most frequent one that is needed to see whether a cut takes them away. */
const VARIETY = 0.1;

/** Each leaves one token to draw; vLLM goes no colder. */
const CUTS = [
  { field: "temperature", name: "temperature", value: 0.01 },
  { field: "topK", name: "top-k", value: 1 },
  { field: "topP", name: "top-p", value: 1e-6 },
  { field: "minP", name: "min-p", value: 1 },
] as const;

const HARDLY = refused(
  `its first tokens hardly differ even at temperature ${HOT}, so what a cut takes away cannot be seen`,
  "give prompts whose answers may begin in several ways",
);

export interface Sampling {
  /** As the study will draw: what it uses must be honoured for anything to be drawn. */
  readonly sampler: Sampler;
  /** Names of the experiments that draw. */
  readonly drawing: readonly string[];
  /** No check of its scores failed. */
  readonly scoresHold: boolean;
}

export async function samplingChecks(
  ward: Ward,
  { sampler: forStudy, drawing, scoresHold }: Sampling,
): Promise<Check[]> {
  const count = ward.prompts.length * SEEDS;
  const sampler = { ...PLAIN, temperature: HOT, maxTokens: TOKENS };
  const hot = await draw(ward, count, sampler);
  const varied = variety(hot.drawn);
  const checks = [
    check("different-seeds", "different seeds give different answers", different(hot, varied), drawing),
    check("same-seed", "the same seed gives the same answer", await again(ward, hot), []),
  ];
  for (const { field, name, value } of CUTS) {
    const honoured = async (): Promise<CheckOutcome> => {
      const cut = await draw(ward, count, { ...sampler, [field]: value });
      if (cut.drawn.length < count) return cut.outcome;
      const left = variety(cut.drawn);
      const seen = `under ${name} ${value}, which leaves one token, ${percent(left)} of ${count} answers were others`;
      return left <= varied / 2 ? passed(seen) : failed(`${seen}, and ${percent(varied)} without it`);
    };
    const outcome = varied < VARIETY ? HARDLY : await attempt(honoured);
    // A study always says its temperature; cuts that it does not use, only a sweep of decoders needs.
    const forbids = field === "temperature" || forStudy[field] !== PLAIN[field] ? drawing : ["decoder-sweep"];
    checks.push(check(name, `${name} is honoured`, outcome, forbids));
  }
  // Where the study neither warms nor cuts, the sampler's density is the model's, and nothing hangs on it.
  const plain = CUTS.every(({ field }) => forStudy[field] === PLAIN[field]);
  const asks = "tokens that the sampler cuts off score −∞ under it";
  const told = scoresHold
    ? await toldCuts(ward, hot.drawn, varied)
    : refused("a check of its scores failed", "mend its scores first");
  return [...checks, check("told-cuts", asks, told, plain ? [] : SCORING)];
}

function different({ drawn, outcome }: Batch, varied: number): CheckOutcome {
  if (drawn.length === 0) return outcome;
  const asked = `${drawn.length} requests at temperature ${HOT}, each with a seed of its own`;
  return varied > 0
    ? passed(`${asked}: ${percent(varied)} beside the most frequent answer`)
    : failed(`${asked}, brought one answer a prompt: seeds or temperatures are ignored`);
}

/** The same requests once more, in reverse: others stand beside each. */
async function again(ward: Ward, { drawn, outcome }: Batch): Promise<CheckOutcome> {
  if (drawn.length === 0) return outcome;
  if (!ward.capabilities.seeds)
    return refused("it says itself that seeds do not hold", "keep what is drawn: it cannot be drawn again");
  const second = await send(ward, drawn.map(({ request }) => request).toReversed());
  if (second.drawn.length < drawn.length) return second.outcome;
  const answers = second.drawn.toReversed();
  const others = drawn.filter(({ answer }, i) => idsOrText(answer) !== idsOrText(answers[i]!.answer));
  return others.length === 0
    ? passed(`${drawn.length} of ${drawn.length}`)
    : failed(`${others.length} of ${drawn.length} requests brought another answer when they were sent again`);
}

/** Beside log 1 and log 0, only tokens that are equal at the top have a place where one is left. */
const LEAST_OF_ONE = -Math.log(3);

/** Top-k 1 leaves log 1 for one token, −∞ for every other. */
async function toldCuts(ward: Ward, hot: readonly Drawn[], varied: number): Promise<CheckOutcome> {
  const { scores, processedLogProbs, tokenIds } = ward.capabilities;
  if (!(scores && processedLogProbs && tokenIds))
    return refused(
      "it tells no scores under a sampler",
      "draw at temperature 1 without cuts, or use an engine that tells them",
    );
  if (varied < VARIETY) return HARDLY;
  return attempt(async () => {
    const texts = hot.map(({ request, answer }) => ({
      tokenIds: [...(request.prompt as readonly number[]), ...answer.tokenIds!],
      from: request.prompt.length,
      sampler: { ...request.sampler, topK: 1 },
    }));
    const told = whole<Score>(await ward.engine.score(texts, ward.signal)).flatMap(
      ({ processedLogProbs: list = [] }) => list,
    );
    if (told.length === 0) return failed("it says that it tells the sampler's log-probabilities, and told none");
    const zeros = told.filter((one) => one === Number.NEGATIVE_INFINITY).length;
    const between = told.find((one) => one !== Number.NEGATIVE_INFINITY && one < LEAST_OF_ONE);
    if (between !== undefined)
      return failed(
        `a token scores ${between.toPrecision(3)} under top-k 1, which leaves 0 for one and −∞ for all others`,
      );
    return zeros > 0
      ? passed(`${zeros} of ${told.length} tokens −∞ under top-k 1`)
      : failed(`none of ${told.length} tokens scores −∞ under top-k 1, though they were drawn without it`);
  });
}

/** Share of the answers that are not their prompt's most frequent one: 0 where each prompt has one answer. */
function variety(drawn: readonly Drawn[]): number {
  const byPrompt = Map.groupBy(drawn, ({ request }) => String(request.prompt));
  const others = Array.from(byPrompt.values(), (list) => {
    const counts = Array.from(Map.groupBy(list, ({ answer }) => idsOrText(answer)).values(), ({ length }) => length);
    return list.length - Math.max(...counts);
  });
  return others.reduce((sum, one) => sum + one, 0) / Math.max(1, drawn.length);
}
