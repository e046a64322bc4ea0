import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { type Alert, defineAlert } from '../define.ts';
import { type Job, jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';
import type { Owner } from '../vocabulary.ts';

/** What Prometheus scrapes under a job, and whose it is. */
interface Scraped {
  readonly name: string;
  readonly job: Job;
  readonly what: string;
  readonly owner: Owner;
  readonly service: string;
  /** Wakes a person: without it nobody else is told either. */
  readonly wakes?: true;
}

// The exporters of LiveKit and DigitalOcean have alerts of their own (ExporterStale, CostDataStale), which see an absent target too.
const scraped: readonly Scraped[] = [
  { name: 'SfuMetricsMissing', job: jobs.livekit, what: 'the SFU nodes', owner: 'media', service: 'livekit-sfu' },
  { name: 'GatewayMetricsMissing', job: jobs.traefik, what: 'the gateway', owner: 'platform', service: 'traefik' },
  {
    name: 'ClusterMetricsMissing',
    job: jobs.kubeStateMetrics,
    what: 'the cluster',
    owner: 'platform',
    service: 'kube-state-metrics',
  },
  { name: 'MachineMetricsMissing', job: jobs.nodes, what: 'the machines', owner: 'platform', service: 'node-exporter' },
  {
    name: 'DatabaseMetricsMissing',
    job: jobs.postgres,
    what: 'PostgreSQL',
    owner: 'data',
    service: 'postgres-exporter',
  },
  {
    name: 'PoolMetricsMissing',
    job: jobs.pgbouncer,
    what: 'the connection pool',
    owner: 'data',
    service: 'pgbouncer-do',
  },
  { name: 'ValkeyMetricsMissing', job: jobs.redis, what: 'Valkey', owner: 'data', service: 'redis-exporter' },
  {
    name: 'RecorderMetricsMissing',
    job: jobs.recorder,
    what: 'the recorders',
    owner: 'media',
    service: 'livekit-recorder',
  },
  {
    name: 'ProbeMetricsMissing',
    job: jobs.probe,
    what: 'the trial meetings',
    owner: 'media',
    service: 'meeting-probe',
  },
  {
    name: 'AddressMetricsMissing',
    job: jobs.blackbox,
    what: 'the addresses of the product',
    owner: 'platform',
    service: 'blackbox-exporter',
  },
  {
    name: 'ContainerMetricsMissing',
    job: jobs.cadvisor,
    what: 'the containers',
    owner: 'platform',
    service: 'prometheus',
  },
  {
    name: 'AlertmanagerMissing',
    job: jobs.alertmanager,
    what: 'Alertmanager',
    owner: 'platform',
    service: 'alertmanager',
    wakes: true,
  },
  {
    name: 'ResponderMissing',
    job: jobs.responder,
    what: 'the responder',
    owner: 'platform',
    service: 'responder',
    wakes: true,
  },
];

/** Prometheus finds no target at all of a job: `TargetDown` cannot see what is not there. */
export const metricsMissing: readonly Alert[] = scraped.map(({ name, job, what, owner, service, wakes }) => {
  const gone = `absent(${prom.up.name}{job="${job}"})`;
  return defineAlert({
    name,
    expr: gone,
    for: duration('10m'),
    severity: wakes ? 'critical' : 'warning',
    owner,
    group: 'bundle',
    labels: { service },
    summary: `Nothing is scraped for ${what}`,
    description: `Prometheus has found no target of ${job} for ten minutes.`,
    runbook: {
      meaning:
        'Service discovery has given Prometheus nothing for this job: no pod bears the label and the port that it looks for.',
      impact: `Every alert about ${what} is silent, whatever happens.`,
      diagnosis: [
        { say: 'Which targets are there?', query: `count by (job) (${prom.up.name})` },
        {
          say: 'Do the pods run, with which labels?',
          command: 'kubectl -n gomeet get pods --show-labels',
          expect: 'The pods, with their app label.',
        },
        { say: 'Was the configuration applied?', query: prom.configReloaded.name },
      ],
      mitigation: [callThePersonOnCall],
      person: 'Bring the pods back, or mend label and port in the catalogue.',
      leave: 'The platform was installed minutes ago.',
    },
    response: {
      mode: wakes ? 'auto' : 'suggest',
      escalateAfter: duration(wakes ? '10m' : '4h'),
      signal: { query: gone, unit: 'count', threshold: 1, direction: 'above', legend: job },
    },
  });
});
