// evidence/ · Canonical: one value, one row of bytes, so that a hash of it means something. RFC 8785 (JSON Canonicalization Scheme).

/**
 * Keys sorted by UTF-16 units, no blanks, numbers as ECMAScript prints them; what is undefined is left out. Half a surrogate pair, which
 * UTF-8 cannot hold, becomes U+FFFD. Error where a number is not finite.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    // Most of what is kept is token ids and log-probabilities.
    if (value.every((one) => Number.isFinite(one))) return JSON.stringify(value);
    return `[${value.map((one) => canonical(one === undefined ? null : one)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, one]) => `${canonical(key)}:${canonical(one)}`).join(",")}}`;
  }
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${value} has no canonical form`);
  return JSON.stringify(value);
}
