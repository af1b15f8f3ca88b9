// cli/ · Explain: `crucis explain BASE TUNED`, from files to a verdict.
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { readEvidence } from "../importers/read.ts";
import { renderHtml } from "../report/html.ts";
import { renderText } from "../report/text.ts";
import { explain } from "../study/explain.ts";
import { gistOf } from "../study/gist.ts";
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import { keepMemorySmall } from "./memory.ts";
import { finite, positive, whole } from "./numbers.ts";
import { writeWhole } from "./output.ts";
import { progressLine } from "./progress.ts";

interface Named {
  readonly policy: string;
  readonly file: string;
}

export function explainCommand() {
  return new Command("explain")
    .summary("what do the answers I have say about where the gain came from, and what can they not?")
    .description(
      "Reads success counts or rollouts of a base and later policies on the same problems, and judges every rival " +
        "explanation of the gain. Formats are recognised by content: counts (JSONL or CSV with id, c, n), rollouts " +
        "(JSONL, one row a rollout), reasoning-gym evaluations. Differences are always later − base.",
    )
    .argument("[files...]", "two files: base and tuned")
    .option("--base <file>", "the policy before training")
    .option("--tuned <file>", "the last policy")
    .option("--rl <file>", "the same as --tuned")
    .option("--checkpoint <name=file>", "a policy in between; repeat in training order", collectNamed, [] as Named[])
    .option("--right-above <reward>", "a reward becomes the verdict `right` above this", finite, 0.5)
    .option("--scorer <name>", "which of several graders' columns or scores counts")
    .option("--family <name>", "keep only this family (benchmark, dataset); may be repeated", collect, [] as string[])
    .option("--cluster-by-family", "treat families, not problems, as the sampling unit")
    .option(
      "--pass-at <k>",
      "demand pass@k; refused where k is more than the rollouts drawn; may be repeated",
      collectWhole,
      [] as number[],
    )
    .option("--seed <number>", "names the random streams: same evidence and seed, same bytes", whole, 1)
    .option("--json", "print one JSON document instead of text")
    .option("--html <file>", "also write one offline HTML report")
    .addHelpText(
      "after",
      "\nExamples:\n  crucis explain base.jsonl tuned.jsonl\n  crucis explain --base b.csv --checkpoint step-100=s100.csv --tuned s400.csv --html report.html",
    )
    .action(async (files, options) => {
      keepMemorySmall();
      const named = policiesOf(files, options);
      const progress = progressLine();
      const policies: PolicyEvidence[] = [];
      for (const { policy, file } of named) {
        progress.say(`reading ${file}`);
        policies.push(await evidenceOf({ policy, file }, options));
      }
      const { document, exhibits } = explain(policies, {
        seed: options.seed,
        clusterByFamily: options.clusterByFamily ?? false,
        passAt: options.passAt,
        ...(options.family.length === 0 ? {} : { keptFamilies: options.family }),
        onProgress: progress.share,
      });
      progress.end();
      if (options.html !== undefined) await writeWhole(options.html, renderHtml(document, exhibits));
      process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : renderText(document, exhibits));
      if (options.html !== undefined) {
        // JSON goes to other programs; the path is for the person.
        (options.json ? process.stderr : process.stdout).write(`\nReport: ${options.html}\n`);
      }
    });
}

interface Reading {
  readonly rightAbove: number;
  readonly scorer?: string | undefined;
  readonly family: readonly string[];
}

/** What a file holds of a policy, as far as `explain` looks at it: of an answer's text only what is read from it again. */
export function evidenceOf({ policy, file }: Named, { rightAbove, scorer, family }: Reading): Promise<PolicyEvidence> {
  return readEvidence(file, {
    policy,
    rightAbove,
    keepTexts: gistOf,
    ...(scorer === undefined ? {} : { scorer }),
    ...(family.length === 0 ? {} : { families: family }),
  });
}

type Flags = { base?: string; tuned?: string; rl?: string; checkpoint: Named[] };

function policiesOf(files: readonly string[], { base, tuned, rl, checkpoint }: Flags): Named[] {
  const bad = (what: string, mend: string): StudyError => new StudyError({ code: "which-files", what, mend });
  if (tuned !== undefined && rl !== undefined)
    throw bad(`--tuned ${tuned} and --rl ${rl} name the same policy`, "give one of them");
  const flagged = base !== undefined || tuned !== undefined || rl !== undefined;
  if (files.length > 0 && flagged)
    throw bad(`${files.join(" ")} is given beside --base or --tuned`, "give either two bare files or flags");
  if (files.length > 0 && files.length !== 2) {
    throw bad(
      `${files.length} bare ${files.length === 1 ? "file is" : "files are"} given and two are needed, base and tuned`,
      "name others with --checkpoint NAME=FILE",
    );
  }
  const first = base ?? files[0];
  const last = tuned ?? rl ?? files[1];
  if (first === undefined) throw bad("no base is given", "give two files, or --base FILE and --tuned FILE");
  const named = [
    { policy: "base", file: first },
    ...checkpoint,
    ...(last === undefined ? [] : [{ policy: "tuned", file: last }]),
  ];
  if (named.length < 2) throw bad("only a base is given", "add --tuned FILE or --checkpoint NAME=FILE");
  const twice = named.find(({ policy }, i) => named.findIndex((other) => other.policy === policy) !== i);
  if (twice !== undefined) throw bad(`two policies are named ${twice.policy}`, "give each checkpoint its own name");
  return named;
}

function collectNamed(value: string, former: Named[]): Named[] {
  const at = value.indexOf("=");
  const policy = value.slice(0, at);
  if (at < 1 || at === value.length - 1 || !/^[A-Za-z0-9][\w.-]*$/.test(policy)) {
    throw new InvalidArgumentError("Write NAME=FILE, the name in letters, digits, dots, dashes.");
  }
  return [...former, { policy, file: value.slice(at + 1) }];
}

function collect(value: string, former: string[]): string[] {
  return [...former, value];
}

function collectWhole(value: string, former: number[]): number[] {
  return [...former, positive(value)];
}
