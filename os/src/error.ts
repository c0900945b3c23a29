// The one error class. A throw means a bug or wrong use; the failure of the outside world (a model, a disk, a
// command) is data. A message says what happened and what to do about it.

/** Every reason for which Hum throws. */
export type ErrorCode =
  | "bad-input"
  | "not-found"
  | "conflict"
  | "locked"
  | "denied"
  | "damaged"
  | "disk-full"
  | "no-model"
  | "offline"
  | "needs-approval"
  | "interrupted"
  | "bug";

/** An error with a closed code, a human sentence and JSON-safe data. */
export class HumError extends Error {
  readonly code: ErrorCode;
  readonly data: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; data?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "HumError";
    this.code = code;
    this.data = options.data ?? {};
  }

  /** True for a HumError of any copy of this package; with `code`, only for that code. */
  static is(error: unknown, code?: ErrorCode): error is HumError {
    const candidate = error as HumError | undefined;
    return candidate?.name === "HumError" && (code === undefined || candidate.code === code);
  }
}

/** Stops on a broken invariant: always a bug of Hum, never of its user. */
export function panic(message: string): never {
  throw new HumError("bug", `${message} (this is a bug in Hum: please report it)`);
}

/** The message of anything thrown. */
export function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
