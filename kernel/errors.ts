/** What went wrong with a peer, as a closed list: the same word stands in logs, metrics and the journal. */
export type PortErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'throttled'
  | 'invalid'
  | 'unavailable'
  | 'unsupported';

/** Broken I/O: which peer, what kind of failure, and whether trying again may help. Its text never holds a secret. */
export class PortError extends Error {
  readonly peer: string;
  readonly code: PortErrorCode;
  readonly retryable: boolean;
  /** Milliseconds the peer asked us to wait (Retry-After), if it did. */
  readonly retryAfterMs: number | undefined;

  constructor(
    peer: string,
    code: PortErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(`${peer}: ${message} (${code})`, { cause: options.cause });
    this.name = 'PortError';
    this.peer = peer;
    this.code = code;
    this.retryable = retryableCodes.has(code);
    this.retryAfterMs = options.retryAfterMs;
  }
}

const retryableCodes: ReadonlySet<PortErrorCode> = new Set([
  'unreachable',
  'timeout',
  'conflict',
  'throttled',
  'unavailable',
]);

/** A mistake of the person who called: shown without a stack, with exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The port error for an HTTP status, by the meaning the status has for every peer alike. */
export function portErrorFromStatus(peer: string, status: number, message: string, retryAfterMs?: number): PortError {
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new PortError(peer, codeOfStatus(status), message, options);
}

function codeOfStatus(status: number): PortErrorCode {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 429:
      return 'throttled';
    case 501:
      return 'unsupported';
    default:
      return status >= 500 ? 'unavailable' : 'invalid';
  }
}

/** The text of anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes a missed case of a union a compile error, and a loud failure if it happens all the same. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
