import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, createReadStream, existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ageDecryption } from '../../../responders/backup/age.ts';
import { identity } from '../../responders/backup/stage.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { startMailServer } from '../money/cost-peers.ts';
import { type RecoveryRig, secret, startRecoveryRig, tools } from './stage.ts';

describe('emergencies from a laptop, over real peers', { skip: skipWithout(...tools) }, () => {
  let api: RecoveryRig['api'];
  let s3: RecoveryRig['s3'];
  let run: RecoveryRig['run'];
  let rig: RecoveryRig;

  before(async () => {
    rig = await startRecoveryRig();
    ({ api, s3, run } = rig);
  });
  after(async () => await rig?.stop());

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

    const clean = await mkdtemp(join(tmpdir(), 'gomeet-clean-'));
    const made = await run(['secrets', 'setup', '--partial'], { HOME: clean, TMPDIR: clean }, clean);
    assert.equal(made.code, 0, made.err);
    assert.deepEqual(readdirSync(clean), [], 'no file holds a value, wherever it is called from');
    await rm(clean, { recursive: true });
    const { data: now = {} } = await api.core.readNamespacedSecret({ name: 'gomeet-secrets', namespace: 'gomeet' });
    assert.equal(now['JWT_SECRET'], before['JWT_SECRET']);
    assert.ok(Object.keys(now).length > 1);
    for (const value of Object.values(now))
      assert.ok(!(made.out + made.err + dry.out).includes(Buffer.from(value, 'base64').toString()));
    assert.match((await run(['secrets', 'setup', '--partial'])).out, /^0 keys written/m);
    assert.match((await run(['secrets', 'list'])).out, /JWT_SECRET/);

    const { data: credentials = {} } = await api.core.readNamespacedSecret({
      name: 'digitalocean-credentials',
      namespace: 'gomeet',
    });
    assert.equal(Buffer.from(credentials['DO_SPACES_BUCKET'] ?? '', 'base64').toString(), 'gomeet-recordings');
    const label = async (labels: Record<string, string>) => {
      const { metadata, ...rest } = await api.core.readNamespace({ name: 'gomeet' });
      await api.core.replaceNamespace({ name: 'gomeet', body: { ...rest, metadata: { ...metadata, labels } } });
    };
    await label({ 'gomeet.dev/environment': 'staging' });
    const wrong = await run(['secrets', 'setup', '--partial']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /is staging, and the settings are those of production: set GOMEET_ENVIRONMENT=staging/);
    await label({});

    const sealed = join(s3.folder, 'sealed.age');
    const tried = await run(['secrets', 'setup', '--sealed', sealed, '--dry-run']);
    assert.match(tried.out, /would seal gomeet-secrets\/JWT_SECRET/);
    assert.ok(!existsSync(sealed), 'a dry run writes nothing');
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
    const mail = await startMailServer();
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

      const looked = await run(['outage', 'investigate', '--local'], there, laptop);
      assert.equal(looked.code, 0, looked.out + looked.err);
      // LiveKit is out of reach from here: the notice goes all the same, and by a real mail server.
      const mailed = {
        HOST_NOTICE_EMAILS: 'hosts@example.com',
        SMTP_URL: `smtp://gomeet:open%20sesame@127.0.0.1:${mail.port}`,
      };
      const over = await run(['outage', 'recover', '--notify-hosts', '--local'], { ...there, ...mailed }, laptop);
      assert.equal(over.code, 0, over.out + over.err);
      assert.match(over.out + over.err, /meetings again: done; not known: livekit.*sent to the hosts: mail/s);
      assert.equal(mail.mails.length, 1);
      assert.match(mail.mails[0] ?? '', /To: hosts@example\.com.*We had trouble with meetings today/s);

      const before = await policies();
      const workload = ['auth-service', '--local', '--break-glass', 'somebody is inside'];
      const cut = await run(['security', 'lockdown', ...workload], there, laptop);
      assert.equal(cut.code, 0, cut.out + cut.err);
      assert.ok((await policies()).length > before.length, 'a workload without a policy gets one');
      const back = await run(['security', 'lift', ...workload], there, laptop);
      assert.deepEqual(await policies(), before, back.out + back.err);

      const jwt = async () =>
        (await api.core.readNamespacedSecret({ name: 'gomeet-secrets', namespace: 'gomeet' })).data?.['JWT_SECRET'];
      const old = await jwt();
      const key = ['secrets', 'rotate', 'JWT_SECRET', '--local', '--break-glass', 'it was published'];
      const rotated = await run(key, there, laptop);
      assert.equal(rotated.code, 0, rotated.out + rotated.err);
      assert.notEqual(await jwt(), old);
      for (const value of [old, await jwt()])
        assert.ok(!(rotated.out + rotated.err).includes(Buffer.from(value ?? '', 'base64').toString()));
    } finally {
      outside.closeAllConnections();
      outside.close();
      await mail.stop();
      await rm(laptop, { recursive: true, force: true });
    }
  });

  it('promotes and restores managed databases over the account’s API, and says what it cannot', async () => {
    const account = await startAccount();
    const laptop = await mkdtemp(join(tmpdir(), 'gomeet-laptop-'));
    await chmod(laptop, 0o711);
    const there = { DIGITALOCEAN_TOKEN: 'lab-only', DIGITALOCEAN_API_URL: account.url };
    const glass = ['--local', '--break-glass', 'the primary is lost'];
    try {
      const promoted = await run(['database', 'promote', 'gomeet-db', 'replica-a', ...glass], there, laptop);
      assert.equal(promoted.code, 0, promoted.out + promoted.err);
      const restored = await run(['database', 'restore', 'gomeet-db', '--as', 'gomeet-db-2', ...glass], there, laptop);
      assert.equal(restored.code, 0, restored.out + restored.err);
      assert.deepEqual(account.writes, [
        'PUT /v2/databases/1/replicas/replica-a/promote',
        'POST gomeet-db-2 from gomeet-db of 2026-11-24T02:00:00.000Z',
      ]);
      const valkey = await run(['database', 'restore', 'gomeet-valkey', '--as', 'other', ...glass], there, laptop);
      assert.match(valkey.out + valkey.err, /keeps no backups of Valkey: gomeet backup restore --only valkey/);
      assert.equal(account.writes.length, 2);
    } finally {
      account.stop();
      await rm(laptop, { recursive: true, force: true });
    }
  });
});

