import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../responders/store/database.ts';
import { readJournal } from '../../../responders/store/journal.ts';
import { testDatabase } from '../../support/database.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
let url: string;
before(async () => {
  url = await testDatabase();
});

function scale(args: string, store = true): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ...(store ? { DATABASE_URL: url } : {}),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [gomeet, 'scale', ...args.split(' ')], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

it('rules are set, listed, told and taken away from the command line, each written down', async () => {
  assert.equal(
    (
      await scale(
        'scheduled set office meeting-service 12 --days mon-fri --from 08:30 --until 18:00 --time-zone Asia/Jakarta',
      )
    ).code,
    0,
  );
  assert.equal((await scale('event set webinar signaling-service 30 --for 2h')).code, 0);
  assert.match(
    (await scale('scheduled list')).stdout,
    /office.+meeting-service at least 12, mon,tue,wed,thu,fri 08:30-18:00 Asia\/Jakarta/,
  );
  assert.match((await scale('event tell webinar')).stdout, /signaling-service at least 30/);
  const [event] = JSON.parse((await scale('event list --json')).stdout);
  assert.ok(event.leftMs > 7_000_000 && event.leftMs <= 7_200_000, String(event.leftMs));
  assert.match((await scale('event tell webinr')).stderr, /there is no event webinr; did you mean webinar\?/);
  assert.equal((await scale('scheduled remove office')).code, 0);
  assert.equal((await scale('scheduled remove office')).code, 2);
  const database = openDatabase(url, { max: 1 });
  const kinds = (await readJournal(database, { limit: 50 })).filter(({ kind }) => kind === 'control');
  await database.close();
  assert.equal(kinds.length, 4, 'set, set, told, taken away');
});

it('what is above the ceiling, no time, no zone, no name or without a store is refused in a line', async () => {
  for (const [args, why] of [
    ['manual meeting-service many', /want a whole number above 0, not many/],
    ['scheduled set a meeting-service 9999 --from 08:00 --until 09:00', /at most \d+ replicas/],
    ['scheduled set a meeting-service 2 --from 25:00 --until 09:00', /want a time such as 08:30/],
    ['scheduled set a meeting-service 2 --from 08:00 --until 09:00 --time-zone Mars/Base', /no time zone/],
    ['scheduled set a meeting-service 2 --from 08:00 --until 09:00 --days someday', /--days/],
    ['scheduled set a meting-service 2 --from 08:00 --until 09:00', /Did you mean meeting-service/],
    ['event set a meeting-service 2 --for long', /--for/],
  ] as const) {
    const { code, stderr } = await scale(args);
    assert.equal(code, 2, args);
    assert.match(stderr, why, args);
  }
  const alone = await scale('scheduled list', false);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /DATABASE_URL is not set. set --local raises the service once/);
});
