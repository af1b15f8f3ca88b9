// importers/ · Messages: a conversation as one text, as chat logs keep it: a string, or messages whose content is a string or parts.
import { isObject } from "./jsonl.ts";
import { wrongType } from "./refusals.ts";

/** All that was asked. One message of the user is its content alone; of several, each begins with its role in brackets. */
export function promptOf(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  const messages = messagesOf(value, place);
  const [first, second] = messages;
  if (second === undefined && first?.role === "user") return first.text;
  return messages.map(({ role, text }) => `[${role}]\n${text}`).join("\n\n");
}

/** All that the assistant said, thoughts before words, its turns on lines of their own; what tools answered is not in it. */
export function answerOf(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  const said = messagesOf(value, place).filter(({ role }) => role === "assistant");
  return said
    .map(({ thought, text }) => thought + text)
    .filter((text) => text !== "")
    .join("\n");
}

interface Message {
  readonly role: string;
  readonly thought: string;
  readonly text: string;
}

function messagesOf(value: unknown, place: string): Message[] {
  if (!Array.isArray(value)) throw wrongType(place, value, "text or a list of messages", "write it as the tool does");
  return value.map((message: unknown) => {
    if (!isObject(message)) throw wrongType(place, message, "a message", "write it as the tool does");
    const { role, content, reasoning_content: thought } = message;
    return {
      role: typeof role === "string" ? role : "unknown",
      thought: typeof thought === "string" ? thought : "",
      text: contentOf(content),
    };
  });
}

/** Images and the like leave no text behind. */
function contentOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}
