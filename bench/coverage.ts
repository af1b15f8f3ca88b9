// bench/ · Coverage: how often the simultaneous band holds the whole true curve.
//
// node bench/coverage.ts [STUDIES] writes bench/results/coverage.md.
import { writeFileSync } from "node:fs";
import { pairedPassAtK } from "../src/maths/paired-pass-at-k.ts";
import { stream } from "../src/maths/random.ts";
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

const table = `# Coverage of the simultaneous band

${studies} simulated studies a row, nominal 95 %, ${DRAWS.toLocaleString("en")} multiplier draws; covered means that the band holds the true
difference at every k from 1 to n. The bias is that of the difference at k = 1, as a z-score over all studies. The standard
error of a coverage is about ${(100 * Math.sqrt((0.95 * 0.05) / studies)).toFixed(1)} points. Made by \`node bench/coverage.ts\` on ${new Date().toISOString().slice(0, 10)}.

| truth | problems | n | coverage | bias, z |
|---|---|---|---|---|
${rows.map(({ shape, problems, n, coverage, bias }) => `| ${shape} | ${problems} | ${n} | ${(100 * coverage).toFixed(1)} % | ${bias.toFixed(2)} |`).join("\n")}
`;
writeFileSync(new URL("results/coverage.md", import.meta.url), table);
console.log(table);
