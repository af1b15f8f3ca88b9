// engines/ · Completion: the one choice in an OpenAI-shaped reply, checked before anything is read from it.
import { fieldOf, type Fields, isFields, show } from "./json.ts";
import type { Fail } from "./reading.ts";
import type { Wire } from "./wire.ts";

/** @throws EngineError where there is not exactly one choice, or another model answered */
export function onlyChoice(wire: Wire, reply: unknown, isModel: (name: string) => boolean, asked: string): Fields {
  const choices = fieldOf(reply, "choices");
  if (!Array.isArray(choices)) throw wire.bad(`gave ${show(choices)} for choices`);
  const model = fieldOf(reply, "model");
  if (model !== undefined && !(typeof model === "string" && isModel(model)))
    throw wire.error("wrong model", `model ${show(asked)} was asked, and ${show(model)} answered`, "see the server");
  const [choice] = choices;
  if (choices.length !== 1) throw wire.bad(`gave ${choices.length} choices where one was asked for`);
  if (!isFields(choice)) throw wire.bad(`gave ${show(choice)} for a choice`);
  return choice;
}

export function readFinish(value: unknown, fail: Fail): "stop" | "length" {
  return value === "stop" || value === "length" ? value : fail(`ended an answer with ${show(value ?? null)}`);
}

export function readText(value: unknown, name: string, fail: Fail): string {
  return typeof value === "string" ? value : fail(`gave ${show(value)} for ${name}`);
}
