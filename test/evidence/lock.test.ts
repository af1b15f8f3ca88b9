import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lock } from "../../src/evidence/lock.ts";
import { Store } from "../../src/evidence/store.ts";
import { emptyFolder } from "./records.ts";

describe("a folder that somebody writes", () => {
  test("is refused to a second writer of the same process, not to readers, and free after the first", async () => {
    const folder = emptyFolder();
    const first = await Store.open(folder, { write: true });
    await expect(Store.open(folder, { write: true })).rejects.toThrow(
      `${folder} is being written by another process (process ${process.pid} on ${hostname()}, since 20`,
    );
    await (await Store.open(folder, { write: false })).close();
    await first.close();
    await first.close();
    await (await Store.open(folder, { write: true })).close();
  });

  test("by another process is refused until that is killed", async () => {
    const folder = emptyFolder();
    const child = spawn(process.execPath, [join(import.meta.dirname, "committing.ts"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(() => lock(folder)).toThrow(`(process ${child.pid} on ${hostname()}, since 20`);
    child.kill("SIGKILL");
    await once(child, "close");
    lock(folder).release();
  });
});
