// experiments/ · Mass splitting: the base's chance of being right, as a product of chances of getting one step further. Particles that
// got further are copied and go on, so a chance of 1e-10 costs steps times particles, not 1e10 answers.
//
// H. Kahn & T. E. Harris (1951), NBS Appl. Math. Ser. 12, 27–30; fixed effort: M. J. J. Garvels (2000), thesis, Twente, ch. 2. The
// product of the shares that survived is unbiased, whatever the levels. A level is a number of steps whose work is right, repairs included.
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Reader, Seen } from "../terms/seen.ts";
import type { Paired } from "./handoff-sources.ts";

/** Runs that know nothing of each other, and particles of each. */
export const ISLANDS = 4;
export const PARTICLES = 16;
/** With so many right answers among its own rollouts a base needs no splitting. */
export const ENOUGH = 10;

const NAME = "rare-mass";

/** Where one particle stands: at the end of a right answer, or behind so many characters of a text. */
type Particle =
  | { readonly right: true }
  | { readonly right: false; readonly source: RolloutRecord; readonly characters: number };

export interface Island {
  /** Shares that survived, one a level; 0 last where all died. */
  readonly survived: readonly { readonly share: number; readonly of: number }[];
  /** Particles that wait to go on; none where it is over. */
  readonly waiting: readonly Particle[];
}

/** What was read: rounds are played again from the first, and the same answers are read in each. */
const read = new WeakMap<Reader, WeakMap<RolloutRecord, readonly number[]>>();

/** Ends of the steps, in characters, after each of which the work is right for once more; what follows a slip that stands is none. */
export function levelEnds(reader: Reader, record: RolloutRecord): readonly number[] {
  let own = read.get(reader);
  if (own === undefined) read.set(reader, (own = new WeakMap()));
  let ends = own.get(record);
  if (ends === undefined) own.set(record, (ends = endsIn(reader, record)));
  return ends;
}

function endsIn(reader: Reader, { problem, text = "" }: RolloutRecord): number[] {
  const ends: number[] = [];
  let wasRight = true;
  for (const { to, right, repairs } of reader.steps!(problem, text)) {
    if (!wasRight && !repairs) break;
    // Work that was right and is done again gets nowhere.
    if (right && !(wasRight && repairs)) ends.push(to);
    wasRight = right;
  }
  return ends;
}

/** Problems on which the base's own rollouts say too little. */
export function rareOnes(
  seen: Seen,
  paired: Paired,
): { readonly id: string; readonly own: readonly RolloutRecord[] }[] {
  const base = paired.get(seen.policies[0]!);
  return seen.problems.flatMap(({ id }) => {
    const own = (base?.get(id) ?? []).filter(({ why }) => why !== "engine error");
    return own.length < ISLANDS || own.filter(({ verdict }) => verdict === "right").length >= ENOUGH
      ? []
      : [{ id, own }];
  });
}

/** All rounds that were answered, played again. @param drawn the continuations of this problem */
export function islandsOf(reader: Reader, own: readonly RolloutRecord[], drawn: readonly RolloutRecord[]): Island[] {
  const byName = new Map(drawn.map((record) => [record.rollout, record]));
  return Array.from({ length: ISLANDS }, (_, island) => {
    const draws = own.filter(({ index }) => index % ISLANDS === island);
    const first = draws.at(0);
    const survived: { share: number; of: number }[] = [];
    let tried: (RolloutRecord | "right")[] = draws;
    for (let level = 1; ; level++) {
      const on = tried.flatMap((record): Particle[] => {
        if (record === "right") return [{ right: true }];
        // A right answer with more steps to it waits there like any other: else only those that failed later would be tried again.
        const end = levelEnds(reader, record)[level - 1];
        if (end !== undefined) return [{ right: false, source: record, characters: end }];
        return record.verdict === "right" ? [{ right: true }] : [];
      });
      survived.push({ share: tried.length === 0 ? 0 : on.length / tried.length, of: tried.length });
      if (on.every(({ right }) => right)) return { survived, waiting: [] };
      const copies = copied(on, first?.seed ?? 0, island, level);
      const answers = copies.map((one, i) =>
        one.right ? "right" : byName.get(nameOf(level - 1, first!.problem, island, i)),
      );
      if (answers.every((one) => one === "right" || one === undefined)) return { survived, waiting: copies };
      // What an engine did not answer is no draw.
      tried = answers.filter(
        (one) => one !== undefined && (one === "right" || one.why !== "engine error"),
      ) as typeof tried;
    }
  });
}

