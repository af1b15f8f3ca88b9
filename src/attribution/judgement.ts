// attribution/ · Judgement: every rival's standing from the findings, and the answer in words.
import type { Explanation } from "../explanations/explanation.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";
import { type Judged, reconcile } from "./consistency.ts";

export type { Judged };

/** Each rival judges itself; then standings that contradict each other are reconciled. */
export function judge(explanations: readonly Explanation[], findings: Findings, limits: Limits): Judged[] {
  return reconcile(explanations.map((explanation) => ({ explanation, ...explanation.judge(findings, limits) })));
}

/** Two to four sentences: what moved, what explains it, what it costs elsewhere, what stays open. */
export function verdict(judged: readonly Judged[], findings: Findings, policies: readonly [string, string]): string {
  const named = (standing: Standing["standing"]): string[] =>
    judged
      .filter((one) => one.standing === standing)
      .map(({ explanation: { name } }) => ({ name, share: findings.measured(`ledger/${name}`)?.value }))
      .sort((a, b) => (b.share ?? -1) - (a.share ?? -1))
      .map(({ name, share }) => (share === undefined ? name : `${name} (${percent(share)} of the gain)`));
  const sentences = [moved(findings, policies)];
  const sufficient = named("alone sufficient");
  const contributing = named("contributes");
  const open = named("cannot be told");
  if (sufficient.length > 0)
    sentences.push(`${list(sufficient)} ${sufficient.length === 1 ? "is" : "are each"} alone sufficient.`);
  if (contributing.length > 0) {
    const does = contributing.length === 1 ? "contributes" : "contribute";
    sentences.push(
      sufficient.length > 0
        ? `${list(contributing)} also ${does}.`
        : `${list(contributing)} ${does}; none is shown to be alone sufficient.`,
    );
  }
  const adequacy = findings.measured("kernel/adequacy");
  if (adequacy?.diagnostic?.["adequate"] === "no") sentences.push("No listed shape of the gain fits these counts.");
  const losses = [findings.measured("losses/first"), findings.measured("losses/last")];
  if (losses[0] !== undefined && losses[1] !== undefined) {
    sentences.push(
      `For k = ${losses[0].value}–${losses[1].value} a loss is certified: the later policy reaches fewer problems.`,
    );
  }
  if (open.length > 0) {
    sentences.push(`${open.length === 1 ? "One rival" : `${open.length} rivals`} cannot be told from this evidence.`);
  }
  return sentences.join(" ");
}

function moved(findings: Findings, [base, later]: readonly [string, string]): string {
  const before = findings.measured(`pass@1/${base}`);
  const after = findings.measured(`pass@1/${later}`);
  const gain = findings.measured("gain@1");
  if (before === undefined || after === undefined || gain === undefined)
    return "No paired difference could be measured.";
  const rates = `pass@1 went from ${before.value.toFixed(3)} (${base}) to ${after.value.toFixed(3)} (${later})`;
  if (gain.low === undefined || gain.high === undefined || (gain.low <= 0 && gain.high >= 0))
    return `${rates}: no gain is established.`;
  return `${rates}: a certified ${gain.value > 0 ? "gain" : "loss"} of ${Math.abs(gain.value).toFixed(3)}.`;
}

function list(names: readonly string[]): string {
  const text = names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
