// engines/ · All: the list. A new engine is one file and one line here; study/ adds the engine of the planted worlds.
import type { EngineKind } from "./engine.ts";

export const ENGINES: readonly EngineKind[] = [];
