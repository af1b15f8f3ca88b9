// engines/ · All: the list. A new engine is one file and one line here; study/ adds the engine of the planted worlds.
import type { Engine } from "./engine.ts";

/** What opens an engine of one kind; no kind can be opened over a network yet. */
export const ENGINES: readonly { readonly kind: string; open(address: string): Promise<Engine> }[] = [];
