import { familyAlerts } from '../../../alerts/families/index.ts';
import { alertNamed, fired, fires, type Proof, proves, silent } from '../scenario.ts';

/** Alert, job, and the fixed labels: severity, owner, service. */
const rows = [
  ['SfuMetricsMissing', 'livekit', 'warning media livekit-sfu'],
  ['GatewayMetricsMissing', 'traefik', 'warning platform traefik'],
  ['ClusterMetricsMissing', 'kube-state-metrics', 'warning platform kube-state-metrics'],
  ['MachineMetricsMissing', 'node-exporter', 'warning platform node-exporter'],
  ['DatabaseMetricsMissing', 'postgres', 'warning data postgres-exporter'],
  ['PoolMetricsMissing', 'pgbouncer', 'warning data pgbouncer-do'],
  ['ValkeyMetricsMissing', 'redis', 'warning data redis-exporter'],
  ['RecorderMetricsMissing', 'livekit-recorder', 'warning media livekit-recorder'],
  ['ProbeMetricsMissing', 'probe', 'warning media meeting-probe'],
  ['AddressMetricsMissing', 'blackbox', 'warning platform blackbox-exporter'],
  ['ContainerMetricsMissing', 'cadvisor', 'warning platform prometheus'],
  ['KubeletMetricsMissing', 'kubelet', 'warning platform prometheus'],
  ['ApiServerMetricsMissing', 'kube-apiserver', 'warning platform prometheus'],
  ['DnsMetricsMissing', 'coredns', 'warning platform prometheus'],
  ['CertManagerMetricsMissing', 'cert-manager', 'warning platform cert-manager'],
  ['AlertmanagerMissing', 'alertmanager', 'critical platform alertmanager'],
  ['ResponderMissing', 'responder', 'critical platform responder'],
] as const;

/** The services share a job: each is told apart from those that are still there. */
const services = ['auth-service', 'meeting-service', 'signaling-service', 'chat-service', 'turn-service'];
const serviceMissing = alertNamed('ServiceMetricsMissing', familyAlerts);
const pod = (service: string) => `up{job="services", instance="${service}:9090", pod="${service}-5d9c-x"}`;
const without = (service: string) =>
  fired(
    serviceMissing,
    `warning api ${service}`,
    { job: 'services' },
    `Prometheus has found no target of ${service} for ten minutes.`,
  );
const all = (values: string) => Object.fromEntries(services.map((service) => [pod(service), values]));

const ofServices = proves(serviceMissing, {
  'it fires for the one whose pods are gone while the others are there, and for each without any data': [
    fires({ ...all('1x100'), [pod('chat-service')]: '1x8 stale' }, ['11m', '13m'], [without('chat-service')]),
    fires({}, ['9m45s', '10m30s'], services.map(without)),
  ],
  'it stays silent while each has one pod, even if it does not answer': silent(all('0x100'), '15m'),
});

const ofJobs: readonly Proof[] = rows.map(([name, job, fixed]) => {
  const alert = alertNamed(name, familyAlerts);
  const up = `up{job="${job}", instance="a:1"}`;
  const missing = fired(alert, fixed, { job }, `Prometheus has found no target of ${job} for ten minutes.`);
  return proves(alert, {
    'it fires ten minutes after the last target went, and without any data': [
      fires({ [up]: '1x8 stale' }, ['11m', '13m'], [missing]),
      fires({}, ['9m45s', '10m30s'], [missing]),
    ],
    'it stays silent while one is there, even if it does not answer, and while one is replaced': [
      silent({ [up]: '0x100' }, '15m'),
      silent({ [up]: '1x8 _x20 1x60' }, ['7m', '15m']),
    ],
  });
});

export const proofs: readonly Proof[] = [...ofJobs, ofServices];
