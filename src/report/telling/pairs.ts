// report/ · Pairs in words: many pairs of rivals said in few lines, and none lost.
import { inWords } from "../figures/kernel.ts";
import { listed } from "../words.ts";

/** Names are numbered here: they may be long. */
type Pair = readonly [number, number];
const key = ([a, b]: Pair): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

interface Group {
  readonly pairs: readonly Pair[];
  readonly text: string;
}

/**
 * Covers the pairs greedily by the group that covers most of what is left: sets in which every two are paired
 * ("a, b and c from one another"), or two sets paired across ("a and b from c and d"; "a from all 9 others" of `everyone`).
 */
export function pairsInWords(
  pairs: readonly (readonly [string, string])[],
  everyone: readonly string[] = [],
): string[] {
  const names = [...new Set([...pairs.flat(), ...everyone])];
  const number = new Map(names.map((name, i) => [name, i]));
  const numbered = pairs.map(([a, b]): Pair => [number.get(a) ?? 0, number.get(b) ?? 0]);
  const all = everyone.map((name) => number.get(name) ?? 0);
  const edges = new Set(numbered.map(key));
  const left = new Map(numbered.map((pair) => [key(pair), pair]));
  const said = (group: readonly number[]): string => listed(group.map((i) => inWords(names[i] ?? "")));
  const open = (group: Group): number => group.pairs.filter((pair) => left.has(key(pair))).length;

  /** Everything still open with `hub`, and whoever else is still open with all of those. */
  const across = (hub: number): Group => {
    const range = names.map((_, i) => i);
    const others = range.filter((i) => left.has(key([hub, i])));
    const alike = (i: number): boolean => !others.includes(i) && others.every((other) => left.has(key([i, other])));
    const hubs = [hub, ...range.filter((i) => i !== hub && alike(i))];
    const [few, many] = hubs.length <= others.length ? [hubs, others] : [others, hubs];
    const rest = all.filter((i) => !few.includes(i));
    const whole = many.length > 3 && rest.length === many.length && rest.every((i) => many.includes(i));
    return {
      pairs: hubs.flatMap((one) => others.map((other): Pair => [one, other])),
      text: `${said(few)} from ${whole ? `all ${many.length} others` : said(many)}`,
    };
  };

  const among = ([a, b]: Pair): Group => {
    const set = [a, b];
    names.forEach((_, i) => {
      if (set.every((member) => member !== i && edges.has(key([i, member])))) set.push(i);
    });
    const within = set.flatMap((one, i) => set.slice(i + 1).map((other): Pair => [one, other]));
    return {
      pairs: within,
      text: set.length === 2 ? `${said([a])} from ${said([b])}` : `${said(set)} from one another`,
    };
  };

  const lines: string[] = [];
  while (left.size > 0) {
    const candidates = [...left.values()].flatMap((pair) => [across(pair[0]), across(pair[1]), among(pair)]);
    const best = candidates.reduce((most, group) => (open(group) > open(most) ? group : most));
    for (const pair of best.pairs) left.delete(key(pair));
    lines.push(best.text);
  }
  return lines;
}
