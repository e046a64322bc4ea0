import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AccessToken } from 'livekit-server-sdk';
import { probeRoom, type Trial } from '../../../exporters/probe/domain.ts';
import { isolateTrials } from '../../../exporters/probe/isolate.ts';
import { createMeetingTrial, type MeetingOptions } from '../../../exporters/probe/source.ts';
import { closeRtc } from '../../../exporters/probe/source-media.ts';
import { openSignalling } from '../../../exporters/probe/source-signal.ts';
import { type Clock, systemClock } from '../../../kernel/clock.ts';
import { startTcpProxy, type TcpProxy } from '../../../lab/fakes/tcp-proxy.ts';
import { type LiveKitPeer, startLiveKit } from '../../../lab/peers/livekit.ts';
import { freeTcpPort, freeUdpPort } from '../../../lab/peers/ports.ts';
import { eventually } from '../../lab/cluster/eventually.ts';
import { skipWithout } from '../../support/skip-without.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const key = { name: 'devkey', secret: 'a secret of at least 32 characters' };

/** For what must succeed: a machine may be as slow as it likes. */
const patienceMs = 60_000;

let livekit: LiveKitPeer;
let proxy: TcpProxy;

const trial = async (options: Partial<MeetingOptions> = {}): Promise<Trial> =>
  await createMeetingTrial({
    url: `ws://127.0.0.1:${proxy.port}`,
    apiKey: key.name,
    apiSecret: key.secret,
    stageTimeoutMs: patienceMs,
    mediaMs: 3_000,
    clock: systemClock,
    ...options,
  })();

const failure = (result: Trial) =>
  result.outcome === 'failure' ? [result.stage, result.reason] : ['went all the way'];

