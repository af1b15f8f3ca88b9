import { expect, it } from "vitest";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => novelStrategy.judge(findings(estimates), LIMITS);

it("cannot be told from amplified-strategy even where their common shape fits alone", () => {
  const found = judge({ ...GAIN, ...kernel("strategy-mixture", alone("strategy-mixture")) });
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("amplified-strategy");
});

it("is not needed where a shape that moves every problem alike predicts far better", () => {
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")) }).standing).toBe("not needed");
});

it("cannot be told from answers known by heart where what rose shows no work, as far as fresh twins leave that open", () => {
  const part = (value: number) => measured(value, { low: value - 0.05, high: value + 0.05, level: 0.95 });
  const rose = (way: string) => ({
    ...GAIN,
    "ledger/novel-strategy": measured(0.97, { low: 0.9, high: 1.04, level: 0.9 }),
    [`strategy/${way}/share/base`]: measured(0, { low: 0, high: 0.001, level: 0.95 }),
    [`strategy/${way}/share/tuned`]: part(0.9),
    [`strategy/${way}/success/base`]: measured(0, { low: 0, high: 1, level: 0.95 }),
    [`strategy/${way}/success/tuned`]: part(0.9),
  });
  const found = judge(rose("direct"));
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("no fresh twins were asked");
  expect(found.because).toContain("strategy/direct/share/base");
  const recalled = (low: number, high: number) =>
    judge({ ...rose("direct"), "recall/share": measured((low + high) / 2, { low, high, level: 0.95 }) });
  expect(recalled(-0.05, 0.05).standing).toBe("alone sufficient");
  expect(recalled(-0.2, 0.3).standing).toBe("contributes");
  expect(recalled(-0.2, 0.85).standing).toBe("cannot be told");
  expect(recalled(-0.2, 0.85).reason).toContain("85 % of the gain may be that");
  expect(judge(rose("stepwise")).standing).toBe("alone sufficient");
});
