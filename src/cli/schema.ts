// cli/ · Schema: `crucis schema`, the JSON Schema of study.yaml, for editors and other programs.
import { Command } from "@commander-js/extra-typings";
import { KINDS } from "../study/policies.ts";
import { studyJsonSchema } from "../study/schema.ts";

export function schemaCommand() {
  return new Command("schema")
    .summary("print the JSON Schema of study.yaml")
    .description("For editors: crucis init writes it beside study.yaml. For programs that write studies.")
    .action(() => {
      process.stdout.write(schemaText());
    });
}

/** Ends in a newline. */
export function schemaText(): string {
  return `${JSON.stringify(studyJsonSchema(KINDS.map(({ kind }) => kind)), null, 2)}\n`;
}
