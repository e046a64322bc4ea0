// A responder in a process of its own, so that a test can kill it: peers over HTTP, settings from the environment.

import { z } from 'zod';
import type { Limits } from '../../alerts/define.ts';
import { alerts } from '../../alerts/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { callJson } from '../../kernel/http.ts';
import { createLog, silentLog } from '../../kernel/log.ts';
import { usd } from '../../kernel/money.ts';
import { quietCalendar } from '../../lab/calendar.ts';
import { memoryVolumes } from '../../lab/fakes/memory-volumes.ts';
import { AlertmanagerApi } from '../../responders/adapters/alertmanager.ts';
import { createKubernetesCluster } from '../../responders/adapters/kubernetes/cluster.ts';
import { openAuth } from '../../responders/console/auth.ts';
import { startResponder } from '../../responders/main.ts';
import type { Alertmanager, CloudState, Fleet } from '../../responders/ports.ts';
import { ProcessSettings } from './settings.ts';

const settings = ProcessSettings.parse(JSON.parse(process.env['RESPONDER_SETTINGS'] ?? '{}'));
const Anything = z.custom<Fleet>((value) => typeof value === 'object' && value !== null);

const cloud: CloudState = {
  pools: [{ id: 'p', clusterId: 'c', name: 'sfu', size: 's', count: 4, autoScale: true, minNodes: 2, maxNodes: 20 }],
  dropletLimit: 100,
  droplets: 4,
  monthToDate: usd(0),
};
const nobody: Alertmanager = {
  activeAlerts: async () => {
    throw new Error('this test has no Alertmanager');
  },
  silence: async () => 'none',
};
const limits: Partial<Limits> = {
  cooldown: duration(settings.cooldown),
  maxActsPerHour: settings.maxActsPerHour,
  maxFleetShareRatio: 1,
  maxParticipants: 0,
  verifyWithin: duration(settings.verifyWithin),
  maxDataAge: duration('30s'),
};

const responder = await startResponder({
  databaseUrl: settings.databaseUrl,
  webhookToken: settings.webhookToken,
  listenAddress: `127.0.0.1:${settings.port}`,
  consoleAddress: '127.0.0.1:0',
  auth: openAuth(),
  people: [],
  ports: {
    cluster: createKubernetesCluster({
      kubeconfig: settings.kubeconfig,
      namespace: settings.namespace,
      timeoutMs: settings.kubernetesTimeoutMs,
    }),
    fleet: { read: () => callJson({ peer: 'fleet', url: settings.fleetUrl }, Anything) },
    cloud: {
      ...memoryVolumes(),
      read: async () => cloud,
      setPoolFloor: async () => undefined,
      autoscalePool: async () => undefined,
    },
    alertmanager:
      settings.alertmanagerUrl === undefined ? nobody : new AlertmanagerApi({ url: settings.alertmanagerUrl }),
  },
  metrics: { query: async () => [], queryRange: async () => [] },
  notifiers: [],
  // The service has to be on the alert where the expression would have yielded it.
  alerts: alerts.map((alert) => ({
    ...alert,
    limits: { ...alert.limits, ...limits },
    runbook: { ...alert.runbook, mitigation: alert.runbook.mitigation.slice(0, settings.steps) },
  })),
  declared: {
    sfu: { deployment: 'livekit-sfu', pool: 'sfu', floor: 2, ceiling: 20, nodeCostPerHour: usd(1) },
    workloads: settings.workloads.map((name) => ({ name, restartable: true, pool: 'api' })),
    pools: [{ name: 'sfu', maxNodes: 20, nodeCostPerHour: usd(1) }],
  },
  budget: usd(35_000),
  clock: systemClock,
  log: settings.verbose ? createLog(settings.name) : silentLog,
  name: settings.name,
  timings: settings.timings,
  patterns: quietCalendar({ 'sfu-scale-in': settings.scaleIn }),
  scaleLimits: (given) => ({ ...given, cooldown: duration(settings.cooldown) }),
});

process.once('SIGTERM', () => void responder.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: responder.url, consoleUrl: responder.consoleUrl })}\n`);
