// study/ · Nearest: of problems that were seen, those whose number of steps is nearest to one that is planned.

/** All where none tells its steps. @param some at least one */
export function nearestOf<T extends { readonly steps?: number }>(some: readonly T[], steps: number): readonly T[] {
  const off = ({ steps: own }: T): number => (own === undefined ? Number.POSITIVE_INFINITY : Math.abs(own - steps));
  const nearest = some.reduce((least, one) => Math.min(least, off(one)), Number.POSITIVE_INFINITY);
  return some.filter((one) => off(one) === nearest);
}
