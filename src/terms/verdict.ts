// terms/ · Verdict: right, wrong, or ungradable with a reason. Never a number, never dropped silently.

export type UngradableWhy = "cut off" | "no verdict" | "engine error" | "grader crash";

export type Verdict =
  | { readonly kind: "right" }
  | { readonly kind: "wrong" }
  | { readonly kind: "ungradable"; readonly why: UngradableWhy };

// Shared values: a million rollouts hold a million references, not a million objects.
export const RIGHT: Verdict = Object.freeze({ kind: "right" });
export const WRONG: Verdict = Object.freeze({ kind: "wrong" });
const ABSENT: Readonly<Record<UngradableWhy, Verdict>> = Object.freeze({
  "cut off": Object.freeze({ kind: "ungradable", why: "cut off" }),
  "no verdict": Object.freeze({ kind: "ungradable", why: "no verdict" }),
  "engine error": Object.freeze({ kind: "ungradable", why: "engine error" }),
  "grader crash": Object.freeze({ kind: "ungradable", why: "grader crash" }),
});

export function ungradable(why: UngradableWhy): Verdict {
  return ABSENT[why];
}
