// report/ · Doctor text: the examination of a study's engines as plain text; first who is well, then what is wrong and what it forbids.
import type { Check, CheckBetween, CheckOutcome, DoctorReport, PolicyHealth, Speed } from "../terms/doctor.ts";
import { hanging, table, wrap } from "./layout.ts";
import { count, fixed, plain, rough } from "./numbers.ts";
import { clean, columns, listed, sentence } from "./words.ts";

const WIDTH = 100;
const NUMBER = { right: true };
const WORDS: Readonly<Record<CheckOutcome["kind"], string>> = { passed: "yes", failed: "NO", refused: "not known" };

/** No line has more than 100 columns. */
export function renderDoctorText(report: DoctorReport): string {
  const doctor = clean(report);
  const parts = [
    heading("Examined"),
    ...paragraph(
      `${count(doctor.policies.length)} policies, each with ${count(doctor.rollouts)} rollouts of its own; ` +
        `${count(doctor.prompts)} prompts at hand.`,
    ),
    "",
    ...table(
      ["policy", "engine", "server"]
        .map((head): { head: string; right?: boolean } => ({ head }))
        .concat(["passed", "failed", "not known", "mean weight", "nats a token"].map((head) => ({ head, ...NUMBER }))),
      doctor.policies.map(row),
      WIDTH,
    ),
    "",
    ...doctor.policies.flatMap((policy) => examined(policy)),
    ...(doctor.between.length === 0
      ? []
      : [
          heading("Between the policies"),
          ...checksTable(doctor.between.map(inPairs)),
          ...consequences(doctor.between),
          "",
        ]),
    heading("What that forbids"),
    ...forbidden(doctor),
  ];
  return `${parts.join("\n")}\n`;
}

const heading = (title: string): string => `${title}\n${"─".repeat(columns(title))}`;
const paragraph = (text: string): string[] => wrap(text, WIDTH);

function row({ policy, engine, server, checks, unitWeight, mismatch }: PolicyHealth): string[] {
  const of = (kind: CheckOutcome["kind"]): string =>
    count(checks.filter(({ outcome }) => outcome.kind === kind).length);
  return [
    policy,
    engine,
    server ?? "not reached",
    of("passed"),
    of("failed"),
    of("refused"),
    unitWeight === undefined ? "–" : `${fixed(unitWeight.value, 3)} ± ${fixed(unitWeight.se ?? 0, 3)}`,
    mismatch === undefined ? "–" : plain(mismatch.value),
  ];
}

function perSecond({ generated, scored }: Speed): string {
  return `${rough(generated)} generated${scored === undefined ? "" : `, ${rough(scored)} scored`}`;
}

function examined({ policy, fingerprint, context, lacks, checks, speed }: PolicyHealth): string[] {
  const known = [
    ...(fingerprint === undefined ? [] : [`Fingerprint: ${fingerprint}.`]),
    ...(context === undefined ? [] : [`Context: ${count(context)} tokens.`]),
    ...(speed === undefined ? [] : [`Tokens a second: ${perSecond(speed)}.`]),
  ];
  return [
    heading(policy),
    ...(known.length === 0 ? [] : [...paragraph(known.join(" ")), ""]),
    ...checksTable(checks),
    ...(lacks.length === 0 ? [] : ["", "It lacks, as it says itself:", ""]),
    ...lacks.flatMap((lack) => hanging("- ", lack, WIDTH)),
    ...consequences(checks),
    "",
  ];
}

function checksTable(checks: readonly Check[]): string[] {
  return table(
    [{ head: "check" }, { head: "holds" }, { head: "what was asked, and what was seen" }],
    checks.map(({ name, asks, outcome }) => [
      name,
      WORDS[outcome.kind],
      `${asks}: ${outcome.kind === "passed" ? outcome.seen : outcome.why}`,
    ]),
    WIDTH,
  );
}

const inPairs = (one: CheckBetween): Check => ({ ...one, asks: `${listed(one.policies)}: ${one.asks}` });

/** What is to be done about each. */
function consequences(checks: readonly Check[]): string[] {
  const mends = new Map<string, string[]>();
  for (const { name, outcome } of checks)
    if (outcome.kind === "refused") mends.set(outcome.mend, [...(mends.get(outcome.mend) ?? []), name]);
  const lines = [...mends].flatMap(([mend, names]) => hanging("- ", `${listed(names)}: ${sentence(mend)}`, WIDTH));
  return lines.length === 0 ? [] : ["", "To know them:", "", ...lines];
}

/** By experiment: every check of every policy that stands against it. */
function forbidden({ policies, between }: DoctorReport): string[] {
  const against = new Map<string, string[]>();
  const add = (who: string, { name, outcome, forbids }: Check): void => {
    const said = `${who}${name} ${outcome.kind === "failed" ? "fails" : "is not known"}`;
    for (const experiment of forbids) against.set(experiment, [...(against.get(experiment) ?? []), said]);
  };
  for (const { policy, checks } of policies) for (const one of checks) add(`${policy}: `, one);
  for (const one of between) add(`${listed(one.policies)}: `, one);
  if (against.size === 0) return paragraph("Nothing: every experiment can be asked of these engines.");
  return table(
    [{ head: "experiment" }, { head: "because" }],
    Array.from(against, ([experiment, said]) => [experiment, said.join("; ")]),
    WIDTH,
  );
}
