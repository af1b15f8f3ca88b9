// worlds/ · Portable: a policy's network as it leaves this program, and its weights cut into named tensors.
import { StudyError } from "../../terms/errors.ts";
import { checkShape, layoutOf, type Shape } from "../transformer/shape.ts";

export interface Portable {
  readonly shape: Shape;
  /** Laid out as in shape.ts. */
  readonly weights: Float32Array;
  /** Token i is the i-th character. */
  readonly vocabulary: string;
  /** The character that ends an answer. */
  readonly end: string;
  /** What the model is called, in any words. */
  readonly name: string;
}

export interface WeightTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** A view. */
  readonly data: Float32Array;
}

/** @throws StudyError where there are more or fewer weights than the shape has */
export function tensorsOf(shape: Shape, weights: Float32Array): readonly WeightTensor[] {
  const { tensors, size } = layoutOf(shape);
  if (weights.length !== size)
    throw new StudyError({
      code: "world-weights",
      what: `there are ${weights.length} weights, but this shape has ${size}`,
      mend: "give the shape that the weights were made for",
    });
  return tensors.map(({ name, dimensions, offset, size: length }) => ({
    name,
    dimensions,
    data: weights.subarray(offset, offset + length),
  }));
}

/** What disagrees between the sizes and the characters, if anything does. */
export function vocabularyFault({ vocabulary }: Shape, characters: string, end: string): string | undefined {
  const tokens = [...characters];
  if (tokens.length !== vocabulary)
    return `the shape knows ${vocabulary} tokens, but there are ${tokens.length} characters`;
  if (new Set(tokens).size !== tokens.length) return `a character stands twice in ${JSON.stringify(characters)}`;
  if (!tokens.includes(end)) return `the end ${JSON.stringify(end)} is none of ${JSON.stringify(characters)}`;
  return undefined;
}

/**
 * The id of the end.
 *
 * @throws StudyError on sizes that no decoder here has, on weights of another number, and on characters that other programs'
 * tokenizers write in another way: beside the visible ones of ASCII
 */
export function checkPortable({ shape, weights, vocabulary, end }: Portable): number {
  tensorsOf(checkShape(shape), weights);
  const foreign = [...vocabulary].find((character) => !/^[!-~]$/.test(character));
  const fault =
    vocabularyFault(shape, vocabulary, end) ??
    (foreign === undefined ? undefined : `character ${JSON.stringify(foreign)} is not a visible one of ASCII`);
  if (fault !== undefined)
    throw new StudyError({ code: "world-vocabulary", what: fault, mend: "export with one visible character a token" });
  return vocabulary.indexOf(end);
}
