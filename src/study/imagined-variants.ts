// study/ · Imagined variants: what a behaviour becomes where a problem is put otherwise: with another prompt, bare, in part, or fresh.
import type { Behaviour, Way } from "../terms/behaviour.ts";
import { BARE, PARTIAL, TWIN, type Variant } from "../terms/variant.ts";

/** The prompt that leads nobody astray. */
export const GOOD_PROMPT: Variant = { key: "good-prompt", name: "good-prompt" };

const VARIANTS: Readonly<Record<string, (behaviour: Behaviour) => Behaviour>> = {
  [GOOD_PROMPT.key]: (behaviour) => ({ ...behaviour, astray: 0 }),
  // What nobody has seen is not recalled.
  [TWIN]: (behaviour) => ({ ...behaviour, recall: 0 }),
  // Only who knows the rest by heart goes on rightly.
  [PARTIAL]: (behaviour) => ({ ...behaviour, astray: 1 - behaviour.recall, recall: 1 }),
  [BARE]: (behaviour) => ({ ...behaviour, astray: 0, ways: behaviour.ways.map((_, i) => bareWay(behaviour, i === 0)) }),
};

/** All that is asked for the bare answer goes the way that says it at once; who has none guesses. */
function bareWay({ ways }: Behaviour, first: boolean): Way {
  const atOnce = ways.find(({ pace }) => pace === Number.POSITIVE_INFINITY);
  return { ...(atOnce ?? { ...ways[0]!, pace: Number.POSITIVE_INFINITY, slip: 1, repair: 0 }), share: first ? 1 : 0 };
}

export function under(variant: string | undefined, behaviour: Behaviour): Behaviour {
  return variant === undefined ? behaviour : (VARIANTS[variant]?.(behaviour) ?? behaviour);
}
