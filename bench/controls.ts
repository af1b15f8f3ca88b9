// bench/ · Controls: a badly asked base, recalled answers, guesses, a fooled grader: how often they are named, and nobody else.
//
// node bench/controls.ts CACHE [STUDIES [SEEDS]] writes bench/results/controls.md. On paper so many studies of each; and, of worlds in CACHE
// (bench/worlds.ts --seeds SEEDS), same-again with a prompt that its base was not trained on. About ten minutes at 20.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { gathered } from "../src/evidence/gathered.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { stream } from "../src/maths/random.ts";
import { type Explained, explain } from "../src/study/explain.ts";
import { drawFrom, lawOf } from "../src/study/imagined.ts";
import { imaginedStudy } from "../src/study/imagined-answers.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld } from "../src/worlds/open.ts";
import { liveStudy } from "../test/support/live-study.ts";

const CACHE = process.argv[2];
if (CACHE === undefined) throw new Error("name the cache of worlds");
const STUDIES = Number(process.argv[3] ?? 20);
const SEEDS = (process.argv[4] ?? "63,65,66").split(",").map(Number);
const STEPS = [2, 3, 4, 6];
const EXPERIMENTS = [
  "handoff",
  "step-ladder",
  "strategy-census",
  "cross-scoring",
  "decoder-sweep",
  "guess-control",
  "contamination-control",
];
const CAUSES = [
  "weak-baseline",
  "contaminated",
  "lucky-guess",
  "verifier-exploit",
  "steadier-steps",
  "amplified-strategy",
];

type Document = Explained["document"];

function onPaper(rival: string, seed: number): Document {
  const random = stream(seed, `bench/controls/${rival}`);
  const rivals = EXPLANATIONS.filter(({ name }) => name === rival);
  const law = lawOf(rivals, { steps: STEPS, base: 0.3, gain: 0.3 }, random);
  const problems = drawFrom(
    law,
    Array.from({ length: 60 }, (_, i) => STEPS[i % STEPS.length]!),
    random,
  );
  const study = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 64,
    scored: 8,
    experiments: EXPERIMENTS,
    seed,
  });
  return explain(study.evidence, { seen: study.seen, seed, draws: 2000, rlRollouts: 1_000_000 }).document;
}

const NAMED = ["alone sufficient", "contributes"];
const of = (k: number, n: number): string => {
  const { low, high } = clopperPearson(k, n, 0.95);
  return `${k} of ${n} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
};

const lines = CAUSES.map((rival) => {
  const told = Array.from({ length: STUDIES }, (_, i) => onPaper(rival, 5000 + i));
  const is = (standing: string): number =>
    told.filter(({ explanations }) => explanations.find(({ name }) => name === rival)!.standing === standing).length;
  const others = new Map<string, number>();
  for (const { explanations } of told)
    for (const { name, standing } of explanations)
      if (name !== rival && NAMED.includes(standing)) others.set(name, (others.get(name) ?? 0) + 1);
  const line = `| ${rival} | ${of(is("alone sufficient"), STUDIES)} | ${is("contributes")} | ${[...others].map(([name, n]) => `${name} ${n}`).join(", ") || "none"} |`;
  console.log(line);
  return line;
});

/** The base and the tuned policy of same-again are one network; the base alone is asked with a letter too many. */
async function badlyAsked(seed: number): Promise<string> {
  const open = openWorld(worldNamed("same-again"), { seed, cache: CACHE! });
  const [base, tuned] = [open.policies[0]!.name, open.policies.at(-1)!.name];
  const { seen } = await liveStudy(open, {
    policies: [base, tuned],
    rollouts: 64,
    scored: 8,
    seed: 900 + seed,
    experiments: EXPERIMENTS,
    prompts: { [base]: "{problem}?" },
    variants: [{ name: "plain", prompt: "{problem}", sampler: {} }],
  });
  const paired = seen.rollouts.filter(({ experiment }) => experiment === "paired-sampling");
  const evidence = await gathered(
    (async function* () {
      yield* paired;
    })(),
    "same-again",
  );
  const inOrder = [base, tuned].map((name) => evidence.find(({ policy }) => policy === name)!);
  const { document } = explain(inOrder, { seen, seed, draws: 2000, rlRollouts: 1_000_000 });
  const cell = (name: string): string => {
    const found = document.findings.find((one) => one.name === name)?.estimate;
    return found?.kind === "measured" && found.low !== undefined
      ? `${found.value.toFixed(3)} [${found.low.toFixed(3)}, ${found.high!.toFixed(3)}]`
      : "–";
  };
  const named = document.explanations.filter(({ standing }) => NAMED.includes(standing));
  const line = `| ${seed} | ${cell("pass@1/base")} | ${cell("pass@1/tuned")} | ${cell("sweep/share")} | ${named.map(({ name, standing }) => `${name}: ${standing}`).join(", ")} |`;
  console.log(line);
  return line;
}

const asked: string[] = [];
for (const seed of SEEDS) asked.push(await badlyAsked(seed));

writeFileSync(
  new URL("results/controls.md", import.meta.url),
  `# A badly asked base, recalled answers, guesses, a fooled grader

Studies on paper (60 problems of ${STEPS.join(", ")} steps, 64 rollouts, 8 scored, base right in 0.3, gain 0.3), ${STUDIES} of each cause, with every control; and of two causes that are none of
these. A good prompt and fresh twins are at hand on paper. Made by \`node bench/controls.ts CACHE ${STUDIES} ${SEEDS.join()}\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| what training did | it alone is sufficient [95 %] | it contributes | others said to contribute or to be alone sufficient |
|---|---|---|---|
${lines.join("\n")}

The planted world same-again, whose tuned policy is its base; the base alone is asked with a letter that it never saw behind a problem (\`{problem}?\`), and the plain prompt is among the variants. Exact share: 1.

| seed | pass@1, base | pass@1, tuned | share of the gain that is gone when both are asked well | said |
|---|---|---|---|---|
${asked.join("\n")}
`,
);
