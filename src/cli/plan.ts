// cli/ · Plan: `crucis plan [study]`, the cheapest design that would decide. Nothing is asked of anybody.
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { plain } from "../importers/show.ts";
import { renderPlanText } from "../report/plan-text.ts";
import { choose } from "../study/choose.ts";
import { VERSION } from "../study/version.ts";
import { StudyError } from "../terms/errors.ts";
import type { Study } from "../terms/study.ts";
import { positive, share, whole } from "./numbers.ts";
import { progressLine } from "./progress.ts";
import { playAll } from "./rehearse-crew.ts";
import { rehearsedStudy, withoutPortraits } from "./rehearsed-study.ts";
import { type Seconds, toldSpeeds } from "./told-speeds.ts";

/** A token that is scored passes the model once with all others of its text; one that is generated goes by itself. */
const SCORED_PRICE = 0.1;

export function planCommand() {
  return new Command("plan")
    .summary("the cheapest next design that would decide: problems, rollouts, experiments")
    .description(
      "Rehearses designs of the declared study from small to as large as it is, each on paper with the real estimators, and takes " +
        "the cheapest that decides: every pair of rivals told apart, every entry of the ledger narrow enough.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one; a usual study unless told")
    .option("--folder <folder>", "where the evidence is kept; beside study.yaml unless told")
    .option(
      "--gain <share>",
      "gain in pass@1 to expect, a published one for instance; as the folder shows unless told",
      share,
    )
    .option("--apart <chance>", "at which a pair of rivals is to be told apart", share, 0.9)
    .option("--within <share>", "half-width of the ledger's entries, of the gain", share, 0.1)
    .option("--budget <tokens>", "generated ones, or what costs as much; needs a rollout's length", positive)
    .option("--tokens-per-rollout <number>", "mean length; of what the folder holds unless told", positive)
    .option(
      "--scored-price <number>",
      "of a scored token, in generated ones; the doctor's, else of the study's prices, else 0.1",
      share,
    )
    .option(
      "--doctor <file>",
      "what crucis doctor --json printed: prices by seconds a token, and how long it would take",
    )
    .option("--studies <number>", "on paper, of each rival and design", positive, 2)
    .option("--seed <number>", "names the random streams", whole, 1)
    .option("--json", "print one JSON document instead of text")
    .action(
      async (
        named,
        { folder, gain, apart, within, budget, tokensPerRollout, scoredPrice, doctor, studies, seed, json },
      ) => {
        const rehearsed = await rehearsedStudy(named, folder, gain);
        const length = tokensPerRollout ?? rehearsed.tokensPerRollout;
        if (budget !== undefined && length === undefined)
          throw new InvalidArgumentError("A budget in tokens needs --tokens-per-rollout: the folder holds no rollout.");
        const names = rehearsed.study?.policies.map(({ name }) => name);
        const seconds = doctor === undefined ? undefined : toldSpeeds(doctor, names);
        const price = scoredPrice ?? ratioOf(seconds, doctor) ?? declared(rehearsed.study) ?? SCORED_PRICE;
        const progress = progressLine();
        const wanted = {
          apart,
          within,
          scoredPrice: price,
          studies,
          seed,
          ...(budget === undefined ? {} : { budget: budget / length! }),
        };
        const chosen = await choose(rehearsed.design, wanted, async (scenes, design, why) => {
          const parts = scenes.map((scene) => ({ scene, design }));
          return playAll(parts, (done) => progress.share(why, done / parts.length));
        });
        progress.end();
        process.stdout.write(
          json
            ? `${JSON.stringify({ crucis: VERSION, command: "plan", wanted, ...(seconds === undefined ? {} : { secondsPerToken: seconds }), ...chosen }, withoutPortraits, 2)}\n`
            : renderPlanText(chosen, {
                title: rehearsed.title,
                apart,
                within,
                scoredPrice: price,
                studies,
                ...(length === undefined ? {} : { tokensPerRollout: length }),
                ...(seconds === undefined ? {} : { secondsPerToken: seconds.generated }),
              }),
        );
      },
    );
}

function ratioOf(seconds: Seconds | undefined, file: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (seconds.scored !== undefined) return seconds.scored / seconds.generated;
  throw new StudyError({
    code: "doctor-file",
    what: `${plain(file!)} does not say how fast every engine scores`,
    mend: "give --scored-price",
  });
}

/** Where all prices are nothing they say nothing of one another. */
function declared(study: Study | undefined): number | undefined {
  const prices = study?.policies.flatMap(({ price }) => price ?? []) ?? [];
  const sum = (of: "generated" | "scored"): number => prices.reduce((total, one) => total + one[of], 0);
  return sum("generated") > 0 ? sum("scored") / sum("generated") : undefined;
}
