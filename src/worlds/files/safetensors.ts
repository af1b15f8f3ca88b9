// worlds/ · Safetensors: named arrays of numbers in one file, which common tools open.
//
// Format: https://github.com/huggingface/safetensors (README, "Format"): 8 bytes, the length N of the header (unsigned, little
// endian); N bytes of JSON, name → {dtype, shape, data_offsets: [from, to]}, filled up with blanks so that the data begin at a
// multiple of 8; then the data, row-major and little-endian as on every machine that Node runs on here, without holes.
import { z } from "zod";
import { StudyError } from "../../terms/errors.ts";

export type TensorData = Float32Array | Float64Array | Int32Array;

export interface NamedTensor {
  readonly name: string;
  /** Their product is the length of the data. */
  readonly dimensions: readonly number[];
  readonly data: TensorData;
}

export interface Safetensors {
  /** In the order of the header. The arrays are copies. */
  readonly tensors: ReadonlyMap<string, Omit<NamedTensor, "name">>;
  readonly metadata: Readonly<Record<string, string>>;
}

const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;
type Dtype = keyof typeof ARRAYS;
const METADATA = "__metadata__";
const PREFIX = 8;
/** As in the library by Hugging Face, so that it opens what is written here. */
const LONGEST_HEADER = 100_000_000;

const whole = z.int().nonnegative();
const entry = z.strictObject({ dtype: z.string(), shape: z.array(whole), data_offsets: z.tuple([whole, whole]) });
type Entry = z.infer<typeof entry>;

const product = (dimensions: readonly number[]): number => dimensions.reduce((length, n) => length * n, 1);
const dtypeOf = (data: TensorData): Dtype =>
  data instanceof Float32Array ? "F32" : data instanceof Float64Array ? "F64" : "I32";

/** The bytes of the file. Names differ from each other; the wider numbers come first, so that each array is aligned to its own. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = tensors.toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const entries: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata]];
  let end = 0;
  for (const { name, dimensions, data } of ordered) {
    if (product(dimensions) !== data.length)
      throw new RangeError(`tensor ${name} of ${dimensions.join(" × ")} was given ${data.length} numbers`);
    const from = end;
    end += data.byteLength;
    entries.push([name, { dtype: dtypeOf(data), shape: dimensions, data_offsets: [from, end] }]);
  }
  if (new Set([METADATA, ...tensors.map(({ name }) => name)]).size !== tensors.length + 1)
    throw new RangeError(`names of tensors must differ from each other and from ${METADATA}`);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX + header + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header), true);
  bytes.fill(0x20, PREFIX, PREFIX + header);
  bytes.set(json, PREFIX);
  let at = PREFIX + header;
  for (const { data } of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * @param where the file's name, for the message
 * @throws StudyError where the bytes are no safetensors file, are cut off, or hold a type of number that is not read here
 */
export function readSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const refuse = refusalOf(where);
  const { entries, metadata, dataAt } = readHeader(bytes, refuse);
  const inOrder = entries.toSorted(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [name, { data_offsets: offsets }] of inOrder) {
    const [from, to] = offsets;
    if (from !== end)
      refuse(
        from < end ? "overlap" : "hole",
        `tensor ${JSON.stringify(name)} begins at byte ${from} of the data, but the one before it ends at ${end}`,
      );
    if (to < from)
      refuse("size", `tensor ${JSON.stringify(name)} begins at byte ${from} of the data and ends at ${to}`);
    end = to;
  }
  const given = bytes.length - dataAt;
  if (given !== end)
    refuse(given < end ? "truncated" : "hole", `the header tells of ${end} bytes of data, but there are ${given}`);
  const tensors = new Map<string, Omit<NamedTensor, "name">>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
    if (!Object.hasOwn(ARRAYS, dtype))
      return refuse(
        "dtype",
        `tensor ${JSON.stringify(name)} is of type ${JSON.stringify(dtype)}, but only ${Object.keys(ARRAYS).join(", ")} are read`,
      );
    const array = ARRAYS[dtype as Dtype];
    const [from, to] = offsets;
    const wanted = product(shape) * array.BYTES_PER_ELEMENT;
    if (to - from !== wanted)
      refuse(
        "size",
        `tensor ${JSON.stringify(name)} of ${shape.join(" × ")} ${dtype} needs ${wanted} bytes, but has ${to - from}`,
      );
    tensors.set(name, {
      dimensions: shape,
      data: new array(new Uint8Array(bytes.subarray(dataAt + from, dataAt + to)).buffer),
    });
  }
  return { tensors, metadata };
}

type Refuse = (kind: string, what: string) => never;

const refusalOf =
  (where: string): Refuse =>
  (kind, what) => {
    throw new StudyError({
      code: `safetensors-${kind}`,
      what: `${where}: ${what}`,
      mend: "make or copy the file again",
    });
  };

function readHeader(bytes: Uint8Array, refuse: Refuse) {
  if (bytes.length < PREFIX)
    refuse("truncated", `a safetensors file begins with ${PREFIX} bytes, but there are ${bytes.length}`);
  // Above 2^53 this is not exact, which the bounds do not need.
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER)
    refuse("header", `the header is said to be ${length} bytes long, but may have ${LONGEST_HEADER} at most`);
  if (length > bytes.length - PREFIX)
    refuse("truncated", `the header is said to be ${length} bytes long, but ${bytes.length - PREFIX} follow`);
  const { [METADATA]: metadata = {}, ...rest } = parsed(bytes.subarray(PREFIX, PREFIX + length), refuse);
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string"))
    return refuse("header", `${METADATA} is ${JSON.stringify(metadata).slice(0, 60)}, but must hold texts by name`);
  const entries = Object.entries(rest).map(([name, value]): [string, Entry] => {
    const read = entry.safeParse(value);
    return read.success
      ? [name, read.data]
      : refuse(
          "header",
          `tensor ${JSON.stringify(name)} has no dtype, shape and data_offsets as the format wants them`,
        );
  });
  return { entries, metadata: metadata as Record<string, string>, dataAt: PREFIX + length };
}

function parsed(header: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
  } catch (error) {
    return refuse("header", `the header is not JSON (${(error as Error).message})`);
  }
  return isObject(value) ? value : refuse("header", "the header is JSON, but no object");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
