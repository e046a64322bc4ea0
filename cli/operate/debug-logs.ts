import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough, type Writable } from 'node:stream';
import { duration } from '../../kernel/duration.ts';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { hideSecrets } from '../../kernel/secrets.ts';
import { podsWithContainers, readLogs } from '../../responders/adapters/backup/logs.ts';
import { followLog } from '../../responders/adapters/kubernetes/debug.ts';
import { catalogued } from '../common/catalogued.ts';
import { printable } from '../common/printed.ts';
import { debugging, type LogFlags, spanMs, untilOver } from './debug-session.ts';

/** `gomeet debug logs`. */
export async function logs(service: string, flags: LogFlags): Promise<void> {
  const workload = catalogued(service);
  const sinceMs = spanMs('--since', flags.since, duration('7d'));
  const wanted = pattern(flags.grep);
  const forMs = flags.follow ? spanMs('--for', flags.for) : 10 * 60_000;
  await debugging(`the log of ${workload} since ${flags.since}`, forMs, async (session) => {
    const out = await target(flags.out);
    let lines = 0;
    const put = (pod: string, line: string): void => {
      if (!wanted.test(line)) return;
      lines += 1;
      out.write(`${pod}  ${printable(line)}\n`);
    };
    if (flags.follow) {
      const containers = await podsWithContainers(session, workload);
      if (containers.length === 0) throw new UsageError(`no pod of ${workload} is there`);
      await Promise.all(
        containers.map(async ({ pod, container }) => {
          const stream = new PassThrough();
          createInterface({ input: stream }).on('line', (line) => put(pod, hideSecrets(line)));
          await followLog(
            session,
            { pod, container, sinceSeconds: Math.ceil(sinceMs / 1_000) },
            stream,
            session.signal,
          );
        }),
      );
      await untilOver(session.signal);
    } else for await (const { pod, line } of readLogs({ ...session, workload, sinceMs })) put(pod, line);
    await finish(out);
    if (flags.out !== undefined) console.error(`${lines} lines in ${flags.out}`);
    return `${lines} lines`;
  });
}

function pattern(text: string | undefined): RegExp {
  try {
    return new RegExp(text ?? '');
  } catch (error) {
    throw new UsageError(`--grep: ${errorText(error)}`);
  }
}

async function target(file: string | undefined): Promise<Writable> {
  if (file === undefined) return process.stdout;
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve()).once('error', (error) => reject(new UsageError(`--out: ${errorText(error)}`)));
  });
  return stream;
}

function finish(out: Writable): Promise<void> {
  return out === process.stdout ? Promise.resolve() : new Promise((resolve) => out.end(() => resolve()));
}
