// evidence/ · Statistics: what is left of a million rollouts when only their counts and sums are wanted. DuckDB adds up Parquet; rows
// that are still in segments are added to them.
import type { RolloutRecord } from "../terms/record.ts";
import type { UngradableWhy } from "../terms/verdict.ts";
import { type Duck, listed } from "./duck.ts";
import { whole } from "./parquet.ts";

/** Of one policy on one problem in one experiment. */
export interface Statistics {
  readonly experiment: string;
  readonly policy: string;
  readonly problem: string;
  /** Rollouts; right and ungradable ones are among them. */
  n: number;
  right: number;
  readonly ungradable: Partial<Record<UngradableWhy, number>>;
  /** Rollouts that their limit ended. */
  cutOff: number;
  /** Generated tokens, of the rollouts where they are known. */
  tokens: number;
  /** Sums of natural logs over all tokens of the rollouts that have them, and how many rollouts these are. */
  readonly rawLogProb: Sum;
  readonly processedLogProb: Sum;
}

export interface Sum {
  /** −∞ where one token has probability zero. */
  sum: number;
  rollouts: number;
}

/** Rollouts of one policy, problem and verdict, added up. */
type Summed = Pick<Statistics, "experiment" | "policy" | "problem" | "n" | "cutOff" | "tokens"> &
  Pick<RolloutRecord, "verdict" | "why"> & { readonly raw: Sum; readonly processed: Sum };

/** Parquet files added up by DuckDB. */
export async function summed(duck: Duck, files: readonly string[]): Promise<Summed[]> {
  const sums = (column: string): string =>
    `coalesce(sum(list_sum(${column})) FILTER (len(${column}) > 0), 0), count(${column})`;
  const rows = await duck.rows(
    `SELECT experiment, policy, ${whole("problem")}, verdict, why, count(*), count(*) FILTER (finish = 'length'), ` +
      `coalesce(sum(tokens), 0), ${sums("rawLogProbs")}, ${sums("processedLogProbs")} ` +
      `FROM read_parquet(${listed(files)}) GROUP BY ALL`,
  );
  return rows.map((row) => {
    const [experiment, policy, problem, verdict] = row.map(String) as [string, string, string, Summed["verdict"]];
    const why = row[4] as UngradableWhy | null;
    const number = (column: number): number => Number(row[column]);
    return {
      experiment,
      policy,
      problem,
      verdict,
      ...(why === null ? {} : { why }),
      n: number(5),
      cutOff: number(6),
      tokens: number(7),
      raw: { sum: number(8), rollouts: number(9) },
      processed: { sum: number(10), rollouts: number(11) },
    };
  });
}

/** Both together, in the order of experiment, policy and problem. */
export async function statisticsOf(
  sums: readonly Summed[],
  rollouts: AsyncIterable<RolloutRecord>,
): Promise<Statistics[]> {
  const all = new Map<string, Statistics>();
  const take = ({ experiment, policy, problem, verdict, why, n, cutOff, tokens, raw, processed }: Summed): void => {
    const key = JSON.stringify([experiment, policy, problem]);
    let one = all.get(key);
    if (one === undefined) {
      const none = (): Sum => ({ sum: 0, rollouts: 0 });
      const counts = { n: 0, right: 0, ungradable: {}, cutOff: 0, tokens: 0 };
      one = { experiment, policy, problem, ...counts, rawLogProb: none(), processedLogProb: none() };
      all.set(key, one);
    }
    one.n += n;
    one.cutOff += cutOff;
    one.tokens += tokens;
    if (verdict === "right") one.right += n;
    if (verdict === "ungradable" && why !== undefined) one.ungradable[why] = (one.ungradable[why] ?? 0) + n;
    add(one.rawLogProb, raw);
    add(one.processedLogProb, processed);
  };
  for (const one of sums) take(one);
  for await (const { rawLogProbs, processedLogProbs, finish, tokens = 0, ...rest } of rollouts)
    take({
      ...rest,
      n: 1,
      tokens,
      cutOff: finish === "length" ? 1 : 0,
      raw: total(rawLogProbs),
      processed: total(processedLogProbs),
    });
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function add(to: Sum, { sum, rollouts }: Sum): void {
  to.sum += sum;
  to.rollouts += rollouts;
}

function total(logProbs: readonly number[] | undefined): Sum {
  return logProbs === undefined
    ? { sum: 0, rollouts: 0 }
    : { sum: logProbs.reduce((sum, one) => sum + one, 0), rollouts: 1 };
}
