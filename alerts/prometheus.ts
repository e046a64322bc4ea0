import { renamedMetrics } from '../exporters/metrics/contracts.ts';
import { type Duration, duration } from '../kernel/duration.ts';
import { alertmanager } from '../manifests/catalogue/alertmanager.ts';
import { platformNamespace, type Workload } from '../manifests/catalogue/define.ts';
import { compressDuration } from './compress.ts';
import { addressProber, type Job, jobs, probedAddresses, scrapes } from './jobs.ts';

/** Addresses of one job where nothing discovers them, with labels such as `pod`. */
export interface StaticTargets {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where Prometheus finds its targets and its Alertmanagers: the pods of a cluster, or addresses. */
export type Discovery =
  | { readonly kind: 'kubernetes'; readonly namespace?: string }
  | {
      readonly kind: 'static';
      readonly targets: Readonly<Partial<Record<Job, readonly StaticTargets[]>>>;
      readonly alertmanagers: readonly string[];
    };

/** What the scrape configuration is made from. */
export interface PrometheusOptions {
  readonly discovery: Discovery;
  readonly ruleFiles: readonly string[];
  /** Divides the intervals, in the lab. */
  readonly factor?: number;
}

/** How often targets are scraped and rules evaluated. */
export const scrapeInterval: Duration = duration('15s');

/** Prometheus' configuration as plain data, for versions 2.42 to 3.5. */
export function prometheusConfig(options: PrometheusOptions): Readonly<Record<string, unknown>> {
  const interval = compressDuration(scrapeInterval, options.factor ?? 1);
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
      external_labels: { cluster: 'gomeet' },
    },
    rule_files: options.ruleFiles,
    alerting: {
      // Two Prometheus servers differ in `replica`: without dropping it Alertmanager would see every alert twice.
      alert_relabel_configs: [{ action: 'labeldrop', regex: 'replica' }],
      alertmanagers: [alertmanagers(options.discovery)],
    },
    scrape_configs: Object.values(jobs).flatMap((job) => scrapeConfig(job, options.discovery)),
  };
}

function alertmanagers(discovery: Discovery): Readonly<Record<string, unknown>> {
  if (discovery.kind === 'static') return { static_configs: [{ targets: discovery.alertmanagers }] };
  return podsOf([alertmanager], discovery.namespace ?? platformNamespace);
}

// The series of these speak of other pods than their own: their labels must win over the target's.
const aboutOthers: ReadonlySet<Job> = new Set([jobs.kubeStateMetrics, jobs.cadvisor, jobs.kubelet]);

function scrapeConfig(job: Job, discovery: Discovery): readonly Readonly<Record<string, unknown>>[] {
  const common = {
    job_name: job,
    ...(aboutOthers.has(job) ? { honor_labels: true } : {}),
    ...(job === jobs.services ? { metric_relabel_configs: renames() } : {}),
  };
  if (discovery.kind === 'kubernetes')
    return [{ ...common, ...targetsOf(job, discovery.namespace ?? platformNamespace) }];
  const targets = discovery.targets[job];
  return targets === undefined ? [] : [{ ...common, static_configs: targets }];
}

/** Names of today are stored under their standard names, so that rules know one spelling. */
function renames(): readonly object[] {
  return Object.entries(renamedMetrics).map(([from, to]) => ({
    action: 'replace',
    source_labels: ['__name__'],
    regex: from,
    target_label: '__name__',
    replacement: to,
  }));
}

function targetsOf(job: Job, namespace: string): Readonly<Record<string, unknown>> {
  const scrape = scrapes[job];
  switch (scrape.kind) {
    case 'pods':
      // What a machine says of itself bears its name as Kubernetes' own series do.
      return podsOf(scrape.of, namespace, job === jobs.nodes ? 'node' : undefined);
    case 'system-pods':
      return podDiscovery('kube-system', '__meta_kubernetes_pod_label_k8s_app', `${scrape.app};${scrape.port}`);
    case 'kubelets':
      return {
        ...fromInside,
        // A kubelet's certificate is its own, signed by nobody; the way to it stays inside the VPC.
        tls_config: { insecure_skip_verify: true },
        metrics_path: scrape.path,
        kubernetes_sd_configs: [{ role: 'node' }],
        relabel_configs: [
          { action: 'replace', source_labels: ['__meta_kubernetes_node_name'], target_label: 'kubernetes_node' },
        ],
      };
    case 'api-server':
      return {
        ...fromInside,
        kubernetes_sd_configs: [{ role: 'endpoints', namespaces: { names: ['default'] } }],
        relabel_configs: [
          {
            action: 'keep',
            source_labels: ['__meta_kubernetes_service_name', '__meta_kubernetes_endpoint_port_name'],
            regex: 'kubernetes;https',
          },
        ],
      };
    case 'addresses':
      return {
        metrics_path: '/probe',
        params: { module: ['http_2xx'] },
        static_configs: probedAddresses.map(({ address, service }) => ({ targets: [address], labels: { service } })),
        relabel_configs: [
          { action: 'replace', source_labels: ['__address__'], target_label: '__param_target' },
          { action: 'replace', source_labels: ['__param_target'], target_label: 'instance' },
          { action: 'replace', target_label: '__address__', replacement: proberAddress() },
        ],
      };
  }
}

/** Kubelets and the API server know the service account. */
const account = '/var/run/secrets/kubernetes.io/serviceaccount';
const fromInside = {
  scheme: 'https',
  authorization: { credentials_file: `${account}/token` },
  tls_config: { ca_file: `${account}/ca.crt` },
};

function proberAddress(): string {
  return `${addressProber.name}:${metricsPort(addressProber)}`;
}

function metricsPort(workload: Workload): number {
  const port = workload.ports.find(({ name }) => name === 'metrics');
  if (port === undefined) throw new TypeError(`${workload.name} has no port named metrics`);
  return port.port;
}

/** The pods of workloads, found by their label `app` and the port `metrics`. */
function podsOf(
  workloads: readonly Workload[],
  namespace: string,
  nodeLabel?: string,
): Readonly<Record<string, unknown>> {
  const wanted = workloads.map((workload) => `${workload.name};${metricsPort(workload)}`).join('|');
  const [first] = workloads;
  return podDiscovery(first?.namespace ?? namespace, '__meta_kubernetes_pod_label_app', wanted, nodeLabel);
}

/** Pods found by a label and a port; each series bears its pod and its node. */
function podDiscovery(
  namespace: string,
  label: string,
  wanted: string,
  nodeLabel = 'kubernetes_node',
): Readonly<Record<string, unknown>> {
  return {
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }],
    relabel_configs: [
      {
        action: 'keep',
        source_labels: [label, '__meta_kubernetes_pod_container_port_number'],
        regex: wanted,
      },
      { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Succeeded|Failed' },
      { action: 'replace', source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { action: 'replace', source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { action: 'replace', source_labels: ['__meta_kubernetes_pod_node_name'], target_label: nodeLabel },
    ],
  };
}
