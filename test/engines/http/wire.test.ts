// Many requests at once, over real sockets: what is shared, what is given up, and what happens when nobody is there.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { vllm } from "../../../src/engines/vllm.ts";
import type { PolicyDeclared } from "../../../src/terms/study.ts";
import { PLAIN } from "../../conformance/engine.ts";
import { badServer, MODEL } from "../../support/bad-server.ts";
import { fakeServer, NOT_FOUND } from "../../support/fake-server.ts";

vi.mock(import("../../../src/engines/http/retry.ts"), async (real) => ({ ...(await real()), backoff: () => 0.001 }));

const declared = (url: string, fields: Partial<PolicyDeclared> = {}): PolicyDeclared => ({
  name: "tuned",
  engine: "vllm",
  url,
  model: MODEL,
  ...fields,
});
const asking = (count: number, first = 80) =>
  Array.from({ length: count }, (_, seed) => ({ prompt: [first, 1], sampler: PLAIN, seed }));

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 2 });

describe("requests in flight", () => {
  test("are never more than the lowest maxInFlight of the policies that one server answers", async () => {
    const server = await badServer();
    const base = await vllm.open(declared(server.url, { name: "base", model: "base", maxInFlight: 100 }));
    const tuned = await vllm.open(declared(`${server.url}/v1`, { maxInFlight: 7 }));
    await Promise.all([base.capabilities(), tuned.capabilities()]);
    const release = server.hold();
    const answers = Promise.all([base.sample(asking(60)), tuned.sample(asking(60))]);
    await until(() => expect(server.held).toBe(7));
    // What was sent before these has arrived before these.
    for (let i = 0; i < 5; i++) await fetch(`${server.url}/version`);
    expect(server.held).toBe(7);
    release();
    expect((await answers).flat()).toHaveLength(120);
  });

  test("double with each round while all goes well, up to maxInFlight", async () => {
    const server = await badServer();
    const engine = await vllm.open(declared(server.url));
    await engine.capabilities();
    let release = server.hold();
    const answers = engine.sample(asking(700));
    for (const round of [32, 64, 128, 256]) {
      await until(() => expect(server.held).toBe(round));
      const go = release;
      release = server.hold();
      go();
    }
    await until(() => expect(server.held).toBe(700 - 480));
    release();
    expect(new Set((await answers).map((one) => "tokenIds" in one))).toEqual(new Set([true]));
  });

  test("are half as many after the server had too many", async () => {
    const server = await badServer();
    const engine = await vllm.open(declared(server.url));
    await engine.capabilities();
    server.acts.set(80, [
      { status: 429, text: "" },
      { status: 429, text: "" },
    ]);
    const release = server.hold();
    const answers = engine.sample(asking(100));
    await until(() => expect(server.held).toBe(32));
    const next = server.hold();
    release();
    // The other 30 answers of the round came before the refusals, after them, or some of each: half of 32 to 62 is left.
    await until(() => expect(server.held).toBeGreaterThanOrEqual(16));
    for (let i = 0; i < 5; i++) await fetch(`${server.url}/version`);
    expect(server.held).toBeLessThanOrEqual(31);
    next();
    expect((await answers).every((one) => "tokenIds" in one)).toBe(true);
  });
});

test("one policy that is closed leaves the others of its server their connections", async () => {
  const server = await badServer();
  const base = await vllm.open(declared(server.url, { name: "base", model: "base" }));
  const tuned = await vllm.open(declared(server.url));
  await Promise.all([base.sample(asking(5)), tuned.sample(asking(5))]);
  await base.close!();
  await base.close!();
  expect(await tuned.sample(asking(1))).toMatchObject([{ text: "CDE" }]);
  await tuned.close!();
});

describe("what is given up", () => {
  test("rejects at once with the signal's reason, and leaves room for others", async () => {
    const server = await badServer();
    server.acts.set(99, Array(64).fill("hang"));
    const engine = await vllm.open(declared(server.url));
    await engine.capabilities();
    const giveUp = new AbortController();
    const hanging = engine.sample(asking(64, 99), giveUp.signal);
    await until(() => expect(server.tries(99)).toBe(32));
    const reason = new Error("stopped by the user");
    giveUp.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    expect(await engine.sample(asking(3))).toMatchObject([{ text: "CDE" }, { text: "CDE" }, { text: "CDE" }]);
  });

  test("rejects while it waits to try again", async () => {
    const server = await badServer();
    const later = { status: 429, text: "", headers: { "retry-after": "500" } };
    server.acts.set(99, [later]);
    const giveUp = new AbortController();
    const reason = new Error("stopped by the user");
    const watch = { retried: () => giveUp.abort(reason) };
    const engine = await vllm.open(declared(server.url), watch);
    await expect(engine.sample(asking(1, 99), giveUp.signal)).rejects.toBe(reason);
    expect(server.tries(99)).toBe(1);
  });
});

describe("where nobody answers", () => {
  test("every call rejects, saying where and how often; later it may work", async () => {
    const server = await badServer();
    let away = true;
    const gate = await fakeServer(async ({ path, body, method }) => {
      if (away) return { status: 503, text: '{"error":{"message":"loading the model"}}' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return { status: 200, text: await (await fetch(server.url + path, { method, ...sent })).text() };
    });
    const engine = await vllm.open(declared(gate.url));
    const unready = { fault: "server error", message: expect.stringContaining('503, "loading the model", 6 times') };
    await expect(engine.sample(asking(2))).rejects.toMatchObject(unready);
    away = false;
    expect(await engine.sample(asking(1))).toMatchObject([{ text: "CDE" }]);
  });

  test("a closed port is unreachable, and that is said with the address", async () => {
    const engine = await vllm.open(declared("http://127.0.0.1:9/v1"));
    await expect(engine.capabilities()).rejects.toMatchObject({
      fault: "unreachable",
      retry: true,
      message: expect.stringMatching(
        /policy tuned: GET http:\/\/127.0.0.1:9\/v1\/models cannot be reached: .*ECONNREFUSED.*, 6 times/,
      ),
    });
    await engine.close?.();
  });

  test("what speaks no HTTP is told so, and asked once", async () => {
    let asked = 0;
    const greeter = createServer((socket) => void socket.write(`SSH-2.0-OpenSSH ${asked++}\r\n`));
    greeter.listen(0, "127.0.0.1");
    await once(greeter, "listening");
    onTestFinished(() => void greeter.close());
    const engine = await vllm.open(declared(`http://127.0.0.1:${(greeter.address() as AddressInfo).port}`));
    const message = expect.stringContaining("does not speak HTTP");
    await expect(engine.capabilities()).rejects.toMatchObject({ fault: "bad answer", message });
    expect(asked).toBe(1);
  });

  test("an answer without end is broken off", async () => {
    const piece = Buffer.alloc(2 ** 20, "[");
    const endless = createHttpServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more).writeHead(200);
      more();
    });
    endless.listen(0, "127.0.0.1");
    await once(endless, "listening");
    onTestFinished(() => void endless.close());
    const engine = await vllm.open(declared(`http://127.0.0.1:${(endless.address() as AddressInfo).port}`));
    const message = expect.stringContaining("answers without end");
    await expect(engine.capabilities()).rejects.toMatchObject({ fault: "bad answer", retry: false, message });
  });

  test("another kind of server is told that it lists no models", async () => {
    const { url } = await fakeServer(() => NOT_FOUND);
    const engine = await vllm.open(declared(url));
    const message = expect.stringMatching(/GET .*\/v1\/models answered 404, "Not Found"; correct the url/);
    await expect(engine.capabilities()).rejects.toMatchObject({ fault: "refused", message });
  });
});
