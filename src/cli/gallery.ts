// cli/ · Gallery: `crucis gallery [PATH…]`, published base-against-later tables judged again.
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { type GalleryPage, galleryPage } from "../attribution/gallery-page.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import { renderGalleryHtml } from "../report/gallery-html.ts";
import { renderGalleryText } from "../report/gallery-text.ts";
import { readGallery } from "../study/gallery-file.ts";
import { VERSION } from "../study/version.ts";
import { StudyError } from "../terms/errors.ts";
import { LIMITS } from "../terms/limits.ts";
import { writeWhole } from "./output.ts";

/** What came with the package. */
const SHIPPED = join(import.meta.dirname, "../../examples/gallery");
const YAML = /\.ya?ml$/;

export function galleryCommand() {
  return new Command("gallery")
    .summary("are the differences in published tables more than chance, and what do they leave open?")
    .description(
      "Reads small YAML files of published numbers, base against later policy, each with its source. Tells for every " +
        "claim: intervals, the exact paired test, settled or not, which rivals remain, and what would settle it at what price.",
    )
    .argument("[paths...]", "files, or folders of them; those that come with Crucis unless told")
    .option("--json", "print one JSON document instead of text")
    .option("--html <folder>", "also write one offline HTML page a file into this folder")
    .addHelpText("after", "\nExample:\n  crucis gallery examples/gallery/yue-2504.13837.yaml --html pages")
    .action(async (paths, { json, html }) => {
      const files = (await Promise.all((paths.length === 0 ? [SHIPPED] : paths).map(filesOf))).flat();
      const pages: GalleryPage[] = [];
      for (const file of files)
        pages.push(
          galleryPage(readGallery(await text(file), file), {
            crucis: VERSION,
            file,
            level: LIMITS.level,
            explanations: EXPLANATIONS,
            experiments: EXPERIMENTS,
          }),
        );
      const written = html === undefined ? [] : await writePages(html, pages);
      process.stdout.write(
        json
          ? `${JSON.stringify({ crucis: VERSION, command: "gallery", pages }, null, 2)}\n`
          : pages.map(renderGalleryText).join("\n\n"),
      );
      // JSON goes to other programs; paths are for the person.
      for (const file of written) (json ? process.stderr : process.stdout).write(`\nPage: ${file}\n`);
    });
}

async function writePages(folder: string, pages: readonly GalleryPage[]): Promise<string[]> {
  const names = pages.map(({ file }) => `${basename(file).replace(YAML, "")}.html`);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice >= 0)
    throw new StudyError({
      code: "same-page",
      what: `${pages[names.indexOf(names[twice]!)]!.file} and ${pages[twice]!.file} would both be written as ${names[twice]}`,
      mend: "rename one of the two files",
    });
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unreadable(folder, error, "cannot be made", "name a folder that is yours to write");
  }
  const written: string[] = [];
  for (const [i, page] of pages.entries()) {
    const file = join(folder, names[i]!);
    await writeWhole(file, renderGalleryHtml(page));
    written.push(file);
  }
  return written;
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const found = (await readdir(path)).filter((name) => YAML.test(name)).sort();
    if (found.length > 0) return found.map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error, "cannot be read", "name a YAML file of published numbers, or a folder of them");
  }
  throw new StudyError({
    code: "empty-gallery",
    what: `${path} holds no .yaml file`,
    mend: "name a YAML file of published numbers, or a folder of them",
  });
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unreadable(file, error, "cannot be read", "name a file that is there and yours to read");
  }
}

function unreadable(path: string, error: unknown, what: string, mend: string): StudyError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new StudyError({ code: "cannot-read", what: `${path} ${what} (${code ?? message})`, mend });
}
