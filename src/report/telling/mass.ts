// report/ · Mass, told: how often the base is right by itself, also where no sample of it was.
import { percent } from "../numbers.ts";
import { prose, section, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function mass(story: Story): Section | undefined {
  const bits = story.estimate("mass/bits");
  const rare = story.measured("mass/rare");
  const agreed = story.measured("mass/agreed");
  const how =
    rare === undefined
      ? ""
      : rare.value === 0
        ? " It solves every problem often enough to be counted."
        : ` On ${percent(rare.value)} of the problems it is right less than ten times, and was followed step by step; two methods agree on ${agreed === undefined ? "none" : percent(agreed.value)} of them.`;
  return section("mass", "How rare it is in the base", [
    bits === undefined || bits.kind === "refused"
      ? undefined
      : prose(
          `To be right, ${story.base} lacks ${story.words("mass/bits")} bits a problem (1 bit: right every second time).${how}`,
        ),
    // That there is nothing rare is no refusal that a reader must mend.
    rare?.value === 0 ? undefined : story.refusals("mass", "rare-mass"),
  ]);
}
