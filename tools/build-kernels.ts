// Compiles tools/kernels (AssemblyScript) into src/worlds/transformer/kernels.wasm; with an argument, into that file instead.
import asc from "assemblyscript/asc";

const out = process.argv[2] ?? "src/worlds/transformer/kernels.wasm";
const options =
  "--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert --runtime stub --enable simd --initialMemory 1";
const { error, stderr } = await asc.main(["tools/kernels/kernels.ts", "--outFile", out, ...options.split(" ")]);
if (error) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
}
