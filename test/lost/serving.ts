// The shipped steady-hand behind a socket that counts what it is asked: a proxy before `crucis world serve`, in this process.
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { worldNamed } from "../../src/worlds/all.ts";
import { openWorld, SHIPPED } from "../../src/worlds/open.ts";
import { serveWorld } from "../../src/worlds/server/serve.ts";

export interface Served extends AsyncDisposable {
  readonly url: string;
  /** Requests for a completion so far; those that only probe ask for no token. */
  rollouts(): number;
}

export async function serveSteadyHand(): Promise<Served> {
  const { policies } = openWorld(worldNamed("steady-hand"), { seed: 1, cache: SHIPPED });
  const world = await serveWorld({ policies, host: "127.0.0.1", port: 0 });
  const target = new URL(world.url);
  let asked = 0;
  const proxy = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const body = Buffer.concat(parts);
      if (isRollout(incoming.url ?? "", body)) asked++;
      const { method, url, headers } = incoming;
      const onward = ask({ host: target.hostname, port: target.port, method, path: url, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      outgoing.on("close", () => onward.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    rollouts: () => asked,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await world.close();
    },
  };
}

/** Its seed names a rollout; probes have none, or ask for four tokens at most. */
function isRollout(path: string, body: Buffer): boolean {
  if (!path.endsWith("/completions")) return false;
  const { max_tokens: most } = JSON.parse(body.toString()) as { max_tokens?: number };
  return (most ?? 0) > 8;
}
