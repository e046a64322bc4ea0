import { type Duration, duration } from '../kernel/duration.ts';
import { platformNamespace, type Workload } from '../manifests/catalogue/define.ts';
import { compressDuration } from './compress.ts';
import { type Job, jobs, jobWorkloads } from './jobs.ts';

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
  return podsOf(jobWorkloads.alertmanager, discovery.namespace ?? platformNamespace);
}

function scrapeConfig(job: Job, discovery: Discovery): readonly Readonly<Record<string, unknown>>[] {
  // Its series speak of other pods than its own: their labels must win over the target's.
  const honor = job === jobs.kubeStateMetrics ? { honor_labels: true } : {};
  if (discovery.kind === 'kubernetes')
    return [{ job_name: job, ...honor, ...podsOf(jobWorkloads[job], discovery.namespace ?? platformNamespace) }];
  const targets = discovery.targets[job];
  return targets === undefined ? [] : [{ job_name: job, ...honor, static_configs: targets }];
}

/** The pods of one workload, found by their label `app` and the port `metrics`; each series bears its pod and its node. */
function podsOf(workload: Workload, namespace: string): Readonly<Record<string, unknown>> {
  const port = workload.ports.find(({ name }) => name === 'metrics');
  if (port === undefined) throw new TypeError(`${workload.name} has no port named metrics`);
  return {
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }],
    relabel_configs: [
      {
        action: 'keep',
        source_labels: ['__meta_kubernetes_pod_label_app', '__meta_kubernetes_pod_container_port_number'],
        regex: `${workload.name};${port.port}`,
      },
      { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Succeeded|Failed' },
      { action: 'replace', source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { action: 'replace', source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'kubernetes_node' },
    ],
  };
}
