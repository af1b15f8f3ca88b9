// engines/ · Library: node-llama-cpp, where it is installed, and the few shapes of it that are used here.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import { StudyError } from "../../terms/errors.ts";

/** The version that all of this was tried with. */
export const LLAMA_VERSION = "3.21.1";

/** Tokens are whole numbers. */
export interface LlamaModel {
  readonly trainContextSize: number;
  readonly tokens: { readonly bos: number | null; readonly shouldPrependBosToken: boolean };
  iterateAllTokens(): Iterable<number>;
  isEogToken(token: number): boolean;
  tokenize(text: string, specialTokens: boolean): number[];
  detokenize(tokens: readonly number[], specialTokens: boolean, tokensBefore?: readonly number[]): string;
  createContext(options: object): Promise<LlamaContext>;
  dispose(): Promise<void>;
}

export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
}

/** A text in the making: what was put in, and what the model says comes next. */
export interface LlamaSequence {
  readonly nextTokenIndex: number;
  clearHistory(): Promise<void>;
  eraseContextTokenRanges(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>;
  controlledEvaluate(
    input: readonly (readonly [number, { readonly generateNext: object }])[],
    options: { onTokenResult(index: number, result: { next: { probabilities?: Map<number, number> } }): void },
  ): Promise<unknown>;
}

export interface Llama {
  /** "cuda", "vulkan", "metal"; false where the processor computes. */
  readonly gpu: string | false;
  readonly llamaCppRelease: { readonly release: string };
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string }): Promise<LlamaModel>;
}

interface Library {
  getLlama(options: object): Promise<Llama>;
}

// A name that no bundler and no type checker follows: the package may be absent.
const PACKAGE: string = "node-llama-cpp";
/** Where tools/install-llama.ts puts it, seen from this file. */
const BESIDE = join(import.meta.dirname, "../../../tools/llama/node_modules", PACKAGE, "dist/index.js");

let loaded: Promise<Llama> | undefined;

/** One for the process; never compiles, never downloads. @throws StudyError where it is not installed */
export function loadLlama(): Promise<Llama> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Llama> {
  const { getLlama } = await library();
  return getLlama({ build: "never", skipDownload: true, logLevel: "error", progressLogs: false });
}

async function library(): Promise<Library> {
  try {
    if (existsSync(BESIDE)) return (await import(pathToFileURL(BESIDE).href)) as Library;
    // Asked first, because bundlers put something of their own in an absent package's place.
    findPackageJSON(PACKAGE, import.meta.url);
    return (await import(PACKAGE)) as Library;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new StudyError({
      code: "no-llama",
      what: "the engine llama needs node-llama-cpp, and it is not installed",
      mend: `npm install ${PACKAGE}@${LLAMA_VERSION}`,
    });
  }
}
