// importers/ · Zstd frames: where one ends and the next begins, for Node 24 stops after the first and large members are several.
// The format is RFC 8878, section 3.1.

const MAGIC = 0xfd2fb528;
/** Frames of whatever a writer liked to add; the last four bits are free. */
const SKIPPABLE = 0x184d2a50;

/** Chunks as a sequence of bytes. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    return (await this.#upTo(1)).length === 0;
  }

  /** The next `size` bytes; an Error where there are not so many. */
  async take(size: number): Promise<Buffer> {
    const bytes = await this.#upTo(size);
    if (bytes.length < size) throw new Error("the data ends within a frame");
    this.#left = bytes.subarray(size);
    return bytes.subarray(0, size);
  }

  async #upTo(size: number): Promise<Buffer> {
    while (this.#left.length < size) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      this.#left = Buffer.concat([this.#left, value]);
    }
    return this.#left;
  }
}

/** The bytes of the frame that begins here, block by block. */
export async function* nextFrame(bytes: ByteReader): AsyncGenerator<Buffer, void> {
  const start = await bytes.take(4);
  const magic = start.readUInt32LE();
  if ((magic & ~0xf) >>> 0 === SKIPPABLE) {
    const size = await bytes.take(4);
    yield Buffer.concat([start, size]);
    for (let left = size.readUInt32LE(); left > 0; left -= Math.min(left, 1 << 16)) {
      yield await bytes.take(Math.min(left, 1 << 16));
    }
    return;
  }
  if (magic !== MAGIC) throw new Error("the data holds no zstd frame where one belongs");
  const descriptor = await bytes.take(1);
  const flags = descriptor[0] as number;
  const single = (flags >> 5) & 1;
  const dictionary = [0, 1, 2, 4][flags & 3] as number;
  const contentSize = [single, 2, 4, 8][flags >> 6] as number;
  yield Buffer.concat([start, descriptor, await bytes.take(1 - single + dictionary + contentSize)]);
  for (let last = false; !last; ) {
    const header = await bytes.take(3);
    const block = header.readUIntLE(0, 3);
    last = (block & 1) === 1;
    // A block of one byte repeated holds that byte and how often.
    const size = ((block >> 1) & 3) === 1 ? 1 : block >> 3;
    yield Buffer.concat([header, await bytes.take(size)]);
  }
  if ((flags & 4) !== 0) yield await bytes.take(4);
}
