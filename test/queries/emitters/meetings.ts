import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AccessToken,
  AutoParticipantEgress,
  EncodedFileOutput,
  RoomEgress,
  RoomServiceClient,
} from 'livekit-server-sdk';
import { jobs } from '../../../alerts/jobs.ts';
import { startLiveKitExporter } from '../../../exporters/livekit/main.ts';
import { createLiveKitSource, createWebhookVerifier } from '../../../exporters/livekit/source.ts';
import { startProbe } from '../../../exporters/probe/main.ts';
import { createMeetingTrial } from '../../../exporters/probe/source.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { closeParticipants, join } from '../../../lab/cluster/participants.ts';
import { startLiveKit } from '../../../lab/peers/livekit.ts';
import { layLossyLine } from '../../../lab/peers/lossy-line.ts';
import { freeTcpPort, freeUdpPort } from '../../../lab/peers/ports.ts';
import { startRedis } from '../../../lab/peers/redis.ts';
import { exporterOf } from './exporter.ts';
import { type Live, pod } from './live.ts';

const key = { name: 'devkey', secret: 'a secret of at least 32 characters' };

/** A real LiveKit with a meeting in which two publish over a line that loses packets, one that is to be recorded while nobody records, our exporter beside it, and the probe at its door. */
export async function meetings(stack: AsyncDisposableStack): Promise<Live> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const exporterPort = await freeTcpPort();
  const udpPort = await freeUdpPort();
  const line = await layLossyLine({
    from: { address: '127.0.0.2', port: udpPort },
    to: { address: '127.0.0.1', port: udpPort },
    loseOneIn: 25,
    loses: 'both ways',
    delayMs: 20,
  });
  stack.defer(() => line.close());
  const livekit = await startLiveKit({
    redisPort: redis.port,
    keys: { [key.name]: key.secret },
    udpPort,
    nodeIp: '127.0.0.2',
    config: {
      webhook: {
        api_key: key.name,
        urls: [`http://127.0.0.1:${exporterPort}/livekit/webhook`, await neverAnswers(stack)],
        // What waits for the one that never answers is dropped.
        resource_url_notifier: { max_age: '2s', max_depth: 3 },
      },
    },
  });
  stack.defer(() => livekit.kill());
  stack.defer(() => closeParticipants());
  const keys = { apiKey: key.name, apiSecret: key.secret };
  const exporter = await startLiveKitExporter({
    source: createLiveKitSource({ url: livekit.url, ...keys, redisUrl: redis.url }),
    verifyWebhook: createWebhookVerifier(keys),
    address: { host: '127.0.0.1', port: exporterPort },
    log: silentLog,
    intervalMs: 1_000,
  });
  stack.defer(() => exporter.close());
  const forging = setInterval(
    () =>
      void fetch(`http://127.0.0.1:${exporterPort}/livekit/webhook`, { method: 'POST', body: '{}' }).catch(
        () => undefined,
      ),
    2_000,
  );
  stack.defer(() => clearInterval(forging));
  const fileOutputs = [new EncodedFileOutput({ filepath: 'all-hands.mp4' })];
  await new RoomServiceClient(livekit.url, key.name, key.secret).createRoom({
    name: 'all-hands',
    egress: new RoomEgress({ participant: new AutoParticipantEgress({ fileOutputs }) }),
  });
  for (const [identity, room] of Object.entries({ alice: 'standup', bob: 'standup', carol: 'all-hands' })) {
    const guest = await join({ wsUrl: livekit.wsUrl, key, room, identity, publish: true });
    stack.defer(() => guest.leave());
  }
  await failedJoins(livekit.wsUrl, stack);
  const tryMeeting = createMeetingTrial({
    url: livekit.wsUrl,
    ...keys,
    stageTimeoutMs: 20_000,
    mediaMs: 2_000,
    clock: systemClock,
  });
  const probe = await startProbe({
    tryMeeting,
    address: { host: '127.0.0.1', port: 0 },
    intervalMs: 4_000,
    clock: systemClock,
    log: silentLog,
  });
  stack.defer(() => probe.close());
  const redisExporter = await exporterOf('redis', ['--redis.addr', redis.url], '--web.listen-address', stack);
  return {
    [jobs.livekit]: [
      { targets: [`127.0.0.1:${livekit.metricsPort}`], labels: { ...pod('livekit-sfu'), kubernetes_node: 'here' } },
    ],
    [jobs.livekitExporter]: [{ targets: [`127.0.0.1:${exporter.port}`], labels: pod('livekit-exporter') }],
    [jobs.probe]: [{ targets: [`127.0.0.1:${probe.port}`], labels: pod('meeting-probe') }],
    [jobs.redis]: [{ targets: [redisExporter], labels: pod('redis-exporter') }],
  };
}

/** Two whose joins fail, every other second: one is let in and never connects its media, the other asks for a room that no token opens. */
async function failedJoins(url: string, stack: AsyncDisposableStack): Promise<void> {
  const signalling = async (identity: string, room: string | undefined) => {
    const access = new AccessToken(key.name, key.secret, { identity, ttl: '1h' });
    access.addGrant({ roomJoin: true, ...(room === undefined ? {} : { room }) });
    const authorization = `Bearer ${await access.toJwt()}`;
    const socket = new WebSocket(`${url}/rtc?protocol=15&sdk=js&version=2.0.0`, { headers: { authorization } });
    socket.addEventListener('error', () => undefined);
    return socket;
  };
  let round = 0;
  const fail = async () => {
    round += 1;
    const left = await signalling(`late-${round}`, 'standup');
    await signalling(`lost-${round}`, undefined);
    // One that leaves at once, or says goodbye, counts as called off.
    await delay(6_000, undefined, { ref: false });
    left.close();
  };
  void fail();
  const failing = setInterval(() => void fail(), 4_000);
  stack.defer(() => clearInterval(failing));
}

/** Takes webhooks and says nothing. */
async function neverAnswers(stack: AsyncDisposableStack): Promise<string> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return `http://127.0.0.1:${address.port}/`;
}
