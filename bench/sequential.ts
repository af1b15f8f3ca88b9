// bench/ · Sequential: studies that are judged on the way: what they cost beside a fixed design, and whether intervals hold wherever they stop.
//
// node bench/sequential.ts CACHE [STUDIES [SEEDS]] > bench/results/sequential.md: worlds steady-hand and known-route from CACHE (bench/worlds.ts), each with
// looks and once with the fixed design of 256 rollouts, 8 scored, and every experiment; then so many studies on paper with known shares. About half an hour.
// CACHE - leaves the worlds out, 0 STUDIES the paper.
import { mkdtempSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Notebook } from "../src/evidence/notebook.ts";
import { Store } from "../src/evidence/store.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import { clopperPearson } from "../src/maths/intervals.ts";
import { stream } from "../src/maths/random.ts";
import { benchOf } from "../src/study/bench.ts";
import { checkStudy } from "../src/study/declare.ts";
import { explain } from "../src/study/explain.ts";
import { drawFrom, lawOf } from "../src/study/imagined.ts";
import { imaginedStudy, type ImaginedStudy } from "../src/study/imagined-answers.ts";
import { decisionOf, limitsAt, NARROW, RHO } from "../src/study/looks.ts";
import { KINDS } from "../src/study/policies.ts";
import { LIVE } from "../src/study/rehearse-design.ts";
import { run } from "../src/study/run.ts";
import { LIMITS } from "../src/terms/limits.ts";
import { worldNamed } from "../src/worlds/all.ts";
import { openWorld } from "../src/worlds/open.ts";

const [cache, count = "150", seeds = "51,52,53"] = process.argv.slice(2);
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]): string =>
  [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...body.map((c) => `| ${c.join(" | ")} |`)].join(
    "\n",
  );
const number = (value: number): string => Math.round(value).toLocaleString("en-US");

interface Ran {
  readonly tokens: number;
  readonly problems: number;
  readonly decided: boolean;
  readonly open: readonly string[];
  readonly known: readonly string[];
  readonly claimed: readonly string[];
}

