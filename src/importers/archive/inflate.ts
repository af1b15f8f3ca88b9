// importers/ · Inflate: the bytes of a compressed member, in chunks, by Node's own decompressors.
import { pipeline, Readable, type Transform } from "node:stream";
import { createInflateRaw, createZstdDecompress } from "node:zlib";
import { ByteReader, nextFrame } from "./zstd-frames.ts";

/** Zip's numbers for how a member is compressed. */
export const STORED = 0;
export const DEFLATE = 8;
export const ZSTD = 93;

/** Throws whatever the decompressor throws at damaged bytes. */
export async function* inflate(compressed: AsyncIterable<Buffer>, method: number): AsyncGenerator<Buffer, void> {
  if (method === STORED) return yield* compressed;
  if (method === DEFLATE) return yield* through(compressed, createInflateRaw());
  const bytes = new ByteReader(compressed);
  while (!(await bytes.atEnd())) yield* through(nextFrame(bytes), createZstdDecompress());
}

async function* through(compressed: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer, void> {
  // An error of either end reaches the reader through the decoder.
  pipeline(Readable.from(compressed, { objectMode: false }), decoder, () => {});
  for await (const chunk of decoder) yield chunk as Buffer;
}
