import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLiveKitExporter } from '../exporters/livekit/main.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { labAlertmanagerConfig, labPrometheusConfig, labPrometheusTimes, labRules } from './lab-config.ts';
import { freeTcpPort } from './peers/ports.ts';
import { startAlertmanager, startPrometheus } from './peers/prometheus.ts';
import { serveSimulator } from './simulator/server.ts';
import type { Simulator } from './simulator/simulator.ts';
import { labMs } from './time.ts';

/** Ports that are settled before anything starts, since each peer's configuration names the others. */
export interface SignalPorts {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** The bearer token that Alertmanager will send. */
  readonly webhookToken: string;
}

/** Where the signal comes from and goes to. */
export interface SignalOptions {
  readonly simulator: Simulator;
  /** For data; the caller removes it. */
  readonly folder: string;
  /** For logs of the peers. */
  readonly logFolder: string;
  readonly log?: Log;
}

/** Everything between the simulated world and the responder: LiveKit's exporter in this process, a real Prometheus, a real Alertmanager. */
export interface Signals extends SignalPorts {
  /** Starts the peers, once the responder listens at this address. */
  start(responder: { webhookUrl: string }): Promise<void>;
}

/** Prepares the way of the signal; what it starts is stopped with `stack`. */
export async function prepareSignals(options: SignalOptions, stack: AsyncDisposableStack): Promise<Signals> {
  const { simulator, folder, logFolder } = options;
  const { factor } = simulator.time;
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
      const server = await serveSimulator(simulator);
      stack.defer(() => server.close());
      const exporter = await startLiveKitExporter({
        source: simulator.livekit,
        address: { host: '127.0.0.1', port: 0 },
        log: options.log ?? silentLog,
        intervalMs: labMs(simulator.time, 15),
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
          rules: labRules(factor),
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
  };
}
