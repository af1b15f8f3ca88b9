// terms/ · Limits: every threshold of a judgement in one table, each with its reason. Nobody else owns one.

export interface Limits {
  /** Coverage of every interval behind a standing. */
  readonly level: number;
  /** Coverage of the ledger's intervals, of all its entries at once. */
  readonly ledgerLevel: number;
  /** A cause is alone sufficient only when its share of the gain is, at the interval's lower end, above this. */
  readonly sufficientShare: number;
  /** A cause is not needed when its share of the gain is, at the interval's upper end, below this. */
  readonly negligibleShare: number;
  /** Where no gain is established and any gain is certainly below this, there is nothing to explain. */
  readonly negligibleGain: number;
  /** Standard errors by which two held-out scores must differ to separate two shapes. */
  readonly separationSe: number;
  /** Nats per problem between a shape and its best blend with the free kernel, held out, up to which the shape is adequate. */
  readonly adequateNats: number;
  /** Nats over all problems up to which that distance is noise, however few the problems: never inadequate by less. */
  readonly noiseNats: number;
  /** Fewest families that carry a clustered interval. */
  readonly fewestClusters: number;
  /** Largest share of rollouts without text, or of official rights that the reference answer does not explain, for a re-grading to stand. */
  readonly unexplainedGrades: number;
  /** Missing bits lie in one place where their effective number of places is certainly at most this. */
  readonly spikePlaces: number;
  /** They are spread where that number is certainly above this share of the number of steps. */
  readonly spreadPlaces: number;
  /** A law of texts accounts for certainly more than this share of how two policies differ: a temperature between tokens after one prefix, a factor on right answers. */
  readonly lawOfTexts: number;
  /** A power of the base that is no higher than this is the base itself: there is nothing to sharpen. */
  readonly leastPower: number;
  /** Expected share of false discoveries among problems called changed. */
  readonly falseDiscoveryRate: number;
}

export const LIMITS: Limits = Object.freeze({
  // The field's habit for pass@k bands.
  level: 0.95,
  // Ten entries at once: at 0.95 each would be held to 0.995, and few studies are large enough for that.
  ledgerLevel: 0.9,
  // Four fifths: what is left could not reverse a reader's conclusion.
  sufficientShare: 0.8,
  // A tenth of a gain is within what seeds and prompts move.
  negligibleShare: 0.1,
  // One point: seeds of the same run differ by more.
  negligibleGain: 0.01,
  // Scores of the same problems share their folds' noise, so their SE is optimistic; four of them survive it (Vehtari et al. ask for more than two).
  separationSe: 4,
  // At 0.02 it takes 150 problems to see e³ = 20 : 1 against the shape. bench/results/kernel.md: half the problems + 3 logits and
  // half − 1 lies twice above it at n = 16 and twenty times at n = 64.
  adequateNats: 0.02,
  // bench/results/kernel.md: on data drawn from a listed shape, the best blend gained up to nine nats by luck at n ≤ 64.
  noiseNats: 10,
  // With fewer, a variance between clusters is known to worse than half of itself (χ² with 7 degrees of freedom).
  fewestClusters: 8,
  // A twentieth: the level at which the unexplained part could hide as much as an interval's miss.
  unexplainedGrades: 0.05,
  // A choice may take two places to write down; no chain of three steps or more lies in so few.
  spikePlaces: 2,
  // Steps differ in how hard they are: of equal ones all count; where a third of them carries nine tenths of the bits, half do.
  spreadPlaces: 0.5,
  // Such laws are exact but for the engine's noise. Ends that came too soon go with a factor on right answers by 0.91 (early-stop). Steps that slip less go with it by 0.4 (steady-hand; in a small study up to 0.8).
  lawOfTexts: 0.95,
  // At 1.1 a step that is right nine times of ten is right 0.917 times: less than a study of 60 problems tells from nothing.
  leastPower: 1.1,
  falseDiscoveryRate: 0.05,
});
