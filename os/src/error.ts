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

/** Whether a write failed because there is no room: on the disk, or in the quota of the user. */
export function isDiskFull(error: unknown): boolean {
  const { code, errcode = 0 } = error as { code?: string; errcode?: number };
  // SQLITE_FULL; SQLITE_IOERR_WRITE, which some file systems give instead; SQLITE_IOERR_SHMSIZE, of the file beside a WAL.
  return code === "ENOSPC" || code === "EDQUOT" || (errcode & 0xff) === 13 || [778, 4874].includes(errcode);
}

/** What the operating system refused, in words; anything else as it is. */
export function fromSystem(error: unknown): unknown {
  if (HumError.is(error) || !(error instanceof Error)) return error;
  if (isDiskFull(error))
    return new HumError(
      "disk-full",
      "The disk is full. Free some space, or set HUM_HOME to another disk, and try again; what was kept is safe.",
      { cause: error },
    );
  const { code, path } = error as NodeJS.ErrnoException;
  const what = path === undefined ? "A file" : path;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return new HumError("denied", `${what} may not be used by you (${code}): change its permissions.`, {
        cause: error,
      });
    case "EROFS":
      return new HumError("denied", `${what} lies on a disk that can only be read: choose another place.`, {
        cause: error,
      });
    case "EMFILE":
    case "ENFILE":
      return new HumError("denied", "Too many files are open: allow more with `ulimit -n 4096`.", {
        cause: error,
      });
    default:
      return error;
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
