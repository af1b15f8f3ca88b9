// terms/ · Percent: a share in whole percent, as the sentences of judgements say it.

/** With a true minus sign. @param share 1 is all of it */
export function percent(share: number): string {
  const whole = Math.round(100 * share);
  return `${whole < 0 ? "−" : ""}${Math.abs(whole)} %`;
}
