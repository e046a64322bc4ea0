import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from '../../lab/peers/process.ts';
import { type RedisPeer, startRedis } from '../../lab/peers/redis.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { noInputs, renderEnvironment } from '../../manifests/render.ts';
import { skipWithout } from '../support/skip-without.ts';

const key = 'key-of-the-test';
const secret = 'a-secret-of-the-test-that-is-long-enough';

/** The configuration as it stands in the ConfigMap of production. */
function generated(): string {
  const objects = renderEnvironment('production', noInputs).flatMap((file) => file.objects);
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'livekit-config');
  const data: unknown = map?.['data'];
  assert.ok(typeof data === 'object' && data !== null && 'livekit.yaml' in data);
  return String(data['livekit.yaml']);
}

describe("LiveKit's generated configuration", { skip: skipWithout('livekit-server', 'redis-server') }, () => {
  let folder: string;
  let redis: RedisPeer;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-livekit-'));
    redis = await startRedis();
    file = join(folder, 'livekit.yaml');
    await writeFile(file, generated());
  });
  after(async () => {
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The variables of the pod, and beside them only what loopback forces: an address, free ports, Redis without TLS. */
  const variables = (ports: { port: number; metrics: number; turn: number }) => ({
    LIVEKIT_KEYS: `${key}: ${secret}`,
    LIVEKIT_WEBHOOK_API_KEY: key,
    REDIS_HOST: `127.0.0.1:${redis.port}`,
    NODE_IP: '127.0.0.1',
    LIVEKIT_REDIS_USE_TLS: 'false',
    LIVEKIT_REDIS_USERNAME: '',
    LIVEKIT_RTC_USE_EXTERNAL_IP: 'false',
    LIVEKIT_RTC_TCP_PORT: '0',
    LIVEKIT_PORT: `${ports.port}`,
    LIVEKIT_PROMETHEUS_PORT: `${ports.metrics}`,
    LIVEKIT_TURN_TLS_PORT: `${ports.turn}`,
  });
  const free = async () => ({ port: await freeTcpPort(), metrics: await freeTcpPort(), turn: await freeTcpPort() });
  const stop = (peer: Peer) =>
    endPeer(peer, [
      { signal: 'SIGTERM', waitMs: 500 },
      { signal: 'SIGTERM', waitMs: 5_000 },
    ]);

  it('starts a real livekit-server, which answers and has its metrics where Prometheus looks', async () => {
    const ports = await free();
    const peer = startPeer('livekit-server', ['--config', file, '--bind', '127.0.0.1'], variables(ports));
    try {
      await untilReady(peer, 'livekit-server', async () => (await fetch(`http://127.0.0.1:${ports.port}/`)).ok);
      assert.match(await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text(), /livekit_room_total/);
      assert.match(peer.output(), /Starting TURN server|TURN/i);
    } finally {
      await stop(peer);
    }
  });

  it('names the ports that the firewall and the policies open', async () => {
    // Without the question to a STUN server, which this machine cannot reach.
    const offline = join(folder, 'offline.yaml');
    const { rtc: media, ...rest } = parse(generated());
    await writeFile(offline, stringify({ ...rest, rtc: { ...media, use_external_ip: false } }));
    const peer = startPeer('livekit-server', ['--config', offline, '--node-ip', '127.0.0.1', 'ports'], {
      LIVEKIT_KEYS: `${key}: ${secret}`,
    });
    await peer.exited;
    const said = peer.output();
    const rtc = sfuWorkload.ports.find((port) => port.name === 'rtc-udp');
    assert.deepEqual(rtc, { name: 'rtc-udp', port: 10_000, endPort: 20_000, protocol: 'UDP' });
    assert.match(said, /10000-17999/);
    for (const name of ['http', 'rtc-tcp', 'turn-tls'] as const)
      assert.match(said, new RegExp(`${sfuWorkload.ports.find((port) => port.name === name)?.port}`), name);
    const { turn } = parse(generated());
    assert.deepEqual([turn.relay_range_start, turn.relay_range_end], [18_000, 20_000]);
  });

  it('is read strictly: the keys of the survey’s configuration are refused', async () => {
    for (const wrong of [
      { http_port: 7_880 },
      { rtc: { rtc_port: 7_881 } },
      { turn: { servers: [] } },
      { prometheus: { enabled: true } },
    ]) {
      const bad = join(folder, 'bad.yaml');
      await writeFile(bad, stringify({ ...parse(generated()), ...wrong }));
      const peer = startPeer('livekit-server', ['--config', bad, '--bind', '127.0.0.1'], variables(await free()));
      await peer.exited;
      assert.match(peer.output(), /not found in type|could not parse/, JSON.stringify(wrong));
    }
  });
});
