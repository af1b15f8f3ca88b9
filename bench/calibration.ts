// bench/ · Calibration: what whole studies of planted worlds said, held against the exact answers; docs/calibration.md is made of it.
//
// node bench/calibration.ts ROWS.jsonl [NOTE] > docs/calibration.md; the rows are those of bench/world-studies.ts, the note says what is to
// be known about them.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { clopperPearson } from "../src/maths/intervals.ts";
import { EXPLANATIONS } from "../src/explanations/all.ts";
import { logLinkGlm } from "../src/maths/log-link-glm.ts";
import { exact, PLANTED } from "./exact-shares.ts";
import { type StudyRow, WORLDS_OF_ISSUE_5 } from "./world-studies.ts";

const rows = readFileSync(process.argv[2]!, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as StudyRow);
if (rows.some(({ anew }) => anew))
  throw new Error("studies of --new are of no pool whose mean they could be asked to cover");

const WORLDS = WORLDS_OF_ISSUE_5;
const EXECUTION = ["steadier-steps", "recovery", "composition"];
const PLAN = ["amplified-strategy", "novel-strategy", "plan-undecided"];

type Entry = StudyRow["ledger"][number];
const entryOf = (row: StudyRow, cause: string): Entry | undefined => row.ledger.find((one) => one.cause === cause);

