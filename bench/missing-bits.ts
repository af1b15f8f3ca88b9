// bench/ · Missing bits: the profile of whole studies beside the base's exact V at the very cuts of the 200 answers that were followed.
//
// node bench/missing-bits.ts CACHE [--seeds 1,2,3] [--worlds steady-hand,known-route] writes bench/results/missing-bits.md. The
// same counts are then drawn 20 times from exact V, by the same rounds, which gives the counts' own error and the estimator's bias.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { bitsOf, redrawing } from "../src/experiments/handoff-bits.ts";
import { CONTINUING, drawnAgain, followed, startOf } from "../src/experiments/handoff-cuts.ts";
import { pairedBy } from "../src/experiments/handoff-sources.ts";
import { type BitsProblem, missingBits } from "../src/maths/missing-bits.ts";
import { stream } from "../src/maths/random.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld } from "../src/worlds/open.ts";
import { exactAnswers, meanOver } from "../test/experiments/missing-bits-exact.ts";
import { liveStudy } from "../test/support/live-study.ts";

const ANSWERS = 200;
const ROLLOUTS = 64;
const REDRAWS = 20;
const LEVEL = 0.9;
/** Of the problems; no other study has it. */
const PROBLEM_SEED = 7007;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "1,2,3" },
    worlds: { type: "string", default: "steady-hand,known-route" },
  },
});
const [cache] = positionals;
if (cache === undefined) throw new Error("name the cache of worlds");

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
const spread = (list: readonly number[]): number =>
  Math.sqrt(list.reduce((sum, one) => sum + (one - mean(list)) ** 2, 0) / (list.length - 1));
const signed = (value: number, digits: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

const rows: string[] = [];
let largest = 0;
for (const name of values.worlds.split(","))
  for (const seed of values.seeds.split(",").map(Number)) {
    const open = openWorld(worldNamed(name), { seed, cache });
    const { task, study } = open.world;
    const [base, later] = [open.policies[0]!.name, open.policies.at(-1)!.name];
    const wanted = ANSWERS / CONTINUING.answers;
    const problems = study.steps.flatMap((steps, i) => {
      const count = Math.floor(wanted / study.steps.length) + (i < wanted % study.steps.length ? 1 : 0);
      return [...task.problems({ seed: PROBLEM_SEED, steps, count })];
    });
    const { seen } = await liveStudy(open, {
      policies: [base, later],
      problems,
      rollouts: ROLLOUTS,
      seed: 77,
      experiments: ["handoff"],
    });
    const paired = pairedBy(seen);
    const answers = followed(seen, paired, later);
    const exact = await exactAnswers(open, problems, answers);

    const starts = new Map(problems.map(({ id }) => [id, startOf(paired.get(base)?.get(id) ?? []).right]));
    const truth = (right: ReadonlyMap<string, number>) => ({
      total: meanOver(
        exact,
        (id) => right.get(id)! > 0,
        (one) => one.missing[0]!,
      ),
      neff: meanOver(
        exact,
        (id) => right.get(id)! > 0 && right.get(id)! < ROLLOUTS,
        (one) => one.neff,
      ),
    });
    const { findings } = bitsOf(seen, paired, { level: LEVEL, seed: 1 });

    const off = { total: [] as number[], neff: [] as number[] };
    for (let redraw = 0; redraw < REDRAWS; redraw++) {
      const draws = stream(redraw, "bench/missing-bits", seed);
      const right = new Map<string, number>();
      const byProblem = Map.groupBy(
        exact.map((one) => {
          if (!right.has(one.problem)) right.set(one.problem, draws.binomial(ROLLOUTS, 2 ** -one.missing[0]!));
          const start = { right: right.get(one.problem)!, of: ROLLOUTS };
          const chances = one.missing.slice(1).map((bits) => Math.min(1, 2 ** -bits));
          return { ...one, counts: drawnAgain(CONTINUING, start, chances, draws) };
        }),
        ({ problem }) => problem,
      );
      const made = Array.from(
        byProblem,
        ([id, list]): BitsProblem => ({
          right: right.get(id)!,
          drawn: ROLLOUTS,
          rollouts: list.map(({ counts }) => ({
            right: counts.map((one) => one.right),
            drawn: counts.map(({ of }) => of),
            places: Array.from({ length: counts.length + 1 }, (_, place) => place),
          })),
        }),
      );
      const places = Math.max(...exact.map(({ missing }) => missing.length));
      const again = missingBits({
        problems: made,
        places,
        redraw: redrawing(CONTINUING),
        level: LEVEL,
        replicates: 20,
        seed: redraw,
        name: "bench",
      })!;
      const known = truth(right);
      off.total.push(again.total!.value - known.total);
      off.neff.push(again.neff!.value - known.neff);
    }

    const known = truth(starts);
    for (const what of ["total", "neff"] as const) {
      const { estimate } = findings.find((one) => one.name === `missing-bits/${what}`)!;
      // By the counts' own error, which is smaller than the told one: that one also covers other problems.
      const error = spread(off[what]);
      const bias = mean(off[what]);
      const judged = estimate.kind === "measured" ? (estimate.value - known[what]) / error : undefined;
      if (judged !== undefined) largest = Math.max(largest, Math.abs(judged));
      const told =
        estimate.kind === "measured"
          ? `${estimate.value.toFixed(3)} [${estimate.low!.toFixed(2)}, ${estimate.high!.toFixed(2)}]`
          : `at least ${estimate.kind === "bounded" ? estimate.low!.toFixed(3) : "?"}: some problem was never solved`;
      rows.push(
        `| ${name} | ${seed} | ${answers.length} | ${what === "total" ? "bits" : "N_eff"} | ${known[what].toFixed(3)} | ${told} | ${judged === undefined ? "" : signed(judged, 2)} | ${signed(bias, 3)} (${signed((100 * bias) / known[what], 1)} %) | ${signed(bias / (error / Math.sqrt(REDRAWS)), 1)} |`,
      );
      process.stderr.write(`${rows.at(-1)!}\n`);
    }
  }
const text = [
  "# Missing bits",
  "",
  `Studies of 100 problems with ${ROLLOUTS} rollouts a policy: the profile along ${ANSWERS} right answers of the tuned policy, beside the base's exact V at the cuts of those very answers.`,
  `Made by \`node bench/missing-bits.ts CACHE --seeds ${values.seeds} --worlds ${values.worlds}\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]!.model.trim()}, Node ${process.versions.node}.`,
  "",
  `z is estimated minus exact over the counts' own standard error, which is smaller than the one behind the ${100 * LEVEL} % interval: that one covers other problems too. The counts' error, and the bias of the estimator beside it with a z of its own, come from ${REDRAWS} more draws of all counts from exact V, by the same adaptive rounds: ${REDRAWS} studies tell a bias that one cannot. Bits are of the problems that the base solved at least once.`,
  "",
  "| world | seed | answers | | exact | estimated | z | bias over redraws | its z |",
  "|---|---|---|---|---|---|---|---|---|",
  ...rows,
  "",
  `Largest |z| of a study: ${largest.toFixed(2)}; the bar is 3.`,
  "",
].join("\n");
writeFileSync(new URL("results/missing-bits.md", import.meta.url), text);
process.stdout.write(text);
