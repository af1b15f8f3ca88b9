// worlds/ · Crew worker: a thread's own life: wait for a job, help with it, wait again.
import { workerData } from "node:worker_threads";
import { Hand } from "./hand.ts";
import { CONTROL, fail, openMemory, type Transfer } from "./shared.ts";

const shared = openMemory(workerData as Transfer);
const { control } = shared;

try {
  const hand = new Hand(shared);
  for (let seen = 0; ; ) {
    Atomics.wait(control, CONTROL.generation, seen);
    seen = Atomics.load(control, CONTROL.generation);
    hand.work();
  }
} catch (error) {
  fail(shared, error);
}
