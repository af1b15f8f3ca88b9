import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../../src/worlds/files/safetensors.ts";
import { refusal } from "./scratch.ts";

/** A file with this header and so many bytes of zeros. */
function fileWith(header: unknown, dataBytes: number, headerLength?: number): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const file = Buffer.alloc(8 + json.length + dataBytes);
  file.writeBigUInt64LE(BigInt(headerLength ?? json.length));
  json.copy(file, 8);
  return file;
}

const tensor = (from: number, to: number, shape = [(to - from) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe("a safetensors file", () => {
  // By safetensors 0.8.0 for Python: save({"b": [1.5, -2] in f32, "a": [[3.25]] in f64, "c": [-7] in i32}, {"format": "pt"}).
  const python = Buffer.from(
    "yAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJhIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsxLDFdLCJkYXRhX29mZnNldHMi" +
      "OlswLDhdfSwiYiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzgsMTZdfSwiYyI6eyJkdHlwZSI6IkkzMiIsInNoYXBl" +
      "IjpbMV0sImRhdGFfb2Zmc2V0cyI6WzE2LDIwXX19ICAgIAAAAAAAAApAAADAPwAAAMD5////",
    "base64",
  );
  const tensors: NamedTensor[] = [
    { name: "b", dimensions: [2], data: Float32Array.of(1.5, -2) },
    { name: "a", dimensions: [1, 1], data: Float64Array.of(3.25) },
    { name: "c", dimensions: [1], data: Int32Array.of(-7) },
  ];

  test("is byte for byte what the Python library writes", () => {
    expect(Buffer.from(writeSafetensors(tensors, { format: "pt" }))).toEqual(python);
  });

  test("of the Python library is read", () => {
    const { tensors: found, metadata } = readSafetensors(python, "python.safetensors");
    expect(metadata).toEqual({ format: "pt" });
    expect([...found.keys()]).toEqual(["a", "b", "c"]);
    for (const { name, dimensions, data } of tensors) expect(found.get(name)).toEqual({ dimensions, data });
  });

  test("gives back every bit of what was written, whatever the names, NaN and −0 included", () => {
    const bits = fc.uint8Array({ minLength: 24, maxLength: 24 });
    const kind = fc.constantFrom(Float32Array, Float64Array, Int32Array);
    const dimensions = fc.constantFrom<number[][]>([], [1], [2, 3], [0, 5], [3, 1, 1]);
    const one = fc
      .record({ name: fc.string(), kind, bits, dimensions })
      .map(({ name, kind: array, bits: b, dimensions: d }) => {
        const length = d.reduce((product, n) => product * n, 1);
        const bytes = Uint8Array.from({ length: length * array.BYTES_PER_ELEMENT }, (_, i) => b[i % 24]!);
        return { name, dimensions: d, data: new array(bytes.buffer) };
      });
    const many = fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 6 });
    const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
    fc.assert(
      fc.property(many, metadata, (written, notes) => {
        const file = writeSafetensors(written, notes);
        const read = readSafetensors(file, "some.safetensors");
        expect({ ...read.metadata }).toEqual({ ...notes });
        expect(read.tensors.size).toBe(written.length);
        for (const { name, dimensions: d, data } of written) {
          const found = read.tensors.get(name)!;
          expect(found.dimensions).toEqual(d);
          expect(found.data.constructor).toBe(data.constructor);
          expect(Buffer.from(found.data.buffer)).toEqual(Buffer.from(data.buffer));
        }
      }),
    );
  });

  test("is read from the middle of a larger buffer, and what is read is a copy", () => {
    const larger = Buffer.concat([Buffer.from("xyz"), python]);
    const { tensors: found } = readSafetensors(larger.subarray(3), "python.safetensors");
    larger.fill(0);
    expect(found.get("a")!.data).toEqual(Float64Array.of(3.25));
  });

  test("has its data at a multiple of 8, the header filled up with blanks", () => {
    for (const name of ["a", "ab", "abc", "abcdefgh"]) {
      const file = Buffer.from(writeSafetensors([{ name, dimensions: [1], data: Float32Array.of(1) }]));
      const header = Number(file.readBigUInt64LE());
      expect(header % 8).toBe(0);
      expect(file.length).toBe(8 + header + 4);
      expect(file.toString("utf8", 8, 8 + header)).toMatch(/^\{.*\} *$/);
    }
  });

  test("is not written of tensors that contradict themselves or each other", () => {
    const one = { name: "a", dimensions: [2], data: Float32Array.of(1, 2) };
    expect(() => writeSafetensors([{ ...one, dimensions: [3] }])).toThrow(/a of 3 was given 2 numbers/);
    expect(() => writeSafetensors([one, one])).toThrow(/must differ/);
    expect(() => writeSafetensors([{ ...one, name: "__metadata__" }])).toThrow(/must differ/);
  });
});

