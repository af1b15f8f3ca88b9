// The rules of the house, kept by reading the sources as text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

/** Who may import whom: a folder, or one file of it. A room may always import from itself. */
const numbers = ["terms", "maths"];
const contracts = ["explanations/explanation", "experiments/experiment"];
const rooms = ["explanations", "experiments", "tasks", "engines", "importers", "evidence", "worlds", "attribution"];
const law: Record<string, string[]> = {
  terms: [],
  maths: [],
  explanations: numbers,
  experiments: numbers,
  tasks: numbers,
  engines: ["terms"],
  importers: ["terms"],
  evidence: ["terms"],
  worlds: [...numbers, "tasks", "engines/engine"],
  attribution: [...numbers, ...contracts],
  study: [...numbers, ...rooms],
  report: ["terms", "attribution", "evidence/notebook"],
  index: [...numbers, ...rooms, "study", "report"],
  web: [...numbers, ...rooms, "study", "report", "index"],
  cli: [...numbers, ...rooms, "study", "report", "index", "web"],
};

/** Folders of members: the contract's file, and the list all.ts. */
const plural: Record<string, string> = {
  explanations: "explanation",
  experiments: "experiment",
  tasks: "task",
  engines: "engine",
  importers: "importer",
  worlds: "world",
};

const runtimeDependencies = [
  "@commander-js/extra-typings",
  "@duckdb/node-api",
  "@hono/node-server",
  "commander",
  "d3-array",
  "d3-scale",
  "d3-shape",
  "hono",
  "hyparquet",
  "pg-boss",
  "preact",
  "preact-render-to-string",
  "undici",
  "yaml",
  "yauzl",
  "zod",
];

