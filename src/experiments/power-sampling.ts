// experiments/ · Power sampling: samples from the base raised to a power, to see whether sharpening alone matches.
import { stream } from "../maths/random.ts";
import { type Measured, type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { labelsIn, meanOver } from "./cross-means.ts";
import { readingsOf } from "./cross-read.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { pairedBy } from "./handoff-sources.ts";
import { clusterLabels, drawnOf } from "./ladder-counts.ts";
import { type Chain, played, type Text, textOf } from "./power-chain.ts";
import { rightOf } from "./put-asks.ts";
import { clusteredMeans, combined, type Means, shareGone } from "./shares.ts";

const NAME = "power-sampling";
const CHAINS = 4;
/** Of each chain; the second half of them is looked at. */
const MOVES = 16;
/** Of the two looks at whether chains have come to rest: a chain at rest is refused in two of a hundred studies. */
const AT_REST = 0.99;
const PROBLEMS = 60;

export const powerSampling: Experiment = {
  name: NAME,
  asks: "corrected Markov-chain samples from the base's distribution raised to a power",
  finds: "whether sharpening alone reproduces the tuned policy, problem by problem",
  needs:
    "the base behind an engine that continues a given prefix and tells log-probabilities, and texts that both have scored",
  sees: [["temperature"]],
  price: ({ problems }) => ({
    // A move writes half a rollout in the mean.
    generatedRollouts: (Math.min(problems, PROBLEMS) * CHAINS * MOVES) / 2,
    scoredRollouts: 0,
  }),
  live: { onSome: true, refuse, plan, estimate },
};

function refuse(seen: Seen): Refused | undefined {
  const power = powerOf(seen);
  if (power === undefined)
    return refused(
      "base and tuned policy scored no texts, so no power is known to try",
      "score rollouts (scored in study.yaml)",
    );
  if (power <= LIMITS.leastPower)
    return refused(
      `over texts of a problem log π(tuned) rises ${power.toFixed(2)} times as fast as log π(base): the tuned policy is no sharper`,
      "nothing is to be mended: there is no power to sample from",
    );
  if (starts(seen).size < LIMITS.fewestClusters)
    return refused(
      `the base told tokens and log-probabilities of its rollouts on ${starts(seen).size} problems, and an interval needs ${LIMITS.fewestClusters}`,
      "use an engine that tells them for every token: vllm, llama or a world",
    );
  return undefined;
}

/** α: the slope of log π(tuned) on log π(base) over the base's own texts, each problem its own intercept. Tuned texts would be chosen by it. */
function powerOf(seen: Seen): number | undefined {
  const sums = readingsOf(seen, seen.policies.at(-1)!).list.flatMap(({ by, rollout: { problem }, base, later }) => {
    const [x, y] = [base, later].map((logs) => logs.reduce((a, b) => a + b, 0)) as [number, number];
    return by === "base" && Number.isFinite(x) && Number.isFinite(y) ? [{ problem, x, y }] : [];
  });
  let [both, square] = [0, 0];
  for (const own of Map.groupBy(sums, ({ problem }) => problem).values()) {
    const mean = (of: "x" | "y"): number => own.reduce((sum, one) => sum + one[of], 0) / own.length;
    const [x, y] = [mean("x"), mean("y")];
    for (const one of own) {
      both += (one.x - x) * (one.y - y);
      square += (one.x - x) ** 2;
    }
  }
  return square > 0 ? both / square : undefined;
}

interface Start {
  readonly record: RolloutRecord;
  readonly text: Text;
}

/** Every second rollout of the base begins a chain: the others choose the problems whose usual answer is wrong. */
function starts(seen: Seen): ReadonlyMap<string, readonly Start[]> {
  const base = pairedBy(seen).get(seen.policies[0]!);
  const found = seen.problems.flatMap(({ id }) => {
    const own = (base?.get(id) ?? [])
      .filter(({ index }) => index % 2 === 1)
      .flatMap((record): Start[] => {
        const text = textOf(record);
        return text === undefined ? [] : [{ record, text }];
      });
    return own.length < CHAINS ? [] : [[id, own.slice(0, CHAINS)] as const];
  });
  // Evenly over the study, where there are more than enough.
  const step = Math.max(1, found.length / PROBLEMS);
  return new Map(found.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)));
}

