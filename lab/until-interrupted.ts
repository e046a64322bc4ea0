const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal sends Ctrl-C to everyone in it, and npm passes it on besides: what follows this soon is the same wish. */
const sameWishMs = 500;

/** Runs `work` with a signal that aborts at Ctrl-C, SIGTERM or a terminal that closes, so that whatever was started is stopped before we go; a second wish ends us at once. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  let firstAtMs = 0;
  const stop = () => {
    if (!interrupted.signal.aborted) {
      firstAtMs = performance.now();
      interrupted.abort();
    } else if (performance.now() - firstAtMs > sameWishMs) process.exit(130);
  };
  for (const signal of signals) process.on(signal, stop);
  // A terminal that has closed takes no more lines, and that must not keep us from stopping what we started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  try {
    return await work(interrupted.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
    for (const stream of [process.stdout, process.stderr]) stream.removeListener('error', ignore);
  }
}

function ignore(): void {}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
