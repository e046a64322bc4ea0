import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watchdog } from '../alerts/catalogue/watchdog.ts';
import type { Alert } from '../alerts/define.ts';
import type { LiveKitSource } from '../exporters/livekit/domain.ts';
import { startLiveKitExporter } from '../exporters/livekit/main.ts';
import type { WebhookVerifier } from '../exporters/livekit/source.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { PrometheusMetrics } from '../responders/adapters/prometheus.ts';
import { labAlertmanagerConfig, labJobs, labPrometheusConfig, labPrometheusTimes, labRules } from './lab-config.ts';
import { freeTcpPort } from './peers/ports.ts';
import { startAlertmanager, startPrometheus } from './peers/prometheus.ts';
import { type SimulatorServer, serveSimulator } from './simulator/server.ts';
import type { Simulator } from './simulator/simulator.ts';
import { labMs } from './time.ts';

/** Ports that are settled before anything starts, since each peer's configuration names the others. */
export interface SignalPorts {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** The bearer token that Alertmanager will send. */
  readonly webhookToken: string;
}

/** A world that a signal comes from. */
export interface SignalWorld {
  readonly factor: number;
  readonly livekit: LiveKitSource;
  /** Serves what Prometheus discovers and scrapes besides. */
  serve(): Promise<Pick<SimulatorServer, 'address' | 'targetsUrl' | 'close'>>;
  /** How the exporter takes the webhooks of a real LiveKit, and the port that those know. */
  readonly webhooks?: { readonly verify: WebhookVerifier; readonly port: number };
}

/** Where the signal comes from and goes to. */
export type SignalOptions = ({ readonly simulator: Simulator } | { readonly world: SignalWorld }) & {
  /** In place of every alert of the catalogue; already compressed. */
  readonly alerts?: readonly Alert[];
  /** For data; the caller removes it. */
  readonly folder: string;
  /** For logs of the peers. */
  readonly logFolder: string;
  readonly log?: Log;
};

/** Everything between the simulated world and the responder: LiveKit's exporter in this process, a real Prometheus, a real Alertmanager. */
export interface Signals extends SignalPorts {
  /** Starts the peers, told where the responder listens or will. */
  start(responder: { webhookUrl: string }): Promise<void>;
  /** Resolves when everything has been scraped and nothing is wrong: what a platform at rest looks like. */
  quiet(): Promise<void>;
}

/** A busy machine may need a while until everything is scraped for the first time. */
const quietWithinMs = 180_000;

/** Everything is scraped, and no alert is on its way but the one that always is. */
async function atRest(metrics: PrometheusMetrics): Promise<boolean> {
  const [targets, alerts] = await Promise.all([
    metrics.query('up'),
    metrics.query(`ALERTS{alertname!="${watchdog.name}"}`),
  ]);
  const jobsSeen = new Set(targets.map(({ labels }) => labels['job']));
  return jobsSeen.size === labJobs.length && targets.every(({ value }) => value === 1) && alerts.length === 0;
}

/** Prepares the way of the signal; what it starts is stopped with `stack`. */
export async function prepareSignals(options: SignalOptions, stack: AsyncDisposableStack): Promise<Signals> {
  const { folder, logFolder } = options;
  const world = 'world' in options ? options.world : worldOf(options.simulator);
  const { factor } = world;
  const [prometheusPort, alertmanagerPort] = [await freeTcpPort(), await freeTcpPort()];
  const webhookToken = randomBytes(24).toString('hex');
  const local = (port: number) => `127.0.0.1:${port}`;
  return {
    prometheusUrl: `http://${local(prometheusPort)}`,
    alertmanagerUrl: `http://${local(alertmanagerPort)}`,
    webhookToken,
    async start({ webhookUrl }) {
      await Promise.all([mkdir(folder, { recursive: true }), mkdir(logFolder, { recursive: true })]);
      const webhookTokenFile = join(folder, 'webhook-token');
      await writeFile(webhookTokenFile, webhookToken, { mode: 0o600 });
      const server = await world.serve();
      stack.defer(() => server.close());
      const exporter = await startLiveKitExporter({
        source: world.livekit,
        address: { host: '127.0.0.1', port: world.webhooks?.port ?? 0 },
        verifyWebhook: world.webhooks?.verify,
        log: options.log ?? silentLog,
        intervalMs: labMs(world, 15),
      });
      stack.defer(() => exporter.close());
      const [alertmanager, prometheus] = await Promise.all([
        startAlertmanager({
          folder: join(folder, 'alertmanager'),
          port: alertmanagerPort,
          config: labAlertmanagerConfig({ responderUrl: webhookUrl, webhookTokenFile, factor }),
          logFile: join(logFolder, 'alertmanager.log'),
        }),
        startPrometheus({
          folder: join(folder, 'prometheus'),
          port: prometheusPort,
          rules: labRules(factor, options.alerts),
          config: labPrometheusConfig(
            {
              sfuTargetsUrl: server.targetsUrl,
              kubeState: server.address,
              livekitExporter: local(exporter.port),
              responder: new URL(webhookUrl).host,
              prometheus: local(prometheusPort),
              alertmanager: local(alertmanagerPort),
            },
            factor,
          ),
          logFile: join(logFolder, 'prometheus.log'),
          ...labPrometheusTimes(factor),
        }),
      ]);
      stack.defer(() => alertmanager.stop());
      stack.defer(() => prometheus.stop());
    },
    async quiet() {
      const metrics = new PrometheusMetrics({ url: `http://${local(prometheusPort)}` });
      const until = Date.now() + quietWithinMs;
      while (!(await atRest(metrics).catch(() => false))) {
        if (Date.now() > until)
          throw new Error(`the lab's Prometheus did not come to rest within ${quietWithinMs / 1_000} s`);
        await delay(100);
      }
    },
  };
}

function worldOf(simulator: Simulator): SignalWorld {
  return {
    factor: simulator.time.factor,
    livekit: simulator.livekit,
    serve: () => serveSimulator(simulator),
  };
}
