// cli/ · Run board: what a run shows while it goes: on a terminal a small table that is drawn over, on a pipe a line every few seconds.
import { cursorTo, moveCursor, clearScreenDown } from "node:readline";
import { duration } from "../report/numbers.ts";
import { answerers } from "../study/judge.ts";
import type { RunEvent } from "../study/run.ts";
import type { Study } from "../terms/study.ts";

/** On a pipe, in milliseconds. */
const LINE_EVERY = 5000;
/** On a terminal, in milliseconds. */
const DRAW_EVERY = 200;

interface Lane {
  asked: number;
  tokens: number;
  failed: number;
  retries: number;
  cost: number;
}

export interface Board {
  event(event: RunEvent): void;
  retried(policy: string, why: string, waitSeconds: number): void;
  end(): void;
}

export function board(study: Study, stream: NodeJS.WriteStream): Board {
  return new RunBoard(study, stream);
}

class RunBoard implements Board {
  readonly #study: Study;
  readonly #stream: NodeJS.WriteStream;
  readonly #lanes: ReadonlyMap<string, Lane>;
  #stage: (RunEvent & { kind: "stage" }) | undefined;
  #begun = 0;
  #asked = 0;
  #tokens = 0;
  #note = "";
  #drawn = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(study: Study, stream: NodeJS.WriteStream) {
    this.#study = study;
    this.#stream = stream;
    this.#lanes = new Map(
      answerers(study).map(({ name }) => [name, { asked: 0, tokens: 0, failed: 0, retries: 0, cost: 0 }]),
    );
  }

  event(event: RunEvent): void {
    switch (event.kind) {
      case "stage":
        this.#clear();
        this.#say(`${event.stage.charAt(0).toUpperCase()}${event.stage.slice(1)}: ${event.why}.`);
        if (event.done > 0) this.#say(`${number(event.done)} of ${number(event.asks)} are already kept.`);
        this.#stage = event;
        this.#begun = performance.now();
        this.#asked = 0;
        this.#tokens = 0;
        for (const lane of this.#lanes.values()) Object.assign(lane, { asked: 0, tokens: 0 });
        break;
      case "kept": {
        const lane = this.#lanes.get(event.policy)!;
        const price = answerers(this.#study).find(({ name }) => name === event.policy)?.price;
        lane.asked += event.asks;
        lane.tokens += event.tokens;
        lane.failed += event.failed;
        if (price !== undefined)
          lane.cost += (event.tokens * (event.asked === "sample" ? price.generated : price.scored)) / 1e6;
        this.#asked += event.asks;
        this.#tokens += event.tokens;
        this.#show();
        break;
      }
      case "lost":
        this.#note = `${event.policy}: nothing came back (${event.why})`;
        this.#show();
        break;
      case "budget":
        this.#clear();
        this.#say(
          `The budget of ${number(event.tokens)} tokens is used up (${number(event.used)}); what was drawn is judged.`,
        );
        this.#stage = undefined;
        break;
      case "foretold":
        if (event.done === 1) this.#say(`Sealing predictions: ${event.of} studies on paper, before anything is asked.`);
        if (this.#stream.isTTY) {
          this.#stream.write(`${event.done} of ${event.of} played`);
          cursorTo(this.#stream, 0);
        }
        break;
      case "looked":
        this.#clear();
        this.#say(
          event.decided
            ? `Look ${event.look + 1} of ${event.of}: ${["decided, nothing more is asked", ...event.known].join("; ")}.`
            : `Look ${event.look + 1} of ${event.of}: open still: ${event.open.join("; ")}.`,
        );
        this.#stage = undefined;
        break;
      case "judging":
        this.#clear();
        this.#stage = undefined;
        if (this.#stream.isTTY) {
          this.#stream.write(`Judging: ${event.what}, ${Math.round(100 * event.done)} %`);
          cursorTo(this.#stream, 0);
        }
        break;
    }
  }

  retried(policy: string, why: string, waitSeconds: number): void {
    const lane = this.#lanes.get(policy);
    if (lane === undefined) return;
    lane.retries++;
    this.#note = `${policy}: trying again in ${waitSeconds.toFixed(1)} s (${why})`;
    this.#show();
  }

  end(): void {
    if (this.#stage !== undefined) this.#show(true);
    this.#drawn = 0;
    if (this.#stream.isTTY) clearScreenDown(this.#stream);
  }

  #show(now = false): void {
    const at = performance.now();
    if (!now && at - this.#lastAt < (this.#stream.isTTY ? DRAW_EVERY : LINE_EVERY)) return;
    this.#lastAt = at;
    if (this.#stage === undefined) return;
    if (!this.#stream.isTTY) {
      this.#say(this.#summary());
      return;
    }
    this.#clear();
    const lines = [
      this.#summary(),
      ...Array.from(this.#lanes, ([name, lane]) => this.#laneLine(name, lane)),
      this.#note,
    ]
      .filter((line) => line !== "")
      .map((line) => line.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#stream.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #summary(): string {
    const { asks, done } = this.#stage!;
    const seconds = (performance.now() - this.#begun) / 1000;
    const left = asks - done - this.#asked;
    const perSecond = this.#asked / seconds;
    const parts = [
      `${number(done + this.#asked)} of ${number(asks)} answers`,
      `${number(perSecond)} a second`,
      `${number(this.#tokens / seconds)} tokens a second`,
    ];
    if (this.#asked > 0 && left > 0)
      parts.push(`about ${duration(left / perSecond)} and ${number((left * this.#tokens) / this.#asked)} tokens left`);
    const retries = [...this.#lanes.values()].reduce((sum, lane) => sum + lane.retries, 0);
    const failed = [...this.#lanes.values()].reduce((sum, lane) => sum + lane.failed, 0);
    if (retries > 0) parts.push(`${number(retries)} retries`);
    if (failed > 0) parts.push(`${number(failed)} failed`);
    const cost = [...this.#lanes.values()].reduce((sum, lane) => sum + lane.cost, 0);
    if (cost > 0) parts.push(`cost ${cost.toFixed(2)}`);
    return parts.join(", ");
  }

  #laneLine(name: string, { asked, tokens, retries, failed }: Lane): string {
    const width = Math.max(...[...this.#lanes.keys()].map(({ length }) => length));
    const troubles = `${retries > 0 ? `, ${retries} retries` : ""}${failed > 0 ? `, ${failed} failed` : ""}`;
    return `  ${name.padEnd(width)}  ${number(asked).padStart(9)}  ${number(tokens).padStart(11)} tokens${troubles}`;
  }

  #say(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  #clear(): void {
    if (!this.#stream.isTTY || this.#drawn === 0) return;
    moveCursor(this.#stream, 0, -this.#drawn);
    cursorTo(this.#stream, 0);
    clearScreenDown(this.#stream);
    this.#drawn = 0;
  }
}

const number = (value: number): string =>
  value >= 10 || Number.isInteger(value) ? Math.round(value).toLocaleString("en-US") : value.toFixed(1);
