// crucis gallery: the shipped files, one page each, and refusals that name the place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { GalleryPage } from "../../src/attribution/gallery-page.ts";
import { galleryCommand } from "../../src/cli/gallery.ts";

const root = mkdtempSync(join(tmpdir(), "crucis-gallery-"));
afterAll(() => rmSync(root, { recursive: true }));

async function gallery(...args: string[]): Promise<{ out: string; err: string }> {
  const said = { out: "", err: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((said.out += String(text)), true));
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => ((said.err += String(text)), true));
  try {
    await galleryCommand().exitOverride().parseAsync(args, { from: "user" });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return said;
}
async function pages(...args: string[]): Promise<GalleryPage[]> {
  return (JSON.parse((await gallery("--json", ...args)).out) as { pages: GalleryPage[] }).pages;
}

describe("the shipped gallery", () => {
  test("says of the published numbers what they carry", async () => {
    const all = new Map<string, GalleryPage["claims"][number]>(
      (await pages()).flatMap(({ file, claims }) =>
        claims.map((one) => [`${/\/(\w+)[^/]*$/.exec(file)![1]}/${one.claim.name}` as string, one] as const),
      ),
    );
    const verdict = (name: string) => all.get(name)!.verdict;
    expect(all.get("yue/aime24")!.test).toMatchObject({ cells: { only0: 4, only1: 0, p: 0.125 } });
    expect(verdict("yue/aime24")).toBe("not settled");
    expect(all.get("yue/livecodebench")!.test).toMatchObject({ cells: { p: 0.375 } });
    expect(all.get("leash/aime24-as-quoted")!.test).toMatchObject({ best: { p: 0.25 } });
    expect(verdict("leash/aime24-as-quoted")).toBe("not settled");
    expect(verdict("yue/omni-test-step450")).toBe("settled under an assumption");
    expect(verdict("leash/math-skywork-7b")).toBe("settled");
    expect(verdict("leash/math-phi4-14b")).toBe("not settled");
  });

  test("counts DeepScaleR as the files in examples/deepscaler do", async () => {
    type Row = { id: string; source: string; c: number; n: number };
    const rows = (name: string): Row[] =>
      readFileSync(`examples/deepscaler/${name}.jsonl`, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Row);
    const tuned = new Map(rows("rl").map((row) => [row.id, row]));
    const pairs = rows("base").map((base) => [base, tuned.get(base.id)!] as const);
    const [page] = await pages("examples/gallery/deepscaler.yaml");
    for (const { claim } of page!.claims) {
      const here = pairs.filter(([{ source }]) => claim.where.endsWith("all problems") || claim.where.endsWith(source));
      const many = (holds: (base: Row, later: Row) => boolean): number => here.filter(([a, b]) => holds(a, b)).length;
      const mean = (side: 0 | 1): number =>
        here.reduce((sum, pair) => sum + pair[side].c / pair[side].n, 0) / here.length;
      expect(claim.problems).toBe(here.length);
      const { rounding = 0 } = claim.printed.kind === "means" ? claim.printed : {};
      const counted = {
        cells: {
          kind: "cells",
          both: many((a, b) => a.c > 0 && b.c > 0),
          onlyBase: many((a, b) => a.c > 0 && b.c === 0),
          onlyTuned: many((a, b) => a.c === 0 && b.c > 0),
        },
        means: { kind: "means", means: [Number(mean(0).toFixed(3)), Number(mean(1).toFixed(3))], rounding },
        solved: undefined,
      };
      expect(claim.printed).toEqual(counted[claim.printed.kind]);
    }
  });

  test("becomes one page a file, in a folder that is made", async () => {
    const folder = join(root, "new", "pages");
    const { out } = await gallery("--html", folder);
    for (const name of ["yue-2504.13837", "leash-2507.14843", "deepscaler"]) {
      expect(out).toContain(join(folder, `${name}.html`));
      expect(readFileSync(join(folder, `${name}.html`), "utf8")).toMatch(/^<!doctype html>/);
    }
  });

  test("prints JSON alone to other programs", async () => {
    const { out, err } = await gallery("--json", "--html", join(root, "json"), "examples/gallery/deepscaler.yaml");
    expect(JSON.parse(out)).toMatchObject({ command: "gallery", pages: [{ command: "gallery" }] });
    expect(err).toContain("deepscaler.html");
  });
});

describe("refusals", () => {
  test("a place that is not there, a folder without files, a file that is no gallery", async () => {
    await expect(gallery(join(root, "absent.yaml"))).rejects.toThrow(
      /absent\.yaml cannot be read \(ENOENT\); name a YAML file/,
    );
    await expect(gallery("examples/deepscaler")).rejects.toThrow(/examples\/deepscaler holds no \.yaml file/);
    const file = join(root, "bad.yaml");
    writeFileSync(file, "title: 3\n");
    await expect(gallery(file)).rejects.toThrow(/bad\.yaml, line 1, title: 3 stands where a title belongs/);
  });

  test("two files that would be one page", async () => {
    const copy = join(root, "deepscaler.yml");
    writeFileSync(copy, readFileSync("examples/gallery/deepscaler.yaml"));
    await expect(gallery("--html", join(root, "twice"), "examples/gallery/deepscaler.yaml", copy)).rejects.toThrow(
      /would both be written as deepscaler\.html; rename/,
    );
  });
});
