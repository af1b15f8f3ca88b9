// A build that was killed goes on to the same bits.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildWorld } from "../../src/worlds/build.ts";
import { newRoute } from "../../src/worlds/new-route.ts";
import { steadyHand } from "../../src/worlds/steady-hand.ts";
import { small, STEPS } from "../support/small-world.ts";

class Killed extends Error {}

describe("a build that is killed", () => {
  const folders: string[] = [];
  const cache = () => {
    folders.push(mkdtempSync(join(tmpdir(), "crucis-resume-")));
    return folders.at(-1)!;
  };
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  /** A hash of every file of the one world in a cache. */
  const files = (root: string): Record<string, string> => {
    const [folder] = readdirSync(root);
    return Object.fromEntries(
      readdirSync(join(root, folder!)).map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(root, folder!, name)))
          .digest("hex"),
      ]),
    );
  };

  test.each([small(steadyHand), small(newRoute)])("$name: after any step, goes on to the same bits", async (world) => {
    const whole = cache();
    await buildWorld(world, { seed: 5, cache: whole, threads: 1 });
    // Kept after every step, as if each had taken long.
    const clock = vi.spyOn(performance, "now");
    let time = 0;
    clock.mockImplementation(() => (time += 10_000));
    for (let kill = 1; kill < 2 * STEPS; kill += 2) {
      const cut = cache();
      for (let from = 0; ; from += kill) {
        let steps = 0;
        try {
          await buildWorld(world, {
            seed: 5,
            cache: cut,
            threads: 1,
            onProgress() {
              // Before the step is kept: it is done again.
              if (++steps > kill) throw new Killed();
            },
          });
          break;
        } catch (error) {
          if (!(error instanceof Killed) || from > 2 * STEPS) throw error;
        }
      }
      expect(files(cut)).toEqual(files(whole));
    }
    clock.mockRestore();
  });

  test("one and two threads build the same bits", async () => {
    const one = cache();
    const two = cache();
    await buildWorld(small(steadyHand), { seed: 6, cache: one, threads: 1 });
    await buildWorld(small(steadyHand), { seed: 6, cache: two, threads: 2 });
    expect(files(two)).toEqual(files(one));
  });
});
