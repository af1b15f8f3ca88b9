// A world's engine of the default size with weights of no meaning, and the server that offers it.
import type { PolicyDeclared } from "../../src/terms/study.ts";
import { stream } from "../../src/maths/random.ts";
import { WorldEngine } from "../../src/worlds/engine.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../src/worlds/transformer/shape.ts";
import { serving } from "../worlds/server/asking.ts";

export function worldEngine(name = "tuned", spread = 0.2): WorldEngine {
  const random = stream(1, "test/weights");
  const weights = Float32Array.from({ length: layoutOf(DEFAULT_SHAPE).size }, () => spread * random.normal());
  return new WorldEngine({ name, shape: DEFAULT_SHAPE, weights, fingerprint: "weights of no meaning" });
}

/** Served until the test is over. */
export async function servedWorld(engine: string, local = worldEngine()): Promise<PolicyDeclared> {
  const { server } = await serving({ policies: [{ name: local.name, engine: local }] });
  return { name: "step-100", engine, url: `${server.url}/v1`, model: local.name };
}