const out: string[] = [];
const say = (...lines: string[]): void => void out.push(...lines);
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]): void =>
  say(
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...body.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  );
const f = (x: number | undefined, digits = 3): string => (x === undefined ? "–" : x.toFixed(digits));
const of = (k: number, n: number): string => {
  if (n === 0) return "–";
  const { low, high } = clopperPearson(k, n, 0.95);
  return `${k} of ${n} = ${(k / n).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
};

const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
const { problems, rollouts } = rows[0]!;
say(
  "# Calibration",
  "",
  `Whole studies of planted worlds, held against the exact answers. Worlds built with seeds ${seeds.join(", ")}, which were not used while the estimators were written; ${rows.length} studies, each of ${problems} fresh problems of a pool of ${100} a number of steps, ${rollouts} rollouts a problem and policy, base against tuned. The exact answers are means over the pool, so intervals are asked to cover what new problems of the same kind would say.`,
  "",
  "```",
  `node bench/worlds.ts CACHE --seeds ${seeds.join()} ${WORLDS.join(" ")}`,
  "node bench/world-studies.ts CACHE rows.jsonl --seeds " + seeds.join(),
  "node bench/calibration.ts rows.jsonl > docs/calibration.md",
  "```",
  "",
  ...(process.argv[3] === undefined ? [] : [process.argv[3], ""]),
  `Made on ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpus()[0]!.model.trim()}, Node ${process.versions.node}.`,
  "",
  "What else is held against known truth: [every rival in all twelve worlds](confusion.md), [the base's chance far below samples](../bench/results/mass.md), [leaked answers and a fooled grader](../bench/results/exploits.md), [a bad prompt and the other controls](../bench/results/controls.md), [two mechanisms with the same success](../bench/results/matched.md), [studies that stop early](../bench/results/sequential.md), [rehearsals](../bench/results/rehearsal.md), [bands of pass@k](../bench/results/coverage.md), [missing bits](../bench/results/missing-bits.md).",
  "",
  "## Standings",
  "",
  "How often the planted rival stood first, and which others were said to contribute or to be alone sufficient. Of 95 % intervals, Clopper and Pearson's.",
  "",
);
const RANK = ["alone sufficient", "contributes"];
table(
  ["world", "planted", "studies", "planted stands first", "wrong *alone sufficient*", "others said to contribute"],
  WORLDS.map((world) => {
    const own = rows.filter((row) => row.world === world);
    const [first] = PLANTED[world]!;
    const none = first === "nothing-changed";
    const best = (row: StudyRow): string[] => {
      const found = RANK.map((rank) => Object.keys(row.standings).filter((name) => row.standings[name] === rank));
      return found.find((names) => names.length > 0) ?? [];
    };
    const right = own.filter((row) =>
      none
        ? best(row).join() === "nothing-changed"
        : world === "mixed"
          ? PLANTED[world]!.every((name) => RANK.includes(row.standings[name]!))
          : best(row).includes(first!),
    );
    const wrong = own.filter((row) =>
      Object.entries(row.standings).some(([name, is]) => is === "alone sufficient" && !PLANTED[world]!.includes(name)),
    );
    const others = new Map<string, number>();
    for (const row of own)
      for (const [name, is] of Object.entries(row.standings))
        if (RANK.includes(is) && !PLANTED[world]!.includes(name)) others.set(name, (others.get(name) ?? 0) + 1);
    return [
      world,
      PLANTED[world]!.join(", "),
      own.length,
      of(right.length, own.length),
      wrong.length,
      [...others].map(([name, n]) => `${name} ${n}`).join(", ") || "none",
    ];
  }),
);
const gained = rows.filter(({ world }) => world !== "same-again");
const novel = rows.filter((row) => RANK.includes(row.standings["novel-strategy"]!));
const same = rows.filter(({ world }) => world === "same-again");
const causeless = same.filter(
  (row) => !Object.entries(row.standings).some(([name, is]) => name !== "nothing-changed" && RANK.includes(is)),
);
say(
  `*novel-strategy* was said to contribute in ${of(novel.length, rows.length)} (bar 5 %). \`same-again\` yielded no cause in ${of(causeless.length, same.length)} (bar 95 %).`,
  "",
  "## Ledger",
  "",
  "Entries with an exact share: how far off they were, how wide, and how often the 90 % interval of the entry by itself held the exact share.",
  "",
);
const causes = ["format-learned", "longer-outputs", ...PLAN, ...EXECUTION, "answer", "unexplained"];
let covered = 0;
let asked = 0;
table(
  ["world", "cause", "exact share", "mean estimate", "mean error", "half-width, all at once", "alone", "held, alone"],
  WORLDS.filter((world) => world !== "same-again").flatMap((world) =>
    causes.flatMap((cause) => {
      const found = gained
        .filter((row) => row.world === world)
        .flatMap((row) => {
          const [truth, entry] = [exact(row, cause), entryOf(row, cause)];
          return truth === undefined || entry?.value === undefined || entry.low === undefined
            ? []
            : [{ truth, value: entry.value, low: entry.low, high: entry.high!, alone: entry.alone! }];
        });
      if (found.length === 0) return [];
      const mean = (value: (one: (typeof found)[number]) => number): number =>
        found.reduce((sum, one) => sum + value(one), 0) / found.length;
      const held = found.filter(({ truth, alone: [low, high] }) => low <= truth && truth <= high).length;
      covered += held;
      asked += found.length;
      return [
        [
          world,
          cause,
          f(mean(({ truth }) => truth)),
          f(mean(({ value }) => value)),
          f(mean(({ value, truth }) => value - truth)),
          f(mean(({ low, high }) => (high - low) / 2)),
          f(mean(({ alone: [low, high] }) => (high - low) / 2)),
          `${held} of ${found.length}`,
        ],
      ];
    }),
  ),
);
const whole = gained.map((row) =>
  causes.every((cause) => {
    const [truth, entry] = [exact(row, cause), entryOf(row, cause)];
    return truth === undefined || entry?.low === undefined || (entry.low <= truth && truth <= entry.high!);
  }),
);
const joint = whole.filter(Boolean).length;
say(
  `Each entry by itself: ${of(covered, asked)} (bar 0.85 to 0.95). All entries of a study at once, with the wider limits that are shown: ${of(joint, whole.length)} of the studies.`,
  "",
);

