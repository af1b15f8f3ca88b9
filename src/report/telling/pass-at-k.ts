// report/ · pass@k, told: a table of chosen k, the certified ranges, and the first-loss set.
import type { CurveExhibit } from "../../terms/exhibit.ts";
import { difference as gap, estimateInWords, percent, rate } from "../numbers.ts";
import { prose, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function passAtK(story: Story): Section | undefined {
  const curves = story.of("curves");
  const [main] = curves;
  const k = main === undefined ? foundK(story) : chosenK(main);
  const heads = [
    "k",
    story.base,
    story.tuned,
    `${story.tuned} − ${story.base}`,
    main === undefined ? "interval" : `${percent(main.level)} band`,
    "certified",
  ];
  const band =
    "The band holds over all k at once. It covers the draw of problems and of rollouts; it does not cover training-seed variance: another run of the same training could land elsewhere.";
  return section("pass-at-k", "Success within k tries", [
    ...(main === undefined ? [] : [{ kind: "figure", exhibit: main } as const]),
    table(
      heads.map(right),
      k.map((at) => row(story, main, at)),
      "pass@k, averaged over problems",
    ),
    story.estimate("first-loss") !== undefined && main === undefined
      ? prose(`First k at which ${story.tuned} is worse: ${story.words("first-loss")}.`)
      : undefined,
    k.length === 0 ? undefined : prose(band),
    alongTheWay(story, k),
    ...curves.slice(1).map((exhibit): Piece => ({ kind: "figure", exhibit })),
    story.refusals("paired-sampling", "pass@"),
  ]);
}

/** Every policy in training order, at the ends of the curve. */
function alongTheWay(story: Story, k: readonly number[]): Piece | undefined {
  const ends = [...new Set([k[0] ?? 1, k.at(-1) ?? 1])];
  const name = (at: number, policy: string): string => (policy === story.tuned ? `gain@${at}` : `gain@${at}/${policy}`);
  if (story.policies.length < 3) return undefined;
  return table(
    ["policy", ...ends.flatMap((at) => [right(`pass@${at}`), right("gain over the base")])],
    story.policies.map((policy, i) => [
      policy,
      ...ends.flatMap((at) => [
        rateOf(story.measured(`pass@${at}/${policy}`)?.value),
        i === 0 ? "" : story.words(name(at, policy), true),
      ]),
    ]),
    "In training order",
  );
}

const rateOf = (value: number | undefined): string => (value === undefined ? "–" : rate(value));

/** 1, 2, 4 … K, and what lies around the crossing. */
function chosenK({ k, difference, gains, losses, firstLoss }: CurveExhibit): number[] {
  const most = k.at(-1) ?? 1;
  const turn = k.findIndex((_, i) => i > 0 && Math.sign(difference[i] ?? 0) !== Math.sign(difference[i - 1] ?? 0));
  const wanted = new Set([
    ...Array.from({ length: 24 }, (_, i) => 2 ** i),
    most,
    firstLoss?.low,
    firstLoss?.high,
    ...[...gains.slice(0, 3), ...losses.slice(0, 3)].flat(),
    ...(turn > 0 ? [k[turn - 1], k[turn]] : []),
  ]);
  return k.filter((at) => wanted.has(at));
}

function foundK(story: Story): number[] {
  const all = story
    .under("pass@")
    .map((rest) => Number.parseInt(rest, 10))
    .filter((at) => at > 0);
  return [...new Set(all)]
    .sort((a, b) => a - b)
    .filter((at, i, list) => i === list.length - 1 || Number.isInteger(Math.log2(at)));
}

function row(story: Story, main: CurveExhibit | undefined, k: number): string[] {
  const i = main?.k.indexOf(k) ?? -1;
  const pass = (policy: string, drawn: number | undefined): string =>
    rateOf(story.measured(`pass@${k}/${policy}`)?.value ?? drawn);
  const gain = story.measured(`gain@${k}`);
  const low = main?.low[i] ?? gain?.low;
  const high = main?.high[i] ?? gain?.high;
  const value = main?.difference[i] ?? gain?.value;
  const sure = low === undefined || high === undefined ? "" : low > 0 ? "gain" : high < 0 ? "loss" : "";
  return [
    String(k),
    pass(story.base, main?.base[i]),
    pass(story.tuned, main?.later[i]),
    `${value === undefined ? estimateInWords(story.estimate(`gain@${k}`), true) : gap(value)}`,
    low === undefined || high === undefined ? "–" : `[${gap(low)}, ${gap(high)}]`,
    sure,
  ];
}
