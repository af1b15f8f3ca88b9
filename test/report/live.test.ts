// test/report/ · What live experiments found, told: every picture concludes, bounds are bounds, refusals stand in the picture's place.
import { describe, expect, test } from "vitest";
import { figureOf, figureSvg } from "../../src/report/figures/figure.ts";
import { spotInWords } from "../../src/report/figures/spots.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderText } from "../../src/report/text.ts";
import type { Exhibit } from "../../src/terms/exhibit.ts";
import { evolution, ladder, ledger, logRatio, missingBits, oneFork } from "../fixtures/report/live.ts";
import { live, liveRefused } from "../fixtures/report/sample.ts";

const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
const concluded = (given: Exhibit): string => {
  const { figure, exhibit } = figureOf(given);
  return flat(figure.conclude(exhibit));
};
const titles = (given: Exhibit): string[] =>
  [...figureSvg(given).matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => flat(title ?? ""));

describe("a spot", () => {
  test.each([
    [spotInWords({ value: 1.2, low: 0.9, high: 1.5 }), "1.20 [0.90, 1.50]"],
    [spotInWords({ value: 0.34, low: 0.2, high: 0.45 }, "percent"), "34 [20, 45] %"],
    [spotInWords({ low: 3 }), "at least 3"],
    [spotInWords({ high: 0.004 }, "percent"), "at most 0.400 %"],
    [spotInWords({}), "not known"],
    [spotInWords({ value: -0.1, low: -0.2, high: 0 }, "signed"), "−0.100 [−0.200, 0.000]"],
  ])("%s", (said, wanted) => expect(flat(said)).toBe(wanted));
});

describe("missing bits", () => {
  test("bits that are spread over the steps are called so, and bits at one fork too", () => {
    expect(concluded(missingBits())).toContain(
      "spread over the answer, as many small slips are: 12.8 [10.4, 15.2] effective places of 17",
    );
    expect(concluded(oneFork())).toContain(
      "gathered at one fork: 1.30 [1.00, 1.60] effective places of 4. The largest part stands at sentence 1: 4.10 [3.70, 4.50].",
    );
  });

  test("where N_eff could be either, neither is claimed", () => {
    const [panel] = oneFork().panels;
    const [series] = panel!.series;
    const open = {
      ...oneFork(),
      panels: [{ ...panel!, series: [{ ...series!, neff: { value: 2, low: 1.2, high: 3.4 } }] }],
    };
    expect(concluded(open)).toContain("whether they are gathered or spread is not certain");
  });

  test("a place where no continuation was right is a bound, with an arrow and no value", () => {
    const drawn = missingBits();
    expect(titles(drawn)).toContain("L = 16, step 4: tuned at least 0.350, step-100 0.23 [0.05, 0.41] bits");
    const bounds = figureSvg(drawn).match(/<path class="whisker"/g) ?? [];
    expect(bounds).toHaveLength(1);
  });

  test("with nothing to draw it says so and does not break", () => {
    const empty = { ...oneFork(), panels: [] };
    expect(concluded(empty)).toBe("No profile could be drawn: no right answer could be continued.");
    expect(figureSvg(empty)).toContain("no right answer could be continued");
  });
});

describe("the ledger", () => {
  test("causes that are certainly not 0 come first by size, the others are named as not certain", () => {
    expect(concluded(ledger())).toBe(
      "Of the gain of +0.312 [+0.271, +0.353] in pass@1, tuned − base, 61 [50, 72] % by steadier steps, 12 [3, 21] % by amplified strategy, 10 [2, 18] % by recovery and 8 [3, 13] % by format learned (90 %, all entries at once). No part that is certainly not 0: longer outputs, plan undecided, composition and answer. Unexplained: 6 [−6, 18] %.",
    );
  });

  test("every bar starts where the one before it ended, and the last ends at the whole gain", () => {
    const svg = figureSvg(ledger());
    const bars = [
      ...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="[\d.]+" class="bar (total|solid|step)"/g),
    ].map(([, x, width, kind]) => ({ from: Number(x), to: Number(x) + Number(width), kind }));
    const whole = bars.at(-1)!;
    expect(bars.map(({ kind }) => kind)).toEqual([...Array<string>(8).fill("total"), "solid", "step"]);
    // The first bar starts at 0 and the last ends at 1, to the tenth of a pixel that the drawing keeps.
    expect(bars[0]!.from).toBeCloseTo(whole.from, 0);
    expect(bars.at(-2)!.to).toBeCloseTo(whole.to, 0);
    for (const [i, bar] of bars.slice(1, -1).entries())
      expect(
        Math.min(...[bar.from, bar.to].flatMap((a) => [bars[i]!.from, bars[i]!.to].map((b) => Math.abs(a - b)))),
      ).toBeLessThan(0.3);
  });

  test("a cause without a value has no bar, and the reason is given once", () => {
    expect(titles(ledger())).toContain("novel strategy: not told of the gain");
    const text = flat(renderText(live.document, live.exhibits));
    expect(text).toContain(
      "Not in the picture: novel-strategy. The base's own rollouts do not bound the mass below the yardstick. Draw 40,000 base rollouts, or run rare-mass.",
    );
    expect(text).not.toContain("novel-strategy: the yardstick was not reached");
  });

  test("what an entry assumes is told beside it", () => {
    const entries = live.document.ledger.map((entry) => ({ ...entry, assumes: "slips do not depend on the plan" }));
    const text = renderText({ ...live.document, ledger: entries }, []);
    expect(text).toMatch(/identified by +assumes\n/);
    expect(flat(text)).toContain("handoff and slip rates slips do not depend on the plan");
    expect(renderText(live.document, [])).not.toMatch(/identified by +assumes/);
  });
});