/** As many as there are particles: each as often as another, the rest by lot. */
function copied(on: readonly Particle[], seed: number, island: number, level: number): Particle[] {
  const random = stream(seed, `${NAME}/${island}/${level}`);
  const left = on.map((one) => ({ one, lot: random.uniform() })).sort((a, b) => a.lot - b.lot);
  return Array.from({ length: PARTICLES }, (_, i) => left[i % left.length]!.one);
}

function nameOf(round: number, problem: string, island: number, i: number): string {
  return `${NAME}/${round}/${problem}/${island * PARTICLES + i}`;
}

export function splittingAsks(seen: Seen, paired: Paired, round: number, seed: number): LiveAsk[] {
  const drawn = continuations(seen);
  const base = seen.policies[0]!;
  // Where nobody was asked in the round before, all is over.
  const going = ({ id }: { readonly id: string }): boolean =>
    round === 0 || (drawn.get(id) ?? []).some(({ rollout }) => isAskedIn(round - 1, rollout));
  return rareOnes(seen, paired)
    .filter(going)
    .flatMap(({ id, own }) =>
      islandsOf(seen.reader, own, drawn.get(id) ?? []).flatMap(({ waiting, survived }, island) =>
        survived.length - 1 !== round
          ? []
          : waiting.flatMap((one, i): LiveAsk[] => {
              if (one.right) return [];
              const rollout = nameOf(round, id, island, i);
              const { source, characters } = one;
              const tokenIds = [
                ...(source.prefix?.tokenIds ?? []),
                ...(source.tokenIds ?? []).slice(0, seen.reader.tokensWithin(source, characters)),
              ];
              return [
                {
                  kind: "sample",
                  policy: base,
                  ask: {
                    rollout,
                    experiment: NAME,
                    problem: id,
                    index: island * PARTICLES + i,
                    seed: stream(seed, rollout).uint32(),
                    prefix: { rollout: source.rollout, tokenIds },
                  },
                },
              ];
            }),
      ),
    );
}

function isAskedIn(round: number, rollout: string): boolean {
  return rollout.startsWith(`${NAME}/${round}/`) && OF_ISLANDS.test(rollout);
}

const OF_ISLANDS = /\/\d+$/;

/** A continuation that splitting asked for, in that run. */
export function isOfIsland({ rollout, index }: RolloutRecord, island: number): boolean {
  return OF_ISLANDS.test(rollout) && Math.floor(index / PARTICLES) === island;
}

export function continuations({ rollouts }: Seen): ReadonlyMap<string, readonly RolloutRecord[]> {
  return Map.groupBy(
    rollouts.filter(({ experiment }) => experiment === NAME),
    ({ problem }) => problem,
  );
}

export interface Splitting {
  /** Natural log of the mean over islands; absent where all died, or wait to go on: then nothing was seen, which is no number. */
  readonly logMass?: number;
  /** Of the mean, over it: the spread of islands, or what the shares alone would give, whichever is larger. */
  readonly relativeError?: number;
  readonly islands: readonly number[];
}

export function splitting(islands: readonly Island[]): Splitting {
  const masses = islands.map(({ survived }) => survived.reduce((product, { share }) => product * share, 1));
  const mean = masses.reduce((a, b) => a + b, 0) / masses.length;
  // A product that lacks its last shares is too large.
  if (mean === 0 || islands.some(({ waiting }) => waiting.length > 0)) return { islands: masses };
  const spread = Math.sqrt(
    masses.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (masses.length - 1) / masses.length,
  );
  // (1 − s)/(n s) a level, as if all that survived were alike; islands that died have no say in it.
  const alone = islands.flatMap(({ survived }, i) =>
    masses[i] === 0 ? [] : [survived.reduce((sum, { share, of }) => sum + (1 - share) / (share * of), 0)],
  );
  const least = Math.sqrt(alone.reduce((a, b) => a + b, 0) / alone.length / masses.length);
  return { logMass: Math.log(mean), relativeError: Math.max(spread / mean, least), islands: masses };
}
