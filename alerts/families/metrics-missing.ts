import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { prometheus } from '../../manifests/catalogue/prometheus.ts';
import { type Alert, defineAlert } from '../define.ts';
import { addressProber, type Job, jobs, scrapes } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

/** How people call what is scraped under a job. */
interface Words {
  readonly name: string;
  readonly what: string;
  /** Wakes a person: without it nobody else is told either. */
  readonly wakes?: true;
}

/** Jobs with an alert of their own, which sees an absent target too: ExporterStale, CostDataStale, Watchdog. */
const seenOtherwise: ReadonlySet<Job> = new Set([jobs.livekitExporter, jobs.digitalOceanExporter, jobs.prometheus]);

/** Every other job has its alert here; one without a line of its own is called by its name. */
const words: Readonly<Partial<Record<Job, Words>>> = {
  livekit: { name: 'SfuMetricsMissing', what: 'the SFU nodes' },
  traefik: { name: 'GatewayMetricsMissing', what: 'the gateway' },
  'kube-state-metrics': { name: 'ClusterMetricsMissing', what: 'the cluster' },
  'node-exporter': { name: 'MachineMetricsMissing', what: 'the machines' },
  postgres: { name: 'DatabaseMetricsMissing', what: 'PostgreSQL' },
  pgbouncer: { name: 'PoolMetricsMissing', what: 'the connection pool' },
  redis: { name: 'ValkeyMetricsMissing', what: 'Valkey' },
  'livekit-recorder': { name: 'RecorderMetricsMissing', what: 'the recorders' },
  probe: { name: 'ProbeMetricsMissing', what: 'the trial meetings' },
  blackbox: { name: 'AddressMetricsMissing', what: 'the addresses of the product' },
  cadvisor: { name: 'ContainerMetricsMissing', what: 'the containers' },
  kubelet: { name: 'KubeletMetricsMissing', what: 'the kubelets and their volumes' },
  'kube-apiserver': { name: 'ApiServerMetricsMissing', what: 'the API server' },
  coredns: { name: 'DnsMetricsMissing', what: 'the DNS of the cluster' },
  'cert-manager': { name: 'CertManagerMetricsMissing', what: 'certificates and their renewal' },
  services: { name: 'ServiceMetricsMissing', what: 'a service of the product' },
  alertmanager: { name: 'AlertmanagerMissing', what: 'Alertmanager', wakes: true },
  responder: { name: 'ResponderMissing', what: 'the responder', wakes: true },
};

/** The query that answers when nothing of a job is found, and whose that is. */
function scraped(job: Job) {
  const { name, what, wakes = false } = words[job] ?? { name: `${pascal(job)}MetricsMissing`, what: job };
  const scrape = scrapes[job];
  const of = scrape.kind === 'pods' ? scrape.of : scrape.kind === 'addresses' ? [addressProber] : [prometheus];
  const [first = prometheus] = of;
  const common = { name, job, what, wakes, owner: first.owner };
  if (of.length === 1)
    return { ...common, gone: `absent(${prom.up.name}{job="${job}"})`, labels: { service: first.name }, missing: job };
  // Several share a job: one that is gone hides behind the others, so each is asked for by its pods.
  const each = of.map(
    (one) =>
      `label_replace(absent(${prom.up.name}{job="${job}", pod=~"${one.name}-.+"}), "service", "${one.name}", "", "")`,
  );
  return { ...common, gone: each.join('\nor '), labels: {}, missing: '{{ $labels.service }}' };
}

/** Prometheus finds no target at all of a job, or of a workload that shares one: `TargetDown` cannot see what is not there. */
export const metricsMissing: readonly Alert[] = Object.values(jobs)
  .filter((job) => !seenOtherwise.has(job))
  .map(scraped)
  .map(({ name, job, what, wakes, owner, gone, labels, missing }) =>
    defineAlert({
      name,
      expr: gone,
      for: duration('10m'),
      severity: wakes ? 'critical' : 'warning',
      owner,
      group: 'bundle',
      labels,
      summary: `Nothing is scraped for ${what}`,
      description: `Prometheus has found no target of ${missing} for ten minutes.`,
      runbook: {
        meaning:
          'Service discovery has given Prometheus nothing for this job: no pod bears the label and the port that it looks for.',
        impact: `Nobody in a meeting notices. Every alert about ${what} is silent, whatever happens.`,
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
        // None missing is 0, so that one sees when it began and that it ended.
        signal: { query: `count(${gone}) or vector(0)`, unit: 'count', threshold: 0, direction: 'above', legend: job },
      },
    }),
  );

function pascal(job: string): string {
  return job.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
