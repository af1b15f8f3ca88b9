// importers/ · Lines: a file's lines in order, in big chunks, strict UTF-8, at constant memory.
import { isUtf8 } from "node:buffer";
import { tooLong, truncated } from "./refusals.ts";
import { firstInvalid, LINE_LIMIT, type Source, stopsWithin, withoutMark } from "./source.ts";

/** `number` counts from 1. `ended` is false for a last line without a newline: such a line may be torn. */
export type OnLine = (text: string, number: number, ended: boolean) => void;

export async function eachLine(source: Source, onLine: OnLine): Promise<void> {
  let carry: Buffer[] = [];
  let carried = 0;
  let line = 1;
  let offset = 0;

  // A megabyte is checked and decoded at once; slicing lines from one string is far cheaper than decoding each.
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
      emit(carried === 0 ? chunk.subarray(0, end) : Buffer.concat([...carry, chunk.subarray(0, end)]), true);
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
