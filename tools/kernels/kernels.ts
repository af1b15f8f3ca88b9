// The kernels of the planted worlds' transformer, as one WebAssembly module with plain SIMD: no fused products, so that the
// same input gives the same bits on every machine. `node tools/kernels/build.js` compiles; a test checks that it still does.
export { attendCached } from "./cached";
export { multiply, transpose } from "./multiply";
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
