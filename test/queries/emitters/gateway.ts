import { once } from 'node:events';
import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { jobs } from '../../../alerts/jobs.ts';
import type { ControlPlane } from '../../../lab/cluster/control-plane.ts';
import type { Gateway } from '../../../lab/cluster/gateway.ts';
import { ask, gatewayHosts, startProductionGateway } from '../../support/gateway-stage.ts';
import { type Live, pod } from './live.ts';

/** Each service, by the path that leads to it. */
const paths = {
  'auth-service': '/api/v1/auth/',
  'meeting-service': '/api/v1/meetings/',
  'chat-service': '/api/v1/chat/',
  'turn-service': '/api/v1/turn/',
  'signaling-service': '/api/v1/webrtc/',
};
const statuses = [200, 200, 401, 403, 429, 500, 503];

/** Production's gateway before pods that answer what the path asks for, and people who ask for all of it, again and again. */
export async function gateway(plane: ControlPlane, stack: AsyncDisposableStack): Promise<Live> {
  const names = [...Object.keys(paths), 'frontend'];
  const pods = Object.fromEntries(names.map((name, index) => [name, [`10.101.0.${index + 1}`]]));
  const traefik = await startProductionGateway(plane, {
    pods,
    answer: ({ path }, response) => {
      const status = Number(/\d{3}$/.exec(path)?.[0] ?? 200);
      // Slow enough for another bucket of a histogram now and then.
      setTimeout(() => response.writeHead(status).end(), status === 200 ? 150 : 0);
    },
  });
  const stop = new AbortController();
  const asking = askFor(traefik, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await asking;
    await traefik.stop();
  });
  return { [jobs.traefik]: [{ targets: [`127.0.0.1:${traefik.port('metrics')}`], labels: pod('traefik') }] };
}

async function askFor(traefik: Gateway, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const asked = Object.values(paths).flatMap((path) =>
      statuses.map((status) => ask(traefik, gatewayHosts.api, `${path}${status}`)),
    );
    const page = ask(traefik, gatewayHosts.main, '/');
    await Promise.allSettled([...asked, page, holdWebSocket(traefik)]);
    await delay(500, undefined, { signal }).catch(() => undefined);
  }
}

/** A WebSocket that is taken and, a moment later, given up. */
async function holdWebSocket(traefik: Gateway): Promise<void> {
  const asking = request({
    host: '127.0.0.1',
    port: traefik.port('websecure'),
    servername: gatewayHosts.api,
    ca: traefik.certificate,
    agent: false,
    path: '/api/v1/ws',
    headers: {
      host: gatewayHosts.api,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  }).end();
  const taken = once(asking, 'upgrade');
  const refused = once(asking, 'response').then(() => asking.destroy());
  const answer = await Promise.race([taken, refused]);
  if (!Array.isArray(answer)) return;
  const [, socket] = answer;
  await delay(200);
  socket.destroy();
}
