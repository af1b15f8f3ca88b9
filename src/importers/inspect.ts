// importers/ · Inspect: its logs of an evaluation, `.eval` (a zip archive) and `.json`, read sample by sample.
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import { Archive, type Member } from "./archive/zip.ts";
import { type Path, type Plan, Walker } from "./document/walk.ts";
import { keepFamilies } from "./families.ts";
import { differsAt, Gathering } from "./gather.ts";
import { type Importer, type ImportOptions, RIGHT_ABOVE } from "./importer.ts";
import { chunkedAttachments } from "./inspect/chunked.ts";
import { rolloutOf, Sample, samplePlan, sharedOf } from "./inspect/sample.ts";
import { Chosen } from "./inspect/score.ts";
import { wrongType } from "./refusals.ts";
import { checkedThreshold } from "./reward.ts";
import type { Threshold } from "./rollout-verdict.ts";
import { plain, show } from "./show.ts";
import type { Source } from "./source.ts";

export const inspect: Importer = {
  name: "inspect",
  what: "an Inspect log (.eval or .json)",
  recognises: ({ kind, keys }) =>
    kind === "zip" ||
    (keys.has("eval") && ["version", "status", "plan", "results", "samples"].some((name) => keys.has(name))),
  async read(source, options) {
    const log = new Log(source.file, options);
    if (source.head.kind === "zip") await readArchive(source, log, options.ready);
    else await readDocument(source, log);
    return log.evidence();
  },
};

/** What is kept of a log besides its samples. */
const HEADER = {
  status: true,
  eval: { task: true, dataset: { sample_ids: true }, config: { epochs: true } },
  results: { total_samples: true },
} as const satisfies Plan;

async function readDocument(source: Source, log: Log): Promise<void> {
  let sample = new Sample();
  const walker = new Walker(
    source.file,
    { ...HEADER, samples: { "*": samplePlan(() => sample) } },
    {
      take(path, value) {
        if (path[0] === "samples" && path.length > 2) sample.take(path.slice(2), value);
        else log.take(path, value);
      },
      leave([field, index, ...within]) {
        if (field !== "samples" || index === undefined || within.length > 0) return;
        log.add(sample);
        sample = new Sample();
      },
    },
  );
  for await (const chunk of source.chunks()) walker.write(chunk);
  walker.end();
}

/** A sample is one member; or, where it is large, a folder, whose sample.json holds all but its conversation. */
const SAMPLE = /^samples\/.*_epoch_\d+(\.json|\/sample\.json)$/s;

async function readArchive(source: Source, log: Log, ready: ImportOptions["ready"]): Promise<void> {
  const archive = await Archive.open(source.path);
  const { members } = archive;
  const samples = [...members.values()].filter(({ name }) => SAMPLE.test(name));
  const place = (member: Member): string => `${source.file}, ${member.name}`;
  try {
    // A run that was cut off has no header, but what it began with.
    const header = members.get("header.json") ?? members.get("_journal/start.json");
    if (header === undefined) throw noLog(source.file);
    await walk(header, place(header), HEADER, (path, value) => log.take(path, value));
    if (header.name !== "header.json") log.cutOff();
    log.placeOf = (number) => plain(place(samples[number] as Member));
    for (const member of samples) {
      await ready?.();
      const sample = new Sample();
      const plan = samplePlan(() => sample);
      await walk(member, place(member), plan, (path, value) => sample.take(path, value));
      if (member.name.endsWith("/sample.json")) await chunkedAttachments(sample, member, members, walk);
      log.add(sample);
    }
  } finally {
    archive.close();
  }
}

async function walk(
  member: Member,
  name: string,
  plan: Plan,
  take: (path: Path, value: unknown) => void,
): Promise<void> {
  const walker = new Walker(name, plan, { take });
  for await (const chunk of member.bytes()) walker.write(chunk);
  walker.end();
}

class Log {
  /** Where a sample stands, by its number from 0. */
  placeOf = (number: number): string => `${plain(this.#file)}, samples[${number}]`;
  readonly #file: string;
  readonly #options: ImportOptions;
  readonly #gathering: Gathering;
  readonly #chosen: Chosen;
  readonly #threshold: Threshold;
  /** Of each sample; most have one or few. */
  readonly #epochs = new Map<string, number | Set<number>>();
  #family: string | undefined;
  #status: string | undefined;
  #samples = 0;
  /** How many samples the run was to draw, as far as its header says. */
  #total = 0;
  #ids = 0;
  #epochsWanted = 1;

