// bench/ · MBAR: ten states × 10,000 samples each, on one core.
//
// node bench/mbar.ts [REPEATS] writes bench/results/mbar.md. The bar is 2 seconds.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { logRatioOf, mbar } from "../src/maths/mbar.ts";
import { stream } from "../src/maths/random.ts";
import { median } from "./median.ts";

const STATES = 10;
const EACH = 10_000;
const repeats = Number(process.argv[2] ?? 5);

interface System {
  readonly name: string;
  /** exp(−k (x − mean)²/2) each. */
  readonly springs: readonly { mean: number; k: number }[];
}

const chain = (name: string, of: (i: number) => { mean: number; k: number }): System => ({
  name,
  springs: Array.from({ length: STATES }, (_, i) => of(i)),
});
const systems = [
  chain("springs 1 sd apart", (mean) => ({ mean, k: 1 })),
  chain("springs 4 sd apart, which hardly touch", (i) => ({ mean: 4 * i, k: 1 })),
  chain("springs around one point, each 4 times as stiff as the last", (i) => ({ mean: 0, k: 4 ** i })),
];

const rows = systems.map(({ name, springs }) => {
  const draws = stream(1, `bench/mbar: ${name}`);
  const x = springs.flatMap(({ mean, k }) => Array.from({ length: EACH }, () => mean + draws.normal() / Math.sqrt(k)));
  const logDensities = Float64Array.from({ length: STATES * x.length }, (_, at) => {
    const { mean, k } = springs[Math.floor(at / x.length)]!;
    return (-k * (x[at % x.length]! - mean) ** 2) / 2;
  });
  const counts = springs.map(() => EACH);
  const seconds = Array.from({ length: repeats }, () => {
    const begun = performance.now();
    mbar({ logDensities, counts });
    return (performance.now() - begun) / 1000;
  });
  const { value, se } = logRatioOf(mbar({ logDensities, counts })!, STATES - 1, 0);
  const truth = 0.5 * Math.log(springs[0]!.k / springs[STATES - 1]!.k);
  return { name, seconds: median(seconds), first: seconds[0]!, value, se, truth };
});

writeFileSync(
  new URL("results/mbar.md", import.meta.url),
  `# MBAR: time to the normalising constants of ${STATES} states

${STATES} states × ${EACH.toLocaleString("en")} samples each, covariance included, one thread, medians of ${repeats} runs. The bar is 2 seconds.
Made by \`node bench/mbar.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}.

| system | log Z of last to first: found | truth | seconds | first run |
|---|---|---|---|---|
${rows.map(({ name, seconds, first, value, se, truth }) => `| ${name} | ${value.toFixed(4)} ± ${se.toFixed(4)} | ${truth.toFixed(4)} | ${seconds.toFixed(2)} | ${first.toFixed(2)} |`).join("\n")}
`,
);
console.log(rows);
