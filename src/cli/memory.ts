// cli/ · Memory: how much the process may grow while it reads files that are far larger than what is kept of them.
import { setFlagsFromString } from "node:v8";

/** What is in use may grow by so much, in %, before it is looked through for what is not. */
const GROWTH = 15;

/** Left to itself the heap grows to four times what is in use where that saves time; then a file of 2 GB may take 800 MB, or 300, as it falls out. */
export function keepMemorySmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
