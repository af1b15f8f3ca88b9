// tools/ · Sums the JSON results that vitest wrote (CRUCIS_TEST_RESULTS) and ends with one plain line. Fails when a run failed, or when there is nothing to sum.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Results {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("which folder holds the results?");

const count = { passed: 0, failed: 0, skipped: 0 };
const runs = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Results);
for (const { name, status, assertionResults } of runs.flatMap((run) => run.testResults)) {
  const failed = assertionResults.filter((test) => test.status === "failed");
  for (const test of failed) console.log(`failed: ${name}: ${test.fullName}`);
  count.passed += assertionResults.filter((test) => test.status === "passed").length;
  count.failed += failed.length;
  count.skipped += assertionResults.filter((test) => !["passed", "failed"].includes(test.status)).length;
  // A file that does not load has no tests to fail; it counts as one.
  if (status === "failed" && failed.length === 0) {
    console.log(`failed: ${name}: the file itself`);
    count.failed += 1;
  }
}
if (count.passed + count.failed === 0) throw new Error(`no test results in ${folder}`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 || runs.some((run) => !run.success) ? 1 : 0;
