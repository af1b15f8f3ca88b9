// report/ · Truth text: the exact truth of a world as plain text. Starts with what it was computed from.
import type { TruthDocument } from "../terms/truth.ts";
import { table, wrap } from "./layout.ts";
import { NBSP } from "./numbers.ts";
import type { Piece } from "./telling/section.ts";
import { computedFromWorld, promiseTable, standing, type TruthSection, truthSections } from "./truth-telling.ts";
import { clean, columns } from "./words.ts";

const WIDTH = 100;

/** No line has more than 100 columns. */
export function renderTruthText(document: TruthDocument): string {
  const truth = clean(document);
  const opening: TruthSection = {
    id: "computed-from",
    title: "Computed from",
    pieces: [
      { kind: "prose", text: computedFromWorld(truth) },
      { kind: "prose", text: standing(truth) },
    ],
  };
  return finished([opening, ...truthSections({ truth })].map(told).join("\n\n"));
}

/** What `crucis world build` ends with: the promises, and nothing else. */
export function renderPromises(document: TruthDocument): string {
  const truth = clean(document);
  const promises = promiseTable(truth);
  return finished([...(promises === undefined ? [] : lines(promises)), "", ...wrap(standing(truth), WIDTH)].join("\n"));
}

const finished = (text: string): string => `${text}\n`.replaceAll(NBSP, " ");

function told({ title, figure, pieces }: TruthSection): string {
  const heading = `${title}\n${"─".repeat(columns(title))}`;
  const conclusion = figure === undefined ? [] : [wrap(figure.figure.conclude(figure.exhibit), WIDTH).join("\n")];
  const [first, ...rest] = [...conclusion, ...pieces.map((piece) => lines(piece).join("\n"))];
  return [`${heading}\n${first ?? ""}`, ...rest].join("\n\n");
}

function lines(piece: Piece): string[] {
  switch (piece.kind) {
    case "prose":
      return wrap(piece.text, WIDTH);
    case "table":
      return [
        ...(piece.caption === undefined ? [] : [...wrap(`${piece.caption}:`, WIDTH), ""]),
        ...table(piece.columns, piece.rows, WIDTH),
      ];
    default:
      throw new Error(`the truth is not told by a ${piece.kind}`);
  }
}
