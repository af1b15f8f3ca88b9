// What a declaration may say, and that a key is sent and told to nobody.
import { afterEach, describe, expect, test, vi } from "vitest";
import { vllm } from "../../../src/engines/vllm.ts";
import { StudyError } from "../../../src/terms/errors.ts";
import type { PolicyDeclared } from "../../../src/terms/study.ts";
import { PLAIN } from "../../conformance/engine.ts";
import { badServer, MODEL } from "../../support/bad-server.ts";
import { fakeServer } from "../../support/fake-server.ts";

/** Longer than what is shown of anything. */
const KEY = `sk-very-secret-${"0123456789".repeat(30)}`;
const declared = (fields: Partial<PolicyDeclared>): PolicyDeclared => ({
  name: "tuned",
  engine: "vllm",
  url: "http://127.0.0.1:9/v1",
  model: MODEL,
  ...fields,
});
const refusal = async (fields: Partial<PolicyDeclared>): Promise<Error> => {
  const error: unknown = await vllm.open(declared(fields)).catch((one: unknown) => one);
  if (!(error instanceof StudyError)) throw new Error(`not refused: ${String(error)}`);
  return error;
};

afterEach(() => vi.unstubAllEnvs());

describe("a declaration", () => {
  const wrong: [string, Partial<PolicyDeclared>, RegExp][] = [
    ["no address", { url: "localhost:8000" }, /url of policy tuned is no http or https url/],
    ["another protocol", { url: "ftp://host/v1" }, /no http or https url/],
    ["a password in the url", { url: `http://me:${KEY}@host/v1` }, /has a password/],
    ["a key in the url", { url: `http://host/v1?key=${KEY}` }, /a question or a fragment/],
    ["the key instead of its variable", { apiKeyEnv: KEY }, /not the name of an environment variable/],
    ["a variable that is not set", { apiKeyEnv: "CRUCIS_TEST_NO_KEY" }, /CRUCIS_TEST_NO_KEY, which is not set/],
    ["no requests in flight", { maxInFlight: 0 }, /maxInFlight of policy tuned is 0/],
    ["a deadline of no time", { deadlineSeconds: -1 }, /deadlineSeconds of policy tuned is -1/],
  ];
  test.each(wrong)("with %s is a StudyError, and shows no key", async (_, fields, message) => {
    const error = await refusal(fields);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("sk-very-secret");
  });

  test.each([
    ["is empty", "  ", /which is empty/],
    ["no header can carry", `${KEY}\nX-More: 1`, /a character that no header can carry/],
  ])("with a key that %s is a StudyError, and shows none", async (_, key, message) => {
    vi.stubEnv("CRUCIS_TEST_KEY", key);
    const error = await refusal({ apiKeyEnv: "CRUCIS_TEST_KEY" });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("sk-very-secret");
  });
});

describe("a key", () => {
  test("is sent with every request, and is in nothing that is told", async () => {
    vi.stubEnv("CRUCIS_TEST_KEY", KEY);
    const server = await badServer();
    const engine = await vllm.open(declared({ url: server.url, apiKeyEnv: "CRUCIS_TEST_KEY" }));
    const answers = await engine.sample([{ prompt: [80], sampler: PLAIN, seed: 1 }]);
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${KEY}`]));
    expect(JSON.stringify([await engine.capabilities(), answers])).not.toContain("sk-very-secret");
    expect(JSON.stringify(server.asked.map(({ path, body }) => [path, body]))).not.toContain("sk-very-secret");
  });

  test("is not sent where none is declared", async () => {
    const server = await badServer();
    await (await vllm.open(declared({ url: server.url }))).capabilities();
    expect(server.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  const echoes = [
    ["an error", { status: 401, text: JSON.stringify({ error: { message: `wrong key ${KEY}, sorry` } }) }],
    ["a page", { status: 403, text: `<html>Bearer ${KEY}</html>` }],
    ["a page with 200", { status: 200, text: `<html>Bearer ${KEY}</html>` }],
    ["the names of its models", { json: { data: [{ id: `model of ${KEY}`, owned_by: "vllm" }] } }],
    ["its own name", { json: { data: [{ id: MODEL, owned_by: KEY }] } }],
  ] as const;
  test.each(echoes)("is not shown where the server says it back in %s", async (_, reply) => {
    vi.stubEnv("CRUCIS_TEST_KEY", KEY);
    const { url } = await fakeServer(() => reply);
    const engine = await vllm.open(declared({ url, apiKeyEnv: "CRUCIS_TEST_KEY" }));
    const error = (await engine.capabilities().catch((one: unknown) => one)) as Error;
    expect(error.message).toMatch(/^policy tuned: .*\[key\]/);
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain("sk-very-secret");
  });
});
