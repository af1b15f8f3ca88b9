// report/ · The gain kernel, told: the shapes, their parameters, how far each is behind, and whether any is adequate.
import { estimateInWords, fixed, percent, plusMinus } from "../numbers.ts";
import { inWords } from "../figures/kernel.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const SYMBOLS = new Map([
  ["alpha", "α"],
  ["beta", "β"],
  ["gamma", "γ"],
  ["delta", "δ"],
  ["f", "f"],
  ["q", "q"],
]);

export function kernel(story: Story): Section | undefined {
  const exhibits = story.of("kernel");
  const chosen = exhibits[0]?.chosen ?? String(story.measured("kernel/adequacy")?.diagnostic?.["shape"] ?? "");
  const shapes = story
    .under("kernel/elpd/")
    .map((name) => ({ name, behind: story.measured(`kernel/elpd/${name}`) }))
    .toSorted((a, b) => (b.behind?.value ?? -Infinity) - (a.behind?.value ?? -Infinity));
  const free = story.measured("kernel/free/elpd");
  const rows = shapes.map(({ name, behind }) => [
    inWords(name) + (name === chosen ? " (chosen)" : ""),
    parameters(story, name),
    behind === undefined
      ? story.words(`kernel/elpd/${name}`)
      : behind.value === 0
        ? "best"
        : score(behind.value, behind.se),
  ]);
  if (free !== undefined) rows.push(["free law, no shape", "–", score(free.value, free.se, true)]);
  const lost = story.measured("kernel/lost");
  return section("kernel", "The gain kernel", [
    ...exhibits.map((exhibit) => ({ kind: "figure", exhibit }) as const),
    table(
      ["shape", "parameters", right("held-out score, nats")],
      rows,
      "Held-out log score relative to the best listed shape, ± one standard error; the simplest within one of the best, or within 4 nats, is chosen",
    ),
    adequacy(story),
    scatter(story, chosen),
    lost === undefined
      ? undefined
      : prose(
          `Expected number of lost problems, solved by ${story.base} and out of reach of ${story.tuned}: ${estimateInWords(lost)}.`,
        ),
    story.refusals("kernel"),
  ]);
}

function score(value: number, se: number | undefined, signs = false): string {
  const text = se === undefined || !(se > 0) ? fixed(value, 1) : plusMinus(value, se);
  return signs && value > 0 ? `+${text}` : text;
}

/** Shape parameters with their intervals; the scatter and the share of lost problems, which every shape has, in short. */
function parameters(story: Story, shape: string): string {
  const said = story.under(`kernel/parameter/${shape}/`).map((name) => {
    const full = `kernel/parameter/${shape}/${name}`;
    const value = story.measured(full)?.value;
    if (value === undefined) return `${inWords(name)} ${story.words(full)}`;
    if (name === "lost") return `lost ${percent(value)}`;
    return name === "scatter"
      ? `scatter ${fixed(value, 2)}`
      : `${SYMBOLS.get(name) ?? inWords(name)} = ${story.words(full)}`;
  });
  return said.length === 0 ? "none" : said.join(", ");
}

/** An adequate shape describes how problems move on average and how widely they spread around it, not each of them. */
function scatter(story: Story, shape: string) {
  const found = story.measured(`kernel/parameter/${shape}/scatter`);
  if (found === undefined) return undefined;
  // The quartiles of a normal law lie 0.674 standard deviations from its centre.
  return prose(
    `Problems scatter around the shape by ${fixed(found.value, 2)} logits: half of them moved at least ${fixed(0.674 * found.value, 1)} logits further up or down than it says. It is a law over problems, not an account of each.`,
  );
}

function adequacy(story: Story) {
  const found = story.measured("kernel/adequacy");
  if (found === undefined) return undefined;
  const shape = String(found.diagnostic?.["shape"] ?? "");
  const blend = `Blending the chosen shape${shape === "" ? "" : `, ${inWords(shape)},`} with the free law improves held-out problems by ${estimateInWords(found)} nats each`;
  return prose(
    found.diagnostic?.["adequate"] === "yes"
      ? `${blend}: the shape is adequate.`
      : `${blend}: the shape is not adequate. What moved the problems is not among the listed shapes alone; read the best of them as a summary, not as the mechanism.`,
  );
}
