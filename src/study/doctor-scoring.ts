// study/ · Doctor's scoring: do token ids mean what they say, does a score read its text, and do a policy's own rollouts weigh 1?
import type { ScoreRequest } from "../engines/engine.ts";
import type { Check, CheckOutcome } from "../terms/doctor.ts";
import {
  attempt,
  check,
  type Drawn,
  failed,
  outcomeOf,
  passed,
  refused,
  same,
  shown,
  type Ward,
  whole,
} from "./doctor-ward.ts";
import { nats, unitWeightOf, type UnitWeight } from "./doctor-weight.ts";

/** A rollout, prompt and answer in one list of ids. */
interface Text extends ScoreRequest {
  readonly logProbs: readonly number[] | undefined;
}

export const SCORING = ["cross-scoring", "rare-mass", "power-sampling"];
export const IN_TOKENS = ["handoff", ...SCORING];

/** Each check stands on the one before it: where that did not pass, the next would only say the same again. */
export async function scoringChecks(
  ward: Ward,
  drawn: readonly Drawn[],
): Promise<{ checks: Check[]; weight: UnitWeight }> {
  const { tokenIds, scores } = ward.capabilities;
  const survive = !tokenIds
    ? refused("it takes and tells no token ids", "use an engine that speaks in token ids")
    : drawn.length < 2
      ? refused(`only ${drawn.length} rollouts came back`, "mend its answers first")
      : await attempt(() => tokenIdsSurvive(ward, drawn));
  const standingOn = async (name: string, before: CheckOutcome, ask: () => Promise<CheckOutcome>) => {
    if (!scores) return refused("it scores no given text", "use an engine that scores token ids");
    if (before.kind !== "passed") return refused(`${name} did not pass`, `mend ${name} first`);
    return attempt(ask);
  };
  // An answer without a token has nothing to score.
  const texts = textsOf(drawn.filter(({ answer }) => (answer.tokenIds?.length ?? 0) > 0));
  const echo = await standingOn("token-ids", survive, () => echoes(ward, texts));
  const order = await standingOn("echo", echo, () => orderDoesNotMatter(ward, texts));
  let weight: UnitWeight | undefined;
  const unit = await standingOn("score-order", order, async () => {
    weight = await weighs(ward, texts);
    return weight.outcome;
  });
  const checks = [
    check("token-ids", "token ids and texts say the same, both ways", survive, IN_TOKENS),
    check("echo", "it scores the tokens that it is given, each of them", echo, SCORING),
    check("score-order", "scores do not depend on the order of requests", order, SCORING),
    check("unit-weight", "its own rollouts weigh 1", unit, SCORING),
  ];
  return { checks, weight: weight ?? { outcome: unit } };
}

/** Answers that are decoded one by one. */
const FEW = 8;

async function tokenIdsSurvive({ engine, prompts, chat }: Ward, drawn: readonly Drawn[]): Promise<CheckOutcome> {
  for (const { text, prompt } of prompts) {
    const ids = prompt as readonly number[];
    const back = await engine.decode(ids);
    if (!back.includes(text)) return failed(`the ids of ${shown(text)} say ${shown(back)}`);
    if (chat) continue;
    const again = await engine.encode(back);
    // A start token that is written out is put in front once more.
    if (!same(again, ids) && !same(again, [ids[0]!, ...ids]))
      return failed(`${shown(text)} has the ids ${shown(ids)}, and what these say has ${shown(again)}`);
  }
  for (const { answer } of drawn.slice(0, FEW)) {
    const { text, tokenIds } = answer;
    if (tokenIds === undefined) return failed(`it takes token ids, but told none of ${shown(text)}`);
    const said = await engine.decode(tokenIds);
    if (!within(text, said)) return failed(`an answer is ${shown(text)}, and its token ids say ${shown(said)}`);
  }
  return passed(`${prompts.length} prompts and ${Math.min(FEW, drawn.length)} answers`);
}

/** Special tokens are told in one and left out in the other: what is left stands in order. Half a character at the end is none. */
function within(text: string, said: string): boolean {
  const letters = text.replace(/\uFFFD+$/, "");
  let at = 0;
  for (const letter of said) if (letters.startsWith(letter, at)) at += letter.length;
  return at === letters.length;
}

function textsOf(drawn: readonly Drawn[]): Text[] {
  return drawn.map(({ request, answer }) => {
    const prompt = request.prompt as readonly number[];
    return {
      tokenIds: [...prompt, ...answer.tokenIds!],
      from: prompt.length,
      // They were drawn from the model as it is: both densities are one.
      logProbs: answer.rawLogProbs ?? answer.processedLogProbs,
    };
  });
}

const bare = ({ tokenIds, from }: Text): ScoreRequest => ({ tokenIds, from });

async function scoresOf({ engine, signal }: Ward, texts: readonly Text[]): Promise<(readonly number[])[]> {
  return whole(await engine.score(texts.map(bare), signal)).map(({ rawLogProbs }) => rawLogProbs);
}

async function echoes(ward: Ward, texts: readonly Text[]): Promise<CheckOutcome> {
  const scores = await scoresOf(ward, texts);
  for (const [i, { tokenIds, from }] of texts.entries())
    if (scores[i]!.length !== tokenIds.length - from)
      return failed(`it gave ${scores[i]!.length} scores for ${tokenIds.length - from} tokens`);
  const byPrompt = Map.groupBy(texts.keys(), (i) => texts[i]!.tokenIds.slice(0, texts[i]!.from).join());
  let [compared, told] = [0, 0];
  for (const places of byPrompt.values()) {
    const [first, ...others] = places;
    const differing = others.filter((i) => !same(texts[i]!.tokenIds, texts[first!]!.tokenIds));
    compared += differing.length;
    told += differing.filter((i) => !alike(scores[i]!, scores[first!]!)).length;
  }
  if (compared === 0)
    return refused("all its answers to a prompt are the same", "give prompts that have several answers");
  return told > 0
    ? passed(`${texts.length} texts; other tokens, other scores`)
    : failed(`${compared} answers score as another answer to their prompt does: it does not read what it scores`);
}

/** As far as both go. */
const alike = (a: readonly number[], b: readonly number[]): boolean =>
  a.slice(0, b.length).every((one, i) => one === b[i]);

/** Nats a token between two scorings of one text: room for batches of other sizes in low precision, not for another text. */
const SAME_NATS = 0.02;

async function orderDoesNotMatter(ward: Ward, texts: readonly Text[]): Promise<CheckOutcome> {
  const once = (await scoresOf(ward, texts)).flat();
  const again = (await scoresOf(ward, texts.toReversed())).toReversed().flat();
  // Twice −∞ is the same.
  const squares = once.map((one, t) => (one === again[t] ? 0 : (one - again[t]!) ** 2));
  const apart = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
  const told = `asked in reverse, the same texts score ${nats(apart)} nats a token apart`;
  return apart <= SAME_NATS ? passed(told) : failed(`${told}, where ${SAME_NATS} is the most`);
}

async function weighs(ward: Ward, texts: readonly Text[]): Promise<UnitWeight> {
  const missing = texts.filter(({ logProbs }) => logProbs === undefined).length;
  if (missing > 0) {
    const why = `it tells no log-probabilities of ${missing} of its ${texts.length} answers`;
    return { outcome: refused(why, "have the server tell them, or use an engine that does") };
  }
  try {
    const scores = await scoresOf(ward, texts);
    return unitWeightOf(texts.map(({ logProbs }, i) => ({ drawn: logProbs!, scored: scores[i]! })));
  } catch (error) {
    return { outcome: outcomeOf(error) };
  }
}
