import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Command } from 'commander';
import { registerAll } from '../../cli/commands.ts';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { unknownIn } from '../../cli/map/page.ts';
import { fieldOf } from '../../deploy/kube/object.ts';

const page = readFileSync(new URL('../../docs/disaster-recovery.md', import.meta.url), 'utf8');

test('fifteen minutes of data are promised by what can keep them and not by the nightly dump', () => {
  const job = platformFiles('production')
    .flatMap(({ objects }) => objects)
    .find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === 'backup');
  const nightly = /^\d+ \d+ \* \* \*$/.test(String(fieldOf(job, 'spec', 'schedule')));
  const [row = ''] = page.match(/^\| PostgreSQL \| .*15 min of data.*$/m) ?? [];
  assert.deepEqual([nightly, /nightly dump loses up to a day/.test(row)], [true, true]);
  assert.match(row, /point-in-time recovery, `gomeet database restore`/);
});

test('every command of the page is there, with its options', () => {
  const program = new Command('gomeet');
  registerAll(program);
  const named = [...page.matchAll(/`(gomeet [^`]+)`/g)].map(([, line]) => line ?? '');
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.flatMap((line) => unknownIn(line, program) ?? []),
    [],
  );
});
