import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Appender } from "../../src/evidence/disk.ts";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { verified } from "../../src/evidence/verified.ts";
import { emptyFolder, linesIn, linesOf } from "./records.ts";
import { asked, rollouts } from "./rows.ts";

/** A disk of its own; undefined where this user may not have one. */
function disk(options: string): string | undefined {
  const folder = emptyFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "crucis-test", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

const NO_MOUNT = "mounting a small disk takes root on Linux";
const long = (id: string) => rollouts(id).map((row) => ({ ...row, text: `${id} ${"x".repeat(5000)}` }));

const FULL =
  /^StudyError: \/.* cannot be written \(ENOSPC\); make room on that disk and run again: nothing that was kept is lost\.$/;

/** Keeps chunks until the disk refuses; the numbers of those that were kept, and what was said. */
async function untilFull(folder: string): Promise<{ kept: number[]; said: string }> {
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  const kept = [...store.chunkIds()].map(Number);
  let said = "";
  try {
    for (let i = kept.length; ; i++) {
      await store.commit(asked(String(i)), long(String(i)));
      kept.push(i);
      await notebook.append("observed", store.commitOf(String(i))!);
    }
  } catch (error) {
    said = String(error);
  }
  await notebook.close();
  await store.close();
  return { kept, said };
}

describe("a disk that is full", () => {
  test("is told, damages nothing, and writing goes on where it was once there is room", async ({ skip }) => {
    const folder = disk("size=1m");
    if (folder === undefined) return skip(NO_MOUNT);
    const filler = join(folder, "filler");
    writeFileSync(filler, Buffer.alloc(400_000));
    const { kept, said } = await untilFull(folder);
    expect(said).toMatch(FULL);
    expect(kept.length).toBeGreaterThan(10);
    const read = await Store.open(folder, { write: false });
    expect(await linesIn(read)).toEqual(linesOf(...kept.map((i) => long(String(i)))));
    expect((await verified(read)).faults).toEqual([]);
    await read.close();
    // It may be full once more, in another place.
    writeFileSync(filler, Buffer.alloc(200_000));
    const { kept: more, said: again } = await untilFull(folder);
    expect(again).toMatch(FULL);
    expect(more.length).toBeGreaterThan(kept.length);
    rmSync(filler);
    const store = await Store.open(folder, { write: true });
    expect(await store.commit(asked(String(more.length)), long(String(more.length)))).toBe(true);
    expect(await linesIn(store)).toEqual(linesOf(...[...more, more.length].map((i) => long(String(i)))));
    await store.close();
    expect(Notebook.read(folder).length).toBeLessThanOrEqual(more.length);
  });

  test("has no room for Parquet: the segments stay, and compaction succeeds later", async ({ skip }) => {
    const folder = disk("size=4m");
    if (folder === undefined) return skip(NO_MOUNT);
    const store = await Store.open(folder, { write: true });
    // Nothing that zstd could make small.
    const noise = (i: number): string =>
      Array.from({ length: 2000 }, (_, k) => String.fromCharCode(33 + ((k * k * (i + 7) + 31 * k * i) % 9000))).join(
        "",
      );
    const rows = rollouts("a", 60).map((row, i) => ({ ...row, text: noise(i) }));
    await store.commit(asked("a"), rows);
    const filler = join(folder, "filler");
    const free = 4 * 2 ** 20 - Number(execFileSync("du", ["-sB1", folder], { encoding: "utf8" }).split("\t")[0]);
    writeFileSync(filler, Buffer.alloc(free - 60_000));
    await expect(store.compact()).rejects.toThrow("cannot be written (ENOSPC); make room on that disk");
    expect(await linesIn(store)).toEqual(linesOf(rows));
    expect(readdirSync(join(folder, "rollouts"))).toEqual([]);
    rmSync(filler);
    await store.compact();
    expect(readdirSync(join(folder, "rollouts"))).toEqual(["000001.parquet"]);
    expect(readdirSync(join(folder, "segments"))).toEqual([]);
    expect(await linesIn(store)).toEqual(linesOf(rows));
    await store.close();
  });
});

describe("a folder that cannot be used", () => {
  test("because it is read-only is told, and can still be read", async ({ skip }) => {
    const folder = disk("size=1m");
    if (folder === undefined) return skip(NO_MOUNT);
    const store = await Store.open(folder, { write: true });
    await store.commit(asked("a"), rollouts("a"));
    await store.close();
    execFileSync("mount", ["-o", "remount,ro", folder]);
    await expect(Store.open(folder, { write: true })).rejects.toThrow(
      `${folder}/lock cannot be written (EROFS); give a folder on a disk that can be written.`,
    );
    await expect(Notebook.open(folder)).rejects.toThrow("notebook.jsonl cannot be written (EROFS)");
    const read = await Store.open(folder, { write: false });
    expect(await linesIn(read)).toEqual(linesOf(rollouts("a")));
    await read.close();
  });

  test("because it is a file is told, and the file stays", async () => {
    const file = join(emptyFolder(), "file");
    writeFileSync(file, "mine");
    await expect(Store.open(file, { write: true })).rejects.toThrow(
      `${file}/segments cannot be written (ENOTDIR); give a folder where a file stands now.`,
    );
    await expect(Notebook.open(file)).rejects.toThrow(`${file} cannot be written (EEXIST); give a folder where a file`);
    await expect(Store.open(file, { write: false })).rejects.toThrow(`${file} is no folder`);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("because it is not there is told to readers, and made for writers", async () => {
    const folder = join(emptyFolder(), "a", "b");
    await expect(Store.open(folder, { write: false })).rejects.toThrow(`${folder} is no folder; name a study's folder`);
    await (await Store.open(folder, { write: true })).close();
    expect(readdirSync(folder)).toContain("segments");
  });

  test("because a newer Crucis wrote it is told, and nothing in it is touched", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "evidence.json"), '{"layout":2}');
    const said = `${folder}/evidence.json says layout 2, and this Crucis knows layouts up to 1; update Crucis`;
    await expect(Store.open(folder, { write: true })).rejects.toThrow(said);
    await expect(Store.open(folder, { write: false })).rejects.toThrow(said);
    await expect(Notebook.open(folder)).rejects.toThrow(said);
    expect(() => Notebook.read(folder)).toThrow(said);
    expect(readdirSync(folder)).toEqual(["evidence.json"]);
  });

  test("unless its mark was cut off by a crash: that is written again", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "evidence.json"), "");
    await (await Store.open(folder, { write: true })).close();
    expect(readFileSync(join(folder, "evidence.json"), "utf8")).toBe('{"layout":1}\n');
  });
});

describe("an appender", () => {
  test("whose file went wrong at a synchronisation takes nothing more", async () => {
    const folder = emptyFolder();
    // A pipe can be written and not synchronised.
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const appender = new Appender(path, 0);
    appender.write(Buffer.from("a\n"));
    await expect(appender.sync()).rejects.toThrow(`${path} cannot be written (EINVAL)`);
    await expect(appender.sync()).rejects.toThrow("EINVAL");
    expect(() => appender.write(Buffer.from("b\n"))).toThrow("EINVAL");
    await appender.close();
  });
});
