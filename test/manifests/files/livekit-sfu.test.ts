import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { fieldOf, type KubeObject } from '../../../deploy/kube/object.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../../manifests/infrastructure/declare.ts';
import { addressIn, allows, type End } from '../../support/network-policies.ts';

const Config = z.looseObject({
  rtc: z.looseObject({ port_range_start: z.number(), port_range_end: z.number(), tcp_port: z.number() }),
  turn: z.looseObject({ relay_range_start: z.number(), relay_range_end: z.number() }),
  room: z.looseObject({ empty_timeout: z.number(), max_participants: z.number() }),
  webhook: z.object({ urls: z.array(z.url()) }),
});

for (const environment of [environments.production, environments.staging, environments.starter]) {
  const rendered = platformFiles(environment.name).flatMap(({ objects }) => objects);
  const objects: readonly KubeObject[] = rendered;
  const named = (kind: string, name: string) =>
    objects.find((one) => one.kind === kind && one.metadata.name === name) ?? assert.fail(`${kind} ${name}`);
  const config = Config.parse(parse(String(fieldOf(named('ConfigMap', 'livekit-config'), 'data', 'livekit.yaml'))));
  const policies = rendered.filter(({ kind }) => kind === 'NetworkPolicy');
  const infrastructure = declareInfrastructure(environment);
  const pod = (app: string): End => ({
    namespace: 'gomeet',
    labels: { app },
    address: addressIn(environment.settings.podRange),
  });
  const node: End = { address: '203.0.113.9' };

  test(`${environment.name}: media has one range of ports, the same in configuration, firewall and policies`, () => {
    const { rtc, turn } = config;
    // The relay's share begins where the rest ends.
    assert.equal(turn.relay_range_start, rtc.port_range_end + 1);
    const [first, last] = [rtc.port_range_start, turn.relay_range_end];
    assert.deepEqual(
      infrastructure.firewall.inbound.map(({ protocol, ports }) => `${protocol} ${ports}`).sort(),
      [`tcp ${rtc.tcp_port}`, `udp ${first}-${last}`].sort(),
    );
    // Those that send media out, the probe's pod and the recorder's, reach the whole range of a node and nothing beside it.
    for (const app of environment.workloads.filter(
      (one) => one.reaches?.includes('internet-media') && one.privilege?.hostNetwork !== true,
    )) {
      const may = (port: number, protocol: string) => allows(policies, pod(app.name), node, { port, protocol });
      assert.deepEqual(
        [first - 1, first, rtc.port_range_end, last, last + 1].map((port) => may(port, 'UDP')),
        [false, true, true, true, false],
        app.name,
      );
      assert.ok(may(rtc.tcp_port, 'TCP'), app.name);
    }
  });

  test(`${environment.name}: a room is closed after 300 s and has no more people than the environment is for; both hear of it`, () => {
    assert.deepEqual(
      [config.room.empty_timeout, config.room.max_participants],
      [300, environment.settings.largestMeeting],
    );
    for (const url of config.webhook.urls.map((text) => new URL(text))) {
      const ports = fieldOf(named('Service', url.hostname), 'spec', 'ports');
      assert.ok(Array.isArray(ports) && ports.some((one) => fieldOf(one, 'port') === Number(url.port)), url.href);
    }
    assert.deepEqual(config.webhook.urls.map((text) => new URL(text).hostname).sort(), [
      'livekit-exporter',
      'signaling-service',
    ]);
  });

  test(`${environment.name}: recordings go to the bucket that the infrastructure makes for them, by a way that the policies open`, () => {
    const env = fieldOf(named('Deployment', 'livekit-recorder'), 'spec', 'template', 'spec', 'containers', '0', 'env');
    assert.ok(Array.isArray(env));
    const body = env.find((one) => fieldOf(one, 'name') === 'EGRESS_CONFIG_BODY');
    const { storage } = JSON.parse(String(fieldOf(body, 'value')));
    const bucket = infrastructure.buckets.find(({ name }) => name === storage.s3.bucket);
    assert.deepEqual([bucket?.for, bucket?.region], ['recordings', storage.s3.region]);
    assert.equal(storage.s3.endpoint, `https://${storage.s3.region}.digitaloceanspaces.com`);
    const spaces: End = { address: '203.0.113.20' };
    assert.ok(allows(policies, pod('livekit-recorder'), spaces, { port: 443, protocol: 'TCP' }));
    assert.ok(!allows(policies, pod('livekit-recorder'), spaces, { port: 80, protocol: 'TCP' }));
  });
}
