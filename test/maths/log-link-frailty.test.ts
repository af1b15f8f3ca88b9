// test/maths · Log-link frailty: the integral against its closed form, unlike problems fitted without bias where the plain GLM is wrong.
import { describe, expect, test } from "vitest";
import { type FrailtyFit, type FrailtyRow, logLinkFrailty, marginalRight } from "../../src/maths/log-link-frailty.ts";
import { logLinkGlm } from "../../src/maths/log-link-glm.ts";
import { stream } from "../../src/maths/random.ts";

const RUNGS = [1, 2, 4, 8, 16];

/** `problems` a rung, 16 rollouts each under two policies; p = e^{Z (a + bL)}, Z gamma with mean 1 and variance theta, shared or not. */
function study(
  index: number,
  problems: number,
  policies: readonly { readonly a: number; readonly b: number }[],
  theta: number,
): FrailtyRow[] {
  const draws = stream(81, `frailty ${theta} ${policies.length}`, index);
  const z = (): number => (theta === 0 ? 1 : theta * draws.gamma(1 / theta));
  return RUNGS.flatMap((L, rung) =>
    Array.from({ length: problems }, (_, i) => {
      const cluster = rung * problems + i;
      let own = z();
      return policies.map(({ a, b }, policy) => {
        // Every other problem is as hard to the second policy as to the first.
        if (policy > 0 && i % 2 === 0) own = z();
        const x = policies.flatMap((_own, other) => (other === policy ? [1, L] : [0, 0]));
        const right = draws.binomial(16, Math.exp(own * (a + b * L)));
        return { right, drawn: 16, x, cluster, unit: cluster * policies.length + policy, policy };
      });
    }).flat(),
  );
}

/** z of the mean error, and share covered, of coefficient k. */
function judged(
  fits: readonly { readonly coefficients: Float64Array; readonly errors: Float64Array }[],
  k: number,
  truth: number,
): { z: number; covered: number } {
  const errors = fits.map(({ coefficients }) => coefficients[k]! - truth);
  const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
  const sd = Math.sqrt(errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (errors.length - 1));
  const covered = fits.filter((fit, s) => Math.abs(errors[s]!) <= 1.98 * fit.errors[k]!).length / errors.length;
  return { z: mean / (sd / Math.sqrt(errors.length)), covered };
}

describe("the likelihood", () => {
  test("of single rollouts is that of the closed form (1 − θη)^{−1/θ}", () => {
    // Units of one rollout, whose integral is known.
    const rows: FrailtyRow[] = RUNGS.flatMap((L, rung) =>
      Array.from({ length: 40 }, (_, i) => {
        const unit = rung * 40 + i;
        return {
          right: i < 40 * marginalRight(-0.05 - 0.2 * L, 1) ? 1 : 0,
          drawn: 1,
          x: [1, L],
          cluster: unit,
          unit,
          policy: 0,
        };
      }),
    );
    const fit = logLinkFrailty(rows)!;
    const [a, b] = fit.coefficients;
    const closed = rows.reduce((sum, { right, x }) => {
      const p = marginalRight(a! + b! * x[1]!, fit.frailty[0]!);
      return sum + Math.log(right === 1 ? p : 1 - p);
    }, 0);
    // The trapezoid rule at gaps of ½ errs by some 1e-8 a unit; there are 200.
    expect(fit.logLikelihood).toBeCloseTo(closed, 4);
  });

  test("without frailty is the plain GLM's, which is found again where the counts scatter no more than binomial ones", () => {
    const rows = RUNGS.flatMap((L, rung) =>
      [0, 1, 2].map((i) => {
        const unit = rung * 3 + i;
        return { right: Math.round(32 * 0.95 * 0.9 ** L), drawn: 32, x: [1, L], cluster: unit, unit, policy: 0 };
      }),
    );
    const fit = logLinkFrailty(rows)!;
    const plain = logLinkGlm(rows)!;
    expect(fit.frailty[0]).toBe(0);
    expect(fit.frailtyErrors).toEqual([undefined]);
    expect(fit.coefficients[1]).toBeCloseTo(plain.coefficients[1]!, 4);
    expect(fit.gained).toBeLessThan(1e-3);
  });
});

