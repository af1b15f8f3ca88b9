// attribution/ · Gallery page: an entry judged whole, as one value. Text, HTML and JSON are ways of telling it.
import type { Experiment } from "../experiments/experiment.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { type GalleryEntry, type GalleryJudgement, judgeEntry } from "./gallery.ts";
import { leftBy } from "./gallery-rivals.ts";
import type { Pair } from "./separation.ts";

/** An experiment that would part some of the rivals that a claim leaves open, priced at the claim's size, in whole rollouts. */
export interface GalleryStep {
  readonly experiment: string;
  readonly asks: string;
  readonly needs: string;
  readonly generatedRollouts: number;
  readonly scoredRollouts: number;
  readonly separates: readonly Pair[];
}

export interface GalleryItem extends GalleryJudgement {
  readonly open: readonly string[];
  readonly closed: readonly { readonly name: string; readonly why: string }[];
  readonly next: readonly GalleryStep[];
}

export interface GalleryPage extends Omit<GalleryEntry, "claims"> {
  readonly crucis: string;
  readonly command: "gallery";
  readonly file: string;
  readonly level: number;
  readonly claims: readonly GalleryItem[];
}

export interface GalleryWith {
  readonly crucis: string;
  /** As the user named it. */
  readonly file: string;
  /** Of the intervals, in (0, 1). */
  readonly level: number;
  readonly explanations: readonly Explanation[];
  readonly experiments: readonly Experiment[];
}

export function galleryPage(
  entry: GalleryEntry,
  { crucis, file, level, explanations, experiments }: GalleryWith,
): GalleryPage {
  const claims = judgeEntry(entry, level).map((judged): GalleryItem => {
    const { open, closed, next } = leftBy(judged, explanations, experiments);
    return {
      ...judged,
      open,
      closed,
      next: next.map(({ experiment: { name, asks, needs }, price, separates }) => ({
        experiment: name,
        asks,
        needs,
        ...price,
        separates,
      })),
    };
  });
  return { crucis, command: "gallery", file, level, ...entry, claims };
}
