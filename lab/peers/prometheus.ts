import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freeTcpPort } from './ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from './process.ts';

/** A real Prometheus or Alertmanager on loopback. */
export interface HttpPeer extends Peer {
  readonly url: string;
  /** HOST:PORT. */
  readonly address: string;
  stop(): Promise<void>;
}

/** How Prometheus is started. */
export interface PrometheusOptions {
  /** Its own folder, which it may fill; the caller removes it. */
  readonly folder: string;
  /** The configuration, as alerts/prometheus.ts makes it. */
  readonly config: object;
  /** Contents of the rule file, which lies beside the configuration as rules.yaml. */
  readonly rules: object;
  readonly port?: number;
  /** How far back an instant query looks for a sample, such as `10s`; Prometheus' own default is 5 minutes. */
  readonly lookback?: string;
  /** The least time between two sendings of an alert that still fires. */
  readonly resend?: string;
  /** How long samples are kept, such as `1y`; Prometheus' own default is 15 days. */
  readonly retention?: string;
  readonly logFile?: string;
}

/** Starts Prometheus (2.42 and 3.5 are tried) and waits until it answers. */
export async function startPrometheus(options: PrometheusOptions): Promise<HttpPeer> {
  const port = options.port ?? (await freeTcpPort());
  await mkdir(options.folder, { recursive: true });
  await writeFile(join(options.folder, 'prometheus.yaml'), stringify(options.config));
  await writeFile(join(options.folder, 'rules.yaml'), stringify(options.rules));
  const peer = startPeer(
    'prometheus',
    [
      `--config.file=${join(options.folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(options.folder, 'data')}`,
      ...(options.retention === undefined ? [] : [`--storage.tsdb.retention.time=${options.retention}`]),
      `--web.listen-address=127.0.0.1:${port}`,
      `--query.lookback-delta=${options.lookback ?? '5m'}`,
      `--rules.alert.resend-delay=${options.resend ?? '1m'}`,
      '--log.level=warn',
    ],
    {},
    options.logFile,
  );
  return await readyPeer('prometheus', peer, port);
}

/** How Alertmanager is started. */
export interface AlertmanagerOptions {
  readonly folder: string;
  readonly config: object;
  readonly port?: number;
  readonly logFile?: string;
}

/** Starts Alertmanager (0.25 and 0.31 are tried), alone, and waits until it answers. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<HttpPeer> {
  const port = options.port ?? (await freeTcpPort());
  await mkdir(options.folder, { recursive: true });
  await writeFile(join(options.folder, 'alertmanager.yaml'), stringify(options.config));
  const peer = startPeer(
    'alertmanager',
    [
      `--config.file=${join(options.folder, 'alertmanager.yaml')}`,
      `--storage.path=${join(options.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    {},
    options.logFile,
  );
  return await readyPeer('alertmanager', peer, port);
}

async function readyPeer(name: string, peer: Peer, port: number): Promise<HttpPeer> {
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  await untilReady(peer, name, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    ...peer,
    url,
    address,
    async stop() {
      await endPeer(peer, [{ signal: 'SIGTERM', waitMs: 5_000 }]);
    },
  };
}
