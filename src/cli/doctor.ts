// cli/ · Doctor: `crucis doctor`, are the engines of a study what they claim, before anything is paid for.
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { renderDoctorText } from "../report/doctor-text.ts";
import { doctor } from "../study/doctor.ts";
import { closePolicies, openPolicies } from "../study/policies.ts";
import { positive, whole } from "./numbers.ts";
import { progressLine } from "./progress.ts";
import { studyAt } from "./study-folder.ts";

/** The examination went through, and found something. */
const ILL = 1;

/** Fewer say nothing of a mean weight. */
const FEWEST = 8;

export function doctorCommand() {
  return new Command("doctor")
    .summary("are the engines what they claim: log-probabilities, samplers, seeds, token ids")
    .description(
      "Asks every policy of a study for a few rollouts, scores them again, and draws short answers under every setting " +
        "of the sampler. Nothing is kept. Says for each shortcoming which experiments it forbids; the exit code is 1 " +
        "where a check failed.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one", ".")
    .option("--rollouts <number>", "of each policy, drawn and scored", several, 64)
    .option("--max-tokens <number>", "of each of them; the study's own where that is less", positive, 256)
    .option("--seed <number>", "names the random streams; the study's own unless told", whole)
    .option("--json", "print one JSON document instead of text")
    .action(async (named, { rollouts, maxTokens, seed, json }) => {
      const { study, bench } = await studyAt(named);
      const progress = progressLine();
      // A judge is examined by its own mistakes: its labels of the examples.
      const policies = await openPolicies({ policies: study.policies }, (policy) => ({
        retried: (why, seconds) => progress.say(`${policy}: ${why}; again in ${Math.ceil(seconds)} s`),
      }));
      try {
        const report = await doctor(
          policies,
          bench.problems.map(({ prompt }) => prompt),
          {
            rollouts,
            maxTokens: Math.min(maxTokens, study.sampler.maxTokens),
            sampler: study.sampler,
            seed: seed ?? study.seed,
            now: () => performance.now(),
          },
          (policy, what, done) => progress.share(`${policy} ${what}`, done),
        );
        progress.end();
        process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderDoctorText(report));
        const checks = [...report.policies.flatMap((policy) => policy.checks), ...report.between];
        if (checks.some(({ outcome }) => outcome.kind === "failed")) process.exitCode = ILL;
      } finally {
        progress.end();
        await closePolicies(policies);
      }
    });
}

function several(value: string): number {
  const rollouts = whole(value);
  if (rollouts < FEWEST) throw new InvalidArgumentError(`Write a whole number from ${FEWEST} on.`);
  return rollouts;
}
