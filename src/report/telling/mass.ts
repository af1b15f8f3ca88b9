// report/ · Mass, told: how often the base is right by itself, also where no sample of it was.
import { percent, plain, rough } from "../numbers.ts";
import { type Piece, prose, section, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function mass(story: Story): Section | undefined {
  const bits = story.estimate("mass/bits");
  const full = story.estimate("mass/full/bits");
  const rare = story.measured("mass/rare");
  const agreed = story.measured("mass/agreed");
  const how =
    rare === undefined
      ? ""
      : rare.value === 0
        ? " It solves every problem often enough to be counted."
        : ` On ${percent(rare.value)} of the problems it is right less than ten times, and was followed step by step; two methods agree on ${agreed === undefined ? "none" : percent(agreed.value)} of them.`;
  const once =
    bits?.kind === "measured"
      ? onceIn("", bits.value)
      : bits?.kind === "bounded" && bits.high !== undefined
        ? onceIn("at least ", bits.high)
        : "";
  return section("mass", "How rare it is in the base", [
    bits === undefined || bits.kind === "refused"
      ? undefined
      : prose(
          `To be right, ${story.base} lacks ${story.words("mass/bits")} bits a problem (1 bit: right every second time).${once}${how}`,
        ),
    guaranteed(story),
    // Elsewhere it says the same again.
    full?.kind === "bounded" && full.method !== (bits?.kind === "bounded" ? bits.method : undefined)
      ? prose(
          `That is under the sampler in use. With all tokens kept it lacks ${story.words("mass/full/bits")} bits, by the answers that were scored.${yardstick(story, "mass/full/samples")}`,
        )
      : undefined,
    // That there is nothing rare is no refusal that a reader must mend.
    rare?.value === 0 ? undefined : story.refusals("mass", "rare-mass"),
  ]);
}

/** What holds whatever methods agree on, and which side of the yardstick it lies on. */
function guaranteed(story: Story): Piece | undefined {
  const chance = story.estimate("mass/base");
  if (chance?.kind !== "bounded" || chance.high === undefined) return undefined;
  const limits =
    chance.low === undefined
      ? `is at most ${plain(chance.high)}`
      : `lies between ${plain(chance.low)} and ${plain(chance.high)}`;
  return prose(
    `Whatever methods agree on, its chance of a right answer ${limits} (geometric mean over problems).${yardstick(story, "mass/samples")}`,
  );
}

/** Problems on either side of one right answer in as many rollouts as training drew; nothing where nobody said how many. */
function yardstick(story: Story, name: string): string {
  const estimate = story.estimate(name);
  const told = estimate === undefined || estimate.kind === "refused" ? undefined : estimate.diagnostic;
  const [drawn, problems, above, below, across, likelyAbove, likelyBelow] = [
    "rlRollouts",
    "problems",
    "above",
    "below",
    "across",
    "estimatedAbove",
    "estimatedBelow",
  ].map((key) => told?.[key]);
  if (typeof drawn !== "number") return "";
  const by =
    across === 0
      ? ""
      : ` and on ${across} it is not certain (by what two methods agree on, ${likelyAbove} of these lie above and ${likelyBelow} below)`;
  return ` Training drew ${rough(drawn)} rollouts: of ${problems} problems ${above} certainly have a right answer in that many or more often, ${below} certainly not${across === 0 ? "" : ","}${by}.`;
}

/** Where that is seldom. Of problems as they lie on a scale of bits: the mean of chances would be that of the easiest. */
function onceIn(atLeast: string, bits: number): string {
  const answers = 2 ** bits;
  if (answers < 100) return "";
  const many = answers < 1e15 ? rough(answers) : `10^${Math.round(Math.log10(answers))}`;
  return ` On such a problem ${atLeast}one answer in ${many} is right.`;
}
