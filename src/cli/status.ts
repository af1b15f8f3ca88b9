// cli/ · Status: `crucis status`, how far a study is; reads the folder only, so a run in progress is not disturbed.
import { Command } from "@commander-js/extra-typings";
import { Notebook } from "../evidence/notebook.ts";
import { Store } from "../evidence/store.ts";
import { table } from "../report/layout.ts";
import { type StudyProgress, progressOf } from "../study/progress.ts";
import { duration } from "../report/numbers.ts";
import { studyAt } from "./study-folder.ts";

export function statusCommand() {
  return new Command("status")
    .summary("how far a study is, also while it runs")
    .description(
      "Counts what a study's folder holds against what the study asks for. Only reads, so a run that is on its way is " +
        "not disturbed.",
    )
    .argument("[study]", "a study.yaml or study.ts, or the folder that holds one", ".")
    .option("--folder <folder>", "where the evidence is kept; beside study.yaml unless told")
    .option("--json", "print one JSON document instead of text")
    .action(async (named, { folder: given, json }) => {
      const { study, bench, folder } = await studyAt(named, given);
      const entries = Notebook.read(folder);
      const store = await Store.open(folder, { write: false });
      try {
        const progress = progressOf(study, bench, {
          chunks: store.chunkIds(),
          observed: entries
            .filter(({ kind }) => kind === "observed")
            .map(({ at, fact }) => ({
              at,
              policy: String(fact["policy"]),
              kind: String(fact["kind"]),
              rows: Number(fact["rows"]),
            })),
          judged: entries.at(-1)?.kind === "judged",
        });
        process.stdout.write(json ? `${JSON.stringify(progress, null, 2)}\n` : told(study.title, progress, Date.now()));
      } finally {
        await store.close();
      }
    });
}

function told(title: string, { policies, labels, latest, perSecond, judged }: StudyProgress, now: number): string {
  const left = policies.reduce((sum, { rollouts }) => sum + rollouts.asked - rollouts.kept, 0);
  const rows = policies.map(({ policy, rollouts, scores }) => [
    policy,
    rollouts.kept.toLocaleString("en-US"),
    rollouts.asked.toLocaleString("en-US"),
    scores.toLocaleString("en-US"),
  ]);
  const ago = latest === undefined ? undefined : Math.max(0, (now - Date.parse(latest)) / 1000);
  const lines = [
    title,
    "",
    ...table(
      [{ head: "policy" }, ...["rollouts kept", "asked for", "scores kept"].map((head) => ({ head, right: true }))],
      rows,
      100,
    ),
    "",
    ...(labels === undefined ? [] : [`The judge gave ${labels.toLocaleString("en-US")} labels.`]),
    ago === undefined ? "Nothing is kept yet." : `The latest answer was kept ${duration(ago)} ago.`,
    ...(left > 0 && perSecond !== undefined && perSecond > 0
      ? [
          `At ${perSecond.toFixed(1)} rows a second, as of late, the rollouts that are missing take about ${duration(left / perSecond)}.`,
        ]
      : []),
    judged ? "It is judged: see report.html." : "It is not judged yet: crucis run goes on with it.",
  ];
  return `${lines.join("\n")}\n`;
}
