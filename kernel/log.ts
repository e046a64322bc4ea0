import { pino } from 'pino';

/** Where a program says what it does: a fixed sentence, and fields beside it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** JSON lines on standard error, so that standard output stays for results. Field names that carry secrets are cut. */
export function createLog(name: string, level = 'info'): Log {
  return pino(
    {
      name,
      level,
      redact: {
        paths: [
          '*.token',
          '*.password',
          '*.secret',
          '*.authorization',
          'token',
          'password',
          'secret',
          'turnPassword',
          '*.turnPassword',
        ],
        censor: '[hidden]',
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** Says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