test("the marginal rate is e^η without frailty, and above it with", () => {
  expect(marginalRight(-1.5, 0)).toBe(Math.exp(-1.5));
  expect(marginalRight(-1.5, 1e-9)).toBeCloseTo(Math.exp(-1.5), 8);
  expect(marginalRight(-1.5, 0.5)).toBeCloseTo(1.75 ** -2, 12);
});

describe("unlike problems", () => {
  const policies = [
    { a: -0.05, b: -0.12 },
    { a: -0.05, b: -0.04 },
  ];
  const theta = 0.5;
  const rows = Array.from({ length: 40 }, (_, s) => study(s, 10, policies, theta));
  const fits = rows.map((own) => logLinkFrailty(own)!);
  const plain = rows.map((own) => logLinkGlm(own)!);

  test("are fitted without bias and covered at 95 %, both policies at once", () => {
    let covered = 0;
    [-0.05, -0.12, -0.05, -0.04].forEach((truth, k) => {
      const { z, covered: own } = judged(fits, k, truth);
      expect(Math.abs(z)).toBeLessThan(3);
      covered += own / 4;
    });
    // 160 intervals, related by fours: a standard error of about 2.5 %.
    expect(covered).toBeGreaterThan(0.9);
    expect(covered).toBeLessThan(0.98);
  });

  test("make the plain GLM call the steps more reliable than they are", () => {
    for (const [k, truth] of [
      [1, -0.12],
      [3, -0.04],
    ] as const) {
      expect(judged(plain, k, truth).z).toBeGreaterThan(4);
      expect(judged(plain, k, truth).covered).toBeLessThan(0.88);
    }
  });

  test("show their frailty, with an error that covers it", () => {
    const inside = fits.filter(({ frailty, frailtyErrors }) => Math.abs(frailty[0]! - theta) <= 2 * frailtyErrors[0]!);
    expect(inside.length / fits.length).toBeGreaterThan(0.8);
    expect(fits.every(({ gained }) => gained > 5)).toBe(true);
  });

  test("leave each policy's errors related through their common problems", () => {
    const { covariance, errors } = fits[0]!;
    const related = covariance[1 * 4 + 3]! / (errors[1]! * errors[3]!);
    expect(related).toBeGreaterThan(0);
    expect(related).toBeLessThan(1);
  });
});

test("problems alike are fitted as the plain GLM fits them", () => {
  const fits: FrailtyFit[] = [];
  for (let s = 0; s < 40; s++) fits.push(logLinkFrailty(study(s, 8, [{ a: -0.05, b: -0.1 }], 0))!);
  expect(Math.abs(judged(fits, 1, -0.1).z)).toBeLessThan(3);
  const median = fits.map(({ frailty }) => frailty[0]!).sort((p, q) => p - q)[20]!;
  expect(median).toBeLessThan(0.02);
});

test("a policy that is nearly always right is fitted on the wall, with a usable slope", () => {
  const fits = Array.from({ length: 30 }, (_, s) => logLinkFrailty(study(s, 8, [{ a: 0, b: -0.004 }], 0.5))).filter(
    (fit) => fit !== undefined,
  );
  expect(fits.length).toBeGreaterThanOrEqual(28);
  expect(fits.some(({ onWall }) => onWall.length > 0)).toBe(true);
  for (const { coefficients } of fits) expect(coefficients[0]! + coefficients[1]!).toBeLessThanOrEqual(1e-9);
  const { z, covered } = judged(fits, 1, -0.004);
  expect(Math.abs(z)).toBeLessThan(3);
  expect(covered).toBeGreaterThan(0.8);
});
