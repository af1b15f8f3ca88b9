// study/ · Doctor's tokenizer: do the policies read one text as the same tokens, template included?
import type { Engine } from "../engines/engine.ts";
import type { CheckBetween, CheckOutcome } from "../terms/doctor.ts";
import { CrucisError, EngineError } from "../terms/errors.ts";
import { IN_TOKENS } from "./doctor-scoring.ts";
import { check, failed, outcomeOf, passed, refused, same, shown } from "./doctor-ward.ts";

/** On which tokenizers differ; what one of two policies cannot read at all is left out. */
const PROBES = ["The answer is 42.", "  two blanks, 1234567890", "naïve — 日本語 🙂\n\n\tend"];

type Tokens = ReadonlyMap<string, readonly number[] | undefined>;

/** Each later policy against the first. */
export async function sameTokens(
  policies: readonly { readonly name: string; readonly engine: Engine }[],
  prompts: readonly string[],
): Promise<CheckBetween[]> {
  const told = await Promise.all(policies.map(({ engine }) => tokensOf(engine, [...prompts, ...PROBES])));
  return told.slice(1).map((other, i) => {
    const asks = "they read a text as the same tokens";
    const names = [policies[0]!.name, policies[i + 1]!.name] as const;
    return { ...check("tokenizer", asks, compared(told[0]!, other), IN_TOKENS), policies: names };
  });
}

async function tokensOf(engine: Engine, texts: readonly string[]): Promise<Tokens | CheckOutcome> {
  try {
    if (!(await engine.capabilities()).tokenIds)
      return refused(`${engine.name} tells no token ids`, "use an engine that speaks in token ids");
    return new Map(
      await Promise.all(texts.map(async (text) => [text, await engine.encode(text).catch(orNone)] as const)),
    );
  } catch (error) {
    return outcomeOf(error);
  }
}

function orNone(error: unknown): undefined {
  if (error instanceof CrucisError && !(error instanceof EngineError && error.retry)) return undefined;
  throw error;
}

function compared(one: Tokens | CheckOutcome, other: Tokens | CheckOutcome): CheckOutcome {
  if ("kind" in one) return one;
  if ("kind" in other) return other;
  let texts = 0;
  for (const [text, ids] of one) {
    const theirs = other.get(text);
    if (ids === undefined || theirs === undefined) continue;
    if (!same(ids, theirs)) return failed(`${shown(text)} is ${shown(ids)} to one and ${shown(theirs)} to the other`);
    texts++;
  }
  return passed(`${texts} texts`);
}