async function gauge(pattern: RegExp): Promise<number> {
  const line = (await (await fetch(livekit.metricsUrl)).text()).split('\n').find((text) => pattern.test(text));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

describe('the probe on a real livekit-server', { skip: skipWithout('livekit-server') }, () => {
  before(async () => {
    livekit = await startLiveKit({ keys: { [key.name]: key.secret } });
    proxy = await startTcpProxy(livekit.port);
  });
  after(async () => {
    await proxy.stop();
    await livekit.kill();
    await closeRtc();
  });

  test('two meet, sound and picture arrive, and every stage and both ways are measured', async () => {
    const result = await trial();
    assert.equal(result.outcome, 'success', JSON.stringify(result));
    if (result.outcome !== 'success') return;
    assert.deepEqual(Object.keys(result.seconds).sort(), ['join', 'media', 'signal', 'validate', 'websocket']);
    const tracks = result.quality.tracks.map(({ direction, kind }) => `${direction} ${kind}`).sort();
    assert.deepEqual(tracks, ['down audio', 'down video', 'up audio', 'up video']);
    for (const { lossRatio } of result.quality.tracks) assert.ok(lossRatio >= 0 && lossRatio < 1);
    assert.deepEqual(result.quality.roundTrips.map(({ direction }) => direction).sort(), ['down', 'up']);
  });

  test('nobody and no room stays behind, and LiveKit counts no failed join', async () => {
    const empty = async () => ((await gauge(/^livekit_room_total/)) === 0 ? true : undefined);
    await eventually('the room is taken away', empty, patienceMs);
    assert.equal(await gauge(/^livekit_participant_total/), 0);
    assert.ok(Number.isNaN(await gauge(/^livekit_participant_join_total.*rtc_failure/)));
  });

  test('whoever only signals says goodbye: also after more than 3 s LiveKit counts a join called off and none failed', async () => {
    const token = new AccessToken(key.name, key.secret, { identity: 'slow' });
    token.addGrant({ roomJoin: true, room: probeRoom });
    const canceled = async () => (await gauge(/^livekit_participant_join_total.*rtc_canceled/)) || 0;
    const before = await canceled();
    const signalling = openSignalling(livekit.wsUrl, await token.toJwt());
    await signalling.answered;
    await delay(3_500);
    signalling.close();
    await eventually(
      'one more is called off',
      async () => ((await canceled()) > before ? true : undefined),
      patienceMs,
    );
    assert.ok(Number.isNaN(await gauge(/^livekit_participant_join_total.*rtc_failure/)));
  });

  test('a long line shows in each stage of signalling, and is no failure', async () => {
    proxy.setDelay(150);
    try {
      const result = await trial();
      assert.equal(result.outcome, 'success', JSON.stringify(result));
      // What the line alone costs, there and back; timers may be early by a millisecond.
      for (const stage of ['validate', 'websocket'] as const) assert.ok((result.seconds[stage] ?? 0) >= 0.29, stage);
    } finally {
      proxy.setDelay(0);
    }
  });

  test('a line on which nothing comes through is a timeout, of the stage it happened in', async () => {
    proxy.setState('silent');
    try {
      assert.deepEqual(failure(await trial({ stageTimeoutMs: 700 })), ['validate', 'timeout']);
    } finally {
      proxy.setState('open');
    }
  });

  test('a server that is away is unreachable', async () => {
    const port = await freeTcpPort();
    assert.deepEqual(failure(await trial({ url: `ws://127.0.0.1:${port}` })), ['validate', 'unreachable']);
  });

  test('a wrong secret is a refused token', async () => {
    const apiSecret = 'another secret of 32 characters at least';
    assert.deepEqual(failure(await trial({ apiSecret })), ['validate', 'token-refused']);
  });

  test('a gateway in trouble rejects; one that takes no WebSocket breaks it', async () => {
    const statuses = [503, 200];
    const gateway = createServer((_, answer) => void answer.writeHead(statuses.shift() ?? 500).end());
    gateway.on('upgrade', (_, socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const address = gateway.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    try {
      assert.deepEqual(failure(await trial({ url })), ['validate', 'rejected']);
      assert.deepEqual(failure(await trial({ url })), ['websocket', 'broken']);
    } finally {
      gateway.close();
      gateway.closeAllConnections();
    }
  });

  test('a server whose media port nobody reaches lets people in and never connects them', async () => {
    // It has no network card for media.
    const rtc = { node_ip: '192.0.2.1', use_external_ip: false, interfaces: { includes: ['none0'] }, tcp_port: 0 };
    const blind = await startLiveKit({
      keys: { [key.name]: key.secret },
      config: { rtc: { ...rtc, udp_port: await freeUdpPort() } },
    });
    try {
      const [stage, reason] = failure(await trial({ url: blind.wsUrl, stageTimeoutMs: 8_000 }));
      assert.equal(stage, 'join');
      assert.ok(reason === 'timeout' || reason === 'broken', reason);
    } finally {
      await blind.kill();
    }
  });

  test('a trial in a process of its own measures the same; a process that dies is a failed trial, and the next is held', async () => {
    const options = {
      url: livekit.wsUrl,
      apiKey: key.name,
      apiSecret: key.secret,
      stageTimeoutMs: patienceMs,
      mediaMs: 1_000,
    };
    const result = await isolateTrials(options, systemClock)();
    assert.equal(result.outcome, 'success', JSON.stringify(result));
    const dies = isolateTrials(options, systemClock, '../../test/exporters/probe/dies-process.ts');
    assert.deepEqual(failure(await dies()), ['signal', 'crashed']);
    assert.deepEqual(failure(await dies()), ['signal', 'crashed']);
    const waited: number[] = [];
    const impatient: Clock = { now: () => 0, sleep: async (ms) => void waited.push(ms) };
    assert.deepEqual(failure(await isolateTrials(options, impatient)()), ['validate', 'crashed']);
    assert.deepEqual(waited, [8 * patienceMs + 1_000 + 20_000]);
  });

  test('the command holds one meeting and ends: its exit code and its JSON say how it went', async () => {
    const hold = async (secret: string) => {
      const env = { ...process.env, PROBE_URL: livekit.wsUrl, LIVEKIT_API_KEY: key.name, LIVEKIT_API_SECRET: secret };
      const args = ['cli/gomeet.mjs', 'exporter', 'probe', '--once', '--json', '--media', '1', '--timeout', '60'];
      const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const [shown, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return { code, trial: JSON.parse(shown) };
    };
    const held = await hold(key.secret);
    assert.equal(held.code, 0, JSON.stringify(held.trial));
    assert.equal(held.trial.outcome, 'success');
    const refused = await hold('another secret of 32 characters at least');
    assert.deepEqual([refused.code, ...failure(refused.trial)], [4, 'validate', 'token-refused']);
  });

  test('the command serves what it measured, stops at a signal, and shows no secret and no token anywhere', async () => {
    const port = await freeTcpPort();
    const args = ['cli/gomeet.mjs', 'exporter', 'probe', '--interval', '10', '--media', '1'];
    const env = {
      ...process.env,
      PROBE_URL: livekit.wsUrl,
      LIVEKIT_API_KEY: key.name,
      LIVEKIT_API_SECRET: key.secret,
      EXPORTER_ADDR: `127.0.0.1:${port}`,
    };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let shown = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (said: string) => (shown += said));
    const metrics = async () => {
      const body = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      return /^gomeet_probe_success 1$/m.test(body) ? body : undefined;
    };
    const served = await eventually('a trial meeting that went all the way', metrics, 5 * patienceMs);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, shown);
    assert.match(shown, /trial meeting succeeded/);
    assert.doesNotMatch(`${served}${shown}`, /eyJ|access_token|a secret of at least/);
  });
});
