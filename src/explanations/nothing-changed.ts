// explanations/ · Nothing changed: the policies differ by noise, by the choice of the best checkpoint or by seeds only.
import type { Finding } from "../terms/finding.ts";
import { officialGain } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";
import { otherwise } from "./signs.ts";

export const nothingChanged: Explanation = {
  name: "nothing-changed",
  claim: "the policies differ by noise, by the choice of the best checkpoint or by seeds only",
  sign: "every difference lies within what a policy shows against itself",
  moves: [],
  onPaper: { base: (usual) => usual, tuned: (base) => base },
  judge(findings, limits) {
    const gain = officialGain(findings);
    if (gain === undefined)
      return { standing: "cannot be told", reason: "no paired difference was measured", because: [] };
    const against: string[] = [];
    const because: string[] = [];
    if (gain.low > 0 || gain.high < 0) {
      against.push(
        `the band of the gain in pass@1 excludes 0: ${gain.value.toFixed(3)} [${gain.low.toFixed(3)}, ${gain.high.toFixed(3)}]`,
      );
      because.push("gain@1");
    }
    for (const direction of ["gains", "losses"]) {
      const first = findings.measured(`${direction}/first`);
      const last = findings.measured(`${direction}/last`);
      if (first === undefined || last === undefined) continue;
      against.push(`${direction} are certified for k = ${first.value}–${last.value}`);
      because.push(`${direction}/first`, `${direction}/last`);
    }
    const better = findings.measured("problems/better");
    const worse = findings.measured("problems/worse");
    if (better !== undefined && worse !== undefined && better.value + worse.value > 0) {
      against.push(`${better.value} problems are better and ${worse.value} worse by exact tests`);
      because.push("problems/better", "problems/worse");
    }
    // Success may stay where it was while the policy goes about it otherwise.
    if (against.length === 0) {
      for (const { said, because: names } of otherwise(findings, limits)) {
        against.push(said);
        because.push(...names);
      }
    }
    if (against.length > 0) return { standing: "ruled out", reason: against.join("; "), because };
    const speaks = ({ name }: Finding): boolean => ["gain@1", "problems/better", "problems/worse"].includes(name);
    return {
      standing: "alone sufficient",
      reason: "no difference at hand exceeds what a policy shows against itself",
      because: findings.list.filter(speaks).map(({ name }) => name),
    };
  },
};
