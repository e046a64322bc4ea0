import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { generatedFiles } from '../../../cli/deploy/generated-files.ts';
import { fieldOf } from '../../../deploy/kube/object.ts';
import { missingKeys, neededKeys } from '../../../deploy/kube/secrets.ts';
import { autoscaled } from '../../../manifests/files/hpa.ts';
import { fit } from '../../../manifests/fit/fit.ts';
import {
  balancers,
  containersOf,
  type Defect,
  documented,
  infrastructure,
  listOf,
  named,
  namespace,
  objects,
  ofKind,
  podOf,
  pods,
  production,
  readme,
  staging,
  text,
  workloads,
} from './rendered.ts';

/** What let others in, and what could not start. */
export const securityAndStart: readonly Defect[] = [
  [
    1,
    'credentials stood in the files',
    () => {
      for (const secret of ofKind('Secret')) {
        assert.equal(fieldOf(secret, 'data'), undefined, secret.metadata.name);
        for (const value of Object.values(fieldOf(secret, 'stringData') ?? {}))
          assert.match(String(value), /^$|^\{"auths":\{.*\}\}$/, secret.metadata.name);
      }
    },
  ],
  [
    2,
    'one credential stood in several places',
    () => {
      const keys = ofKind('Secret').flatMap((secret) => Object.keys(fieldOf(secret, 'stringData') ?? {}));
      assert.deepEqual(
        keys.filter((key, index) => keys.indexOf(key) !== index),
        [],
      );
    },
  ],
  [
    3,
    'a signing key and a password were empty, and another program used the same password',
    async () => {
      const needed = neededKeys(objects, namespace).filter(({ key }) => key === 'JWT_SECRET');
      const empty = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'gomeet-secrets', namespace },
        data: { JWT_SECRET: '' },
      };
      const nobody = () => assert.fail('not asked');
      const kube = {
        where: { context: '', cluster: '', server: '' },
        get: async () => empty,
        list: nobody,
        serves: nobody,
        apply: nobody,
        create: nobody,
        replace: nobody,
        setField: nobody,
        remove: nobody,
        trouble: nobody,
      };
      assert.deepEqual(await missingKeys(kube, needed), ['gomeet/gomeet-secrets: JWT_SECRET']);
      assert.ok(!workloads.some(({ name }) => name === 'redis-commander'));
      const readers = workloads.filter(({ secretKeys }) =>
        secretKeys.some((key) => key.endsWith('/GRAFANA_ADMIN_PASSWORD')),
      );
      assert.deepEqual(
        readers.map(({ name }) => name),
        ['grafana'],
      );
    },
  ],
  [
    4,
    "the account's token was the registry's password and lay in the cluster for nobody",
    () => {
      const read = new Set(workloads.flatMap(({ secretKeys }) => secretKeys.map((key) => key.split('/')[1] ?? '')));
      const offered = ofKind('Secret')
        .filter(({ metadata }) => metadata.name !== 'registry-credentials')
        .flatMap((secret) => Object.keys(fieldOf(secret, 'stringData') ?? {}));
      assert.deepEqual(
        offered.filter((key) => !read.has(key)),
        [],
        'a key that no pod reads',
      );
      assert.deepEqual(Object.keys(fieldOf(named('Secret', 'registry-credentials'), 'stringData') ?? {}), [
        '.dockerconfigjson',
      ]);
    },
  ],
  [
    5,
    "Prometheus's admin API was open to the world",
    () => {
      assert.doesNotMatch(text, /web\.enable-(admin-api|lifecycle)/);
      const routes = ofKind('IngressRoute').filter((route) => JSON.stringify(route).includes('"name":"prometheus"'));
      assert.ok(routes.length > 0);
      for (const route of routes) assert.match(JSON.stringify(route), /dashboard-auth/);
      assert.ok(named('Middleware', 'dashboard-auth') && named('Secret', 'dashboard-auth'));
    },
  ],
  [
    6,
    'Traefik was root, read every secret, and its metrics were on the load balancer',
    () => {
      const pod = podOf(named('Deployment', 'traefik'));
      assert.equal(fieldOf(pod, 'securityContext', 'runAsUser'), 1_000);
      const roles = objects.filter(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name.includes('traefik'));
      assert.doesNotMatch(JSON.stringify(roles), /"secrets"/);
      const metrics = workloads.find(({ name }) => name === 'traefik')?.ports.find(({ name }) => name === 'metrics');
      assert.doesNotMatch(
        JSON.stringify(balancers),
        new RegExp(`"port":${metrics?.port},|"targetPort":${metrics?.port}\\b`),
      );
    },
  ],
  [
    7,
    'the load balancer had annotations that DigitalOcean refuses',
    () => {
      const of = (name: string) =>
        fieldOf(balancers[0], 'metadata', 'annotations', `service.beta.kubernetes.io/do-loadbalancer-${name}`);
      assert.ok(['tcp', 'http', 'https', 'http2', 'http3'].includes(String(of('protocol'))));
      assert.ok(['round_robin', 'least_connections'].includes(String(of('algorithm'))));
      assert.equal(of('sticky-sessions-type'), 'none', 'cookies want HTTP');
      assert.equal(of('certificate-id'), undefined);
    },
  ],
  [
    8,
    'SSH and the database were open to all',
    () => {
      assert.deepEqual(
        infrastructure.firewall.inbound.map(({ ports, protocol }) => `${ports}/${protocol}`),
        ['7881/tcp', '10000-20000/udp'],
      );
      assert.doesNotMatch(text, /pg_hba|protected-mode|0\.0\.0\.0\/0 md5/);
    },
  ],
  [
    9,
    'a pull request reached staging, in the namespace of production, and a failure restored old data',
    () => {
      const names = [production, staging].map(({ settings }) => settings.clusterName);
      assert.equal(new Set(names).size, 2);
      const workflow = readFileSync(
        fileURLToPath(new URL('../../../.github/workflows/deploy.yaml', import.meta.url)),
        'utf8',
      );
      assert.doesNotMatch(workflow, /pull_request_target|run: .*(restore|backup)/i);
    },
  ],
  [
    10,
    'the documented sizes fitted none of the documented nodes',
    () =>
      assert.deepEqual(
        [readme, documented, production].map((one) => fit(one).fits),
        [false, false, true],
      ),
  ],
  [
    11,
    'replicas of a Deployment shared a volume that one node alone can have',
    () => {
      assert.ok(ofKind('Deployment').every((one) => !JSON.stringify(one).includes('persistentVolumeClaim')));
      assert.doesNotMatch(text, /ReadWriteMany/);
    },
  ],
  [
    12,
    'volumes were mounted inside a read-only ConfigMap',
    () => {
      for (const { object, pod } of pods)
        for (const container of containersOf(pod)) {
          const mounts = listOf(fieldOf(container, 'volumeMounts')).map((mount) => String(fieldOf(mount, 'mountPath')));
          for (const outer of mounts)
            assert.ok(!mounts.some((inner) => inner.startsWith(`${outer}/`)), `${object.metadata.name} ${outer}`);
        }
    },
  ],
  [
    13,
    'Grafana had both kinds of alerting on',
    () => {
      const env = JSON.stringify(containersOf(podOf(named('Deployment', 'grafana')))[0]);
      assert.match(env, /GF_UNIFIED_ALERTING_ENABLED","value":"false"/);
      assert.doesNotMatch(env, /GF_ALERTING_ENABLED/);
    },
  ],
  [
    14,
    "PgBouncer's probe was no command, and nothing told its metrics",
    () => {
      const bouncer = named('Deployment', 'pgbouncer-do');
      assert.doesNotMatch(JSON.stringify(bouncer), /"exec"/);
      assert.ok(containersOf(podOf(bouncer)).length === 2, 'an exporter beside it');
    },
  ],
  [
    15,
    'the recorder had an autoscaler and no manifest',
    () => {
      const scaled = ofKind('HorizontalPodAutoscaler', 'ScaledObject').map((one) =>
        String(fieldOf(one, 'spec', 'scaleTargetRef', 'name')),
      );
      assert.ok(scaled.includes('livekit-recorder'));
      for (const name of scaled) named('Deployment', name);
    },
  ],
  [
    16,
    'a budget wanted more than the autoscaler kept, and autoscalers stood on databases',
    () => {
      for (const budget of ofKind('PodDisruptionBudget')) {
        const least =
          workloads.find(({ name }) => name === fieldOf(budget, 'spec', 'selector', 'matchLabels', 'app'))?.replicas ??
          0;
        const kept = Number(fieldOf(budget, 'spec', 'minAvailable') ?? 0);
        assert.ok(kept < Math.max(least, 1), budget.metadata.name);
      }
      assert.ok(autoscaled(workloads).every(({ workload }) => workload.kind === 'Deployment'));
    },
  ],
  [
    17,
    'a policy had a port "10000-11000" and `from` inside `ports`',
    () => {
      for (const policy of ofKind('NetworkPolicy'))
        for (const rule of [
          ...listOf(fieldOf(policy, 'spec', 'ingress')),
          ...listOf(fieldOf(policy, 'spec', 'egress')),
        ])
          for (const port of listOf(fieldOf(rule, 'ports'))) {
            assert.equal(typeof fieldOf(port, 'port'), 'number');
            assert.equal(fieldOf(port, 'from'), undefined);
          }
    },
  ],
  [
    18,
    'a key stood three times in a map, and a document was broken',
    () => {
      for (const { path, content } of generatedFiles().filter(({ path }) => path.startsWith('manifests/production/')))
        for (const document of parseAllDocuments(content, { uniqueKeys: true }))
          assert.deepEqual(document.errors, [], path);
    },
  ],
];