/** Exact p at each L, as counts of a million, through the regression that the experiment makes. */
function exactSlopeRatio(truth: StudyRow["truth"]): number {
  const counts = Object.entries(truth).flatMap(([name, p]) => {
    const [, policy, steps] = /^p([01])\/L=(\d+)$/.exec(name) ?? [];
    if (steps === undefined) return [];
    const [later, L] = [Number(policy), Number(steps)];
    return Array.from({ length: 10 }, (_, cluster) => ({
      right: Math.round(1e6 * p),
      drawn: 1e6,
      x: [1, L, later, later * L],
      cluster,
    }));
  });
  return Math.exp(logLinkGlm(counts)!.coefficients[3]!);
}
const rungWorlds = [
  { world: "steady-hand", finding: "ladder/slope-ratio", exactly: exactSlopeRatio },
  { world: "known-route", finding: "ladder/way/slope-ratio", exactly: () => 1 },
] as const;

say("## Where the bits are missing", "");
table(
  ["world", "seed", "exact bits", "told", "exact N_eff", "told", "steps"],
  WORLDS.flatMap((world) =>
    seeds.flatMap((seed) => {
      const own = rows.filter((row) => row.world === world && row.seed === seed && row.findings["missing-bits/total"]);
      if (own.length === 0) return [];
      const mean = (name: string): string =>
        f(own.reduce((sum, { findings }) => sum + (findings[name]?.[0] ?? Number.NaN), 0) / own.length, 2);
      const { truth } = own[0]!;
      return [
        [
          world,
          seed,
          f(truth["bits"], 2),
          mean("missing-bits/total"),
          f(truth["neff"], 2),
          mean("missing-bits/neff"),
          mean("missing-bits/steps"),
        ],
      ];
    }),
  ),
);

say(
  "## The ladder",
  "",
  "Ratio of p1/p0 from one step more to one less (steady-hand: all ways; the exact one is the same regression on exact success). Where a way is chosen more often the ratio is flat along it, 1 (known-route). Held: by the 95 % interval, 1.96 standard errors.",
  "",
);
table(
  ["world", "seed", "what", "exact", "told", "held"],
  rungWorlds.flatMap(({ world, finding, exactly }) =>
    seeds.flatMap((seed) => {
      const own = rows.filter((row) => row.world === world && row.seed === seed && row.findings[finding]);
      if (own.length === 0) return [];
      const truth = exactly(own[0]!.truth);
      const told = own.map(({ findings }) => findings[finding]! as readonly number[]);
      const mean = told.reduce((sum, [value]) => sum + value!, 0) / told.length;
      const held = told.filter(([, low, high]) => low! <= truth && truth <= high!).length;
      return [[world, seed, `\`${finding}\``, f(truth), f(mean), `${held} of ${told.length}`]];
    }),
  ),
);

say(
  "## The hand-off",
  "",
  "Shapley shares of official grading, in probability; how often the 90 % interval held the exact one.",
  "",
);
table(
  ["world", "segment", "exact", "mean error", "mean half-width", "held"],
  WORLDS.flatMap((world) =>
    ["plan", "execution", "answer"].map((segment) => {
      const own = rows.flatMap((row) => {
        const found = row.world === world ? row.findings[`handoff/${segment}`] : undefined;
        return found === undefined
          ? []
          : [{ truth: row.truth[segment]!, value: found[0]!, low: found[1]!, high: found[2]! }];
      });
      const mean = (value: (one: (typeof own)[number]) => number): number =>
        own.reduce((sum, one) => sum + value(one), 0) / own.length;
      return [
        world,
        segment,
        f(mean(({ truth }) => truth)),
        f(mean(({ value, truth }) => value - truth)),
        f(mean(({ low, high }) => (high - low) / 2)),
        `${own.filter(({ truth, low, high }) => low <= truth && truth <= high).length} of ${own.length}`,
      ];
    }),
  ),
);
say(
  "## Standing by standing",
  "",
  `Rival against world: in how many of the studies it was alone sufficient / contributing / not told.`,
  "",
);
table(
  ["rival", ...WORLDS],
  EXPLANATIONS.map(({ name }) => [
    name,
    ...WORLDS.map((world) => {
      const own = rows.filter((row) => row.world === world).map(({ standings }) => standings[name]);
      const count = (is: string): number => own.filter((one) => one === is).length;
      return `${count("alone sufficient")} / ${count("contributes")} / ${count("cannot be told")}`;
    }),
  ]),
);
process.stdout.write(`${out.join("\n")}\n`);