const nameOf = (move: number, problem: string, chain: number): string => `${NAME}/${move}/${problem}/${chain}`;

/** All chains as far as they were answered. */
function chainsOf(seen: Seen, alpha: number): ReadonlyMap<string, readonly (Chain & { readonly source: string })[]> {
  const drawn = new Map(
    seen.rollouts.filter(({ experiment }) => experiment === NAME).map((record) => [record.rollout, record]),
  );
  return new Map(
    Array.from(starts(seen), ([problem, own]) => [
      problem,
      own.map(({ record, text }, chain) => ({
        source: record.rollout,
        ...played(text, { seed: record.seed ?? 0, name: `${problem}/${chain}`, alpha }, (move) => {
          const answer = drawn.get(nameOf(move, problem, chain));
          return answer === undefined ? undefined : (textOf(answer) ?? "failed");
        }),
      })),
    ]),
  );
}

function plan(seen: Seen, round: number, seed: number): LiveAsk[] {
  const alpha = powerOf(seen);
  if (round >= MOVES || alpha === undefined) return [];
  return [...chainsOf(seen, alpha)].flatMap(([problem, chains]) =>
    chains.flatMap(({ states, kept, source }, index): LiveAsk[] => {
      // A chain whose last move was never answered waits for it.
      if (states.length - 1 !== round) return [];
      const rollout = nameOf(round, problem, index);
      return [
        {
          kind: "sample",
          policy: seen.policies[0]!,
          ask: {
            rollout,
            experiment: NAME,
            problem,
            index,
            seed: stream(seed, rollout).uint32(),
            prefix: { rollout: source, tokenIds: states.at(-1)!.tokenIds.slice(0, kept) },
          },
        },
      ];
    }),
  );
}

