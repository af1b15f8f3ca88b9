// test/ · Evidence made up rollout by rollout.
import type { PairedEvidence, PolicyEvidence, ProblemRecord } from "../../src/terms/observation.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { RIGHT, ungradable, WRONG } from "../../src/terms/verdict.ts";

/** "+" right, "-" wrong, "~" cut off; details of the rollouts by their index. */
export function record(
  id: string,
  verdicts: string,
  details: (i: number) => Partial<Rollout> = () => ({}),
  gold?: string,
): ProblemRecord {
  const marks = [...verdicts];
  const rollouts = marks.map((mark, i) => ({
    verdict: mark === "+" ? RIGHT : mark === "~" ? ungradable("cut off") : WRONG,
    ...details(i),
  }));
  const cutOff = marks.filter((mark) => mark === "~").length;
  return {
    id,
    n: marks.length,
    right: marks.filter((mark) => mark === "+").length,
    ungradable: cutOff === 0 ? {} : { "cut off": cutOff },
    rollouts,
    ...(gold === undefined ? {} : { gold }),
  };
}

export function counted(id: string, right: number, n: number, family?: string): ProblemRecord {
  return { id, right, n, ungradable: {}, ...(family === undefined ? {} : { family }) };
}

export function pairOf(base: readonly ProblemRecord[], tuned: readonly ProblemRecord[]): PairedEvidence {
  return {
    policies: ["base", "tuned"],
    problems: base.map((one, i) => ({ id: one.id, family: one.family ?? "all", sides: [one, tuned[i]!] as const })),
    unpaired: [0, 0],
  };
}

export function policy(name: string, problems: readonly ProblemRecord[]): PolicyEvidence {
  return { policy: name, file: `${name}.jsonl`, format: "counts", problems };
}
