import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import type { LabApi } from '../../../lab/cluster/api.ts';
import { HealthReport } from '../../../responders/health/report.ts';
import { waitFor } from '../../support/rig.ts';

/** What these cases play on: the deployed responder of the file, and a command line per person. */
export interface Operators {
  readonly folder: () => string;
  readonly api: () => LabApi;
  /** Runs a command as one of two people, or as the administrator of the cluster. */
  run(
    person: 'ana' | 'bob' | 'admin',
    args: readonly string[],
    options?: {
      /** Without the responder's store. */
      readonly alone?: true;
      readonly cwd?: string;
      /** Interrupted, as with Ctrl-C, once this much was printed. */
      readonly until?: (stdout: string) => boolean;
    },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
}

const Line = z.object({
  kind: z.string(),
  runId: z.string().optional(),
  text: z.string(),
  detail: z.looseObject({ importedFrom: z.unknown().optional() }),
});

async function journal(stage: Operators): Promise<readonly z.infer<typeof Line>[]> {
  const { stdout } = await stage.run('ana', ['journal', 'export']);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Line.parse(JSON.parse(line))]));
}

const namespace = 'gomeet';
const patience = 120_000;

async function configMap({ api }: Operators): Promise<string | undefined> {
  return (await api().core.readNamespacedConfigMap({ name: 'chat-config', namespace })).data?.['app.yaml'];
}

async function fileOf({ folder }: Operators, name: string, text: string): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, text);
  return path;
}

