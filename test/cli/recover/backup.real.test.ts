import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { skipWithout } from '../../support/skip-without.ts';
import { gomeet, type RecoveryRig, secret, startRecoveryRig, tools } from './stage.ts';

describe('gomeet backup and gomeet dr, over real peers', { skip: skipWithout(...tools) }, () => {
  let api: RecoveryRig['api'];
  let postgres: RecoveryRig['postgres'];
  let s3: RecoveryRig['s3'];
  let env: RecoveryRig['env'];
  let sql: RecoveryRig['sql'];
  let run: RecoveryRig['run'];
  let namespaces: RecoveryRig['namespaces'];
  let rig: RecoveryRig;

  before(async () => {
    rig = await startRecoveryRig();
    ({ api, postgres, s3, env, sql, run, namespaces } = rig);
  });
  after(async () => await rig?.stop());

  it('is killed in the middle, is taken up again, and says what it could not have', async () => {
    await sql(
      postgres.at('gomeet'),
      `create table wide as select n, repeat(md5(n::text), 40) as text from generate_series(1, 120000) n`,
    );
    const child = spawn(process.execPath, [gomeet, 'backup', 'create', '--only', 'valkey,postgresql'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes('valkey: ')) await delay(5);
    await delay(60);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const beside = await run(['backup', 'create', '--only', 'valkey,postgresql']);
    assert.equal(beside.code, 1);
    assert.match(beside.err, /is being made by/);
    const byTheClock = await run(['backup', 'create', '--unless-newer', '2h']);
    assert.equal(byTheClock.code, 0, 'who comes by the clock has nothing to do beside one that runs');
    assert.match(byTheClock.out, /nothing to do: .* is being made by/);
    // Its last sign of life is made old, as it is a minute and a half later.
    const beat = globSync(`${s3.folder}/${s3.bucket}/backups/**/running.json`)[0] ?? '';
    writeFileSync(beat, JSON.stringify({ token: 'x', by: 'dead', atMs: Date.now() - 200_000 }));
    const again = await run(['backup', 'create']);
    assert.match(again.err, /going on with it/);
    assert.match(again.err, /valkey: done by the run that broke off/);
    assert.match(again.out, /✓ kubernetes/);
    assert.match(again.out, /✗ metrics +PROMETHEUS_URL is not set/);
    await sql(postgres.at('gomeet'), 'drop table wide');
    assert.equal(again.code, 1, 'a backup without a component is not a good one');
    for (const text of [again.out, again.err]) assert.ok(!text.includes(secret) && !text.includes('lab-only'));
  });

  it('lists, proves by a real restore, restores to a named target, and refuses production', async () => {
    const wanted = ['backup', 'create', '--unless-newer', '2h', '--only', 'postgresql,valkey,kubernetes,logs'];
    const made = await run(wanted);
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /is in gomeet-backups/, 'the one before lacked a component and does not count');
    assert.match((await run(wanted)).out, /nothing to do: .* is whole/);
    assert.match((await run(['backup', 'list'])).out, /not proved/);
    const checked = await run(['backup', 'verify']);
    assert.equal(checked.code, 0, checked.out + checked.err);
    assert.match(checked.out, /is whole: restored in/);
    assert.match((await run(['backup', 'list'])).out, /proved by a restore/);
    assert.deepEqual(await sql(postgres.url, `select 1 from pg_database where datname like 'check_%'`), []);
    const dry = await run(['backup', 'restore', 'latest', '--only', 'postgresql', '--target', 'tuesday', '--dry-run']);
    assert.match(dry.out, /make the database .*tuesday/);
    const restored = await run(['backup', 'restore', 'latest', '--only', 'postgresql', '--target', 'tuesday']);
    assert.equal(restored.code, 0, restored.out + restored.err);
    assert.deepEqual(await sql(postgres.at('tuesday'), 'select count(*)::int as n from users'), [{ n: 30_000 }]);
    const over = await run(['backup', 'restore', 'latest', '--only', 'postgresql', '--target', 'gomeet']);
    assert.equal(over.code, 2);
    assert.match(over.err, /second person/);
    const into = await run([
      'backup',
      'restore',
      'latest',
      '--only',
      'kubernetes',
      '--target',
      'x',
      '--namespace',
      'gomeet',
    ]);
    assert.match(into.err, /second person/);
    const unknown = await run(['backup', 'restore', 'backup-20200101-000000', '--target', 'x']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /no finished backup.*the newest is/);
  });

  it('holds objects and logs, and gives logs back as a file', async () => {
    const dump = globSync(`${s3.folder}/${s3.bucket}/backups/**/*`).join('\n');
    assert.match(dump, /kubernetes\.ndjson\.zst\.age/);
    const out = await run([
      'backup',
      'restore',
      'latest',
      '--only',
      'logs',
      '--target',
      'x',
      '--out',
      `${s3.folder}/restored`,
    ]);
    assert.equal(out.code, 0, out.out + out.err);
  });

  it('passes the disaster-recovery test and takes everything away again', async () => {
    const result = await run(['dr', 'test', '--json', '--ready-within', '60']);
    const report = z
      .object({
        ok: z.boolean(),
        recoveryTimeMs: z.number(),
        recoveryPointMs: z.number(),
        cleanedUp: z.boolean(),
        checks: z.array(z.object({ what: z.string() })),
      })
      .parse(JSON.parse(result.out));
    assert.ok(report.ok, result.out + result.err);
    assert.equal(result.code, 0);
    assert.deepEqual(
      report.checks.map(({ what }) => what),
      ['service auth-service'],
      'only the product runs in a test, and one replica of it',
    );
    assert.ok(report.recoveryTimeMs > 0 && report.recoveryPointMs > 0);
    assert.ok(!(await namespaces()).includes('gomeet-dr-test'));
    assert.equal(globSync(`${s3.folder}/${s3.bucket}/dr-tests/*.json`).length, 1, 'its report lies beside the backups');
    assert.deepEqual(await sql(postgres.url, `select 1 from pg_database where datname like 'check_%'`), []);
    assert.equal(
      (await api.apps.readNamespacedDeployment({ name: 'auth-service', namespace: 'gomeet' })).spec?.replicas,
      2,
    );
    assert.ok(!result.err.includes(secret));
  });

  it('is cleaned up after a kill by the next test, and leaves a namespace of that name alone that is not its own', async () => {
    const child = spawn(process.execPath, [gomeet, 'dr', 'test'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    while (!(await namespaces()).includes('gomeet-dr-test')) await delay(20);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const next = await run(['dr', 'test', '--ready-within', '60']);
    assert.match(next.err, /deleting the namespace gomeet-dr-test that an earlier test left behind/);
    assert.equal(next.code, 0, next.out + next.err);
    await api.core.createNamespace({ body: { metadata: { name: 'gomeet-dr-test' } } });
    const refused = await run(['dr', 'test']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /was not made by a test/);
    assert.ok((await namespaces()).includes('gomeet-dr-test'));
    await api.core.deleteNamespace({ name: 'gomeet-dr-test' });
  });

  it('fails, and cleans up all the same, when the services do not come up', async () => {
    while ((await namespaces()).includes('gomeet-dr-test')) await delay(50);
    await api.core.patchNode({ name: 'api-1', body: [{ op: 'add', path: '/spec/unschedulable', value: true }] });
    const result = await run(['dr', 'test', '--ready-within', '3']);
    assert.equal(result.code, 1, result.out);
    assert.match(result.out, /0 of 1 pods ready/);
    assert.ok(!(await namespaces()).includes('gomeet-dr-test'));
  });
});
