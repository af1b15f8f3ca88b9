#!/usr/bin/env node
// cli/ · Main: where the command begins. What Node makes of the sources is kept, so that it comes up in a third of the time from its second start on.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./program.ts");