describe("no safetensors file, and refused as such with both values", () => {
  const bad: [string, Uint8Array, string, ...string[]][] = [
    ["an empty file", Buffer.alloc(0), "truncated", "begins with 8 bytes, but there are 0"],
    ["a cut length", Buffer.alloc(5), "truncated", "begins with 8 bytes, but there are 5"],
    ["a cut header", fileWith({ a: tensor(0, 4) }, 0, 500), "truncated", "500 bytes long", "54 follow"],
    ["a header beyond bounds", fileWith({}, 0, 100_000_001), "header", "100000001", "100000000 at most"],
    ["another kind of file", Buffer.from("GGUF\x03\0\0\0 and so on"), "header", "100000000 at most"],
    ["a header that is no JSON", fileWith("{a}", 0), "header", "not JSON"],
    ["a header that is no UTF-8", Buffer.concat([fileWith("{}", 0, 3), Buffer.of(0xff)]), "header", "not JSON"],
    ["a header that is a list", fileWith([], 0), "header", "no object"],
    ["metadata that are no texts", fileWith({ __metadata__: { step: 3 } }, 0), "header", '{"step":3}', "texts by name"],
    ["a tensor without offsets", fileWith({ a: { dtype: "F32", shape: [1] } }, 4), "header", 'tensor "a"'],
    ["a negative size", fileWith({ a: tensor(0, 4, [-1]) }, 4), "header", 'tensor "a"'],
    ["an unknown type", fileWith({ a: tensor(0, 2, [1], "BF16") }, 2), "dtype", '"BF16"', "F32, F64, I32"],
    ["a type named like a method", fileWith({ a: tensor(0, 2, [1], "toString") }, 2), "dtype", '"toString"'],
    ["cut data", fileWith({ a: tensor(0, 8) }, 7), "truncated", "8 bytes of data", "there are 7"],
    ["data that nobody names", fileWith({ a: tensor(0, 8) }, 12), "hole", "8 bytes of data", "there are 12"],
    ["a hole", fileWith({ a: tensor(0, 4), b: tensor(8, 12) }, 12), "hole", '"b" begins at byte 8', "ends at 4"],
    ["a hole at the front", fileWith({ a: tensor(4, 8) }, 8), "hole", '"a" begins at byte 4', "ends at 0"],
    ["an overlap", fileWith({ a: tensor(0, 8), b: tensor(4, 12) }, 12), "overlap", '"b" begins at byte 4', "ends at 8"],
    ["an end before its begin", fileWith({ a: tensor(0, 8), b: tensor(8, 4, [1]) }, 8), "size", "8", "ends at 4"],
    ["dimensions of another size", fileWith({ a: tensor(0, 8, [3]) }, 8), "size", "needs 12 bytes, but has 8"],
    ["dimensions beyond all files", fileWith({ a: tensor(0, 8, [2 ** 40, 2 ** 40]) }, 8), "size", "but has 8"],
  ];

  test.each(bad)("%s", (_, bytes, kind, ...said) => {
    const { code, message } = refusal(() => readSafetensors(bytes, "worlds/base.safetensors"));
    expect(code).toBe(`safetensors-${kind}`);
    for (const part of ["worlds/base.safetensors: ", "make or copy the file again", ...said])
      expect(message).toContain(part);
  });

  test("any file that is cut off anywhere", () => {
    const whole = writeSafetensors([
      { name: "a", dimensions: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: "b", dimensions: [1], data: Float64Array.of(5) },
    ]);
    for (let length = 0; length < whole.length; length++)
      expect(refusal(() => readSafetensors(whole.subarray(0, length), "a")).code).toBe("safetensors-truncated");
  });
});
