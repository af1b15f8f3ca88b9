// bench/ · Transformer: a training step of the worlds' default model, on one thread and two, against numpy; and sampling.
//
// node bench/transformer.ts [ROUNDS] writes bench/results/transformer.md. Needs a python3 in PATH whose numpy has a fast BLAS.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stream } from "../src/maths/random.ts";
import { noMoments, update } from "../src/worlds/optimiser.ts";
import { Crew } from "../src/worlds/transformer/crew.ts";
import { initialWeights, referenceGradient } from "../src/worlds/transformer/reference.ts";
import { DEFAULT_SHAPE } from "../src/worlds/transformer/shape.ts";
import { someTokens, worstTensorError } from "../test/support/transformer.ts";
import { median } from "./median.ts";

/** Who else was at work: two threads beside them cannot be twice as fast as one. */
const others = loadavg()[0]!;
const ROUNDS = Number(process.argv[2] ?? 25);
const ROWS = 64;
const COLUMNS = 64;
const shape = DEFAULT_SHAPE;
const optimiser = { learningRate: 1e-3, warmupSteps: 0, finalRate: 1, weightDecay: 0.1, maxGradientNorm: 1 };
const weights = Float32Array.from(initialWeights(shape, stream(1, "bench weights")));
const batch = someTokens(shape, ROWS, COLUMNS, 1);
const coefficients = new Float32Array(ROWS * COLUMNS).fill(-1 / (ROWS * (COLUMNS - 1)));
const ascent = referenceGradient(shape, Float64Array.from(weights), batch, coefficients);

/** Makes one step and gives its seconds. */
type Step = () => Promise<number>;
interface Runner {
  readonly name: string;
  /** Worst error of a tensor of the gradient against float64, relative to the tensor's largest entry. */
  readonly error: number;
  readonly step: Step;
  readonly seconds: number[];
  close(): void;
}

const directory = mkdtempSync(join(tmpdir(), "crucis-bench-"));
writeFileSync(join(directory, "given.json"), JSON.stringify({ shape, rows: ROWS, columns: COLUMNS, optimiser }));
writeFileSync(join(directory, "weights.f32"), weights);
writeFileSync(join(directory, "tokens.i32"), batch.tokens);

let numpyVersion = "";
async function numpy(name: string, environment: Record<string, string>): Promise<Runner> {
  const script = join(import.meta.dirname, "transformer.py");
  const one = { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child: ChildProcess = spawn("python3", [script, directory], {
    env: { ...process.env, ...one, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("numpy's process ended");
    return value;
  };
  const begun = JSON.parse(await line()) as { numpy: string; speed: number; gradient: number[] };
  if (!(begun.speed > 20))
    throw new Error(`this numpy multiplies at ${begun.speed.toFixed(1)} GFLOP/s: put one with OpenBLAS first in PATH`);
  numpyVersion = `numpy ${begun.numpy} (products at ${begun.speed.toFixed(0)} GFLOP/s)`;
  return {
    name,
    error: worstTensorError(shape, begun.gradient, ascent),
    step: async () => {
      child.stdin!.write("step\n");
      return Number(await line());
    },
    seconds: [],
    close: () => child.stdin!.end(),
  };
}

function crucis(threads: number): Runner & { readonly weights: Float32Array } {
  const crew = new Crew(shape, threads, ROWS, -1);
  const own = weights.slice();
  let moments = noMoments(own.length);
  crew.setWeights(own);
  const error = worstTensorError(shape, crew.gradient(batch, coefficients).gradient, ascent);
  const step = (): number => {
    const begun = performance.now();
    const { gradient } = crew.gradient(batch, coefficients);
    moments = update(own, moments, gradient, optimiser.learningRate, optimiser);
    crew.setWeights(own);
    return (performance.now() - begun) / 1000;
  };
  return {
    name: `crucis, ${threads} thread${threads === 1 ? "" : "s"}`,
    weights: own,
    error,
    step: async () => step(),
    seconds: [],
    close: () => void crew.close(),
  };
}

/** Thousands of generated tokens a second, on one thread: 512 answers of 48 tokens that nothing ends early. */
function sampling(promptLength: number): number {
  const crew = new Crew(shape, 1, 512, -1);
  crew.setWeights(weights);
  const prompts = Array.from({ length: 512 }, (_, i) => Array.from({ length: promptLength }, (__, t) => (i + t) % 32));
  const seeds = prompts.map((_, i) => i);
  const sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 48, stop: [] };
  const once = (): number => {
    const begun = performance.now();
    crew.sample(prompts, seeds, sampler);
    return (512 * 48) / (performance.now() - begun);
  };
  once();
  const rate = median(Array.from({ length: 7 }, once));
  void crew.close();
  return rate;
}

const kept = { MALLOC_MMAP_THRESHOLD_: "1000000000", MALLOC_TRIM_THRESHOLD_: "1000000000" };
const [plain, keeping, one, two] = [
  await numpy("numpy, 1 thread", {}),
  await numpy("numpy, 1 thread, allocator told to keep its pages", kept),
  crucis(1),
  crucis(2),
] as const;
const runners: readonly Runner[] = [plain, keeping, one, two];
for (const { name, error } of runners)
  if (!(error < 1e-4)) throw new Error(`the gradient of ${name} is wrong by ${error}`);
const WARM = 3;
for (let round = -WARM; round < ROUNDS; round++)
  for (const { step, seconds } of runners) {
    const spent = await step();
    if (round >= 0) seconds.push(spent);
  }
for (const runner of runners) runner.close();
rmSync(directory, { recursive: true });
const equal = one.weights.every((weight, i) => Object.is(weight, two.weights[i]));

/** Median over the rounds of a's seconds for one of b's. */
const times = (a: Runner, b: Runner): number => median(a.seconds.map((spent, i) => spent / b.seconds[i]!));
const rates = [1, 16].map((length) => ({ length, rate: sampling(length) }));
const text = `# A training step of the worlds' default transformer, and sampling from it

105,792 parameters, ${ROWS} × ${COLUMNS} tokens: forward, backward, AdamW, float32. Medians of ${ROUNDS} rounds in which all take turns, the ratio too
round by round. ${numpyVersion} on one BLAS thread. glibc gives large arrays back to the system and numpy
waits for fresh pages each time; with \`MALLOC_MMAP_THRESHOLD_\` and \`MALLOC_TRIM_THRESHOLD_\` raised it keeps them.
Made by \`node bench/transformer.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} processors, Node ${process.versions.node}; load average before it ${others.toFixed(1)}.

| step | ms | fastest, ms | times numpy | gradient's worst error against float64 |
|---|---|---|---|---|
${runners.map((runner) => `| ${runner.name} | ${(1000 * median(runner.seconds)).toFixed(1)} | ${(1000 * Math.min(...runner.seconds)).toFixed(1)} | ${times(runner, plain).toFixed(2)} | ${runner.error.toExponential(1)} |`).join("\n")}

Two threads are ${times(one, two).toFixed(2)} times as fast as one; after ${ROUNDS + WARM} steps their weights are ${equal ? "equal bit for bit" : "NOT equal"}.

| sampling 512 × 48 tokens, 1 thread | thousand tokens a second |
|---|---|
${rates.map(({ length, rate }) => `| after prompts of ${length} token${length === 1 ? "" : "s"} | ${rate.toFixed(1)} |`).join("\n")}
`;
writeFileSync(new URL("results/transformer.md", import.meta.url), text);
console.log(text);