/** Columns of the means: success of base and tuned, of power samples, of their two quarters, and where the base is usually wrong. */
const COLUMNS = ["base", "tuned", "power", "third quarter", "fourth quarter"] as const;

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const { level } = options;
  const alpha = powerOf(seen)!;
  const paired = drawnOf(seen);
  const [base, tuned] = [paired.get(seen.policies[0]!), paired.get(seen.policies.at(-1)!)];
  const rows = [...chainsOf(seen, alpha)].flatMap(([problem, chains]) => {
    const whole = chains.filter(({ states }) => states.length > MOVES);
    const own = base?.get(problem);
    const others = tuned?.get(problem);
    if (whole.length === 0 || own === undefined || others === undefined) return [];
    const rate = (from: number, to: number): number => {
      const states = whole.flatMap((chain) => chain.states.slice(from, to));
      return states.filter(({ right }) => right).length / states.length;
    };
    const [half, last] = [MOVES / 2 + 1, MOVES + 1];
    const middle = (half + last) / 2;
    const values = [rightOf(own), rightOf(others), rate(half, last), rate(half, middle), rate(middle, last)];
    const [choosing, measuring] = [0, 1].map((side) => own.filter(({ index }) => index % 2 === side));
    const wrong = choosing!.length > 0 && measuring!.length > 0 && rightOf(choosing!) < 1 / 2;
    return [{ problem, values, usual: wrong ? rightOf(measuring!) : undefined, whole }];
  });
  if (rows.length < LIMITS.fewestClusters) {
    const why = `chains came to their end on ${rows.length} problems, and an interval needs ${LIMITS.fewestClusters}`;
    return { findings: [{ name: "power/share", estimate: refused(why, "let crucis run go on") }], exhibits: [] };
  }
  const means = meansOf(seen, rows, options);
  const method = `${rows.length} problems, ${CHAINS} chains of ${MOVES} moves each from the base's own rollouts, the second half of them; α = ${alpha.toFixed(2)}`;
  const chains = rows.flatMap(({ whole }) => whole);
  const diagnostic = {
    alpha,
    acceptance: chains.reduce((sum, { accepted }) => sum + accepted, 0) / chains.length / MOVES,
  };
  const told = (weights: readonly number[], what: string): Measured => ({
    ...combined(means, weights, level, `${what}; ${method}`),
    diagnostic,
  });
  const drift = combined(means, [0, 0, 0, -1, 1], AT_REST, "");
  const memory = memoryOf(seen, rows, { ...options, level: AT_REST });
  const away = (one: Measured): boolean => one.low !== undefined && (one.low > 0 || one.high! < 0);
  const unrest = away(drift)
    ? `success still changes along the chains, by ${drift.value.toFixed(3)} from the third quarter of the moves to the fourth`
    : memory !== undefined && away(memory)
      ? `chains that began at a right text end at one more often, by ${memory.value.toFixed(3)}, so they still remember where they began`
      : undefined;
  const rest: Finding[] = memory === undefined ? [] : [{ name: "power/memory", estimate: memory }];
  // What has not come to rest is no sample of that law, whatever is asked of it.
  if (unrest !== undefined) {
    const mend = "texts this long need more moves than power-sampling makes; judge sharpening by cross-scoring";
    return { findings: [{ name: "power/share", estimate: refused(unrest, mend) }, ...rest], exhibits: [] };
  }
  const findings: Finding[] = [
    { name: "power/success", estimate: told([0, 0, 1, 0, 0], "share of right power samples, cut-off ones not") },
    { name: "power/gain", estimate: told([0, 1, -1, 0, 0], "gain of the tuned policy over power samples") },
    {
      name: "power/share",
      estimate: shareGone(
        means,
        [-1, 1, 0, 0, 0],
        [0, 1, -1, 0, 0],
        level,
        `share of the gain that power samples of the base reach; ${method}`,
      ),
    },
    ...rest,
  ];
  const usual = rows.filter((row) => row.usual !== undefined);
  if (usual.length >= LIMITS.fewestClusters) {
    const own = meansOf(
      seen,
      usual.map((row) => ({ ...row, values: [row.usual!, ...row.values.slice(1)] })),
      options,
    );
    const what = `change of success on ${usual.length} problems on which most of the base's other rollouts are not right`;
    findings.push(
      {
        name: "power/wrong-mode/power",
        estimate: combined(own, [-1, 0, 1, 0, 0], level, `${what}, from base to power samples`),
      },
      {
        name: "power/wrong-mode/tuned",
        estimate: combined(own, [-1, 1, 0, 0, 0], level, `${what}, from base to tuned policy`),
      },
    );
  }
  return { findings, exhibits: [] };
}

/** How much more often chains that began at a right text are right in the end, on problems that have both; 0 once they have forgotten. */
function memoryOf(
  seen: Seen,
  rows: readonly { readonly problem: string; readonly whole: readonly Chain[] }[],
  { level, clusterByFamily }: EstimateOptions,
): Measured | undefined {
  const values = rows.flatMap(({ problem, whole }) => {
    const ends = [true, false].map((right) =>
      whole.filter(({ states }) => states[0]!.right === right).flatMap(({ states }) => states.slice(MOVES / 2 + 1)),
    );
    if (ends.some(({ length }) => length === 0)) return [];
    const [after, before] = ends.map((list) => list.filter(({ right }) => right).length / list.length);
    return [{ problem, value: after! - before! }];
  });
  const labels = labelsIn(
    values.map(({ problem }) => problem),
    clusterLabels(seen, { clusterByFamily }),
  );
  const method =
    "success at the end of chains that began at a right text, less that of those that began at a wrong one, on problems with both";
  return meanOver(values, labels, { level, method });
}

function meansOf(
  seen: Seen,
  rows: readonly { problem: string; values: readonly number[] }[],
  options: EstimateOptions,
): Means {
  const labels = labelsIn(
    rows.map(({ problem }) => problem),
    clusterLabels(seen, options),
  );
  return clusteredMeans(
    Float64Array.from(rows.flatMap(({ values }) => values)),
    COLUMNS.length,
    Int32Array.from(rows, ({ problem }) => labels.of(problem)),
  );
}
