// test/maths · Latent classes: items drawn from laws that are known.
import { expect, it } from "vitest";
import { adjustedRand } from "../../src/maths/adjusted-rand.ts";
import { classChances, latentClasses } from "../../src/maths/latent-classes.ts";
import { stream } from "../../src/maths/random.ts";

function drawn(seed: number, laws: readonly (readonly number[])[], shares: readonly number[], count: number) {
  const random = stream(seed, "latent-classes");
  const of = Array.from({ length: count }, () => {
    let left = random.uniform();
    return Math.max(
      0,
      shares.findIndex((share) => (left -= share) < 0),
    );
  });
  const items = of.map((k) => Uint8Array.from(laws[k]!, (p) => (random.uniform() < p ? 1 : 0)));
  return { of, items };
}

const most = 6;
const A = Array.from({ length: 12 }, (_, f) => (f < 6 ? 0.9 : 0.1));
const B = A.map((p) => 1 - p);
const C = Array.from({ length: 12 }, (_, f) => (f % 2 === 0 ? 0.95 : 0.05));

it("finds three classes where there are three, their shares and chances", () => {
  const { of, items } = drawn(1, [A, B, C], [0.6, 0.3, 0.1], 400);
  const found = latentClasses({ items, most, seed: 1, name: "test" });
  expect(found.weights.length).toBe(3);
  [0.6, 0.3, 0.1].forEach((share, k) => expect(Math.abs(found.weights[k]! - share)).toBeLessThan(0.05));
  A.forEach((p, f) => expect(Math.abs(found.chances[0]![f]! - p)).toBeLessThan(0.08));
  const told = items.map((item) => {
    const chances = classChances(found, item);
    return chances.indexOf(Math.max(...chances));
  });
  expect(adjustedRand(told, of)).toBeGreaterThan(0.9);
});

it("finds one where signs come independently, in five of five draws", () => {
  const law = Array.from({ length: 10 }, (_, f) => 0.1 + 0.08 * f);
  for (let seed = 0; seed < 5; seed++) {
    const { items } = drawn(seed, [law], [1], 100);
    expect(latentClasses({ items, most, seed, name: "test" }).weights.length).toBe(1);
  }
});

it("one sign by itself makes no class, however evenly it parts the items", () => {
  const items = Array.from({ length: 200 }, (_, i) => Uint8Array.of(i % 2));
  expect(latentClasses({ items, most, seed: 1, name: "test" }).weights.length).toBe(1);
});

it("gives the same twice, chances that add up to 1, and refuses to start without items", () => {
  const { items } = drawn(2, [A, B], [0.5, 0.5], 100);
  const found = latentClasses({ items, most, seed: 3, name: "test" });
  expect(latentClasses({ items, most, seed: 3, name: "test" })).toEqual(found);
  expect(classChances(found, items[0]!).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(() => latentClasses({ items: [], most, seed: 1, name: "test" })).toThrow(RangeError);
});