const Wish = z.object({
  name: z.string(),
  engine: z.string(),
  backup_restore: z.object({ database_name: z.string(), backup_created_at: z.string() }),
});

/** The account's databases over HTTP, as DigitalOcean's API has them; what is asked for is there at the next look. */
async function startAccount(): Promise<{ url: string; writes: readonly string[]; stop(): void }> {
  const cluster = (id: string, name: string, engine: string) => ({
    ...{ id, name, engine, version: '17', status: 'online', num_nodes: 2, region: 'nyc1', size: 'db-s-2vcpu-4gb' },
    connection: { user: 'doadmin', password: secret },
  });
  const databases = [cluster('1', 'gomeet-db', 'pg'), cluster('2', 'gomeet-valkey', 'valkey')];
  const writes: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const body = await text(request);
    const answer = (status: number, content: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (method === 'PUT') {
      writes.push(`PUT ${url}`);
      databases.push(cluster('3', 'replica-a', 'pg'));
      return response.writeHead(204).end();
    }
    if (method === 'POST') {
      const { name, engine, backup_restore: of } = Wish.parse(JSON.parse(body));
      writes.push(`POST ${name} from ${of.database_name} of ${of.backup_created_at}`);
      databases.push(cluster('4', name, engine));
      return answer(201, { database: databases.at(-1) });
    }
    if (url === '/v2/databases') return answer(200, { databases });
    if (url === '/v2/databases/2/backups') return answer(422, { id: 'unprocessable_entity', message: 'none' });
    if (url.endsWith('/backups')) return answer(200, { backups: [{ created_at: '2026-11-24T02:00:00Z' }] });
    if (url.endsWith('/replicas'))
      return answer(200, { replicas: [{ name: 'replica-a', status: 'online', region: 'sfo3' }] });
    return answer(404, { id: 'not_found', message: 'nothing here' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    writes,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