describe("the ladder", () => {
  test("the law that wins is named with its lead; where none does, that is said", () => {
    expect(concluded(ladder())).toContain(
      "It grows with every step, as fewer slips a step make it: ahead of one ratio at every length by 48.2 nats.",
    );
    expect(concluded(ladder(undefined, false))).toContain(
      "The two laws cannot be told apart: “a factor with every step” is only 0.7 nats ahead.",
    );
    expect(figureSvg(ladder())).toContain('class="shape chosen dash-3"');
    expect(figureSvg(ladder(undefined, false))).not.toContain("chosen ");
  });

  test("a ratio over a base that was never right is a bound", () => {
    expect(titles(ladder())).toContain("L = 32: base 0.000, tuned 0.263; p1/p0 at least 8");
  });
});

describe("cross-scoring", () => {
  test("few tokens are claimed only where the share lies above what a policy shows against itself", () => {
    expect(concluded(logRatio())).toMatch(
      /^No few tokens carry it: the top 1 % of tokens of tuned's right rollouts carry 14\.0 \[12\.0, 16\.0\] %/,
    );
    expect(concluded({ ...logRatio(), topShare: { value: 0.61, low: 0.5, high: 0.7 } })).toMatch(
      /^A few tokens carry it/,
    );
    expect(concluded({ ...logRatio(), topShareNull: {} })).toMatch(/^How it is spread/);
  });

  test("beside what was seen where laws of texts part stands what each law would leave; what was not answered says so", () => {
    const seen = {
      name: "cross/after-loss",
      estimate: { kind: "measured", value: 0.96, low: 0.91, high: 1.01, level: 0.95, method: "made up" },
    } as const;
    const none = {
      name: "cross/sure-slope",
      estimate: { kind: "refused", why: "no sure tokens", mend: "more" },
    } as const;
    const told = flat(
      renderText({ ...live.document, findings: [...live.document.findings, seen, none] }, live.exhibits),
    );
    expect(told).toMatch(/lost work, over before +0\.96 \[0\.91, 1\.01\] +0 +about 1 +about 1/);
    expect(told).toMatch(/what was sure, times +refused/);
    expect(renderText(live.document, live.exhibits)).not.toContain("where laws of texts part");
  });

  test("a line breaks where a bin holds nothing", () => {
    const [first, ...rest] = logRatio().profiles;
    const broken = { ...first!, points: first!.points.map((one, i) => (i === 9 ? {} : one)) };
    const lines = (exhibit: Exhibit): number =>
      (figureSvg(exhibit).match(/<path class="curve [^"]*" d="([^"]*)"/g) ?? []).join("").split("M").length;
    expect(lines({ ...logRatio(), profiles: [broken, ...rest] })).toBe(lines(logRatio()) + 1);
  });
});

describe("evolution", () => {
  test("every behaviour is classified, with the checkpoint at which it emerged or the samples that would decide", () => {
    const said = concluded(evolution());
    expect(said).toContain(
      "check and repair went from at most 0.400 % to 21.0 [20.0, 22.0] % of rollouts (emerged at step-50)",
    );
    expect(said).toContain("(undecided: about 41,000 base rollouts would decide)");
    expect(said).toContain("The level changes: slips at step-150; entropy at step-50.");
  });

  test("a measure that is not known has a panel that says so", () => {
    expect(figureSvg(evolution())).toContain(">not known</text>");
    expect(flat(renderText(live.document, live.exhibits))).toContain("- repairs, after a slip: not known.");
  });
});

describe("in the report", () => {
  test("a refusal stands where its picture would stand", () => {
    const text = flat(renderText(liveRefused.document, liveRefused.exhibits));
    for (const [title, name] of [
      ["Who wrote what: plan, execution, answer", "handoff"],
      ["Where base lacks bits", "missing-bits/total"],
      ["Few tokens or a thousand cuts", "cross-scoring"],
      ["By number of steps", "step-ladder"],
      ["Which way, and how well", "strategy-census"],
      ["What changed when", "evolution"],
    ])
      expect(text).toMatch(new RegExp(`${title} ─+ Not answered: Nothing to tell of ${name}\\. Mend ${name}\\.`));
  });

  test("where nothing was asked nothing is told", () => {
    const silent = { ...live.document, findings: [], ledger: [] };
    expect(renderHtml(silent, [])).not.toMatch(
      /id="(handoff|missing-bits|cross-scoring|ladder|strategies|ledger|evolution)"/,
    );
  });

  test("the page links to every part", () => {
    const html = renderHtml(live.document, live.exhibits);
    for (const id of ["handoff", "missing-bits", "cross-scoring", "ladder", "strategies", "ledger", "evolution"]) {
      expect(html).toContain(`href="#${id}"`);
      expect(html).toContain(`<section id="${id}">`);
    }
  });

  test("a strategy whose name holds a slash keeps it, and share × success is multiplied out", () => {
    expect(renderText(live.document, [])).toMatch(/\ntable\/first +tuned +0\.290 \[.*\] +0\.900 \[.*\] +26 %\n/);
  });
});

test("what was foretold stands beside what was seen, and a change of what was fixed is an amendment", () => {
  const text = renderText(live.document, live.exhibits);
  expect(text).toContain("Foretold and seen");
  expect(text.replace(/\s+/g, " ")).toContain("ledger/steadier-steps 1; −0.0200 to 0.0100");
  expect(text.replace(/\s+/g, " ")).toContain('yardstick was none and is {"rlRollouts":1000000}');
  expect(renderText({ ...live.document, registration: undefined } as typeof live.document)).not.toContain("Foretold");
});
