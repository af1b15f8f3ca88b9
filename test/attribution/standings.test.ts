// Standings from whole small studies of the shipped worlds: names of findings and the signs that read them agree.
import { expect, it } from "vitest";
import { gathered } from "../../src/evidence/gathered.ts";
import { explain } from "../../src/study/explain.ts";
import { worldNamed } from "../../src/worlds/all.ts";
import { openWorld } from "../../src/worlds/open.ts";
import { liveStudy, studyProblems } from "../support/live-study.ts";

async function standingsOf(name: string) {
  const open = openWorld(worldNamed(name), { seed: 1, cache: "examples/worlds" });
  const policies = [open.policies[0]!.name, open.policies.at(-1)!.name];
  const problems = studyProblems(open).filter((_, i) => i % 3 === 0);
  const { seen } = await liveStudy(open, {
    policies,
    problems,
    rollouts: 20,
    seed: 3,
    experiments: ["handoff", "step-ladder", "strategy-census"],
  });
  const paired = seen.rollouts.filter(({ experiment }) => experiment === "paired-sampling");
  const evidence = await gathered(
    (async function* () {
      yield* paired;
    })(),
    name,
  );
  const inOrder = policies.map((policy) => evidence.find((one) => one.policy === policy)!);
  const { document } = explain(inOrder, { seen, seed: 1, draws: 2000, rlRollouts: 1_000_000 });
  return (rival: string) => document.explanations.find((one) => one.name === rival)!;
}

it("steadier steps are alone sufficient where training made them steadier, by share and signs", async () => {
  const of = await standingsOf("steady-hand");
  const { standing, because } = of("steadier-steps");
  expect(standing).toBe("alone sufficient");
  expect(because).toEqual(
    expect.arrayContaining(["ledger/steadier-steps", "slips/way/base", "slips/way/tuned", "ladder/way/slope-ratio"]),
  );
  for (const other of ["novel-strategy", "recovery", "composition", "format-learned", "longer-outputs", "reward-tilt"])
    expect(["not needed", "cannot be told"]).toContain(of(other).standing);
});

it("a known way chosen more often contributes most, by share and signs; it is not taken for a novel one", async () => {
  const of = await standingsOf("known-route");
  const { standing, because } = of("amplified-strategy");
  expect(["alone sufficient", "contributes"]).toContain(standing);
  expect(because).toEqual(
    expect.arrayContaining([
      "ledger/amplified-strategy",
      "strategy/stepwise/share/base",
      "strategy/stepwise/share/tuned",
    ]),
  );
  for (const other of ["novel-strategy", "recovery", "composition", "format-learned", "longer-outputs", "reward-tilt"])
    expect(["not needed", "cannot be told"]).toContain(of(other).standing);
});
