import assert from 'node:assert/strict';
import { fieldOf } from '../../../deploy/kube/object.ts';
import {
  balancers,
  containers,
  containersOf,
  type Defect,
  environmentNames,
  infrastructure,
  listOf,
  livekit,
  named,
  objects,
  ofKind,
  podOf,
  text,
} from './rendered.ts';

/** What broke meetings, and what did not agree with itself. */
export const livekitAndConsistency: readonly Defect[] = [
  [
    19,
    'LiveKit did not know its Redis, so that two nodes were two islands',
    () => {
      assert.doesNotMatch(JSON.stringify(podOf(named('Deployment', 'livekit-sfu'))), /REDIS_ADDRESS/);
      assert.equal(typeof livekit.redis, 'object');
      assert.match(JSON.stringify(named('Deployment', 'livekit-sfu')), /"name":"REDIS_HOST"/);
      // Egress reads neither: Redis and the bucket are in its configuration, filled in from the secrets that stand before it.
      const env = listOf(fieldOf(containersOf(podOf(named('Deployment', 'livekit-recorder')))[0], 'env'));
      const names = env.map((one) => String(fieldOf(one, 'name')));
      const at = names.indexOf('EGRESS_CONFIG_BODY');
      const body = String(fieldOf(env[at], 'value'));
      const used = [...body.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name ?? '');
      assert.deepEqual(used, ['DO_REDIS_HOST', 'DO_REDIS_PORT', 'DO_REDIS_PASSWORD']);
      for (const name of used) assert.ok(names.slice(0, at).includes(name), `${name} is not there yet`);
      const { redis, storage } = JSON.parse(body);
      assert.deepEqual([redis.use_tls, redis.address], [true, '$(DO_REDIS_HOST):$(DO_REDIS_PORT)']);
      assert.match(storage.s3.endpoint, /digitaloceanspaces\.com$/);
      assert.ok(names.includes('AWS_ACCESS_KEY_ID') && names.includes('AWS_SECRET_ACCESS_KEY'));
      assert.ok(!names.includes('REDIS_ADDRESS'));
    },
  ],
  [
    20,
    "browsers were given the pod's address, and three ports of a thousand were open",
    () => {
      assert.ok(!environmentNames.includes('NODE_IP'));
      assert.equal(livekit.rtc.use_external_ip, true);
      assert.equal(fieldOf(podOf(named('Deployment', 'livekit-sfu')), 'hostNetwork'), true);
      assert.ok(balancers.every((one) => !JSON.stringify(one).includes('UDP')));
    },
  ],
  [
    21,
    "LiveKit's configuration was mounted nowhere, and had no metrics",
    () => {
      assert.match(JSON.stringify(podOf(named('Deployment', 'livekit-sfu'))), /"configMap":\{"name":"livekit-config"/);
      assert.equal(livekit.prometheus.port, 6_789);
    },
  ],
  [
    22,
    'thirty seconds ended a meeting, and an autoscaler could take the pod',
    () => {
      assert.ok(Number(fieldOf(podOf(named('Deployment', 'livekit-sfu')), 'terminationGracePeriodSeconds')) >= 43_200);
      const down = fieldOf(
        named('ScaledObject', 'livekit-sfu'),
        'spec',
        'advanced',
        'horizontalPodAutoscalerConfig',
        'behavior',
        'scaleDown',
      );
      assert.equal(fieldOf(down, 'selectPolicy'), 'Disabled');
    },
  ],
  [
    23,
    'four services ran the image of the fifth, and all its traffic landed there',
    () => {
      const services = ['auth-service', 'meeting-service', 'signaling-service', 'chat-service', 'turn-service'];
      const images = services.map((name) =>
        String(fieldOf(containersOf(podOf(named('Deployment', name)))[0], 'image')),
      );
      assert.deepEqual(
        images.map((image) => image.split('/').at(-1)?.split(':')[0]),
        services,
      );
      const backends = JSON.stringify(named('Ingress', 'gomeet-api-ingress'));
      for (const name of services) assert.ok(backends.includes(`"name":"${name}"`), name);
    },
  ],
  [
    24,
    'custom metrics had no provider, and no answer counted as an answer',
    () => {
      assert.ok(
        objects.some(
          ({ kind, metadata }) => kind === 'APIService' && metadata.name === 'v1beta1.external.metrics.k8s.io',
        ),
      );
      for (const scaled of ofKind('ScaledObject'))
        for (const trigger of listOf(fieldOf(scaled, 'spec', 'triggers')))
          if (fieldOf(trigger, 'type') === 'prometheus') {
            assert.equal(fieldOf(trigger, 'metadata', 'ignoreNullValues'), 'false');
            assert.doesNotMatch(
              String(fieldOf(trigger, 'metadata', 'query')),
              /^sum\((?!rate)[a-z_]+_total/,
              'a counter is no gauge',
            );
          }
    },
  ],
  [
    25,
    "an autoscaler's least overrode the declared replicas at once",
    () => {
      for (const scaler of ofKind('HorizontalPodAutoscaler', 'ScaledObject')) {
        const target = named('Deployment', String(fieldOf(scaler, 'spec', 'scaleTargetRef', 'name')));
        const least = fieldOf(scaler, 'spec', 'minReplicas') ?? fieldOf(scaler, 'spec', 'minReplicaCount');
        assert.equal(fieldOf(target, 'spec', 'replicas'), least, scaler.metadata.name);
      }
    },
  ],
  [
    26,
    'one policy allowed everything within the namespace, and others looked for labels that no namespace has',
    () => {
      for (const policy of ofKind('NetworkPolicy'))
        for (const selector of JSON.stringify(policy).matchAll(
          /"namespaceSelector":(\{"matchLabels":\{[^}]*\}\}|\{\})/g,
        ))
          assert.match(selector[1] ?? '', /^\{"matchLabels":\{"kubernetes\.io\/metadata\.name":/);
      assert.deepEqual(fieldOf(named('NetworkPolicy', 'default-deny'), 'spec', 'ingress'), undefined);
    },
  ],
  [
    27,
    'six load balancers ran where one is needed',
    () =>
      assert.deepEqual(
        balancers.map(({ metadata }) => metadata.name),
        ['traefik'],
      ),
  ],
  [
    29,
    'managed Redis is not sold any more, and the databases were elsewhere',
    () => {
      assert.deepEqual([...new Set(infrastructure.databases.map(({ engine }) => engine))], ['pg', 'valkey']);
      assert.doesNotMatch(text, /supabase|upstash/i);
    },
  ],
  [
    30,
    'nothing said what runs: `latest` everywhere, and fourteen variants of the same hosts',
    () => {
      const images = containers.map((one) => String(fieldOf(one, 'image')));
      for (const image of images) assert.match(image.split('/').at(-1) ?? '', /:.+/);
      assert.ok(!images.some((image) => image.endsWith(':latest')));
      assert.ok(containers.every((one) => fieldOf(one, 'imagePullPolicy') === 'IfNotPresent'));
      const hosts = ofKind('Ingress').flatMap((one) =>
        listOf(fieldOf(one, 'spec', 'rules')).map((rule) => fieldOf(rule, 'host')),
      );
      assert.equal(new Set(hosts).size, hosts.length);
    },
  ],
];
