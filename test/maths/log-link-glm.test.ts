// test/maths · Log-link GLM: a published table, the wall p = 1, and coverage where problems differ in their answers' luck.
import { describe, expect, test } from "vitest";
import { type CountRow, etaOf, logLinkGlm } from "../../src/maths/log-link-glm.ts";
import { stream } from "../../src/maths/random.ts";
import { studentHalfWidth } from "../../src/maths/student.ts";

/**
 * Deaths of 192 women with breast cancer by stage and receptor level: S. C. Newman (2001), Biostatistical Methods in Epidemiology,
 * table 5.3; fitted by D. Spiegelman & E. Hertzmark (2005), Am. J. Epidemiology 162, 199–200. [deaths, women, II, III, low]
 */
const NEWMAN: [number, number, number, number, number][] = [
  [5, 55, 0, 0, 0],
  [17, 74, 1, 0, 0],
  [9, 15, 0, 1, 0],
  [2, 12, 0, 0, 1],
  [9, 22, 1, 0, 1],
  [12, 14, 0, 1, 1],
];
/** As printed for stats::glm(family = binomial(link = "log")) in the readme of the R package risks (K. H. Stopsack & T. Gerke). */
const PRINTED = { estimates: [-2.3521, 0.9314, 1.7695, 0.4436], errors: [0.3602, 0.393, 0.3851, 0.1968] };

describe("the published example", () => {
  const women = NEWMAN.flatMap(([deaths, size, ...x]) =>
    Array.from({ length: size }, (_, i) => ({ right: i < deaths ? 1 : 0, drawn: 1, x: [1, ...x] })),
  ).map((row, cluster) => ({ ...row, cluster }));

  test("comes out to the four decimals printed, estimates and errors", () => {
    const fit = logLinkGlm(women)!;
    PRINTED.estimates.forEach((value, k) => {
      expect(fit.coefficients[k]).toBeCloseTo(value, 4);
      expect(fit.modelErrors[k]).toBeCloseTo(PRINTED.errors[k]!, 4);
    });
    expect(fit.onWall).toEqual([]);
  });

  test("is the same from the six counts, and with an offset taken off the intercept", () => {
    const counts = NEWMAN.map(([right, drawn, ...x], cluster) => ({ right, drawn, x: [1, ...x], offset: -1, cluster }));
    const [byWoman, byCount] = [logLinkGlm(women)!, logLinkGlm(counts)!];
    byCount.coefficients.forEach((value, k) => {
      expect(value).toBeCloseTo(byWoman.coefficients[k]! + (k === 0 ? 1 : 0), 7);
    });
    expect(byCount.modelErrors[1]).toBeCloseTo(byWoman.modelErrors[1]!, 7);
  });
});

describe("the range p ≤ 1", () => {
  const ladder = (counts: [number, number][]): CountRow[] =>
    counts.map(([right, L], cluster) => ({ right, drawn: 50, x: [1, L], cluster }));

  test("holds where the easy rungs are all right: the fit lies on the wall and says so", () => {
    const rows = ladder([
      [50, 1],
      [45, 2],
      [30, 4],
      [10, 8],
    ]);
    const fit = logLinkGlm(rows)!;
    expect(fit.onWall).toEqual([0]);
    for (const row of rows) expect(etaOf(row, fit.coefficients)).toBeLessThanOrEqual(0);
    // On the wall a = −b, so p = e^{b (L − 1)}: the best b of one variable.
    const likelihood = (b: number): number =>
      rows.reduce((sum, { right, x }) => {
        const eta = b * (x[1]! - 1);
        return sum + right * eta + (right === 50 ? 0 : (50 - right) * Math.log(-Math.expm1(eta)));
      }, 0);
    const b = fit.coefficients[1]!;
    expect(fit.coefficients[0]).toBeCloseTo(-b, 6);
    for (const other of [b - 1e-3, b + 1e-3]) expect(likelihood(other)).toBeLessThan(likelihood(b));
  });

  test("and where all is right everywhere every row is on it", () => {
    const fit = logLinkGlm(
      ladder([
        [50, 1],
        [50, 2],
        [50, 4],
      ]),
    )!;
    expect(fit.onWall).toEqual([0, 1, 2]);
    expect(fit.logLikelihood).toBeCloseTo(0, 4);
  });
});

describe("a ladder of two policies", () => {
  const truth = [-0.05, -0.1, -0.02, -0.03];
  /** 10 problems a rung, 16 rollouts each of both policies, each problem's base rate scattered around the rung's by a factor of mean 1. */
  const study = (index: number): CountRow[] => {
    const draws = stream(71, "ladder", index);
    return [1, 2, 4, 8, 16].flatMap((L, rung) =>
      Array.from({ length: 10 }, (_, i) => {
        const cluster = rung * 10 + i;
        const [base, tuned] = [0, 1].map((policy) => Math.exp(truth[2 * policy]! + truth[2 * policy + 1]! * L));
        const right = [draws.binomial(16, draws.beta(20 * base!, 20 * (1 - base!))), draws.binomial(16, tuned!)];
        return right.map((own, policy) => {
          const x = policy === 0 ? [1, L, 0, 0] : [0, 0, 1, L];
          return { right: own, drawn: 16, x, cluster };
        });
      }).flat(),
    );
  };

  test("whose problems scatter more than binomial counts is fitted without bias and covered at 95 %", () => {
    const studies = 120;
    const wide = studentHalfWidth(0.95, 50 - 4);
    let covered = 0;
    const fits = Array.from({ length: studies }, (_, s) => logLinkGlm(study(s))!);
    truth.forEach((known, k) => {
      const errors = fits.map(({ coefficients }) => coefficients[k]! - known);
      const mean = errors.reduce((sum, e) => sum + e, 0) / studies;
      const sd = Math.sqrt(errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (studies - 1));
      expect(Math.abs(mean) / (sd / Math.sqrt(studies))).toBeLessThan(3);
      covered += fits.filter((fit, s) => Math.abs(errors[s]!) <= wide * fit.errors[k]!).length;
    });
    // Each alone: 94 to 96 % over 800 studies. Here 480 intervals, related by fours: a standard error of about 1.3 %.
    expect(covered / studies / 4).toBeGreaterThan(0.9);
    expect(covered / studies / 4).toBeLessThan(0.98);
  });
});

describe("what cannot be fitted", () => {
  test("columns that depend on each other give nothing", () => {
    const rows = [1, 2, 3].map((L, cluster) => ({ right: 5, drawn: 10, x: [L, 2 * L], cluster }));
    expect(logLinkGlm(rows)).toBeUndefined();
  });

  test("rows that no coefficients bring below p = 1 give nothing", () => {
    const rows = [1, -1].map((x, cluster) => ({ right: 5, drawn: 10, x: [x], cluster }));
    expect(logLinkGlm(rows)).toBeUndefined();
  });

  test("broken counts, or one problem, are refused", () => {
    expect(() => logLinkGlm([{ right: 3, drawn: 2, x: [1], cluster: 0 }])).toThrow(/got 3 of 2/);
    expect(() => logLinkGlm([{ right: 1, drawn: 2, x: [1], cluster: 0 }])).toThrow(
      /need more clusters than that, got 1/,
    );
  });
});
