// bench/ · Instant server: speaks vLLM's dialect and answers at once, or after so many milliseconds, with tokens that were made up before.
//
// node bench/instant-server.ts TOKENS [DELAY_MS] prints its port.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stream } from "../src/maths/random.ts";

const [tokens, delay = 0] = process.argv.slice(2).map(Number) as [number, number?];
const draws = stream(1, "bench/instant-server", 0);

/** The part of an answer behind its id: so many tokens, each with its log-probability, and a text whose verdict alternates. */
function made(count: number, right: boolean): string {
  const ids = Array.from({ length: count }, () => Math.floor(draws.uniform() ** 3 * 150_000));
  const text = `${"so we add the terms ".repeat(count / 5)}The answer is ${right ? 7 : 8}.`;
  const choice = {
    index: 0,
    text,
    finish_reason: "stop",
    token_ids: ids,
    logprobs: {
      tokens: ids.map((id) => `token_id:${id}`),
      token_logprobs: ids.map(() => Math.fround(Math.log(draws.uniform()))),
    },
  };
  return `"object":"text_completion","model":"m","choices":[${JSON.stringify(choice)}]}`;
}

const ANSWERS = Array.from({ length: 64 }, (_, i) => made(tokens, i % 3 === 0));
const PROBE = made(1, true);
const MODELS = JSON.stringify({ data: [{ id: "m", owned_by: "vllm", root: "m", max_model_len: 32_768 }] });

let answered = 0;
const send = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
};
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (request.url === "/version") return send(response, '{"version":"0.19.0"}');
    if (request.url === "/v1/models") return send(response, MODELS);
    if (request.url === "/tokenize") return send(response, '{"tokens":[11,12,13,14,15,16,17,18]}');
    const short = Buffer.concat(parts).includes('"max_tokens":4,');
    const answer = `{"id":"cmpl-${answered}",${short ? PROBE : ANSWERS[answered % ANSWERS.length]}`;
    answered++;
    if (delay > 0) setTimeout(() => send(response, answer), delay);
    else send(response, answer);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