  constructor(file: string, options: ImportOptions) {
    this.#file = file;
    this.#options = options;
    const place = (number: number): string => this.placeOf(number);
    this.#gathering = new Gathering(options, differsAt(place), place);
    this.#chosen = new Chosen(options.scorer, plain(file));
    this.#threshold = { rightAbove: checkedThreshold(options.rightAbove ?? RIGHT_ABOVE), used: false };
  }

  take(path: Path, value: unknown): void {
    const name = path.join(".");
    if (name === "status" && typeof value === "string") this.#status = value;
    if (name === "eval.task" && typeof value === "string" && value !== "") this.#family = value;
    if (name === "eval.dataset.sample_ids" && Array.isArray(value)) this.#ids = value.length;
    if (name === "eval.config.epochs" && Number.isSafeInteger(value)) this.#epochsWanted = value as number;
    if (name === "results.total_samples" && Number.isSafeInteger(value)) this.#total = value as number;
  }

  /** The log has no end. */
  cutOff(): void {
    this.#status = "started";
  }

  add(sample: Sample): void {
    const place = this.placeOf(this.#samples);
    const { id, epoch } = namesOf(sample, place);
    const epochs = this.#epochs.get(id);
    if (typeof epochs === "number" ? epochs === epoch : epochs?.has(epoch)) {
      throw new StudyError({
        code: "duplicate-id",
        what: `${place}: sample ${show(id)} of epoch ${show(sample.epoch)} was already given`,
        why: "and it is counted once",
        mend: "keep one of the two",
      });
    }
    if (epochs === undefined) this.#epochs.set(id, epoch);
    else if (typeof epochs === "number") this.#epochs.set(id, new Set([epochs, epoch]));
    else epochs.add(epoch);
    this.#gathering.add(
      sharedOf(sample, id, this.#family),
      rolloutOf(sample, this.#chosen, this.#threshold, place),
      this.#samples++,
    );
  }

  evidence(): PolicyEvidence {
    if (this.#samples === 0) {
      throw new StudyError({
        code: "no-rows",
        what: `${plain(this.#file)} is an Inspect log without samples`,
        mend: "give a log that was written with its samples",
      });
    }
    this.#chosen.check();
    const { policy, families } = this.#options;
    const selected = this.#selected();
    return {
      policy,
      file: this.#file,
      format: inspect.name,
      problems: keepFamilies(this.#gathering.problems(), families, this.#file),
      ...(this.#threshold.used ? { rightAbove: this.#threshold.rightAbove } : {}),
      ...(selected === undefined ? {} : { selected }),
    };
  }

  /** Samples that are missing from a run are those that take longest, or that somebody took out. */
  #selected(): string | undefined {
    const wanted = Math.max(this.#total, this.#ids * this.#epochsWanted);
    if (this.#samples >= wanted && (wanted > 0 || this.#status === "success")) return undefined;
    const status = this.#status === undefined ? "" : ` of a run with the status ${show(this.#status)}`;
    return wanted === 0
      ? `a log${status} that does not say how many samples are missing`
      : `${this.#samples} of ${wanted} samples${status}; those that take longest are the ones missing`;
  }
}

function namesOf({ id, epoch }: Sample, place: string): { id: string; epoch: number } {
  if (!Number.isSafeInteger(epoch))
    throw wrongType(`${place}, epoch`, epoch, "a whole number", "give the log as written");
  if (typeof id === "string" && id !== "") return { id, epoch: epoch as number };
  if (Number.isSafeInteger(id)) return { id: String(id), epoch: epoch as number };
  throw wrongType(`${place}, id`, id, "a text or a whole number up to 2^53 − 1", "give the log as written");
}

function noLog(file: string): StudyError {
  return new StudyError({
    code: "not-recognised",
    what: `${plain(file)} is a zip archive with neither header.json nor _journal/start.json in it`,
    why: "so it is no Inspect log",
    mend: "unpack it, and give one of its files",
  });
}