/** What people do from a terminal, each command a process of its own. */
export function operatorCases(stage: Operators): void {
  it('a dry run shows the plan and does nothing; what is asked for is done and followed to its end', async () => {
    await stage.api().core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'chat-config' }, data: { 'app.yaml': 'a: 1' } },
    });
    const file = await fileOf(stage, 'two.yaml', 'a: 2');
    const args = ['fix', 'config', 'chat-config', 'app.yaml', file];

    const dry = await stage.run('ana', [...args, '--dry-run']);
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stderr, /1\. change app\.yaml of chat-config/);
    assert.equal(await configMap(stage), 'a: 1');

    const done = await stage.run('ana', args);
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /- a: 1[\s\S]*\+ a: 2[\s\S]*verified/);
    assert.equal(await configMap(stage), 'a: 2');
  });

  it('of two operators at once one is done and the other is told why not', async () => {
    await stage.api().core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'turn-config' }, data: { k: '0' } },
    });
    const values = ['1', '2'];
    const both = await Promise.all(
      values.map(async (value, at) => {
        const file = await fileOf(stage, `turn-${value}`, value);
        return stage.run(at === 0 ? 'ana' : 'bob', ['fix', 'config', 'turn-config', 'k', file, '--json']);
      }),
    );
    const codes = both.map(({ code }) => code);
    assert.deepEqual([...codes].sort(), [0, 1], both.map(({ stdout, stderr }) => stdout + stderr).join('\n'));
    const won = codes.indexOf(0);
    assert.match(both[1 - won]?.stdout ?? '', /"reason": "(already-acting|cooldown)"/);
    const now = await stage.api().core.readNamespacedConfigMap({ name: 'turn-config', namespace });
    assert.equal(now.data?.['k'], values[won]);
  });

  it('what needs two people waits for the second, who is not the first, and is then done once', async () => {
    const labels = { app: 'chat-service' };
    const spec = { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'c:1' }] };
    await stage.api().core.createNamespacedPod({ namespace, body: { metadata: { name: 'stuck', labels }, spec } });
    // The responder has to have seen it.
    await waitFor(
      async () => {
        const { stderr } = await stage.run('ana', ['fix', 'pod', 'stuck', '--force', '--dry-run']);
        return /delete stuck at once/.test(stderr);
      },
      'the responder to see the pod',
      patience,
    );
    const following = stage.run('ana', ['fix', 'pod', 'stuck', '--force', '--json']);
    let id = '';
    await waitFor(
      async () => {
        const proposed = (await journal(stage)).find(
          ({ kind, text }) => kind === 'proposed' && /delete stuck/.test(text),
        );
        id = proposed?.runId ?? '';
        return id !== '';
      },
      'the proposal',
      patience,
    );
    const own = await stage.run('ana', ['approve', id.slice(0, 8)]);
    assert.notEqual(own.code, 0);
    assert.match(own.stderr, /who asks for it cannot approve it/);
    const stranger = await stage.run('admin', ['approve', id.slice(0, 8)]);
    assert.match(stranger.stderr, /may not approve/);

    const agreed = await stage.run('bob', ['approve', id.slice(0, 8)]);
    assert.equal(agreed.code, 0, agreed.stderr);
    const { code, stdout } = await following;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /"state": "verified"/);
    const twice = await stage.run('bob', ['approve', id.slice(0, 8)]);
    assert.notEqual(twice.code, 0);
    const pods = await stage.api().core.listNamespacedPod({ namespace });
    assert.equal(
      pods.items.some(({ metadata }) => metadata?.name === 'stuck'),
      false,
    );
  });

  it('--local needs neither responder nor store, does the same, and its journal is taken over', async () => {
    const file = await fileOf(stage, 'three.yaml', 'a: 3');
    const cwd = join(stage.folder(), 'laptop');
    await mkdir(cwd);
    // PostgreSQL runs as another user when we are root.
    for (const path of [stage.folder(), cwd]) await chmod(path, 0o755);
    const alone = { alone: true, cwd } as const;
    const refused = await stage.run('admin', ['fix', 'config', 'chat-config', 'app.yaml', file], alone);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /DATABASE_URL/);

    const done = await stage.run('admin', ['fix', 'config', 'chat-config', 'app.yaml', file, '--local'], alone);
    assert.equal(done.code, 0, done.stdout + done.stderr);
    assert.equal(await configMap(stage), 'a: 3');

    const lines = await stage.run('admin', ['journal', 'export', '--local'], alone);
    const exported = await fileOf(stage, 'laptop.jsonl', lines.stdout);
    assert.equal((await stage.run('ana', ['journal', 'import', exported])).code, 0);
    assert.equal((await stage.run('ana', ['journal', 'import', exported])).code, 0);
    const imported = (await journal(stage)).filter(({ detail }) => detail.importedFrom !== undefined);
    assert.equal(imported.filter(({ kind }) => kind === 'verified').length, 1);
  });

  it('a look from inside the cluster is made, answered, written down and gone', async () => {
    const asking = stage.run('admin', ['debug', 'tcp', 'pgbouncer-do', '5432', '--from', 'auth-service', '--json']);
    const { core } = stage.api();
    // There is no kubelet here: the Job's pod, and its end, are ours.
    let job = '';
    await waitFor(
      async () => {
        const lines = (await journal(stage)).map(({ text }) => text);
        const begun = /^debug ([0-9a-f]{8}): whether port 5432 of pgbouncer-do answers auth-service, until/;
        job = lines.flatMap((text) => begun.exec(text)?.[1] ?? [])[0] ?? '';
        return job !== '';
      },
      'the line in the journal',
      patience,
    );
    const name = `gomeet-debug-${job}`;
    const spec = { automountServiceAccountToken: false, containers: [{ name: 'debug', image: 'busybox' }] };
    await core.createNamespacedPod({ namespace, body: { metadata: { name, labels: { 'job-name': name } }, spec } });
    const pod = await core.readNamespacedPod({ name, namespace });
    const terminated = { exitCode: 1, message: 'Connection timed out' };
    const status = {
      phase: 'Failed',
      containerStatuses: [
        { name: 'debug', image: 'b', imageID: '', ready: false, restartCount: 0, state: { terminated } },
      ],
    };
    await core.replaceNamespacedPodStatus({ name, namespace, body: { ...pod, status } });
    const { code, stdout } = await asking;
    assert.equal(code, 1, stdout);
    assert.deepEqual(JSON.parse(stdout), { ok: false, kind: 'ended', says: 'Connection timed out' });
    assert.ok((await journal(stage)).some(({ text }) => text === `debug ${job}: over: no: Connection timed out`));
    await core.deleteNamespacedPod({ name, namespace });
  });

  it('health is told as YAML, as JSON by its schema, again and again, and to Slack; the exit code says which', async () => {
    const yaml = await stage.run('ana', ['health', 'services', '--format', 'yaml']);
    const report = HealthReport.parse(parse(yaml.stdout));
    assert.ok(yaml.code === 4 || yaml.code === 3, String(yaml.code));
    assert.notEqual(report.overall, 'healthy');
    const json = await stage.run('ana', ['--format', 'json', 'health', 'check']);
    HealthReport.parse(JSON.parse(json.stdout));
    const schema = JSON.parse((await stage.run('ana', ['health', 'schema'])).stdout);
    assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(report).sort());

    const posts: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          posts.push(body);
          response.end('ok');
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
    try {
      const args = ['health', '--continuous', '1', 'services', '--json', '--slack-webhook', url];
      await stage.run('ana', args, { until: (stdout) => stdout.split('"checkedAt"').length > 2 });
    } finally {
      server.close();
    }
    assert.equal(posts.length, 1, 'told once, since nothing changed');
    assert.match(posts[0] ?? '', /GoMeet health, gomeet/);
  });

  it('a name that is none is answered with the nearest there is, before anything is asked of anybody', async () => {
    for (const [args, near] of [
      [['restart', 'auth-servce'], 'auth-service'],
      [['scale', 'manual', 'meeting-servic', '3'], 'meeting-service'],
      [['scale', 'nodes', 'sfuu', '1'], 'sfu'],
      [['scale', 'create-hpa', 'trafik'], 'traefik'],
      [['rollout', 'update', 'chat', 'v2'], 'chat-service'],
      [['troubleshoot', 'databse'], 'database'],
      [['routine', 'mornin'], 'morning'],
      [['debug', 'logs', 'grafanna'], 'grafana'],
    ] as const) {
      const { code, stderr } = await stage.run('ana', args, { alone: true });
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, new RegExp(`Did you mean ${near}\\?`), args.join(' '));
    }
    const refused = await stage.run('ana', ['fix', 'load-balancer']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /never deleted/);
  });
}
