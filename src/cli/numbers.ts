// cli/ · Numbers: what options that want a number take.
import { InvalidArgumentError } from "@commander-js/extra-typings";

export function whole(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError("Write a whole number.");
  return Number(value);
}

export function positive(value: string): number {
  const number = whole(value);
  if (number < 1) throw new InvalidArgumentError("Write a whole number from 1 on.");
  return number;
}

export function finite(value: string): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) throw new InvalidArgumentError("Write a number.");
  return number;
}

export function share(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError("Write a number between 0 and 1.");
  return number;
}
