import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'live', peer: 'prometheus', version: '3.5.0' };

/** What Prometheus makes of its targets and rules, and says of itself. */
export const prometheusMetrics = defineMetrics({
  up: {
    name: 'up',
    type: 'gauge',
    unit: 'boolean',
    help: '1 if the last scrape of the target succeeded.',
    labels: [],
    emitter,
  },
  alerts: {
    name: 'ALERTS',
    type: 'gauge',
    unit: 'boolean',
    help: '1 for each alert that is pending or firing.',
    labels: ['alertname', 'alertstate', 'severity', 'service', 'owner'],
    emitter,
  },
  ruleFailures: {
    name: 'prometheus_rule_evaluation_failures_total',
    type: 'counter',
    unit: 'evaluations',
    help: 'Rule evaluations that failed.',
    labels: ['rule_group'],
    emitter,
  },
  notificationsDropped: {
    name: 'prometheus_notifications_dropped_total',
    type: 'counter',
    unit: 'alerts',
    help: 'Alerts that reached no Alertmanager.',
    labels: [],
    emitter,
  },
  headSeries: {
    name: 'prometheus_tsdb_head_series',
    type: 'gauge',
    unit: 'series',
    help: 'Series in memory.',
    labels: [],
    emitter,
  },
  configReloaded: {
    name: 'prometheus_config_last_reload_successful',
    type: 'gauge',
    unit: 'boolean',
    help: '1 if the configuration in force is the one on disk.',
    labels: [],
    emitter,
  },
  ruleGroupSeconds: {
    name: 'prometheus_rule_group_last_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last evaluation of a rule group took.',
    labels: ['rule_group'],
    emitter,
  },
  ruleGroupInterval: {
    name: 'prometheus_rule_group_interval_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How often a rule group is evaluated.',
    labels: ['rule_group'],
    emitter,
  },
  samplesScraped: {
    name: 'scrape_samples_post_metric_relabeling',
    type: 'gauge',
    unit: 'samples',
    help: 'Samples that the last scrape of a target kept.',
    labels: [],
    emitter,
  },
  scrapeSeconds: {
    name: 'scrape_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last scrape of a target took.',
    labels: [],
    emitter,
  },
});
