// cli/ · Verify: `crucis verify`, whether a study's folder still holds what was observed, and the notebook's chain is whole.
import { Command } from "@commander-js/extra-typings";
import { Store } from "../evidence/store.ts";
import { verified } from "../evidence/verified.ts";
import { Notebook } from "../evidence/notebook.ts";
import { sealed } from "../study/register.ts";
import { StudyError } from "../terms/errors.ts";

/** Faults that are shown; the rest is counted. */
const SHOWN = 10;

export function verifyCommand() {
  return new Command("verify")
    .summary("was anything in a study's folder changed after it was observed?")
    .description(
      "Holds the notebook's chain against itself, every stored answer against what was observed, and the order of " +
        "predictions and answers against the seal. Names what was changed; then the exit code is 2.",
    )
    .argument("[folder]", "the folder that holds the study's evidence", ".")
    .option("--json", "print one JSON document instead of text")
    .action(async (folder, { json }) => {
      const store = await Store.open(folder, { write: false });
      try {
        const kept = await verified(store);
        const seal = sealed(Notebook.read(folder));
        const found = { ...kept, seal: seal.said, faults: [...seal.faults, ...kept.faults] };
        if (found.facts === 0)
          throw new StudyError({
            code: "no-notebook",
            what: `${folder} holds no notebook.jsonl`,
            why: "so nothing says what was observed",
            mend: "name a study's folder",
          });
        if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
        if (found.faults.length > 0)
          throw new StudyError({
            code: "evidence-changed",
            what: [
              `${folder} does not hold what its notebook observed`,
              ...found.faults.slice(0, SHOWN),
              ...(found.faults.length > SHOWN ? [`and ${found.faults.length - SHOWN} more`] : []),
            ].join("\n  "),
            mend: "restore the folder from a copy; results computed from it since cannot be trusted",
          });
        const { facts, chunks, rollouts, scores, unobserved } = found;
        const number = (value: number): string => value.toLocaleString("en-US");
        if (!json)
          process.stdout.write(
            `notebook.jsonl: ${number(facts)} facts, the chain is whole.\n` +
              `${seal.said}\n` +
              `${number(rollouts)} rollouts and ${number(scores)} scores in ${number(chunks)} chunks are as they were observed.\n` +
              (unobserved === 0
                ? ""
                : `${number(unobserved)} chunks are kept and not yet in the notebook: a run is on its way, or was killed; crucis run adds them.\n`),
          );
      } finally {
        await store.close();
      }
    });
}
