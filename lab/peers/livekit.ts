import { stringify } from 'yaml';
import { freeTcpPort, freeUdpPort } from './ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from './process.ts';

/** How a livekit-server is started; two with the same `redisPort` are one cluster. */
export interface LiveKitOptions {
  readonly redisPort?: number;
  /** API key and its secret, at least 32 characters. */
  readonly keys: Readonly<Record<string, string>>;
  /** Where it sends webhooks, signed with the first key. */
  readonly webhookUrls?: readonly string[];
  /** The address that clients are told; with another than 127.0.0.1 they come by whatever stands there, and by nothing else. */
  readonly nodeIp?: string;
  /** Ports to take instead of free ones. */
  readonly port?: number;
  readonly metricsPort?: number;
  readonly udpPort?: number;
  /** Laid over the configuration we write, key by key at the top. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A real livekit-server on loopback. */
export interface LiveKitPeer extends Peer {
  readonly port: number;
  readonly metricsPort: number;
  readonly udpPort: number;
  readonly nodeId: string;
  /** For RoomService. */
  readonly url: string;
  /** For clients. */
  readonly wsUrl: string;
  readonly metricsUrl: string;
  /** The first SIGTERM: it drains, and ends by itself when its last participant has left. */
  drain(): void;
  /** Drains, then tells everyone to leave, then kills: at most about 8 s. */
  stop(): Promise<void>;
  /** SIGKILL, as when the machine dies: its entries stay in Redis. */
  kill(): Promise<void>;
}

/** Starts livekit-server and waits until it answers. */
export async function startLiveKit(options: LiveKitOptions): Promise<LiveKitPeer> {
  const port = options.port ?? (await freeTcpPort());
  const metricsPort = options.metricsPort ?? (await freeTcpPort());
  const udpPort = options.udpPort ?? (await freeUdpPort());
  const config = { ...configuration(options, { port, metricsPort, udpPort }), ...options.config };
  // The configuration carries the secret: by the environment it reaches neither a file nor the list of processes.
  const peer = startPeer('livekit-server', [], { LIVEKIT_CONFIG: stringify(config) });
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  let nodeId: string | undefined;
  await untilReady(peer, 'livekit-server', async () => {
    if (!(await fetch(`http://127.0.0.1:${port}/`)).ok) return false;
    nodeId = /node_id="([^"]+)"/.exec(await (await fetch(metricsUrl)).text())?.[1];
    return nodeId !== undefined;
  });
  if (nodeId === undefined) throw new Error('livekit-server shows no node id');
  return {
    ...peer,
    port,
    metricsPort,
    udpPort,
    nodeId,
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    metricsUrl,
    drain: () => peer.signal('SIGTERM'),
    async stop() {
      await endPeer(peer, [
        { signal: 'SIGTERM', waitMs: 500 },
        { signal: 'SIGTERM', waitMs: 7_000 },
      ]);
    },
    async kill() {
      await endPeer(peer, []);
    },
  };
}

function configuration(
  options: LiveKitOptions,
  ports: { port: number; metricsPort: number; udpPort: number },
): Record<string, unknown> {
  const [apiKey] = Object.keys(options.keys);
  return {
    port: ports.port,
    bind_addresses: ['127.0.0.1'],
    prometheus: { port: ports.metricsPort },
    keys: options.keys,
    logging: { level: 'info', json: true },
    rtc: {
      node_ip: options.nodeIp ?? '127.0.0.1',
      // Asked by the server itself, clients would find the way past what stands there.
      use_ice_lite: options.nodeIp !== undefined,
      use_external_ip: false,
      enable_loopback_candidate: true,
      interfaces: { includes: ['lo'] },
      udp_port: ports.udpPort,
      // Without this it listens on 7881 of every address: bind_addresses does not hold there.
      tcp_port: 0,
    },
    ...(options.redisPort === undefined ? {} : { redis: { address: `127.0.0.1:${options.redisPort}` } }),
    ...(options.webhookUrls === undefined ? {} : { webhook: { api_key: apiKey, urls: options.webhookUrls } }),
  };
}
