import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** What commander fits help to where there is no terminal. */
const COLUMNS = 80;

/** What a command says of itself: from below its usage to its first heading. */
const descriptionIn = (text: string): readonly string[] =>
  text
    .split("\n\n")
    .slice(1)
    .find((part) => !/^[A-Z][a-z]+:\n/.test(part))
    ?.split("\n") ?? [];

describe("the command line", () => {
  it("says of every command what it does, in lines that are filled", () => {
    const all = commands().flatMap((command) => [command, ...command.commands]);
    expect(all.map((command) => command.name())).toEqual(expect.arrayContaining(["run", "verify", "truth", "export"]));
    const ragged = all.flatMap((command) => {
      const lines = descriptionIn(command.configureHelp({ helpWidth: COLUMNS }).helpInformation());
      const next = (i: number): number => lines[i]?.split(" ")[0]?.length ?? COLUMNS;
      if (lines.length === 0) return [`${command.name()}: nothing`];
      return lines.some((line, i) => line.length + 1 + next(i + 1) <= COLUMNS) ? [`${command.name()}: ragged`] : [];
    });
    expect(ragged).toEqual([]);
  });

  it("ends without a word when nobody reads on", () => {
    const { stdout, stderr } = spawnSync(
      "bash",
      ["-c", `"$0" "$1" gallery --json | true; echo "\${PIPESTATUS[0]}"`, process.execPath, main],
      {
        encoding: "utf8",
      },
    );
    expect({ stdout, stderr }).toEqual({ stdout: "141\n", stderr: "" });
  });
});
