// maths/ · Hazards: at which verified step the first error comes, with Greenwood's errors and with errors by problem.
//
// E. L. Kaplan & P. Meier (1958), JASA 53, 457–481; M. Greenwood (1926): S(t) = Π_{s ≤ t} (1 − h_s), h_s = d_s / n_s, and
// var S(t) = S(t)² Σ_{s ≤ t} d_s / (n_s (n_s − d_s)). Greenwood takes the rollouts as independent; rollouts of one problem are not,
// so the influence of each problem on log S(t), −Σ_{s ≤ t} (d_is − h_s n_is) / (n_s (1 − h_s)), gives the errors by cluster. Where
// each rollout is its own cluster the two agree (but for the factor G/(G − 1)).
//
// The rollouts of unlike problems are pooled: hard problems err early and leave the easy ones, so the pooled hazard falls with the
// step even where each problem's own is constant (J. W. Vaupel, K. G. Manton & E. Stallard 1979, Demography 16, 439–454).
import { studentHalfWidth } from "./student.ts";

export interface FirstError {
  /** Whole number ≥ 0: the step of the first error, or the last step seen to be right. */
  readonly steps: number;
  /** Whether it ended in an error; else it was cut off, or came to its end, without one. */
  readonly erred: boolean;
  /** Problem. */
  readonly cluster: number;
}

export interface StepHazard {
  /** From 1. */
  readonly step: number;
  /** Rollouts that reached this step without an error. */
  readonly atRisk: number;
  /** Of them, those whose first error is here. */
  readonly errors: number;
  /** errors / atRisk. */
  readonly hazard: number;
  /** S: share without an error up to and with this step. */
  readonly reliable: number;
  /** Standard error of S by Greenwood; absent where S is 0, and where no error has come yet: none is told from the data then. */
  readonly greenwood?: number;
  /** Standard error of S with problems as clusters; absent where Greenwood's is. */
  readonly byCluster?: number;
  /** Limits for S from the error by cluster, on the scale of log(−log S); absent where it is. */
  readonly low?: number;
  readonly high?: number;
}

/** One entry a step, from 1 to the last at which anyone was at risk. RangeError below 2 clusters or for a broken count. */
export function firstErrorHazards(rollouts: readonly FirstError[], level: number): StepHazard[] {
  const broken = rollouts.find(({ steps, erred }) => !(Number.isInteger(steps) && steps >= (erred ? 1 : 0)));
  if (broken !== undefined)
    throw new RangeError(`a first error comes at a whole step from 1, and none before step 0; got ${broken.steps}`);
  const clusters = new Set(rollouts.map(({ cluster }) => cluster)).size;
  if (clusters < 2) throw new RangeError(`errors by cluster need 2 problems or more, got ${clusters}`);
  const wide = studentHalfWidth(level, clusters - 1);
  const last = rollouts.reduce((most, { steps }) => Math.max(most, steps), 0);
  /** Influence of each problem on log S so far. */
  const influence = new Map<number, number>();
  const out: StepHazard[] = [];
  let logS = 0;
  let greenwoodSum = 0;
  for (let step = 1; step <= last; step++) {
    const here = rollouts.filter(({ steps }) => steps >= step);
    const atRisk = here.length;
    const erring = (rollout: FirstError): boolean => rollout.erred && rollout.steps === step;
    const errors = here.filter(erring).length;
    const hazard = errors / atRisk;
    const base = { step, atRisk, errors, hazard };
    if (errors === atRisk) {
      out.push({ ...base, reliable: 0 });
      break;
    }
    logS += Math.log1p(-hazard);
    greenwoodSum += errors / (atRisk * (atRisk - errors));
    for (const rollout of here) {
      const pull = -((erring(rollout) ? 1 : 0) - hazard) / (atRisk * (1 - hazard));
      influence.set(rollout.cluster, (influence.get(rollout.cluster) ?? 0) + pull);
    }
    const reliable = Math.exp(logS);
    if (greenwoodSum === 0) {
      out.push({ ...base, reliable });
      continue;
    }
    const square = [...influence.values()].reduce((sum, pull) => sum + pull * pull, 0);
    const logSe = Math.sqrt((clusters / (clusters - 1)) * square);
    // log(−log S) keeps the limits inside (0, 1); its derivative by log S is 1 / log S.
    const stretch = Math.exp((wide * logSe) / -logS);
    out.push({
      ...base,
      reliable,
      greenwood: reliable * Math.sqrt(greenwoodSum),
      byCluster: reliable * logSe,
      low: Math.exp(logS * stretch),
      high: Math.exp(logS / stretch),
    });
  }
  return out;
}
