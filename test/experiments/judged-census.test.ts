import { describe, expect, test } from "vitest";
import { judgeAsks } from "../../src/experiments/judge-labels.ts";
import { strategyCensus } from "../../src/experiments/strategy-census.ts";
import { type Stream, stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { JudgeExample, SeenJudge } from "../../src/terms/judge.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const WAYS = ["plus", "times", "other"];
const SHARES = [0.5, 0.35, 0.15];
const RIGHT = [0.8, 0.4, 0.1];
/** Of right work and of wrong work: what the judge says, the unreadable last. */
const THETA = {
  right: [
    [0.88, 0.06, 0.03, 0.03],
    [0.08, 0.82, 0.06, 0.04],
    [0.05, 0.1, 0.8, 0.05],
  ],
  wrong: [
    [0.72, 0.1, 0.08, 0.1],
    [0.1, 0.7, 0.1, 0.1],
    [0.05, 0.1, 0.75, 0.1],
  ],
};

function pick(law: readonly number[], random: Stream): number {
  let u = random.uniform();
  return Math.max(
    0,
    law.findIndex((p) => (u -= p) < 0),
  );
}

interface Planted {
  readonly examples: number;
  readonly told?: boolean;
  readonly theta?: typeof THETA;
}

/** Texts say way and verdict; the judge reads them as it was planted to. */
function planted(study: number, { examples, told = true, theta = THETA }: Planted): Seen {
  const random = stream(7, "planted", study);
  const attempt = (shares: readonly number[]): { way: number; right: boolean } => {
    const way = pick(shares, random);
    return { way, right: random.uniform() < RIGHT[way]! };
  };
  const made = madeSeen({
    policies: ["base"],
    problems: problemsOf([1], 40),
    rollouts: 12,
    draw: () => {
      // Problems of one kind: what differs between them is in test/maths/confusion.
      const { way, right } = attempt(SHARES);
      return { text: `${way} ${right}`, verdict: right ? "right" : "wrong" };
    },
  });
  const judge: SeenJudge = {
    key: "judge~1",
    strategies: WAYS,
    rollouts: 12,
    examplesKey: "e",
    examples: WAYS.flatMap((strategy, way) =>
      Array.from({ length: examples }, (_, i): JudgeExample => {
        const right = i % 2 === 0;
        return { text: `${way} ${right}`, strategy, ...(told ? { right } : {}) };
      }),
    ),
  };
  const seen = { ...made, judge };
  const answers = [0, 1].flatMap((round) =>
    judgeAsks(seen, judge, round, 1).map(({ ask }): RolloutRecord => {
      const { shown, ...own } = ask as Extract<typeof ask, { shown?: unknown }>;
      const [way, right] = shown!.text.split(" ");
      const said = pick(theta[right === "true" ? "right" : "wrong"][Number(way)]!, random);
      return {
        ...(own as Omit<RolloutRecord, "chunk" | "policy">),
        chunk: "",
        policy: "judge",
        engine: "",
        verifier: "",
        verdict: "ungradable",
        why: "no verdict",
        text: WAYS[said] ?? "plus or times",
      };
    }),
  );
  return { ...seen, rollouts: [...seen.rollouts, ...answers] };
}

const census = (seen: Seen, options = {}) =>
  new Findings(strategyCensus.live!.estimate(seen, { ...OPTIONS, rough: true, ...options }).findings);

describe("shares and success by a judge's labels", () => {
  test("hold what was planted as often as they say", () => {
    const [studies, level] = [200, 0.9];
    const inside = WAYS.map(() => ({ share: 0, success: 0 }));
    let raw = 0;
    for (let study = 0; study < studies; study++) {
      const found = census(planted(study, { examples: 120 }), { level, seed: study });
      WAYS.forEach((way, i) => {
        const share = found.measured(`strategy/${way}/share/base`)!;
        const success = found.measured(`strategy/${way}/success/base`)!;
        if (share.low! <= SHARES[i]! && SHARES[i]! <= share.high!) inside[i]!.share++;
        if (success.low! <= RIGHT[i]! && RIGHT[i]! <= success.high!) inside[i]!.success++;
      });
      raw += found.measured("strategy/plus/share/base")!.value / studies;
    }
    const margin = 3 * Math.sqrt((level * (1 - level)) / studies);
    for (const { share, success } of inside)
      for (const covered of [share, success]) expect(Math.abs(covered / studies - level)).toBeLessThan(margin);
    expect(raw).toBeCloseTo(SHARES[0]!, 2);
  });

  test("multiply back to the share that is right of what was labelled, and do not hang on the order of rows", () => {
    const seen = planted(1, { examples: 120 });
    const found = census(seen);
    const product = WAYS.reduce(
      (sum, way) =>
        sum +
        found.measured(`strategy/${way}/share/base`)!.value * found.measured(`strategy/${way}/success/base`)!.value,
      0,
    );
    const paired = seen.rollouts.filter(({ policy }) => policy === "base");
    expect(product).toBeCloseTo(paired.filter(({ verdict }) => verdict === "right").length / paired.length, 9);
    expect(census({ ...seen, rollouts: seen.rollouts.toReversed() }).list).toEqual(found.list);
  });

  test("success is refused where examples do not say which are right; shares are not", () => {
    const found = census(planted(2, { examples: 120, told: false }));
    expect(found.get("strategy/plus/success/base")).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/do not say which of them are right/),
    });
    expect(found.measured("strategy/plus/share/base")).toBeDefined();
    expect(found.measured("judge/accuracy/other")!.value).toBeCloseTo(0.775, 1);
  });
});

describe("refused, with why and mend", () => {
  const why = (pattern: RegExp) => ({ kind: "refused", why: expect.stringMatching(pattern) });

  test("two strategies that the judge cannot tell apart", () => {
    const mixed = [
      [0.8, 0.1, 0.1, 0],
      [0.1, 0.45, 0.45, 0],
      [0.1, 0.45, 0.45, 0],
    ];
    const found = census(planted(3, { examples: 60, theta: { right: mixed, wrong: mixed } }));
    expect(found.get("strategy/plus/share/base")).toMatchObject({
      ...why(/confusions are not told from ones that mix classes up/),
      mend: expect.stringMatching(/another judge/),
    });
  });

  test("a judge that was not asked, or lost too much", () => {
    const seen = planted(4, { examples: 60 });
    const without = (lost: (record: RolloutRecord) => boolean): Findings =>
      census({ ...seen, rollouts: seen.rollouts.filter((record) => record.policy !== "judge" || !lost(record)) });
    expect(without(() => true).get("strategy/plus/share/base")).toMatchObject(why(/labelled 0 of 180 examples/));
    const some = without(({ rollout, index }) => rollout.startsWith("strategy-census/1/") && index === 3);
    expect(some.get("strategy/plus/share/base")).toMatchObject(why(/labelled 440 of 480 rollouts of base/));
  });
});
