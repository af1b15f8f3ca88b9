// cli/ · Study folder: from what a user names (a folder, study.yaml, study.ts) to a checked study, and the folder of its evidence.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Bench, benchOf } from "../study/bench.ts";
import { checkStudy, readStudy } from "../study/declare.ts";
import { KINDS } from "../study/policies.ts";
import { StudyError } from "../terms/errors.ts";
import type { Study } from "../terms/study.ts";
import { patient } from "./patient.ts";

export interface StudyAt {
  readonly study: Study;
  /** The declaration, as the user named it or as it was found. */
  readonly file: string;
  /** Notebook, rollouts, scores and report lie here. */
  readonly folder: string;
  readonly bench: Bench;
}

const STUDY_NAMES = ["study.yaml", "study.yml", "study.ts"];

/**
 * @param named a folder that holds study.yaml, or the file itself
 * @param folder of the evidence; beside a file named study.*, else a folder named as the file is
 */
export async function studyAt(named: string, folder?: string): Promise<StudyAt> {
  const file = fileOf(named);
  const study =
    extname(file) === ".ts"
      ? checkStudy(((await import(pathToFileURL(resolve(file)).href)) as { default?: unknown }).default, file, KINDS)
      : readStudy(readFileSync(file, "utf8"), file, KINDS);
  const beside = basename(file).startsWith("study.")
    ? dirname(file)
    : join(dirname(file), basename(file, extname(file)));
  const bench = patient(benchOf(study, (questions) => readFileSync(resolve(dirname(file), questions), "utf8")));
  return { study, file, folder: folder ?? beside, bench };
}

function fileOf(named: string): string {
  const missing = (what: string): StudyError =>
    new StudyError({ code: "no-study", what, mend: "name a study file, or write one with crucis init" });
  if (!existsSync(named)) throw missing(`${named} does not exist`);
  if (!statSync(named).isDirectory()) return named;
  const found = STUDY_NAMES.map((name) => join(named, name)).find((file) => existsSync(file));
  if (found === undefined) throw missing(`${named} holds none of ${STUDY_NAMES.join(", ")}`);
  return found;
}
