// cli/ · Progress: one line on a terminal that says what is being done, how far it is, and about how long it still takes.

export interface Progress {
  say(what: string): void;
  /** @param done 0 to 1 @param note  the latest number worth watching */
  share(what: string, done: number, note?: string): void;
  end(): void;
}

export interface ProgressOptions {
  /** Into a pipe or a log a line goes at most so often. Never, unless told: there goes the result only. */
  readonly pipedEverySeconds?: number;
}

/** So much must be done before anybody says how long the rest takes. */
const TELLING = 0.02;

export function progressLine(stream: NodeJS.WriteStream = process.stderr, options: ProgressOptions = {}): Progress {
  const { pipedEverySeconds } = options;
  if (!stream.isTTY && pipedEverySeconds === undefined) return { say() {}, share() {}, end() {} };
  let stage: { readonly what: string; readonly begun: number; readonly from: number } | undefined;
  let written = Number.NEGATIVE_INFINITY;
  const write = (text: string): void => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    else if (performance.now() - written >= 1000 * (pipedEverySeconds ?? 0)) {
      written = performance.now();
      stream.write(`${text}\n`);
    }
  };
  return {
    say: write,
    share(what, done, note) {
      const now = performance.now();
      // A stage may begin anywhere: work that was taken up again was not done now.
      if (stage?.what !== what) stage = { what, begun: now, from: done };
      const progressed = done - stage.from;
      const left =
        progressed > TELLING
          ? `, about ${Math.ceil(((now - stage.begun) / 1000) * ((1 - done) / progressed))} s left`
          : "";
      write(`${what}: ${Math.round(100 * done)} %${left}${note === undefined ? "" : `, ${note}`}`);
    },
    end() {
      if (stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
