// test/ · DeepScaleR counts as shipped in examples/.
import { readFileSync } from "node:fs";
import { type PairedCells, pairedCells } from "../../src/maths/paired-cells.ts";

interface Row {
  id: string;
  source: string;
  c: number;
  n: number;
}

export function deepscalerRows(side: "base" | "rl"): Row[] {
  const file = new URL(`../../examples/deepscaler/${side}.jsonl`, import.meta.url);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

export function deepscalerCells(): PairedCells {
  const [base, later] = [deepscalerRows("base"), deepscalerRows("rl")];
  return pairedCells({
    c0: base.map(({ c }) => c),
    n0: base.map(({ n }) => n),
    c1: later.map(({ c }) => c),
    n1: later.map(({ n }) => n),
  });
}
