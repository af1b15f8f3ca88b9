// report/ · pass@k, told: a table of chosen k, the certified ranges, and the first-loss set.
import type { CurveExhibit } from "../../terms/exhibit.ts";
import { difference, estimateInWords, percent, rate } from "../numbers.ts";
import { prose, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function passAtK(story: Story): Section | undefined {
  const curves = story.of("curves");
  const [main] = curves;
  const k = main === undefined ? foundK(story) : chosenK(main);
  return section("pass-at-k", "Success within k tries", [
    ...(main === undefined ? [] : [{ kind: "figure", exhibit: main } as const]),
    table(["k", ...story.policies, `${story.tuned} − ${story.base}`, main === undefined ? "interval" : `${percent(main.level)} band`, "certified"].map(right), k.map((at) => row(story, main, at)), "pass@k, averaged over problems"),
    story.estimate("first-loss") !== undefined && main === undefined ? prose(`First k at which ${story.tuned} is worse: ${story.words("first-loss")}.`) : undefined,
    prose("The band holds over all k at once. It covers the draw of problems and of rollouts; it does not cover training-seed variance: another run of the same training could land elsewhere."),
    ...curves.slice(1).map((exhibit): Piece => ({ kind: "figure", exhibit })),
    story.refusals("first-loss"),
  ]);
}

/** 1, 2, 4 … K, and what lies around the crossing. */
function chosenK({ k, difference, gains, losses, firstLoss }: CurveExhibit): number[] {
  const most = k.at(-1) ?? 1;
  const turn = k.findIndex((_, i) => i > 0 && Math.sign(difference[i] ?? 0) !== Math.sign(difference[i - 1] ?? 0));
  const wanted = new Set([
    ...Array.from({ length: 24 }, (_, i) => 2 ** i), most, firstLoss?.low, firstLoss?.high,
    ...[...gains.slice(0, 3), ...losses.slice(0, 3)].flat(), ...(turn > 0 ? [k[turn - 1], k[turn]] : []),
  ]);
  return k.filter((at) => wanted.has(at));
}

function foundK(story: Story): number[] {
  const all = story.under("pass@").map((rest) => Number.parseInt(rest, 10)).filter((at) => at > 0);
  return [...new Set(all)].sort((a, b) => a - b).filter((at, i, list) => i === list.length - 1 || Number.isInteger(Math.log2(at)));
}

function row(story: Story, main: CurveExhibit | undefined, k: number): string[] {
  const i = main?.k.indexOf(k) ?? -1;
  const pass = (policy: string): string => {
    const found = story.measured(`pass@${k}/${policy}`)?.value;
    const drawn = main?.policies[0] === policy ? main.base[i] : main?.policies[1] === policy ? main.later[i] : undefined;
    const curve = found ?? drawn ?? story.of("curves").find((exhibit) => exhibit.policies[1] === policy && exhibit.k.includes(k));
    return curve === undefined ? "–" : rate(typeof curve === "number" ? curve : (curve.later[curve.k.indexOf(k)] ?? NaN));
  };
  const gain = story.measured(`gain@${k}`);
  const low = main?.low[i] ?? gain?.low;
  const high = main?.high[i] ?? gain?.high;
  const value = main?.difference[i] ?? gain?.value;
  const sure = low === undefined || high === undefined ? "" : low > 0 ? "gain" : high < 0 ? "loss" : "";
  return [
    String(k),
    ...story.policies.map(pass),
    `${value === undefined ? estimateInWords(story.estimate(`gain@${k}`), true) : difference(value)}`,
    low === undefined || high === undefined ? "–" : `[${difference(low)}, ${difference(high)}]`,
    sure,
  ];
}
