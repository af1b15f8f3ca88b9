// evidence/ · Queue records: a chunk's records as bytes and back, in the very lines that the store will keep.
import { createHash } from "node:crypto";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { lineOf, recordOf } from "./rows.ts";

export type Records = readonly RolloutRecord[] | readonly ScoreRecord[];

/** UTF-8, one line a record. */
export function toBytes(records: Records): Buffer {
  return Buffer.from(records.map((record) => lineOf(record)).join("\n"));
}

export function fromBytes(bytes: Uint8Array): Records {
  const text = Buffer.from(bytes).toString();
  return (text === "" ? [] : text.split("\n").map(recordOf)) as unknown as Records;
}

/** SHA-256, in hexadecimal. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
