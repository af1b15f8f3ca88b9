// report/ · Pairs in words: many pairs of rivals said in few lines, and none lost.
import { inWords } from "../figures/kernel.ts";
import { listed } from "../words.ts";

type Pair = readonly [string, string];
const key = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);

/** Covers the pairs greedily, by stars ("a from b and c") or by sets in which every two are paired ("a, b and c from one another"). */
export function pairsInWords(pairs: readonly Pair[]): string[] {
  const edges = new Set(pairs.map(([a, b]) => key(a, b)));
  const names = [...new Set(pairs.flat())];
  const left = new Set(edges);
  const open = (list: readonly Pair[]): Pair[] => list.filter(([a, b]) => left.has(key(a, b)));
  const lines: string[] = [];
  for (const [a, b] of pairs) {
    while (left.has(key(a, b))) {
      const set = [a, b];
      for (const name of names) if (set.every((member) => member !== name && edges.has(key(name, member)))) set.push(name);
      const within = open(set.flatMap((one, i) => set.slice(i + 1).map((other): Pair => [one, other])));
      const star = open(names.filter((name) => edges.has(key(a, name))).map((name): Pair => [a, name]));
      const covered = within.length > star.length ? within : star;
      lines.push(within.length > star.length ? `${said(set)} from one another` : `${inWords(a)} from ${said(star.map(([, other]) => other))}`);
      for (const [one, other] of covered) left.delete(key(one, other));
    }
  }
  return lines;
}

const said = (names: readonly string[]): string => listed(names.map(inWords));