/** Only these touch network, disk, clock or processes. The rest may import nothing of Node but these. */
const worldly = ["engines", "importers", "evidence", "worlds", "cli", "web"];
const pureBuiltins = /^(node:)?(assert(\/strict)?|buffer|crypto|path|url|util|string_decoder|zlib)$/;
const reachesOut =
  /\b(Date\.now|performance\.now|new Date\(\)|Date\(\)|process\.|fetch\(|WebSocket\b|setTimeout\(|setInterval\(|console\.|randomUUID|randomBytes|randomInt|getRandomValues)/g;

const read = (path: string) => readFileSync(path, "utf8");
const files = (folder: string, ending: RegExp): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && ending.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        // What npm puts there is not ours.
        .filter((path) => !path.includes("node_modules"))
        .sort()
    : [];
const folders = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** `src/maths/random.ts` is in room `maths`, and is called `maths/random`; `src/index.ts` is `index`. */
const called = (path: string) => path.replace(/^src\//, "").replace(/\.(ts|js)$/, "");
const room = (path: string) => called(path).split("/")[0] ?? "";

/** The text without comments and strings; what stands inside `${}` is code and stays. */
const code = (text: string) =>
  text.replace(/\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (match) =>
    match.startsWith("`") ? [...match.matchAll(/\$\{([^}]*)\}/g)].map(([, inside]) => inside).join(" ") : " ",
  );

/** Every module a file names: import and export … from, bare imports, import(), import types, and new URL(…, import.meta.url). */
function imports(path: string): string[] {
  const text = read(path).replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const forms = [
    /^\s*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["'`]([^"'`]+)["'`]/g,
    /\bnew URL\(\s*["'`]([^"'`]+)["'`]\s*,\s*import\.meta\.url/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, name]) => name ?? ""));
}

const sources = files("src", /\.(ts|js)$/);
/** What a file imports by path, and what it imports by name (a package, or a part of Node). */
const byPath = (from: string) =>
  imports(from).flatMap((name) => (name.startsWith(".") ? [join(dirname(from), name)] : []));
const byName = (from: string) => imports(from).filter((name) => !name.startsWith("."));
const graph = new Map(sources.map((path) => [path, byPath(path)]));
const edges = [...graph].flatMap(([from, paths]) => paths.map((to) => ({ from, to })));
const members = Object.entries(plural).flatMap(([folder, contract]) =>
  (graph.get(`src/${folder}/all.ts`) ?? [])
    .filter((path) => dirname(path) === `src/${folder}` && basename(path, ".ts") !== contract)
    .map((path) => called(path)),
);

describe("the house", () => {
  test("every folder of src has a place in the import law", () => {
    expect([...new Set(sources.map(room))].filter((name) => !(name in law))).toEqual([]);
  });

  test("nobody imports against the law", () => {
    const against = edges.filter(({ from, to }) => {
      if (!to.startsWith("src/") || room(to) === room(from)) return false;
      return !(law[room(from)] ?? []).some((allowed) => allowed === called(to) || allowed === room(to));
    });
    expect(against).toEqual([]);
  });

  test("whatever is imported by path exists, and lies in src", () => {
    const inside = (path: string) => path === "package.json" || (path.startsWith("src/") && existsSync(path));
    expect(edges.filter(({ to }) => !inside(to))).toEqual([]);
  });

  test("terms import nothing but terms", () => {
    const terms = sources.filter((path) => room(path) === "terms");
    expect(terms.flatMap(byName)).toEqual([]);
  });

  test("no file imports itself by a detour, types included", () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (path: string, trail: string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      else if (!done.has(path)) for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of sources) walk(path, []);
    expect(circles).toEqual([]);
  });

  test("no file is longer than 400 lines", () => {
    const all = ["src", "test", "bench", "tools"].flatMap((folder) => files(folder, /\.(ts|js|py)$/));
    const lines = (path: string) => read(path).replace(/\n$/, "").split("\n").length;
    expect(all.filter((path) => lines(path) > 400).map((path) => `${path}: ${lines(path)}`)).toEqual([]);
  });

  test("the first line of every source file says what room this is", () => {
    const first = (path: string) =>
      read(path)
        .replace(/^#!.*\n/, "")
        .split("\n")[0] ?? "";
    const sign = (path: string) => `// ${room(path) === "index" ? "src" : room(path)}/ · `;
    const silent = sources.filter(
      (path) => !first(path).startsWith(sign(path)) || first(path).length <= sign(path).length,
    );
    expect(silent).toEqual([]);
  });

  test("there are no barrels: index.ts exists once, at the top", () => {
    expect(sources.filter((path) => basename(path) === "index.ts")).toEqual(["src/index.ts"]);
  });

  test("a member has a page of its own in docs and a test of its own", () => {
    const wanted = members.flatMap((name) => [`docs/${name}.md`, `test/${name}.test.ts`]);
    expect(wanted.filter((path) => !existsSync(path))).toEqual([]);
  });

  test("a folder of members lists them in all.ts, and every file there is a member, the contract, or used by one", () => {
    for (const [folder, contract] of Object.entries(plural).filter(([name]) => existsSync(`src/${name}`))) {
      const here = sources.filter((path) => dirname(path) === `src/${folder}`);
      expect(here).toEqual(expect.arrayContaining([`src/${folder}/${contract}.ts`, `src/${folder}/all.ts`]));
      const used = new Set([...graph.values()].flat());
      const own = [`src/${folder}/all.ts`, `src/${folder}/${contract}.ts`];
      expect(here.filter((path) => !used.has(path) && !own.includes(path))).toEqual([]);
    }
  });

  test("every file of maths is imported by a test of maths", () => {
    const tested = new Set(files("test/maths", /\.test\.ts$/).flatMap(byPath));
    expect(sources.filter((path) => room(path) === "maths" && !tested.has(path))).toEqual([]);
  });

  test("the tree in the README is the tree on disk", () => {
    const trees = [...read("README.md").matchAll(/^```.*\n([^]*?)^```/gm)].map(([, block]) => block ?? "");
    const tree = trees.find((block) => /^src\//m.test(block)) ?? "";
    // A name ends in a slash and begins its line or stands after two blanks; within src/ lines are indented.
    const names = (text: string) =>
      [...text.matchAll(/(?:^[ │├└─]*| {2})([\w-]+)\/(?=\s|$)/gm)].map(([, name]) => name).sort();
    const [, inside = ""] = /^src\/.*\n((?:[ │├└].*\n)*)/m.exec(tree) ?? [];
    expect(names(inside)).toEqual(folders("src").sort());
    const top = ["bench", "docs", "examples", "src", "test", "tools"];
    expect(names(tree.replace(inside, ""))).toEqual(top);
    expect(top.filter((name) => !existsSync(name))).toEqual([]);
  });

  test("the runtime dependencies are these, pinned, and each is used", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    expect(Object.keys(dependencies ?? {})).toEqual(runtimeDependencies);
    expect(
      Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version)),
    ).toEqual([]);
    const bare = sources.flatMap(byName).filter((name) => !isBuiltin(name));
    const packages = bare.map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
    expect([...new Set(packages)].sort()).toEqual(runtimeDependencies);
  });

  test("only the worldly folders touch network, disk, clock or processes", () => {
    const pure = sources.filter((path) => !worldly.includes(room(path)));
    const reaching = pure.flatMap((path) => {
      const modules = byName(path).filter((name) => isBuiltin(name) && !pureBuiltins.test(name));
      return [...modules, ...(code(read(path)).match(reachesOut) ?? [])].map((what) => `${path}: ${what}`);
    });
    expect(reaching).toEqual([]);
  });

  test("nothing is drawn at random but from a named stream", () => {
    expect(sources.filter((path) => code(read(path)).includes("Math.random"))).toEqual([]);
  });
});
