import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { serveWorld } from "../../../src/worlds/server/serve.ts";
import { StubEngine } from "../../support/stub-engine.ts";
import { asked, JSON_TYPE, post, refused, serving, until } from "./asking.ts";

/** Whether anybody listens there. */
const reachable = (port: number, host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

describe("the server", () => {
  test("lists its models with their context", async () => {
    const { server } = await serving({
      policies: ["base", "tuned"].map((name) => ({ name, engine: new StubEngine({ context: 99 }) })),
    });
    const response = await fetch(`${server.url}/v1/models`);
    const { object, data } = (await response.json()) as { object: string; data: object[] };
    expect(object).toBe("list");
    expect(data).toMatchObject([
      { id: "base", object: "model", owned_by: "crucis", max_model_len: 99 },
      { id: "tuned", object: "model", owned_by: "crucis", max_model_len: 99 },
    ]);
  });

  test("says that it is well, and which version it is", async () => {
    const { server } = await serving();
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/version`)).json()).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test("an unknown path is 404 and a wrong method 405, in OpenAI's shape", async () => {
    const { server } = await serving();
    const missing = await refused(await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body: "{}" }));
    expect(missing).toMatchObject({ status: 404, type: "NotFoundError", code: 404, param: null });
    expect(missing.message).toContain("/v1/chat/completions");
    const got = await fetch(`${server.url}/v1/completions`);
    expect(got.headers.get("allow")).toBe("POST");
    expect(await refused(got)).toMatchObject({ status: 405, type: "MethodNotAllowedError", code: 405 });
    const posted = await fetch(`${server.url}/v1/models`, { method: "POST", body: "{}" });
    expect(posted.headers.get("allow")).toBe("GET");
    expect(posted.status).toBe(405);
  });

  test("a body above 8 MiB is 413, whether its length is told before or not", async () => {
    const { server } = await serving();
    const long = new Uint8Array(8 * 2 ** 20 + 1).fill(32);
    const told = await fetch(`${server.url}/v1/completions`, { method: "POST", headers: JSON_TYPE, body: long });
    expect(await refused(told)).toMatchObject({ status: 413, type: "PayloadTooLargeError", code: 413 });
    const pieces = new Blob([long]).stream();
    const init = { method: "POST", headers: JSON_TYPE, body: pieces, duplex: "half" };
    expect((await fetch(`${server.url}/v1/completions`, init as RequestInit)).status).toBe(413);
    expect((await asked(server, { prompt: "3?" })).choices).toHaveLength(1);
  });

  test("only JSON is read, so a web page of another origin cannot ask", async () => {
    const { server } = await serving();
    const body = JSON.stringify({ model: "tuned", prompt: "3?" });
    const plain = await fetch(`${server.url}/v1/completions`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body,
    });
    expect(await refused(plain)).toMatchObject({ status: 400, message: expect.stringContaining("text/plain") });
    const charset = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await fetch(`${server.url}/v1/completions`, { method: "POST", headers: charset, body })).status).toBe(200);
  });

  test("listens on loopback, unless told otherwise", async () => {
    const { server } = await serving();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await reachable(server.port, "127.0.0.1")).toBe(true);
    expect(await reachable(server.port, "127.0.0.2")).toBe(false);
  });

  test.runIf(process.platform === "linux")("told to, it listens on every address", async () => {
    const { server } = await serving({ host: "0.0.0.0" });
    expect(await reachable(server.port, "127.0.0.2")).toBe(true);
  });

  test("a port in use is refused with both values and the mend", async () => {
    const { server } = await serving();
    const second = serveWorld({ policies: [], port: server.port });
    await expect(second).rejects.toMatchObject({ name: "StudyError", code: "world-serve-address" });
    await expect(second).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 is in use; choose another, or port 0 to take a free one.`,
    );
    await expect(serveWorld({ policies: [], host: "192.0.2.1" })).rejects.toThrow(/cannot listen on 192.0.2.1, port 0/);
  });
});

