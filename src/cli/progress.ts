// cli/ · Progress: one line on a terminal that says what is being done, how far it is, and about how long it still takes.

export interface Progress {
  say(what: string): void;
  /** @param done 0 to 1 */
  share(what: string, done: number): void;
  end(): void;
}

/** Silent where nobody looks: into a pipe or a log goes the result only. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { say() {}, share() {}, end() {} };
  let stage = "";
  let begun = 0;
  const write = (text: string): void => {
    stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  return {
    say: write,
    share(what, done) {
      if (what !== stage) {
        stage = what;
        begun = performance.now();
      }
      const left =
        done > 0.05 ? `, about ${Math.ceil(((performance.now() - begun) / 1000) * (1 / done - 1))} s left` : "";
      write(`${what}: ${Math.round(100 * done)} %${left}`);
    },
    end() {
      stream.write("\r\u001b[2K");
    },
  };
}
