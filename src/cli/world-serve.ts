// cli/ · World serve: a built world's policies behind an OpenAI-compatible server, until Ctrl-C.
import { Command } from "@commander-js/extra-typings";
import { whole } from "./numbers.ts";
import { cacheOption, opened, seedOption } from "./world-options.ts";

export function serveCommand() {
  return new Command("serve")
    .summary("a built world's policies behind an OpenAI-compatible HTTP server")
    .description(
      "Speaks OpenAI's completions with vLLM's fields: scored prompts, token ids in and out. Ctrl-C ends it.",
    )
    .argument("<name>", "a world")
    .option("--port <number>", "0 takes a free one", whole, 8000)
    .option("--host <address>", "other machines can reach it only where you name another", "127.0.0.1")
    .addOption(seedOption())
    .addOption(cacheOption())
    .action(async (name, { port, host, seed, cache }) => {
      const { world, policies } = await opened(name, { seed, cache });
      const { serveWorld } = await import("../worlds/server/serve.ts");
      const server = await serveWorld({ policies, host, port });
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      });
      const [problem] = world.task.problems({ seed: world.study.seed, steps: world.study.steps[0]!, count: 1 });
      const body = JSON.stringify({ model: policies.at(-1)!.name, prompt: problem!.prompt, n: 2, seed: 1 });
      process.stdout.write(
        `${name}, seed ${seed}, on ${server.url}\nmodels: ${policies.map((policy) => policy.name).join(", ")}\n\n` +
          `curl ${server.url}/v1/completions -H 'content-type: application/json' \\\n  -d '${body}'\n\nCtrl-C ends it.\n`,
      );
      await stopped;
      await server.close();
      const { served } = server.stats();
      process.stdout.write(`Closed after ${served} ${served === 1 ? "completion" : "completions"}.\n`);
    });
}
