import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { silentLog } from '../../../kernel/log.ts';
import { watchBackups } from '../../../responders/backup/watch.ts';
import type { Core } from '../../../responders/core.ts';
import { createResponderMetrics } from '../../../responders/metrics.ts';
import type { BackupsSeen } from '../../../responders/ports.ts';

const backup = (begunAtMs: number, verified: boolean) => ({ id: `backup-${begunAtMs}`, begunAtMs, bytes: 1, verified });

/** What the two metrics say after each of these looks; undefined for no series. */
async function told(looks: readonly (BackupsSeen['finished'] | Error)[]): Promise<unknown[]> {
  const instruments = createResponderMetrics();
  const stop = new AbortController();
  const seen: unknown[] = [];
  let next = 0;
  const look = async () => {
    const finished = looks[next];
    next += 1;
    if (finished === undefined || finished instanceof Error) throw finished;
    return { finished };
  };
  const value = async (gauge: { get(): Promise<{ values: { value: number }[] }> }) =>
    (await gauge.get()).values[0]?.value;
  const sleep = async () => {
    seen.push([await value(instruments.backupProved), await value(instruments.backupOldest)]);
    if (seen.length === looks.length) stop.abort();
  };
  await watchBackups(
    { instruments, ports: { backups: { look } }, clock: { sleep }, log: silentLog } as unknown as Core,
    stop.signal,
  );
  return seen;
}

test('the newest proved backup and the oldest of all are told; newer ones that nobody proved count for nothing', async () => {
  assert.deepEqual(
    await told([[backup(5_000, false), backup(4_000, true), backup(3_000, true), backup(1_000, false)]]),
    [[4, 1]],
  );
});

test('where none was proved, where there is none, and where nobody can look, there is no series that says so', async () => {
  const away = new PortError('spaces', 'unreachable', 'cannot be reached');
  assert.deepEqual(await told([[backup(2_000, true)], [backup(2_000, false)], [], away]), [
    [2, 2],
    [undefined, 2],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});
