import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../kernel/config.ts';
import { type Duration, duration, toMs } from '../../kernel/duration.ts';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { append } from '../../responders/store/journal.ts';
import { withStore } from '../common/store.ts';
import { said } from '../recover/backup-run.ts';

/** Longest that anything stays open. */
const longest = duration('8h');

/** What a look may use. */
export interface DebugSession {
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  /** Of this look: in the name of what it makes, and in the journal. */
  readonly id: string;
  /** Aborts when its time is over or someone interrupts. */
  readonly signal: AbortSignal;
}

/** Reads a duration of an option; throws a UsageError for one that is none or too long. */
export function spanMs(option: string, text: string, most: Duration = longest): number {
  try {
    const ms = toMs(duration(text));
    if (ms >= 1_000 && ms <= toMs(most)) return ms;
  } catch (error) {
    throw new UsageError(`${option}: ${errorText(error)}`);
  }
  throw new UsageError(`${option}: want 1s to ${most}`);
}

/** Resolves when the time is over or someone interrupts; meanwhile it keeps the process alive, which a waiting promise alone does not. */
export function untilOver(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const over = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) over();
    else signal.addEventListener('abort', over, { once: true });
  });
}

/** Reads a TCP port; throws a UsageError for what is none. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`${text} is no port: want 1 to 65535`);
  return port;
}

/** Does it for at most so long, and writes down who began what, until when, and how it ended. A look that was killed has its beginning in the journal, with when the cluster takes it away. */
export async function debugging(
  what: string,
  forMs: number,
  work: (session: DebugSession) => Promise<string>,
): Promise<void> {
  const config = loadConfig(process.env);
  const open = config.DATABASE_URL === undefined ? (await import('../common/local.ts')).withLocalStore : withStore;
  await said(async (interrupted) => {
    await open(async ({ database, subject }) => {
      const id = randomUUID().slice(0, 8);
      const until = new Date(Date.now() + forMs).toISOString();
      const line = (text: string) =>
        append(database, [{ kind: 'status', subject, text: `debug ${id}: ${text}`, detail: { debug: id } }]);
      await line(`${what}, until ${until} at the latest`);
      const signal = AbortSignal.any([interrupted, AbortSignal.timeout(forMs)]);
      try {
        await line(
          `over: ${await work({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE, id, signal })}`,
        );
      } catch (error) {
        await line(`failed: ${errorText(error)}`);
        throw error;
      }
    });
  });
}

/** Options of a look that answers and ends. */
export interface LookFlags {
  readonly from?: string;
  readonly for: string;
  readonly json?: true;
}

/** Options of `gomeet debug logs`. */
export interface LogFlags {
  readonly since: string;
  readonly grep?: string;
  readonly follow?: true;
  readonly for: string;
  readonly out?: string;
}
