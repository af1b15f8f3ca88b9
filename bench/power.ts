// bench/ · Power: how often each experiment tells each pair of rivals apart in a usual study on paper; src/study/usual-power.ts is made of it.
//
// node bench/power.ts [STUDIES] writes it anew: so many studies of each rival, with what `crucis rehearse` plays where no study is named.
import { writeFileSync } from "node:fs";
import { rehearsalOf } from "../src/attribution/rehearsal.ts";
import { playAll } from "../src/cli/rehearse-crew.ts";
import { blindTo, scenesOf } from "../src/study/rehearse.ts";
import { usualDesign } from "../src/study/rehearse-design.ts";

const studies = Number(process.argv[2] ?? 20);
const design = usualDesign();
const parts = scenesOf(studies, [], 0, 1).map((scene) => ({ scene, design }));
const played = await playAll(parts, (done) => {
  if (done % 20 === 0) console.error(`${done} of ${parts.length}`);
});
const { pairs, rivals } = rehearsalOf(played, 0.9, blindTo(design.experiments));
const grounds = Object.keys(pairs[0]!.apart);
const lines = pairs.map(
  ({ pair, apart }) =>
    `  "${pair.join(" ")}": [${grounds.map((ground) => Number(apart[ground]!.value.toFixed(3))).join(", ")}],`,
);
const out = new URL("../src/study/usual-power.ts", import.meta.url);
writeFileSync(
  out,
  `// study/ · Usual power: how often a usual study on paper tells each pair of rivals apart by each experiment. Made by bench/power.ts, not by hand.

/** ${studies} studies of each of ${rivals.length} rivals; two rivals, so ${2 * studies} studies a pair. */
export const USUAL_STUDIES = ${studies};

/** What was judged on; each beside the paired rollouts. */
export const GROUNDS: readonly string[] = [${grounds.map((one) => `"${one}"`).join(", ")}];

/** Share of studies in which the rival that was the cause was claimed and the other set aside, by ground. */
export const USUAL_POWER: Readonly<Record<string, readonly number[]>> = {
${lines.join("\n")}
};
`,
);
