import { alertmanagerConfig } from '../alerts/alertmanager.ts';
import { backupNeverSucceeded } from '../alerts/catalogue/backup-never-succeeded.ts';
import { networkPolicyDrift } from '../alerts/catalogue/network-policy-drift.ts';
import { rulesSlow } from '../alerts/catalogue/rules-slow.ts';
import { compress, compressDuration, compressRecording } from '../alerts/compress.ts';
import type { Alert } from '../alerts/define.ts';
import { alerts } from '../alerts/index.ts';
import { jobs } from '../alerts/jobs.ts';
import { prometheusConfig, scrapeInterval } from '../alerts/prometheus.ts';
import { recordingGroups } from '../alerts/recording/index.ts';
import { ruleGroups } from '../alerts/render.ts';
import { duration, toMs } from '../kernel/duration.ts';

/** A restart counts only after new pods have stayed up for ten seconds of anyone's clock: no verification may be given less than twice that. */
const leastVerifyWithin = duration('20s');

/** The alerts of production with every duration divided; expressions, thresholds and bounds stay. */
export function labAlerts(factor: number): readonly Alert[] {
  return alerts.map((alert) => {
    const { limits, ...rest } = compress(alert, factor);
    const tooShort = factor > 1 && toMs(limits.verifyWithin) < toMs(leastVerifyWithin);
    return { ...rest, limits: tooShort ? { ...limits, verifyWithin: leastVerifyWithin } : limits };
  });
}

/** What the lab's Prometheus scrapes: what the drills need. */
export const labJobs: readonly string[] = [
  jobs.livekit,
  jobs.livekitExporter,
  jobs.responder,
  jobs.kubeStateMetrics,
  jobs.prometheus,
  jobs.alertmanager,
];

/** The alerts that the lab's Prometheus evaluates. One that fires when an exporter is gone would fire from the start for the exporter that is not there. */
function labAlertsEvaluated(factor: number): readonly Alert[] {
  const missing = Object.values(jobs).filter((job) => !labJobs.includes(job));
  // The lab makes no backups and has no network policies, and its rules have a fraction of their interval while their work stays the same.
  const unfit = [backupNeverSucceeded.name, rulesSlow.name, networkPolicyDrift.name];
  return labAlerts(factor).filter(
    ({ name, expr }) => !unfit.includes(name) && !missing.some((job) => expr.includes(`job="${job}"`)),
  );
}

/** Contents of Prometheus' rule file; `chosen` stands in for the alerts of the catalogue. */
export function labRules(factor: number, chosen: readonly Alert[] = labAlertsEvaluated(factor)): object {
  const recordings = Object.fromEntries(
    Object.entries(recordingGroups).map(([name, rules]) => [
      name,
      rules.map((rule) => compressRecording(rule, factor)),
    ]),
  );
  return { groups: ruleGroups({ alerts: chosen, recordings, factor }) };
}

/** Where things listen in the lab. */
export interface LabAddresses {
  /** HTTP discovery of the SFUs' /metrics. */
  readonly sfuTargetsUrl: string;
  readonly kubeState: string;
  readonly livekitExporter: string;
  readonly responder: string;
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Prometheus' configuration: the production one for addresses that stand, and discovery for SFUs, which come and go. */
export function labPrometheusConfig(addresses: LabAddresses, factor: number): object {
  const config = prometheusConfig({
    factor,
    ruleFiles: ['rules.yaml'],
    discovery: {
      kind: 'static',
      alertmanagers: [addresses.alertmanager],
      targets: {
        [jobs.livekitExporter]: [{ targets: [addresses.livekitExporter] }],
        [jobs.responder]: [{ targets: [addresses.responder] }],
        [jobs.prometheus]: [{ targets: [addresses.prometheus] }],
        [jobs.alertmanager]: [{ targets: [addresses.alertmanager] }],
      },
    },
  });
  const scrapes = config['scrape_configs'];
  const discovered = [
    {
      job_name: jobs.livekit,
      http_sd_configs: [{ url: addresses.sfuTargetsUrl, refresh_interval: compressDuration(scrapeInterval, factor) }],
    },
    {
      job_name: jobs.kubeStateMetrics,
      honor_labels: true,
      metrics_path: '/kube/metrics',
      static_configs: [{ targets: [addresses.kubeState] }],
    },
  ];
  return { ...config, scrape_configs: [...(Array.isArray(scrapes) ? scrapes : []), ...discovered] };
}

/** Alertmanager's configuration: production's, without the messages to people. */
export function labAlertmanagerConfig(options: {
  responderUrl: string;
  webhookTokenFile: string;
  factor: number;
}): object {
  return alertmanagerConfig(options);
}

/** How far back an instant query looks, and how often a firing alert is sent again, in the lab. */
export function labPrometheusTimes(factor: number): { lookback: string; resend: string } {
  return { lookback: compressDuration(duration('5m'), factor), resend: compressDuration(duration('1m'), factor) };
}
