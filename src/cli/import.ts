// cli/ · Import: `crucis import`, answers that exist already put into a study's folder, each once however often it is called.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { Notebook } from "../evidence/notebook.ts";
import { Store } from "../evidence/store.ts";
import { readEvidence } from "../importers/read.ts";
import { type ImportedChunk, type ImportedFile, ImportedRows } from "../study/imported.ts";
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Rollout } from "../terms/rollout.ts";
import { keepMemorySmall } from "./memory.ts";
import { finite } from "./numbers.ts";
import { progressLine } from "./progress.ts";

export function importCommand() {
  return new Command("import")
    .summary("put answers that exist already into a study")
    .description(
      "Reads logs of other tools (docs/importers), recognised by content, and keeps their rollouts in a study's folder " +
        "under one policy's name. A file is taken whole or not at all, and the same file twice adds nothing.",
    )
    .argument("<paths...>", "log files")
    .requiredOption("--as <policy>", "the policy that answered: base, a checkpoint's name, tuned", policyName)
    .option("--study <folder>", "the folder that holds the study's evidence", ".")
    .option("--right-above <reward>", "a reward becomes the verdict `right` above this (0.5 unless told)", finite)
    .option("--scorer <name>", "which of several graders' columns or scores counts")
    .action(async (paths, { as: policy, study: folder, rightAbove, scorer }) => {
      keepMemorySmall();
      const grading: Grading = {
        ...(rightAbove === undefined ? {} : { rightAbove }),
        ...(scorer === undefined ? {} : { scorer }),
      };
      const progress = progressLine();
      // Everything is read once before anything is kept: a fault in the last row of the last file leaves the study as it was.
      const files: Read[] = [];
      for (const file of paths) {
        progress.say(`reading ${file}`);
        const sha256 = await hashOf(file);
        // All of every row is looked at, token ids too, since all of it will be kept.
        const onRollout = (): void => {};
        const evidence = await readEvidence(file, { policy, ...grading, ...COUNTS, onRollout });
        files.push(summed(evidence, { file, sha256, format: evidence.format, policy }));
      }
      const store = await Store.open(folder, { write: true });
      try {
        const notebook = await Notebook.open(folder);
        try {
          for (const read of files) agree(read, grading, notebook);
          for (const read of files) {
            progress.say(`keeping ${read.from.file}`);
            const added = await keep(read, grading, store, notebook);
            progress.end();
            process.stdout.write(told(read, added));
          }
        } finally {
          await notebook.close();
        }
      } finally {
        await store.close();
      }
    });
}

interface Grading {
  readonly rightAbove?: number;
  readonly scorer?: string;
}

const COUNTS = { keepTexts: false, keepRollouts: false } as const;

interface Read extends Pick<PolicyEvidence, "rightAbove" | "selected"> {
  readonly from: ImportedFile;
  readonly problems: number;
  readonly rows: number;
  /** Rows without a verdict. */
  readonly absent: number;
}

/** The problems themselves are forgotten: there may be as many as rows. */
function summed({ problems, rightAbove, selected }: PolicyEvidence, from: ImportedFile): Read {
  const absent = problems.map(({ ungradable }) => Object.values(ungradable).reduce((a, b) => a + b, 0));
  return {
    from,
    problems: problems.length,
    rows: problems.reduce((sum, { n }) => sum + n, 0),
    absent: absent.reduce((a, b) => a + b, 0),
    ...(rightAbove === undefined ? {} : { rightAbove }),
    ...(selected === undefined ? {} : { selected }),
  };
}

/** What the notebook says of a file. */
function factOf({ from, rows, rightAbove, selected }: Read, { scorer }: Grading) {
  return {
    ...from,
    rows,
    ...(rightAbove === undefined ? {} : { rightAbove }),
    ...(scorer === undefined ? {} : { scorer }),
    ...(selected === undefined ? {} : { selected }),
  };
}

