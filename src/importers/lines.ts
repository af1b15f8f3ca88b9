// importers/ · Lines: a file's lines in order, in big chunks, strict UTF-8, at constant memory.
import { isUtf8 } from "node:buffer";
import { tooLong, truncated } from "./refusals.ts";
import { firstInvalid, LINE_LIMIT, type Source, stopsWithin, withoutMark } from "./source.ts";

/** `number` counts from 1. `ended` is false for a last line without a newline: such a line may be torn. */
export type OnLine = (text: string, number: number, ended: boolean) => void;

/** Longer strings are born old: they stay till all of memory is looked through. */
const REGION = 60_000;

/** Where the last line ends that begins at `from` or later and ends within a region; a longer line has its own. */
function nextEnd(chunk: Buffer, from: number): number {
  const last = chunk.subarray(from, from + REGION).lastIndexOf(10);
  return last >= 0 ? from + last + 1 : chunk.indexOf(10, from) + 1;
}

export async function eachLine(source: Source, onLine: OnLine): Promise<void> {
  let carry: Buffer[] = [];
  let carried = 0;
  let line = 1;
  let offset = 0;

  // Many lines are checked and decoded at once; slicing them from one string is far cheaper than decoding each.
  const emit = (region: Buffer, ended: boolean): void => {
    if (!isUtf8(region)) {
      if (!ended && stopsWithin(region)) throw truncated(source.file, line);
      throw firstInvalid(source.file, region, line, offset);
    }
    const text = (offset === 0 ? withoutMark(region) : region).toString("utf8");
    offset += region.length;
    let from = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      onLine(text.slice(from, to), line++, true);
      from = to + 1;
    }
    if (from < text.length) onLine(text.slice(from), line++, false);
  };

  for await (const chunk of source.chunks()) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end > 0) {
      const first = carried + chunk.indexOf(10);
      if (first > LINE_LIMIT) throw tooLong(source.file, line, LINE_LIMIT);
      const to = nextEnd(chunk, 0);
      emit(carried === 0 ? chunk.subarray(0, to) : Buffer.concat([...carry, chunk.subarray(0, to)]), true);
      for (let from = to; from < end; ) {
        const next = nextEnd(chunk, from);
        emit(chunk.subarray(from, next), true);
        from = next;
      }
      carry = [];
      carried = 0;
    }
    if (end < chunk.length) {
      carry.push(Buffer.from(chunk.subarray(end)));
      carried += chunk.length - end;
    }
    if (carried > LINE_LIMIT) throw tooLong(source.file, line, LINE_LIMIT);
  }
  if (carried > 0) emit(Buffer.concat(carry), false);
}
