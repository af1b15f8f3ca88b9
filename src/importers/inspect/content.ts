// importers/ · Inspect content: the text of a message, whose content is a string or a list of parts, and which may have been put aside.
import { isObject } from "../jsonl.ts";

const ASIDE = "attachment://";
/** What older logs called it. */
const ASIDE_ONCE = "tc://";

/** The key of the attachment that stands for this text; undefined where it stands for itself. */
function attachmentOf(text: string): string | undefined {
  if (text.startsWith(ASIDE)) return text.slice(ASIDE.length);
  return text.startsWith(ASIDE_ONCE) ? text.slice(ASIDE_ONCE.length) : undefined;
}

/** All attachments that a value (an input, a message) refers to. */
export function attachmentsIn(value: unknown, into: Set<string>): void {
  if (typeof value === "string") {
    const key = attachmentOf(value);
    if (key !== undefined) into.add(key);
  } else if (Array.isArray(value)) {
    for (const one of value) attachmentsIn(one, into);
  } else if (isObject(value)) {
    for (const one of Object.values(value)) attachmentsIn(one, into);
  }
}

/**
 * The text of a message: its reasoning first, then its content, parts one a line. Pictures, sounds and tools are no text.
 * Undefined where a part cannot be had: reasoning that its provider encrypted, an attachment that is not there.
 */
export function textOf(message: unknown, attachments: ReadonlyMap<string, string>): string | undefined {
  if (!isObject(message)) return undefined;
  const { content, reasoning } = message;
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  const texts = [...(typeof reasoning === "string" ? [reasoning] : []), ...parts].map((part) => partOf(part));
  const resolved = texts
    .filter((text) => text !== null)
    .map((text) => {
      const key = text === undefined ? undefined : attachmentOf(text);
      return key === undefined ? text : attachments.get(key);
    });
  return resolved.includes(undefined) ? undefined : resolved.join("\n");
}

/** Null where the part is no text, undefined where it is one that was not kept. */
function partOf(part: unknown): string | null | undefined {
  if (typeof part === "string") return part;
  if (!isObject(part)) return undefined;
  if (part.type === "text") return typeof part.text === "string" ? part.text : undefined;
  if (part.type !== "reasoning") return null;
  return part.redacted === true || typeof part.reasoning !== "string" ? undefined : part.reasoning;
}

/** What the policy was asked: a text, or a conversation, in which each message begins with its role in brackets. */
export function promptOf(input: unknown, attachments: ReadonlyMap<string, string>): string | undefined {
  if (typeof input === "string") return textOf({ content: input }, attachments) || undefined;
  if (!Array.isArray(input)) return undefined;
  const texts = input.map((message) => textOf(message, attachments));
  if (texts.includes(undefined)) return undefined;
  if (texts.length === 1) return texts[0] || undefined;
  return texts.map((text, i) => `[${(input[i] as { role?: unknown }).role}]\n${text}`).join("\n\n");
}
