// report/ · Story: the document and its exhibits, opened for reading. Names are looked up raw; they are made safe when shown.
import type { Exhibit } from "../../terms/exhibit.ts";
import type { Document, DocumentEstimate } from "../../attribution/document.ts";
import { estimateInWords } from "../numbers.ts";
import { sentence } from "../words.ts";
import { prose, type Piece } from "./section.ts";

/** Exhibits as an experiment gives them, or with the name of the experiment. */
export type Exhibits = readonly (Exhibit | { readonly name: string; readonly exhibit: Exhibit })[];

export class Story {
  readonly document: Document;
  readonly exhibits: readonly Exhibit[];
  /** In training order. */
  readonly policies: readonly string[];
  readonly base: string;
  readonly tuned: string;
  readonly #findings = new Map<string, DocumentEstimate>();

  constructor(document: Document, exhibits: Exhibits = []) {
    this.document = document;
    this.exhibits = exhibits.map((one) => ("exhibit" in one ? one.exhibit : one));
    this.policies = document.computedFrom.policies;
    this.base = this.policies[0] ?? "base";
    this.tuned = this.policies.at(-1) ?? "tuned";
    for (const { name, estimate } of document.findings)
      if (!this.#findings.has(name)) this.#findings.set(name, estimate);
  }

  estimate(name: string): DocumentEstimate | undefined {
    return this.#findings.get(name);
  }

  measured(name: string): Extract<DocumentEstimate, { kind: "measured" }> | undefined {
    const estimate = this.#findings.get(name);
    return estimate?.kind === "measured" ? estimate : undefined;
  }

  /** The rest of every finding name that starts so, in document order. */
  under(prefix: string): string[] {
    return [...this.#findings.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  /** Exhibits of a kind: the tuned policy's first, then the checkpoints before it. */
  of<K extends Exhibit["kind"]>(kind: K): Extract<Exhibit, { kind: K }>[] {
    const all = this.exhibits.filter((exhibit): exhibit is Extract<Exhibit, { kind: K }> => exhibit.kind === kind);
    return all.toSorted((a, b) => this.policies.indexOf(b.policies[1]) - this.policies.indexOf(a.policies[1]));
  }

  words(name: string, signs = false): string {
    return estimateInWords(this.#findings.get(name), signs);
  }

  /** One line for what could not be answered: findings of these names, or under them. Each reason once. */
  refusals(...parts: readonly string[]): Piece | undefined {
    const about = (name: string): boolean =>
      parts.some((part) => name === part || name.startsWith(part.endsWith("@") ? part : `${part}/`));
    const reasons = new Set(
      [...this.#findings].flatMap(([name, e]) =>
        e.kind === "refused" && about(name) ? [`${sentence(e.why)} ${sentence(e.mend)}`] : [],
      ),
    );
    return reasons.size === 0 ? undefined : prose(`Not answered: ${[...reasons].join(" ")}`);
  }
}
