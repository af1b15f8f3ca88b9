// engines/ · Detection: what a server says it is, and whether it has the model. Asked, never guessed from an address.
import type { PolicyDeclared } from "../../terms/study.ts";
import { fieldOf, isFields, show } from "./json.ts";
import type { Wire } from "./wire.ts";

/** Names that servers write into `owned_by`; OpenAI's own and proxies write others. */
const SERVERS: Readonly<Record<string, string>> = {
  vllm: "vLLM",
  sglang: "SGLang",
  llamacpp: "llama.cpp's server",
  crucis: "crucis world serve",
};

/** The declared model, as GET …/models lists it. */
export interface ListedModel {
  readonly id: string;
  /** `owned_by`, or empty. */
  readonly owner: string;
  /** Where its weights come from; the model that an adapter changes. */
  readonly root?: string;
  readonly parent?: string;
  /** Tokens of prompt and answer together. */
  readonly context?: number;
  readonly vocabulary?: number;
}

/**
 * The declared model, or the only one where none is declared.
 *
 * @param owners  what `owned_by` must be, if it must be anything
 * @throws EngineError where the server says that it is another, or has no such model
 */
export async function listedModel(
  wire: Wire,
  policy: PolicyDeclared,
  path: string,
  owners?: readonly string[],
): Promise<ListedModel> {
  const reply = await wire.get(path);
  const data = fieldOf(reply, "data");
  if (!Array.isArray(data)) throw wire.bad(`gave ${show(data)} for the list of its models`);
  const entries = data.filter(isFields).filter(({ id }) => typeof id === "string");
  const names = entries.map(({ id }) => String(id));
  const stranger = owners && entries.find((entry) => !owners.includes(text(entry, "owned_by") ?? ""));
  if (stranger !== undefined) {
    const owner = text(stranger, "owned_by") ?? "";
    const is = SERVERS[owner] ?? `a server whose models are owned by ${show(owner)}`;
    throw wire.error("refused", `declared as ${policy.engine}, but ${is} answers`, `write the engine that it is`);
  }
  const { model } = policy;
  const found = entries.find((entry) => (model === undefined ? entries.length === 1 : isCalled(entry, model)));
  if (found === undefined)
    throw wire.error(
      "wrong model",
      `there is no model ${show(model)}, but ${names.map(show).join(", ") || "none"}`,
      "correct model, or start the server with it",
    );
  const parent = text(found, "parent");
  const context = contextOf(found) ?? contextOf(entries.find(({ id }) => id === parent));
  const root = text(found, "root");
  const vocabulary = fieldOf(fieldOf(found, "meta"), "n_vocab");
  return {
    id: String(found["id"]),
    owner: text(found, "owned_by") ?? "",
    ...(root === undefined ? {} : { root }),
    ...(parent === undefined ? {} : { parent }),
    ...(context === undefined ? {} : { context }),
    ...(isCount(vocabulary) ? { vocabulary } : {}),
  };
}

/** Name of the server that an `owned_by` stands for. */
export const serverNamed = (owner: string): string | undefined => SERVERS[owner];

function isCalled(entry: Readonly<Record<string, unknown>>, model: string): boolean {
  const { id, aliases } = entry;
  return id === model || (Array.isArray(aliases) && aliases.includes(model));
}

function text(value: unknown, field: string): string | undefined {
  const found = fieldOf(value, field);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function contextOf(entry: unknown): number | undefined {
  const context = fieldOf(entry, "max_model_len");
  return isCount(context) ? context : undefined;
}

export const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
