// bench/ · Twins: simulation-based calibration. Every experiment acts on behaviours that rivals drew, and reads what came; the truth is exact.
//
// node bench/twins.ts [STUDIES] writes bench/results/twins.md. Half an hour at 200.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { replicate, TWINS } from "../test/support/twins.ts";

const STUDIES = Number(process.argv[2] ?? 200);
/** One more than an even number: then χ² has a closed tail. */
const BINS = 11;
const SIZE = { problems: 60, rollouts: 32 };

/** P(χ² with BINS − 1 degrees of freedom > x). */
function tail(x: number): number {
  let term = Math.exp(-x / 2);
  let sum = 0;
  for (let k = 0; k < (BINS - 1) / 2; k++) {
    sum += term;
    term *= x / 2 / (k + 1);
  }
  return sum;
}

const rows = TWINS.map((twin) => {
  const all = Array.from({ length: STUDIES }, (_, i) => replicate(twin, 1000 + i, SIZE));
  const placed = all.filter((one) => one !== undefined);
  const n = placed.length;
  const mean = placed.reduce((sum, { z }) => sum + z, 0) / n;
  const spread = Math.sqrt(placed.reduce((sum, { z }) => sum + (z - mean) ** 2, 0) / (n - 1));
  const bins = Array.from({ length: BINS }, () => 0);
  for (const { place } of placed) bins[Math.min(BINS - 1, Math.floor(BINS * place))]!++;
  const chiSquare = bins.reduce((sum, count) => sum + (count - n / BINS) ** 2 / (n / BINS), 0);
  const p = tail(chiSquare);
  const covered = (100 * placed.filter((one) => one.covered).length) / n;
  const row = `| ${twin.experiment} | \`${twin.finding}\` | ${twin.rivals.join(" + ")} | ${n} | ${mean.toFixed(2)} ± ${(1 / Math.sqrt(n)).toFixed(2)} | ${spread.toFixed(2)} | ${covered.toFixed(0)} % | ${bins.join(" ")} | ${p.toFixed(3)} |`;
  console.log(row);
  return row;
});

const table = `# Act and estimate: is the truth where the estimate says?

Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788, read for intervals: the truth's place within an estimate's own normal law). A law of behaviours is
drawn from the rivals named, ${SIZE.problems} problems from the law; the experiment acts on them as on real policies (${SIZE.rollouts} rollouts), its own estimator reads what
came, and the truth over all problems of that law is exact (for cross-scoring a study of 600 problems stands in, with its error). *z* is (truth − value) / error:
mean 0 and spread 1 where all is well; its places in ${BINS} equal bins should be alike, *p* of χ² says how far they are from it. ${STUDIES} studies a row; fewer where the
estimator told only a limit. Made by \`node bench/twins.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| experiment | finding | rivals at work | studies | mean z | spread of z | covered at 95 % | places | p |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
writeFileSync(new URL("results/twins.md", import.meta.url), table);
