// bench/ · Importers: how fast each format's own logs are read, and the largest resident size while it is.
//
// node bench/importers.ts [MEGABYTES] [FORMAT…] makes files of that size (300), one at a time, imports each into a study, reads each as
// `crucis explain` does, both in processes of their own, and writes bench/results/importers.md where no format is named.
// bench/large.ts does the same with 2 GB.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MOST_COUNTED, MOST_PROBLEMS } from "../src/importers/importer.ts";
import { LOGS, writeLog } from "./logs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// The peak of a process's own memory stands in /proc; what it started with, of the process that started it, does not count.
const EXPLAIN = `
import { readFileSync } from "node:fs";
import { evidenceOf } from "./src/cli/explain.ts";
import { keepMemorySmall } from "./src/cli/memory.ts";
keepMemorySmall();
const [file, scorer] = process.argv.slice(1);
const kept = await evidenceOf({ policy: "base", file }, { rightAbove: 0.5, family: [], ...(scorer === undefined ? {} : { scorer }) }).then(
  ({ problems }) => problems.reduce((sum, { n, rollouts }) => sum + (rollouts === undefined ? 1 : n), 0),
  (error) => error.code,
);
console.log(kept, /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
`;

interface Measured {
  readonly seconds: number;
  /** Largest resident size, MB (10⁶ bytes). */
  readonly peak: number;
  /** Read, or problems where there are only counts; the code of the refusal where it was refused. */
  readonly rollouts: number | string;
}

/** The whole command, and what it prints; the largest resident size is of it alone. */
function crucis(words: readonly string[], folder: string): Omit<Measured, "rollouts"> & { said: string } {
  const peak = join(folder, "peak");
  const command = ["-f", "%M", "-o", peak, process.execPath, "src/cli/main.ts", ...words];
  const start = performance.now();
  const { stdout, stderr } = spawnSync("/usr/bin/time", command, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const said = stdout === "" ? stderr : stdout;
  const seconds = (performance.now() - start) / 1000;
  return { said, seconds, peak: (Number(readFileSync(peak, "utf8").trim().split("\n").at(-1)) * 1024) / 1e6 };
}

function importing(file: string, folder: string, scorer: readonly string[]): Measured {
  const study = join(folder, "study");
  const words = ["import", file, "--as", "base", "--study", study, ...scorer.flatMap((name) => ["--scorer", name])];
  const { said, ...measures } = crucis(words, folder);
  rmSync(study, { recursive: true, force: true });
  const rollouts = /: (\d+) rollouts of /.exec(said)?.[1];
  return { ...measures, rollouts: rollouts === undefined ? said : Number(rollouts) };
}

function explaining(file: string, scorer: readonly string[]): Measured {
  const start = performance.now();
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", EXPLAIN, file, ...scorer], {
    cwd: root,
    encoding: "utf8",
  });
  const [rollouts, peak] = said.trim().split(" ") as [string, string];
  const read = Number.isNaN(Number(rollouts)) ? rollouts : Number(rollouts);
  return { seconds: (performance.now() - start) / 1000, peak: (Number(peak) * 1024) / 1e6, rollouts: read };
}

/**
 * Makes, imports and reads one log after the other, each gone before the next.
 *
 * @param runs of each; the largest of all is told, and the shortest time
 * @returns a table, its rows told as they come
 */
export async function measured(bytes: number, named: readonly string[] = [], runs = 1): Promise<string> {
  const rows: string[] = [];
  await inFolder(async (folder) => {
    for (const log of LOGS) {
      const { name, scorer, counts, refused } = log;
      if (named.length > 0 && !named.includes(name)) continue;
      const file = join(folder, "log");
      const written = await writeLog(log, file, bytes);
      const chosen = scorer === undefined ? [] : [scorer];
      const ways = [...(counts ? [] : [() => importing(file, folder, chosen)]), () => explaining(file, chosen)];
      const cells = ways.map((way) => {
        const all = Array.from({ length: runs }, way);
        for (const { rollouts } of all) {
          const said = refused === undefined ? rollouts === written : String(rollouts).includes(REFUSED);
          if (!said && rollouts !== refused) throw new Error(`${name}: ${written} were written; said: ${rollouts}`);
        }
        const peaks = all.map(({ peak }) => peak.toFixed(0));
        return `${Math.min(...all.map(({ seconds }) => seconds)).toFixed(0)} | ${peaks.join(", ")}`;
      });
      const gigabytes = (statSync(file).size / 1e9).toFixed(2);
      const outcome =
        refused === undefined
          ? written.toLocaleString("en")
          : `refused: more than ${(counts ? MOST_COUNTED : MOST_PROBLEMS).toLocaleString("en")} problems`;
      rows.push(`| ${name} | ${gigabytes} | ${outcome} | ${counts ? "– | – | " : ""}${cells.join(" | ")} |`);
      console.log(rows.at(-1));
    }
  });
  return `| format | GB | rows read | import, s | import, MB at most | as explain reads, s | as explain reads, MB at most |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** What the refusal of a file with too many problems says. */
const REFUSED = "are the most that one file may hold";

/** The whole of `crucis explain`, with a log of so many bytes on each side. */
export async function bothSides(bytes: number): Promise<{ seconds: number; peak: number }> {
  return inFolder(async (folder) => {
    const files = ["base", "tuned"].map((name) => join(folder, name));
    for (const file of files) await writeLog(LOGS.find(({ name }) => name === "rollouts")!, file, bytes);
    const { said, ...measures } = crucis(["explain", ...files, "--json"], folder);
    if (!said.includes('"regrade/share"')) throw new Error("the texts were not read");
    return measures;
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "crucis-importers-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const megabytes = Number(process.argv[2] ?? 300);
  const named = process.argv.slice(3);
  const table = await measured(megabytes * 1e6, named);
  if (named.length === 0)
    writeFileSync(
      new URL("results/importers.md", import.meta.url),
      `# Logs of other tools, read

Made by \`node bench/importers.ts ${megabytes}\` on ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"},
Node ${process.versions.node}. \`crucis import\` reads a file three times (its hash, whether all of it can be read, its rows) and writes
every row; \`crucis explain\` reads it once. Each in a process of its own.

${table}`,
    );
}
