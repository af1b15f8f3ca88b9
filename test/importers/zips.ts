// Zip archives for tests, honest or not: whatever a member claims is written as it is told.
import { crc32, deflateRawSync, zstdCompressSync } from "node:zlib";

export interface Packed {
  readonly name: string;
  readonly bytes: string | Uint8Array;
  readonly method?: "stored" | "deflate" | "zstd" | number;
  /** Written instead of compressing `bytes`. */
  readonly compressed?: Uint8Array;
  /** Claims that need not be true. */
  readonly claims?: { readonly size?: number; readonly crc?: number; readonly flags?: number };
}

const METHODS = { stored: 0, deflate: 8, zstd: 93 } as const;

export function zip(members: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, method = "deflate", compressed, claims = {} } of members) {
    const content = Buffer.from(bytes as string);
    const body = compressed ?? pack(content, method);
    const { size = content.length, crc = crc32(content), flags = 0x800 } = claims;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(typeof method === "number" ? method : METHODS[method], 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    parts.push(Buffer.from("504b0304", "hex"), fields, Buffer.from(name), Buffer.from(body));
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("504b01021400", "hex"), fields, where, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("504b0506", 0, "hex");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

function pack(content: Buffer, method: Packed["method"]): Buffer {
  if (method === "deflate") return deflateRawSync(content);
  return method === "zstd" ? zstdCompressSync(content) : content;
}
