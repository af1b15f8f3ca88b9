// bench/ · Coverage: how often the simultaneous band holds the whole true curve.
//
// node bench/coverage.ts [STUDIES] writes bench/results/coverage.md.
import { writeFileSync } from "node:fs";
import { cellsOf } from "../src/experiments/counts.ts";
import { curveFindings } from "../src/experiments/curve-findings.ts";
import { reachFindings } from "../src/experiments/reach-findings.ts";
import { nothingChanged } from "../src/explanations/nothing-changed.ts";
import { expit } from "../src/maths/logspace.ts";
import { pairedPassAtK } from "../src/maths/paired-pass-at-k.ts";
import { stream } from "../src/maths/random.ts";
import { Findings } from "../src/terms/finding.ts";
import { LIMITS } from "../src/terms/limits.ts";
import type { PairedEvidence, ProblemRecord } from "../src/terms/observation.ts";
import { simulate, trueGain } from "./simulate.ts";

const studies = Number(process.argv[2] ?? 500);
const DRAWS = 4000;
const settings = ["nothing-changed", "reward-tilt", "strategy-mixture"].flatMap((shape) =>
  [
    [500, 16],
    [500, 64],
    [50, 16],
  ].map(([problems, n]) => ({ shape, problems: problems!, n: n! })),
);

const rows = settings.map(({ shape, problems, n }) => {
  const truth = Float64Array.from({ length: n }, (_, i) => trueGain(shape, i + 1));
  let held = 0;
  let bias = 0;
  for (let seed = 1; seed <= studies; seed++) {
    const { difference, band } = pairedPassAtK(simulate(shape, problems, n, seed), {
      level: 0.95,
      draws: DRAWS,
      stream: stream(seed, "bench/coverage"),
    });
    if (truth.every((value, i) => band.low[i]! <= value && value <= band.high[i]!)) held += 1;
    bias += (difference[0]! - truth[0]!) / band.se[0]! / Math.sqrt(studies);
  }
  return { shape, problems, n, coverage: held / studies, bias };
});

/** Studies of a policy against itself in which the standing of nothing-changed is "ruled out". */
function ruledOut(problems: number, n: number): number {
  let count = 0;
  for (let seed = 1; seed <= studies; seed++) {
    const random = stream(seed, `bench/coverage/equal/${problems}/${n}`);
    const chances = Array.from({ length: problems }, () => expit(0.3 + 2 * random.normal()));
    const side = () =>
      chances.map((p, i): ProblemRecord => ({ id: `p${i}`, n, right: random.binomial(n, p), ungradable: {} }));
    const [base, later] = [side(), side()];
    const evidence: PairedEvidence = {
      policies: ["base", "tuned"],
      problems: base.map((one, i) => ({ id: one.id, family: "all", sides: [one, later[i]!] })),
      unpaired: [0, 0],
    };
    const cells = cellsOf(evidence);
    const options = { seed, level: LIMITS.level, clusterByFamily: false, draws: DRAWS };
    const found = [...curveFindings(evidence, cells, options).findings, ...reachFindings(evidence, cells).findings];
    if (nothingChanged.judge(new Findings(found), LIMITS).standing === "ruled out") count += 1;
  }
  return count / studies;
}

const equal = [
  [300, 16],
  [1000, 64],
].map(([problems, n]) => ({ problems: problems!, n: n!, share: ruledOut(problems!, n!) }));

const table = `# Coverage of the simultaneous band

${studies} simulated studies a row, nominal 95 %, ${DRAWS.toLocaleString("en")} multiplier draws; covered means that the band holds the true
difference at every k from 1 to n. The bias is that of the difference at k = 1, as a z-score over all studies. The standard
error of a coverage is about ${(100 * Math.sqrt((0.95 * 0.05) / studies)).toFixed(1)} points. Made by \`node bench/coverage.ts\` on ${new Date().toISOString().slice(0, 10)}.

| truth | problems | n | coverage | bias, z |
|---|---|---|---|---|
${rows.map(({ shape, problems, n, coverage, bias }) => `| ${shape} | ${problems} | ${n} | ${(100 * coverage).toFixed(1)} % | ${bias.toFixed(2)} |`).join("\n")}

## A policy against itself

Share of ${studies} studies of two equal policies in which *nothing-changed* is ruled out, by the band at any k or by any single problem
(two looks of 5 % each, uncorrected).

| problems | n | ruled out |
|---|---|---|
${equal.map(({ problems, n, share }) => `| ${problems} | ${n} | ${(100 * share).toFixed(1)} % |`).join("\n")}
`;
writeFileSync(new URL("results/coverage.md", import.meta.url), table);
console.log(table);