describe("a client that hangs up", () => {
  test("in the middle of its answer ends the call and frees its slots", async () => {
    const { server, engine } = await serving({ slots: 4 });
    const release = engine.hold();
    const hangUp = new AbortController();
    const gone = post(server, { prompt: "3?", n: 10 }, hangUp.signal);
    await until(() => expect(server.stats()).toEqual({ queued: 6, running: 4, served: 0, aborted: 0 }));
    hangUp.abort();
    await expect(gone).rejects.toThrow("aborted");
    await until(() => expect(server.stats()).toEqual({ queued: 0, running: 0, served: 0, aborted: 1 }));
    expect(engine.givenUp).toBe(1);
    release();
    expect((await asked(server, { prompt: "3?", n: 3 })).choices).toHaveLength(3);
    expect(server.stats()).toEqual({ queued: 0, running: 0, served: 1, aborted: 1 });
    expect(engine.sampled).toEqual([4, 3]);
  });

  test("beside others leaves them their answers, and is not drawn any further", async () => {
    const { server, engine } = await serving({ slots: 4 });
    const release = engine.hold();
    const hangUp = new AbortController();
    const first = asked(server, { prompt: "3?", n: 3, seed: 1 });
    await until(() => expect(server.stats().running).toBe(3));
    const gone = post(server, { prompt: "4?", n: 9 }, hangUp.signal);
    await until(() => expect(server.stats().queued).toBe(9));
    const last = asked(server, { prompt: "5?", seed: 2 });
    await until(() => expect(server.stats().queued).toBe(10));
    hangUp.abort();
    await expect(gone).rejects.toThrow("aborted");
    await until(() => expect(server.stats()).toMatchObject({ queued: 1, running: 3, aborted: 1 }));
    release();
    expect((await first).choices).toHaveLength(3);
    expect((await last).choices).toHaveLength(1);
    expect([engine.sampled, engine.givenUp]).toEqual([[3, 1], 0]);
  });

  test("before its body is whole is forgotten", async () => {
    const { server, engine } = await serving();
    const half = request(`${server.url}/v1/completions`, {
      method: "POST",
      headers: { ...JSON_TYPE, "content-length": 999 },
    });
    half.on("error", () => {});
    half.write('{"model": "tuned", ');
    await until(() => expect(half.socket?.bytesWritten).toBeGreaterThan(0));
    expect((await asked(server, { prompt: "3?" })).choices).toHaveLength(1);
    half.destroy();
    await until(() => expect(server.stats().aborted).toBe(1));
    expect(engine.sampled).toEqual([1]);
  });
});

describe("closing", () => {
  test("what runs is finished, what comes is refused", async () => {
    const { server, engine } = await serving();
    const release = engine.hold();
    const running = post(server, { prompt: "3?", seed: 1 });
    await until(() => expect(server.stats().running).toBe(1));
    let closed = false;
    const closing = server.close().then(() => (closed = true));
    await expect(post(server, { prompt: "3?" })).rejects.toThrow("fetch failed");
    expect(closed).toBe(false);
    release();
    const answer = await running;
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
    expect(await answer.json()).toMatchObject({ choices: [{ seed: 1 }] });
    await closing;
    expect(await reachable(server.port, "127.0.0.1")).toBe(false);
  });

  test("a request that was half said when closing began is 503", async () => {
    const { server, engine } = await serving();
    const release = engine.hold();
    const running = post(server, { prompt: "3?", seed: 1 });
    const late = connect(server.port, "127.0.0.1");
    late.write("GET /v1/models HTTP/1.1\r\nhost: x\r\n");
    await until(() => expect(server.stats().running).toBe(1));
    const closing = server.close();
    late.write("\r\n");
    const said = await text(late);
    expect(said).toMatch(/^HTTP\/1.1 503 /);
    expect(said).toMatch(/connection: close/i);
    expect(JSON.parse(said.split("\r\n\r\n")[1]!)).toMatchObject({
      error: { type: "ServiceUnavailableError", code: 503 },
    });
    release();
    expect((await running).status).toBe(200);
    await closing;
  });

  test("is not held up by a connection that stays open, or that never sends the rest", async () => {
    const { server } = await serving();
    const idle = connect(server.port, "127.0.0.1");
    const half = connect(server.port, "127.0.0.1");
    half.write(
      "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    );
    const hungUp = [idle, half].map((socket) =>
      once(
        socket.on("error", () => {}),
        "close",
      ),
    );
    await asked(server, { prompt: "3?" });
    await server.close();
    await Promise.all(hungUp);
    expect([idle.destroyed, half.destroyed]).toEqual([true, true]);
  });

  test("follows from the signal's abort", async () => {
    const stop = new AbortController();
    const { server } = await serving({ signal: stop.signal });
    stop.abort();
    await server.close();
    expect(await reachable(server.port, "127.0.0.1")).toBe(false);
    await expect(serveWorld({ policies: [], signal: stop.signal })).rejects.toThrow("aborted");
  });
});
