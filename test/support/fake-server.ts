// A server on a real socket whose answers are made up by a test, and which can break off or never answer.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A status with a text as it is; or a value, sent as JSON with 200; or what no server should do. */
export type Reply =
  | { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly json: unknown }
  /** Half of its body is sent. */
  | { readonly reset: string }
  | "hang";

export const NOT_FOUND: Reply = { status: 404, text: '{"detail":"Not Found"}' };

export interface FakeServer {
  readonly url: string;
  /** In the order in which they came. */
  readonly asked: Asked[];
}

/** Listens until the test is over. */
export async function fakeServer(answer: (asked: Asked) => Reply | Promise<Reply>): Promise<FakeServer> {
  const asked: Asked[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await text(request);
    const one = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      body: sent === "" ? undefined : (JSON.parse(sent) as unknown),
    };
    asked.push(one);
    send(response, await answer(one));
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if ("reset" in reply) {
    const type = { "content-type": "application/json", "content-length": String(reply.reset.length) };
    response.writeHead(200, type).write(reply.reset.slice(0, reply.reset.length / 2), () => response.destroy());
  } else if ("json" in reply) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply.json));
  } else response.writeHead(reply.status, reply.headers).end(reply.text);
}
