// Archives come from anywhere. Whatever is wrong with one is a sentence, before it costs memory or time.
import { describe, expect, test } from "vitest";
import { constants, deflateRawSync, zstdCompressSync } from "node:zlib";
import { Archive, LIMITS } from "../../src/importers/archive/zip.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { fileOf, readText, refusal } from "./on-disk.ts";
import { type Packed, zip } from "./zips.ts";

const contents = async (bytes: Uint8Array): Promise<Record<string, string>> => {
  const archive = await Archive.open(fileOf(bytes));
  try {
    const read: Record<string, string> = {};
    for (const member of archive.members.values()) {
      const parts: Buffer[] = [];
      for await (const chunk of member.bytes()) parts.push(Buffer.from(chunk));
      read[member.name] = Buffer.concat(parts).toString();
    }
    return read;
  } finally {
    archive.close();
  }
};
const refused = (bytes: Uint8Array) => refusal(contents(bytes) as Promise<unknown>);
const long = "the same again, and again. ".repeat(40_000);

describe("a zip archive", () => {
  test("gives back what stored, deflate and zstd members hold, names in other scripts and folders included", async () => {
    const members: Packed[] = [
      { name: "a", bytes: "stored", method: "stored" },
      { name: "ü/数.json", bytes: long },
      { name: "z", bytes: long, method: "zstd" },
      { name: "empty", bytes: "", method: "zstd", compressed: new Uint8Array() },
    ];
    const found = await contents(zip([...members, { name: "folder/", bytes: "", method: "stored" }]));
    expect(found).toEqual({ a: "stored", "ü/数.json": long, z: long, empty: "" });
  });

  test("a zstd member of several frames, skippable ones among them, is read to its end", async () => {
    const frames = ["first ", long, "", "last"].map((text) =>
      zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: text === long ? 1 : 0 } }),
    );
    const skippable = Buffer.from("5e2a4d1803000000aabbcc", "hex");
    const compressed = Buffer.concat([...frames.slice(0, 2), skippable, ...frames.slice(2)]);
    const found = await contents(zip([{ name: "m", bytes: `first ${long}last`, method: "zstd", compressed }]));
    expect(found).toEqual({ m: `first ${long}last` });
  });

  test("one frame of blocks that cannot be compressed is read too", async () => {
    let state = 1;
    const bytes = Buffer.from(Array.from({ length: 400_000 }, () => (state = Math.imul(state, 48271) >>> 0) >>> 24));
    const archive = await Archive.open(fileOf(zip([{ name: "m", bytes, method: "zstd" }])));
    const parts: Buffer[] = [];
    for await (const chunk of archive.members.get("m")?.bytes() ?? []) parts.push(Buffer.from(chunk));
    archive.close();
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });
});

describe("an archive that is not what it says", () => {
  const unsafe: [string, Packed[], string][] = [
    ["leads up", [{ name: "samples/../../etc/passwd", bytes: "x" }], "leads out of the archive"],
    ["begins at the root", [{ name: "/etc/passwd", bytes: "x" }], "leads out of the archive"],
    ["names a drive", [{ name: "C:/x", bytes: "x" }], "leads out of the archive"],
    ["has a name twice", ["x", "y"].map((bytes) => ({ name: "header.json", bytes })), 'a member "header.json" twice'],
    ["is encrypted", [{ name: "a", bytes: "x", claims: { flags: 0x801 } }], "is encrypted, and there is no password"],
    ["is compressed in an unknown way", [{ name: "a", bytes: "x", method: 14 }], "compressed by method 14"],
  ];
  test.each(unsafe)("is refused where a member %s", async (_, members, part) => {
    const error = await refused(zip(members));
    expect(error.code).toBe("unsafe-archive");
    expect(error.message).toContain(part);
  });

  test.each(["deflate", "zstd"] as const)("a bomb of %s is refused before it is inflated", async (method) => {
    const zeros = Buffer.alloc(2 * LIMITS.small);
    const compressed = method === "deflate" ? deflateRawSync(zeros, { level: 9 }) : zstdCompressSync(zeros);
    // It says that it is small; what it says is not believed.
    const bomb = { name: "header.json", bytes: "", method, compressed, claims: { size: 10 } };
    const { code, message } = await refused(zip([bomb]));
    expect(code).toBe("unsafe-archive");
    expect(message).toContain(`of ${compressed.length} bytes inflates to more than ${LIMITS.small}`);
    expect(message).toContain("zip bomb");
  });

  test("many members that are each just small enough are a bomb together", async () => {
    const zeros = Buffer.alloc(LIMITS.small);
    const compressed = zstdCompressSync(zeros);
    const members = Array.from({ length: 5 }, (_, i) => ({
      name: `${i}`,
      bytes: zeros,
      method: "zstd" as const,
      compressed,
    }));
    const { message } = await refused(zip(members));
    expect(message).toMatch(/its \d+ bytes inflate to more than 268435456/);
  });

  test("more members than any log has are refused by the directory's own count", async () => {
    const bytes = zip([{ name: "a", bytes: "x" }]);
    const end = bytes.length - 22;
    // The 64-bit form, which alone can count so far.
    const record = Buffer.alloc(56);
    record.write("504b0606", 0, "hex");
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(3_000_000n, 24);
    record.writeBigUInt64LE(3_000_000n, 32);
    record.writeBigUInt64LE(BigInt(bytes.readUInt32LE(end + 12)), 40);
    record.writeBigUInt64LE(BigInt(bytes.readUInt32LE(end + 16)), 48);
    const locator = Buffer.alloc(20);
    locator.write("504b0607", 0, "hex");
    locator.writeBigUInt64LE(BigInt(end), 8);
    const { message } = await refused(Buffer.concat([bytes.subarray(0, end), record, locator, bytes.subarray(end)]));
    expect(message).toContain("3000000 members, and 500000 are the most");
  });

  test("a wrong length, a wrong checksum and broken bytes are damage, named with the member", async () => {
    const cases: [Packed, RegExp][] = [
      [{ name: "m", bytes: "abc", claims: { size: 7 } }, /"m\\?" should be 7 bytes .* and is 3/],
      [{ name: "m", bytes: "abc", claims: { crc: 1 } }, /checksum 0x00000001 and is 3 with 0x352441c2/],
      [{ name: "m", bytes: "abc", compressed: Buffer.from([0xff, 0xff, 0xff]) }, /"m\\?" cannot be inflated/],
      [{ name: "m", bytes: "abc", method: "zstd", compressed: Buffer.from("junk and more junk") }, /no zstd frame/],
      [
        { name: "m", bytes: long, method: "zstd", compressed: zstdCompressSync(long).subarray(0, -9) },
        /ends within a frame/,
      ],
      [
        { name: "m", bytes: long, compressed: deflateRawSync(long).subarray(0, -9) },
        /cannot be inflated: unexpected end/,
      ],
    ];
    for (const [member, words] of cases) {
      const error = await refused(zip([member]));
      expect([error.code, error.message]).toEqual(["damaged-archive", expect.stringMatching(words)]);
    }
  });

  test("a zip that is no log, and one cut off, are refused by a sentence", async () => {
    const bytes = zip([{ name: "notes.txt", bytes: "hello" }]);
    expect((await refusal(readText(bytes))).message).toContain("neither header.json nor _journal/start.json");
    const cut = fileOf(bytes.subarray(0, -5));
    const { code, message } = await refusal(readEvidence(cut, { policy: "base" }));
    expect([code, message.startsWith(`${cut} is a zip archive without the directory`)]).toEqual(["truncated", true]);
  });
});
