// src/ · The library's face: read evidence, explain it, tell it.
export { EXPERIMENTS } from "./experiments/all.ts";
export { EXPLANATIONS } from "./explanations/all.ts";
export { readEvidence } from "./importers/read.ts";
export { type Document, documentSchema } from "./attribution/document.ts";
export { renderHtml } from "./report/html.ts";
export { renderText } from "./report/text.ts";
export { type Explained, type ExplainOptions, explain } from "./study/explain.ts";
export { CrucisError, StudyError } from "./terms/errors.ts";
export type { Estimate } from "./terms/estimate.ts";
export type { Finding } from "./terms/finding.ts";
export { LIMITS } from "./terms/limits.ts";
export type { PolicyEvidence, ProblemRecord } from "./terms/observation.ts";
