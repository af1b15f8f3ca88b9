// tasks/ · Arithmetic: plus, minus and times on the digits, modulo 10.

export type Operator = "+" | "-" | "*";
export const OPERATORS: readonly Operator[] = ["+", "-", "*"];
export const DIGITS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** `value operator operand` modulo 10, in 0 … 9: 3 - 5 is 8. */
export function apply(value: number, operator: Operator, operand: number): number {
  if (operator === "+") return (value + operand) % 10;
  if (operator === "-") return (value - operand + 10) % 10;
  return (value * operand) % 10;
}
