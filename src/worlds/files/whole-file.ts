// worlds/ · Whole file: written to its last byte, or not there at all.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * Under another name first, then moved into place, so that whoever reads sees the old file or the new one. On the disk, not
 * only on its way there, when this returns. A kill may leave the file of the other name, which nobody reads.
 */
export function writeWholeFile(folder: string, file: string, bytes: Uint8Array): void {
  const part = join(folder, `${file}.${process.pid}.part`);
  try {
    const open = openSync(part, "w");
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(open, bytes, at);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(part, join(folder, file));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** The name too. Windows opens no folders, and needs it not. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const open = openSync(folder, "r");
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}
