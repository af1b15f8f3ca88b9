// explanations/ · Nothing changed: the policies differ by noise, by the choice of the best checkpoint or by seeds only.
import type { Finding } from "../terms/finding.ts";
import { officialGain } from "./by-share.ts";
import type { Explanation } from "./explanation.ts";

export const nothingChanged: Explanation = {
  name: "nothing-changed",
  claim: "the policies differ by noise, by the choice of the best checkpoint or by seeds only",
  sign: "every difference lies within what a policy shows against itself",
  moves: [],
  judge(findings) {
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
    const changed = ["problems/better", "problems/worse"].map((name) => findings.measured(name)?.value ?? 0);
    if (changed[0]! + changed[1]! > 0) {
      against.push(`${changed[0]} problems are better and ${changed[1]} worse by exact tests`);
      because.push("problems/better", "problems/worse");
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
