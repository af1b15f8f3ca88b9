// engines/ · All: the list. A new engine is one file and one line here; study/ adds the engine of the planted worlds.
import type { EngineKind } from "./engine.ts";
import { llama } from "./llama.ts";
import { llamaServer } from "./llama-server.ts";
import { openai } from "./openai.ts";
import { replay } from "./replay.ts";
import { sglang } from "./sglang.ts";
import { vllm } from "./vllm.ts";

export const ENGINES: readonly EngineKind[] = [
  vllm, //
  sglang,
  llamaServer,
  openai,
  llama,
  replay,
];
