import { once } from 'node:events';
import { createServer } from 'node:http';

/** What the platform is said to do. */
export interface Driven {
  readonly participants: number;
  readonly rooms: number;
  /** Requests by service as Traefik names it, `SERVICE-PORT`. */
  readonly requestsPerSecond: Readonly<Record<string, number>>;
  readonly gatewayPerSecond: number;
}

/** A target for Prometheus that says what a test tells it to; undefined for nothing at all. */
export interface DrivenMetrics {
  /** HOST:PORT. */
  readonly address: string;
  set(values: Driven | undefined): void;
  close(): Promise<void>;
}

/** The window of the rates that autoscalers ask for. */
const windowMs = 120_000;

/** Serves the series that autoscalers ask for, as their emitters name them. */
export async function serveDrivenMetrics(): Promise<DrivenMetrics> {
  let values: Driven | undefined;
  let sinceMs = Number.NaN;
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(values === undefined ? '' : text(values));
  });
  // A counter leaps once a window by what the window holds, so that its rate is there at once and stays.
  const counter = (perSecond: number) =>
    Math.round((perSecond * windowMs * Math.max(0, Math.ceil((Date.now() - sinceMs - 3_000) / windowMs))) / 1_000);
  const text = ({ participants, rooms, requestsPerSecond, gatewayPerSecond }: Driven) =>
    [
      `gomeet_participants{state="active",kind="standard"} ${participants}`,
      `gomeet_rooms ${rooms}`,
      `livekit_packet_bytes{direction="outgoing"} ${counter(1_000_000)}`,
      ...Object.entries(requestsPerSecond).map(
        ([service, rate]) => `traefik_service_requests_total{service="gomeet-${service}@kubernetes"} ${counter(rate)}`,
      ),
      `traefik_entrypoint_requests_total{entrypoint="websecure"} ${counter(gatewayPerSecond)}`,
      '',
    ].join('\n');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('no port');
  return {
    address: `127.0.0.1:${bound.port}`,
    set(next) {
      if (values === undefined) sinceMs = Date.now();
      values = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
