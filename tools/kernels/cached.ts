// Attention of one new token a row to the keys and values kept of the tokens before it. AssemblyScript.
import { attend } from "./blocks";
import { multiply } from "./multiply";

/**
 * Row r, at positions[r] of slot slots[r], keeps its key and value and attends to all up to itself. `keys` holds
 * [slot, head, entry, position], so that one product gives all scores; `values` holds [slot, position, width].
 * `scores` is scratch of `context` floats. Every sum runs in the order in which a whole sequence would run it.
 */
export function attendCached(
  query: usize, key: usize, value: usize, out: usize,
  keys: usize, values: usize, scores: usize,
  slots: usize, positions: usize,
  rows: i32, heads: i32, headWidth: i32, context: i32, scale: f32,
): void {
  const width = heads * headWidth;
  const bytes = <usize>width << 2;
  for (let r = 0; r < rows; r++) {
    const slot = load<i32>(slots + (<usize>r << 2));
    const position = load<i32>(positions + (<usize>r << 2));
    const kept = values + <usize>(slot * context) * bytes;
    memory.copy(kept + <usize>position * bytes, value, bytes);
    const padded = (position + 4) & ~3;
    for (let h = 0; h < heads; h++) {
      const head = <usize>(h * headWidth) << 2;
      const turned = keys + (<usize>((slot * heads + h) * headWidth * context) << 2);
      for (let d = 0; d < headWidth; d++)
        store<f32>(turned + (<usize>(d * context + position) << 2), load<f32>(key + head + (<usize>d << 2)));
      multiply(query + head, 0, turned, context, scores, padded, 1, headWidth, padded, 0);
      attend(scores, padded, 1, position, padded, scale);
      multiply(scores, 0, kept + head, width, out + head, width, 1, position + 1, headWidth, 0);
    }
    query += bytes;
    key += bytes;
    value += bytes;
    out += bytes;
  }
}
