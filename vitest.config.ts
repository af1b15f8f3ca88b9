// Three projects: what every machine can run, what needs a browser, and what packs and installs the package (slow).
import { defineConfig } from "vitest/config";

// `.ci/run` sums these at the end; see tools/test-summary.ts.
const results = process.env["CRUCIS_TEST_RESULTS"];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: results ? ["default", ["json", { outputFile: `${results}/${process.pid}.json` }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/lost/**", "test/postgres/**", "test/package.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "lost",
          include: ["test/lost/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: { name: "postgres", include: ["test/postgres/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 120_000 },
      },
      { extends: true, test: { name: "browser", include: ["test/browser/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "package", include: ["test/package.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
