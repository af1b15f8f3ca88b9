// A worker process with a make-believe engine: `node worker.ts URL STUDY LOG`. It writes down each chunk as it begins and as its
// answer is in, so that a test sees what was asked, and by whom, also of one that was killed.
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Queue } from "../../src/evidence/queue.ts";
import { work } from "../../src/study/work.ts";
import { recordsOf, type Sample } from "../support/queue.ts";

const [url, study, log] = process.argv.slice(2) as [string, string, string];
const write = (what: string, chunk: string): void => appendFileSync(log, `${what} ${chunk}\n`);
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());

const queue = await Queue.open(url, { study });
await work({
  queue: {
    take: (n, options) => queue.take(n, options),
    fail: (job, error) => queue.fail(job, error),
    async finish(job, records) {
      const counts = await queue.finish(job, records);
      write(counts ? "answered" : "too late", job.chunk.id);
      return counts;
    },
  },
  policies: ["base", "tuned"],
  async act(chunk) {
    write("asked", chunk.id);
    await setTimeout(10);
    return { records: recordsOf(chunk as Sample) };
  },
  alive: async () => true,
  room: () => 4,
  signal: stopping.signal,
  onEvent() {},
});
await queue.close();