/** Rows that are kept already have their verdicts; another way of grading would change only those that are not. */
function agree(read: Read, grading: Grading, notebook: Notebook): void {
  const now = factOf(read, grading);
  const before = former(notebook, now);
  if (before === undefined) return;
  for (const field of ["format", "rightAbove", "scorer"] as const) {
    if (before[field] === now[field]) continue;
    throw new StudyError({
      code: "imported-otherwise",
      what: `${now.file} is in the study already, with ${field} ${before[field] ?? "unsaid"}, and now ${field} is ${now[field] ?? "unsaid"}`,
      why: "and one rollout has one verdict",
      mend: "import it as before, or into another folder",
    });
  }
}

function former(notebook: Notebook, { sha256, policy }: ImportedFile): Record<string, unknown> | undefined {
  return notebook.entries.find(
    ({ kind, fact }) => kind === "imported" && fact["sha256"] === sha256 && fact["policy"] === policy,
  )?.fact;
}

/** Chunks that may wait for the disk while the file is read on; they are in memory till it has them. */
const PENDING = 8;

/** The fact comes first: whoever finds half a file in the store knows what it is, and the same command completes it. @returns rows that are new */
async function keep(read: Read, grading: Grading, store: Store, notebook: Notebook): Promise<number> {
  const { from } = read;
  if (former(notebook, from) === undefined) await notebook.append("imported", factOf(read, grading));
  let rows = 0;
  let added = 0;
  let pending: Promise<void>[] = [];
  const put = async (chunk: ImportedChunk, records: readonly RolloutRecord[]): Promise<void> => {
    if (await store.commit(chunk, records)) await notebook.append("observed", store.commitOf(chunk.id)!);
  };
  const chunks = new ImportedRows(from, (chunk, records) => {
    rows += records.length;
    if (store.has(chunk.id)) return;
    added += records.length;
    const done = put(chunk, records);
    // All are awaited below; till then a refusal is nobody's surprise.
    done.catch(() => {});
    pending.push(done);
  });
  const settled = async (): Promise<void> => {
    const before = pending;
    pending = [];
    await Promise.all(before);
  };
  const ready = async (): Promise<void> => {
    if (pending.length >= PENDING) await settled();
  };
  const onRollout = ({ id }: { readonly id: string }, rollout: Rollout, index: number): void =>
    chunks.add(id, index, rollout);
  await readEvidence(from.file, { policy: from.policy, ...grading, ...COUNTS, onRollout, ready });
  chunks.end();
  await settled();
  if (rows !== read.rows) {
    throw new StudyError({
      code: "changed-while-read",
      what: `${from.file} had ${read.rows} rollouts when it was checked and ${rows} when it was kept`,
      why: "so somebody is writing to it",
      mend: "import it into another folder once it is finished",
    });
  }
  return added;
}

function told({ from, problems, rows, absent, selected }: Read, added: number): string {
  const lines = [
    `${from.file}: ${rows} rollouts of ${problems} problems as ${from.policy} (${from.format}), ${absent} without a verdict; ` +
      (added === rows
        ? "all are new."
        : added === 0
          ? "all were there already."
          : `${added} are new, the others were there.`),
    ...(selected === undefined ? [] : [`  Selected: ${selected}. Success rates from it are refused.`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** @throws StudyError where it is no file: it is read three times */
async function hashOf(file: string): Promise<string> {
  const stat = statSync(file, { throwIfNoEntry: false });
  // What is not there, or a folder, is refused when it is opened as evidence.
  if (stat === undefined || stat.isDirectory()) return "";
  if (!stat.isFile()) {
    throw new StudyError({
      code: "not-a-file",
      what: `${file} is a pipe or a device`,
      why: "and what is imported is read more than once",
      mend: "save it as a file first",
    });
  }
  const hash = createHash("sha256");
  // One buffer again and again: of a stream's own, seventy megabytes pile up before they are taken away.
  const buffer = Buffer.allocUnsafeSlow(1 << 20);
  const handle = await open(file, "r");
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

function policyName(value: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(value)) return value;
  throw new InvalidArgumentError("Write a name in letters, digits, dots, dashes.");
}
