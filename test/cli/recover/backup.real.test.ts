import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, createReadStream, globSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { createClient } from 'redis';
import { z } from 'zod';
import { connectApi, createAll, type LabApi } from '../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../../lab/cluster/nodes.ts';
import { namespaceObject, workloadObject } from '../../../lab/cluster/objects.ts';
import { type PostgresPeer, startPostgres } from '../../../lab/peers/postgres.ts';
import { type RedisPeer, startRedis } from '../../../lab/peers/redis.ts';
import { type S3Peer, startS3 } from '../../../lab/peers/s3.ts';
import { ageDecryption } from '../../../responders/backup/age.ts';
import { identity } from '../../responders/backup/stage.ts';
import { skipWithout } from '../../support/skip-without.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const tools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'redis-server',
  'versitygw',
  'pg_dump',
];
const secret = 'hunter2-password';

describe('gomeet backup and gomeet dr, over real peers', { skip: skipWithout(...tools) }, () => {
  let plane: ControlPlane;
  let api: LabApi;
  let postgres: PostgresPeer;
  let redis: RedisPeer;
  let scratch: RedisPeer;
  let s3: S3Peer;
  let env: Record<string, string>;

  before(async () => {
    [plane, postgres, redis, scratch, s3] = await Promise.all([
      startControlPlane({ controllers: true, scheduler: true, kwok: true, namespace: 'gomeet' }),
      startPostgres({ fast: true }),
      startRedis(),
      startRedis(),
      startS3(),
    ]);
    api = connectApi(plane.kubeconfig);
    await createAll(api, [
      namespaceObject('gomeet'),
      nodeObject('api-1', { name: 'api', size: c32 }),
      workloadObject('gomeet', { name: 'auth-service', replicas: 2, pool: 'api' }),
      workloadObject('gomeet', { name: 'prometheus', replicas: 1, pool: 'api' }),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'traefik', namespace: 'gomeet' },
        spec: { type: 'LoadBalancer', selector: { app: 'traefik' }, ports: [{ name: 'web', port: 443 }] },
      } as never,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'api-config', namespace: 'gomeet' },
        data: { a: '1' },
      } as never,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'gomeet-secrets', namespace: 'gomeet' },
        stringData: { JWT_SECRET: secret },
      } as never,
    ]);
    await sql(postgres.url, 'create database gomeet');
    await sql(
      postgres.at('gomeet'),
      `create table users as select n as id, md5(n::text) as name from generate_series(1, 30000) n`,
    );
    const client = createClient({ url: redis.url });
    await client.connect();
    for (let n = 0; n < 50; n += 1) await client.set(`k${n}`, 'v');
    client.destroy();
    env = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      KUBECONFIG: plane.kubeconfig,
      DO_POSTGRES_CONNECTION_STRING: postgres.at('gomeet'),
      REDIS_URL: redis.url,
      RESTORE_DATABASE_URL: postgres.url,
      RESTORE_REDIS_URL: scratch.url,
      SPACES_ENDPOINT: s3.endpoint,
      SPACES_BUCKET: s3.bucket,
      SPACES_ACCESS_KEY: s3.accessKeyId,
      SPACES_SECRET_KEY: s3.secretAccessKey,
      BACKUP_ENCRYPTION_KEY: identity,
    };
  });
  after(async () => {
    await Promise.all([plane?.stop(), postgres?.stop(), redis?.stop(), scratch?.stop(), s3?.stop()]);
  });

  async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows ?? [];
    } finally {
      await client.end();
    }
  }

  function run(
    args: readonly string[],
    more: Record<string, string> = {},
    cwd = process.cwd(),
  ): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [gomeet, ...args],
        { cwd, env: { ...env, ...more }, maxBuffer: 1e8, timeout: 600_000 },
        (error, out, err) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }),
      );
    });
  }

  const namespaces = async () => (await api.core.listNamespace()).items.map(({ metadata }) => metadata?.name ?? '');

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

  it('keeps evidence with checksums that a change breaks, holds no secret in it, and says what an audit can be', async () => {
    const folder = join(s3.folder, 'evidence');
    const taken = await run(['security', 'snapshot', '--out', folder]);
    assert.equal(taken.code, 0, taken.out + taken.err);
    const check = () => promisify(execFile)('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
    await check();
    const files = globSync(`${folder}/*`);
    for (const name of ['pod.json', 'deployment.json', 'logs.txt', 'about.json'])
      assert.ok(files.includes(join(folder, name)), `${name} of ${files.join(', ')}`);
    for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(secret), file);
    assert.equal((await run(['security', 'snapshot', '--out', folder])).code, 2, 'evidence is never written over');
    appendFileSync(join(folder, 'pod.json'), ' ');
    await assert.rejects(check());

    const audit = await run(['security', 'audit']);
    assert.equal(audit.code, 0, audit.err);
    assert.match(audit.out, /takes no audit policy.+ClusterRoleBinding cluster-admin: .+system:masters/s);
    const log = await run(['security', 'access-log']);
    assert.equal(log.code, 2);
    assert.match(log.err, /no access log in 0 lines of Traefik/);
  });

  it('completes the secrets of a cluster, keeps what is there, and shows no value', async () => {
    const lacking = await run(['secrets', 'setup']);
    assert.equal(lacking.code, 2);
    assert.match(lacking.err, /keys have to be given first/);
    const dry = await run(['secrets', 'setup', '--dry-run']);
    assert.match(dry.out, /would write gomeet-secrets\/REDIS_URL/);
    const { data: before = {} } = await api.core.readNamespacedSecret({ name: 'gomeet-secrets', namespace: 'gomeet' });
    assert.deepEqual(Object.keys(before), ['JWT_SECRET'], 'a dry run writes nothing');

    const made = await run(['secrets', 'setup', '--partial']);
    assert.equal(made.code, 0, made.err);
    const { data: now = {} } = await api.core.readNamespacedSecret({ name: 'gomeet-secrets', namespace: 'gomeet' });
    assert.equal(now['JWT_SECRET'], before['JWT_SECRET']);
    assert.ok(Object.keys(now).length > 1);
    for (const value of Object.values(now))
      assert.ok(!(made.out + made.err + dry.out).includes(Buffer.from(value, 'base64').toString()));
    assert.match((await run(['secrets', 'setup', '--partial'])).out, /^0 keys written/m);
    assert.match((await run(['secrets', 'list'])).out, /JWT_SECRET/);

    const sealed = join(s3.folder, 'sealed.age');
    const kept = await run(['secrets', 'setup', '--partial', '--sealed', sealed]);
    assert.equal(kept.code, 0, kept.err);
    const objects = await text(createReadStream(sealed).pipe(ageDecryption(identity)));
    assert.match(objects, /kind: Secret/);
    assert.doesNotMatch(readFileSync(sealed, 'latin1'), /kind: Secret/);
  });

  it('goes through an outage and a lockdown from a laptop, without a responder or its store', async () => {
    const called: string[] = [];
    const outside = createServer((request, response) => {
      called.push(`${request.method} ${request.url}`);
      request.resume();
      response.writeHead(request.url === '/app' ? 503 : 200).end();
    });
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    const address = outside.address();
    assert.ok(address !== null && typeof address === 'object');
    const base = `http://127.0.0.1:${address.port}`;
    const laptop = await mkdtemp(join(tmpdir(), 'gomeet-laptop-'));
    // The store runs as another user when we are root, and must be able to walk through.
    await chmod(laptop, 0o711);
    const there = { PAGER_WEBHOOK_URL: `${base}/pager`, PUBLIC_URLS: `${base}/app` };
    const policies = async () =>
      (await api.objects.list('networking.k8s.io/v1', 'NetworkPolicy', 'gomeet')).items.map(
        ({ metadata }) => metadata?.name,
      );
    try {
      const first = await run(['outage', 'immediate', '--local'], there, laptop);
      assert.equal(first.code, 0, first.out + first.err);
      assert.match(first.out + first.err, /SEV 1 declared.*from outside: 127\.0\.0\.1:\d+ 503/s);
      assert.deepEqual(
        called.filter((one) => one.startsWith('POST')),
        ['POST /pager'],
      );

      const before = await policies();
      const workload = ['auth-service', '--local', '--break-glass', 'somebody is inside'];
      const cut = await run(['security', 'lockdown', ...workload], there, laptop);
      assert.equal(cut.code, 0, cut.out + cut.err);
      assert.ok((await policies()).length > before.length, 'a workload without a policy gets one');
      const back = await run(['security', 'lift', ...workload], there, laptop);
      assert.deepEqual(await policies(), before, back.out + back.err);
    } finally {
      outside.closeAllConnections();
      outside.close();
      await rm(laptop, { recursive: true, force: true });
    }
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
