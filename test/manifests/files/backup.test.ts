import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { sources } from '../../../cli/recover/backup-parts.ts';
import { loadConfig } from '../../../kernel/config.ts';
import { edgesOf } from '../../../manifests/edges.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../../manifests/infrastructure/declare.ts';
import { components } from '../../../responders/backup/define.ts';
import { backedUpKinds } from '../../../responders/backup/kinds.ts';
import { backupBucket } from '../../../responders/declared.ts';

const deployable = [environments.production, environments.staging, environments.starter];
const Env = z.array(z.looseObject({ name: z.string(), value: z.string().optional() }));
const Job = z.looseObject({
  schedule: z.string(),
  concurrencyPolicy: z.string(),
  startingDeadlineSeconds: z.number(),
  jobTemplate: z.object({
    spec: z.looseObject({
      template: z.object({
        spec: z.looseObject({
          restartPolicy: z.string(),
          containers: z.tuple([z.looseObject({ args: z.array(z.string()), env: Env })]),
        }),
      }),
    }),
  }),
});
const Role = z.looseObject({
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
});

function objectsOf(name: (typeof deployable)[number]['name']) {
  return platformFiles(name).flatMap(({ objects }) => objects);
}
const jobOf = (name: (typeof deployable)[number]['name']) =>
  Job.parse(objectsOf(name).find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === 'backup')?.['spec']);
/** As the program reads it in the pod; what comes from a secret has some value there. */
function configOf(name: (typeof deployable)[number]['name']) {
  const [{ env }] = jobOf(name).jobTemplate.spec.template.spec.containers;
  return readEnv(env);
}
function readEnv(env: z.infer<typeof Env>) {
  const filled = (variable: string) =>
    /CONNECTION_STRING|_URL|ENDPOINT/.test(variable) ? 'https://x.example' : 'of-a-secret';
  return loadConfig(Object.fromEntries(env.map((one) => [one.name, one.value ?? filled(one.name)])));
}
const rules = Role.parse(
  objectsOf('production').find(({ kind, metadata }) => kind === 'Role' && metadata.name === 'backup'),
).rules;
const may = (verb: string, apiGroup: string, resource: string) =>
  rules.some(
    (rule) => rule.apiGroups.includes(apiGroup) && rule.resources.includes(resource) && rule.verbs.includes(verb),
  );

test('it runs at 02:00, never two at once, and a night that was missed is made good', () => {
  const { schedule, concurrencyPolicy, startingDeadlineSeconds, jobTemplate } = jobOf('production');
  assert.deepEqual([schedule, concurrencyPolicy], ['0 2 * * *', 'Forbid']);
  assert.ok(startingDeadlineSeconds >= 3_600);
  assert.equal(jobTemplate.spec.template.spec.restartPolicy, 'Never');
});

test('its settings let it dump every component: one that is missing would fail the backup each night', () => {
  for (const { name } of deployable) {
    const config = configOf(name);
    const wanted = components.filter((component) => component !== 'kubernetes' && component !== 'logs');
    assert.deepEqual(sources(config, wanted).unavailable, [], name);
    for (const setting of [
      'SPACES_ENDPOINT',
      'SPACES_ACCESS_KEY',
      'SPACES_SECRET_KEY',
      'BACKUP_ENCRYPTION_KEY',
    ] as const)
      assert.ok(config[setting], `${name}: ${setting}`);
    assert.equal(config.KUBE_NAMESPACE, 'gomeet');
  }
});

test('it reaches what it dumps, and nothing of it is the responder: it runs while that is down', () => {
  const to = edgesOf(environments.production)
    .filter(({ from }) => from.name === 'backup')
    .map(({ to: { name } }) => name);
  assert.deepEqual(to.sort(), ['postgresql', 'prometheus', 'valkey']);
  const [{ args, env }] = jobOf('production').jobTemplate.spec.template.spec.containers;
  assert.doesNotMatch(JSON.stringify([args, env]), /responder|DATABASE_URL|WEBHOOK_TOKEN|CONSOLE/);
});

test('it writes where the infrastructure has a bucket for it, never among the recordings, and no two environments to one', () => {
  const names = deployable.map((environment) => {
    const bucket = backupBucket(configOf(environment.name));
    const { buckets } = declareInfrastructure(environment);
    assert.equal(buckets.find(({ name }) => name === bucket)?.for, 'backups', environment.name);
    return [environment.settings.clusterName, bucket] as const;
  });
  const clusters = new Map(names);
  assert.equal(new Set(clusters.values()).size, clusters.size);
});

test('its Role lets it list every kind that a backup holds, and read logs; no secret, and nothing is written', () => {
  const plural = (kind: string) => {
    const lower = kind.toLowerCase();
    return /y$/.test(lower) ? `${lower.slice(0, -1)}ies` : /s$/.test(lower) ? `${lower}es` : `${lower}s`;
  };
  const denied = backedUpKinds.filter(({ apiVersion, kind }) => {
    const [group, version] = apiVersion.split('/');
    return !may('list', version === undefined ? '' : (group ?? ''), plural(kind));
  });
  assert.deepEqual(denied, []);
  assert.ok(may('list', '', 'pods') && may('get', '', 'pods/log'));
  assert.ok(!rules.some(({ resources }) => resources.includes('secrets') || resources.includes('*')));
  assert.deepEqual(
    rules.flatMap(({ verbs }) => verbs).filter((verb) => !['get', 'list'].includes(verb)),
    [],
  );
});

test('the responder sees the bucket that it writes to, and cannot read what lies there', () => {
  const Deployment = z.looseObject({
    template: z.object({ spec: z.looseObject({ containers: z.tuple([z.looseObject({ env: Env })]) }) }),
  });
  for (const { name } of deployable) {
    const spec = objectsOf(name).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'responder')?.[
      'spec'
    ];
    const [{ env }] = Deployment.parse(spec).template.spec.containers;
    const config = readEnv(env.filter((one) => /SPACES|BACKUP|ENVIRONMENT/.test(one.name)));
    for (const setting of ['SPACES_ENDPOINT', 'SPACES_ACCESS_KEY', 'SPACES_SECRET_KEY'] as const)
      assert.ok(config[setting], `${name}: ${setting}`);
    assert.equal(backupBucket(config), backupBucket(configOf(name)));
    assert.equal(config.BACKUP_ENCRYPTION_KEY, undefined);
  }
});
