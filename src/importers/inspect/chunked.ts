// importers/ · Inspect chunked: large samples of format 3, whose attachments stand in members of their own, by number.
import type { Member } from "../archive/zip.ts";
import type { Path, Plan } from "../document/walk.ts";
import type { Sample } from "./sample.ts";

type Walk = (member: Member, name: string, plan: Plan, take: (path: Path, value: unknown) => void) => Promise<void>;

/** Reads the attachments that the sample refers to: `attachments/40.json` holds number 40 and those up to the next such member. */
export async function chunkedAttachments(
  sample: Sample,
  shell: Member,
  members: ReadonlyMap<string, Member>,
  walk: Walk,
): Promise<void> {
  const wanted = [...sample.wanted].filter((key) => /^\d+$/.test(key)).map(Number);
  if (wanted.length === 0) return;
  const folder = shell.name.replace(/sample\.json$/, "attachments/");
  const starts = [...members.keys()]
    .flatMap((name) => (name.startsWith(folder) ? [Number(name.slice(folder.length).replace(/\.json$/, ""))] : []))
    .sort((a, b) => b - a);
  for (const start of new Set(wanted.map((index) => starts.find((one) => one <= index)))) {
    const member = members.get(`${folder}${start}.json`);
    if (member === undefined || start === undefined) continue;
    const here = (path: Path): boolean => wanted.includes(start + Number(path[0]));
    await walk(member, member.name, { "*": here }, ([index], value) => {
      if (typeof value === "string") sample.attachments.set(String(start + Number(index)), value);
    });
  }
}
