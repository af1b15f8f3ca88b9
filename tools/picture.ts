// tools/ · Picture: draws the README's figure from the example's counts. `node tools/picture.ts` writes docs/picture.svg.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explain, readEvidence } from "../src/index.ts";
import { figureSvg } from "../src/report/figures/figure.ts";

const counts = (name: string): string =>
  fileURLToPath(new URL(`../examples/deepscaler/${name}.jsonl`, import.meta.url));
const { exhibits } = explain([
  await readEvidence(counts("base"), { policy: "base" }),
  await readEvidence(counts("rl"), { policy: "tuned" }),
]);
const curves = exhibits.find(({ kind }) => kind === "curves");
if (curves === undefined) throw new Error("the example has no curves");
writeFileSync(new URL("../docs/picture.svg", import.meta.url), figureSvg(curves));
