// worlds/ · Errors of the server: what a client is told, in OpenAI's shape.
import { StudyError } from "../../terms/errors.ts";

/** vLLM's names. */
const TYPES = {
  400: "BadRequestError",
  404: "NotFoundError",
  405: "MethodNotAllowedError",
  413: "PayloadTooLargeError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
} as const;

export type ErrorStatus = keyof typeof TYPES;

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The field at fault: `prompt[0][3]`. */
    readonly param: string | null;
    /** The HTTP status again. */
    readonly code: ErrorStatus;
  };
}

/** What a request is refused with. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: ErrorStatus;
  readonly param: string | null;

  constructor(message: string, options: { readonly status?: ErrorStatus; readonly param?: string } = {}) {
    super(message);
    this.status = options.status ?? 400;
    this.param = options.param ?? null;
  }
}

/** Whoever asked can mend a Refusal and a StudyError; all else is our fault. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof StudyError) return new Refusal(error.message);
  return new Refusal(`The server failed: ${error instanceof Error ? error.message : String(error)}`, { status: 500 });
}

export function bodyOf({ message, status, param }: Refusal): ErrorBody {
  return { error: { message, type: TYPES[status], param, code: status } };
}
