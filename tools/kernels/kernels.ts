// The kernels of the planted worlds' transformer, as one WebAssembly module with plain SIMD: no fused products, so that the
// same input gives the same bits on every machine. `node tools/build-kernels.ts` compiles; a test checks that it still does.
export { attendCached } from "./cached";
export { multiply, multiplyTurned, transpose } from "./multiply";
export {
  add,
  attend,
  attendBack,
  chooseBack,
  embed,
  embedBack,
  gated,
  gatedBack,
  norm,
  normBack,
  rotate,
} from "./blocks";

/** Below this address the module keeps its own constants. */
export function bottom(): usize {
  return __heap_base;
}