async function ran(
  world: string,
  worldSeed: number,
  over: { rollouts: number; scored: number; looks?: number; experiments?: readonly string[] },
): Promise<Ran> {
  const open = openWorld(worldNamed(world), { seed: worldSeed, cache: cache! });
  const ends = [open.policies[0]!, open.policies.at(-1)!];
  const study = checkStudy(
    {
      title: "sequential",
      policies: ends.map(({ name }) => ({ name, engine: "world", world, worldSeed, model: name })),
      sampler: { temperature: 1, maxTokens: 48 },
      tasks: [
        { task: "chain", steps: [...open.world.study.steps], problems: 120, seed: 11, grading: open.world.grading },
      ],
      registration: { studies: 0 },
      yardstick: { rlRollouts: 1_000_000 },
      ...over,
    },
    "sequential",
    KINDS,
  );
  const folder = mkdtempSync(join(tmpdir(), "crucis-sequential-"));
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const policies = study.policies.map((declared, i) => ({ declared, engine: ends[i]!.engine }));
  const bench = benchOf(study, () => "");
  const { document, done } = await run({
    study,
    bench,
    policies,
    store,
    notebook,
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  const tokens = store.tokens();
  await store.close();
  await notebook.close();
  const { decided, open: left, known } = decisionOf(document, done);
  const claimed = document.explanations
    .filter(({ standing }) => standing === "alone sufficient" || standing === "contributes")
    .map(({ name, standing }) => `${name}${standing === "contributes" ? " (contributes)" : ""}`);
  return { tokens, problems: document.computedFrom.problems, decided, open: left, known, claimed };
}

/** Twins of 120 problems cannot exclude a tenth of the gain: that rival stays open at this size, whatever is asked. */
const PLANNED = LIVE.filter((name) => name !== "contamination-control");

const then = ({ decided, open, known }: Ran): string => [...(decided ? ["decided"] : open), ...known].join("; ");

const costs: (string | number)[][] = [];
for (const world of cache === "-" ? [] : ["steady-hand", "known-route"]) {
  // It takes longest, and its tokens hardly depend on the seed (2.03 to 2.23 and 2.69 to 2.81 million over seeds 51 to 53): the first one's stands for all.
  let fixed: Ran | undefined;
  for (const seed of seeds.split(",").map(Number)) {
    const looked = await ran(world, seed, { rollouts: 16, scored: 16, looks: 3, experiments: PLANNED });
    const own = fixed === undefined ? await ran(world, seed, { rollouts: 256, scored: 8 }) : undefined;
    fixed ??= own!;
    costs.push([
      world,
      seed,
      `${number(looked.tokens)} (${looked.problems} problems)`,
      then(looked),
      looked.claimed.join(", "),
      own === undefined ? "–" : number(own.tokens),
      own === undefined ? "–" : then(own),
      (looked.tokens / fixed.tokens).toFixed(2),
    ]);
    console.error(costs.at(-1)!.join(" | "));
  }
}

/** Looks at 20, 40 and 80 problems; each block is asked as a study of its own would be. */
const BLOCKS = [20, 20, 40];
const INFORMATION = [0.25, 0.5, 1];
/** What may go wrong with one entry of the ledger at each look. */
const SPENT = INFORMATION.map((_, at) => 1 - limitsAt({ at, information: INFORMATION }, LIMITS).ledgerLevel);
/** What no experiment of these studies sees: it stays open, and does not keep them from stopping. */
const UNSEEN = ["reward-tilt", "sharpened", "weak-baseline", "contaminated"];
const STEPS = [2, 3, 4, 6, 8];
const DESIGN = {
  policies: ["base", "tuned"],
  rollouts: 32,
  scored: 0,
  experiments: ["handoff", "step-ladder", "strategy-census"],
};

function merged(parts: readonly ImaginedStudy[]): ImaginedStudy {
  const [first] = parts;
  const seen = { ...first!.seen };
  return {
    tokens: {},
    seen: {
      ...seen,
      problems: parts.flatMap((one) => one.seen.problems),
      twins: parts.flatMap((one) => one.seen.twins ?? []),
      rollouts: parts.flatMap((one) => one.seen.rollouts),
      scores: parts.flatMap((one) => one.seen.scores),
    },
    evidence: first!.evidence.map((policy, k) => ({
      ...policy,
      problems: parts.flatMap((one) => one.evidence[k]!.problems),
    })),
  };
}

const coverage: (string | number)[][] = [];
for (const cause of Number(count) === 0 ? [] : ["steadier-steps", "amplified-strategy", "composition"]) {
  const rival = EXPLANATIONS.find(({ name }) => name === cause)!;
  const hits = { stopped: 0, of: 0 };
  const at = [0, 0, 0];
  const covered = [0, 0, 0];
  for (let i = 0; i < Number(count); i++) {
    const random = stream(5, `bench/sequential/${cause}`, i);
    const law = lawOf([rival], { steps: STEPS, base: 0.3, gain: 0.25 }, random);
    // One reader for all: it knows every problem.
    const all = drawFrom(
      law,
      Array.from({ length: 80 }, (_, k) => STEPS[k % STEPS.length]!),
      random,
    );
    const whole = imaginedStudy(all, { ...DESIGN, rollouts: 1, experiments: [], seed: 1 });
    const parts: ImaginedStudy[] = [];
    for (const [look, size] of BLOCKS.entries()) {
      const from = BLOCKS.slice(0, look).reduce((a, b) => a + b, 0);
      const part = imaginedStudy(all.slice(from, from + size), { ...DESIGN, seed: 100 * i + look });
      parts.push(part);
      const study = merged(parts);
      const seen = { ...study.seen, reader: whole.seen.reader };
      const { document, done } = explain(study.evidence, {
        seen,
        rough: true,
        draws: 500,
        rlRollouts: 1e6,
        look: { at: look, information: INFORMATION },
        seed: i,
      });
      const { open } = decisionOf(document, done);
      const decided = open.every((clause) => UNSEEN.some((name) => clause.startsWith(`${name} `)));
      if (!decided && look < BLOCKS.length - 1) continue;
      at[look]!++;
      // The cause has all of the gain, exactly.
      const entry = document.ledger.find((one) => one.cause === cause)?.share;
      if (entry?.kind === "measured" && entry.diagnostic !== undefined) {
        hits.of++;
        const held = Number(entry.diagnostic["aloneLow"]) <= 1 && Number(entry.diagnostic["aloneHigh"]) >= 1;
        if (held) hits.stopped++;
        if (held) covered[look]!++;
      }
      break;
    }
  }
  const { low, high } = clopperPearson(hits.stopped, hits.of, 0.95);
  coverage.push([
    cause,
    at.join(" / "),
    covered.join(" / "),
    `${hits.stopped} of ${hits.of} = ${(hits.stopped / hits.of).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  ]);
  console.error(coverage.at(-1)!.join(" | "));
}

console.log(`# Studies that are judged on the way

Made by \`node bench/sequential.ts\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown machine"}, Node ${process.version}. Fixed looks; of what may go wrong t^${RHO} is spent
once a share t of the problems is in (Lan and DeMets), so intervals are to hold wherever a study stops.

## What it costs

Worlds, 120 problems declared: three looks (at 30, 60, 120 problems) with 16 rollouts, all of them scored, and every experiment but
contamination-control (twins of 120 problems cannot exclude a tenth of the gain, so that rival stays open), against the fixed design of 256 rollouts, 8 scored,
on all problems with every experiment (of the first seed; the others are held against its tokens). *Decided*: a rival is claimed, every entry of the ledger is known to ± ${NARROW} of the gain, and of the rivals that an experiment of the study sees
each is told, or its own entry is known to ± ${NARROW}.

${table(["world", "seed", "tokens with looks", "then", "claimed", "tokens fixed", "then", "ratio"], costs)}

## Whether intervals hold

${count} studies on paper of each cause, looks at 20, 40 and 80 problems; the cause's share is exactly 1. No texts are scored and nobody is asked otherwise, so ${UNSEEN.join(", ")} stay open in all of
them; they stop once everything else is decided. Nominal 90 % over all looks; at one look ${SPENT.map((spent) => `${(100 * (1 - spent)).toFixed(1)} %`).join(", ")}.

${table(["cause", "stopped at look 1 / 2 / 3", "of them covered", "covered where it stopped [95 %]"], coverage)}
`);
