import { kubeStateMetrics as kube } from '../exporters/metrics/kube-state-metrics.ts';
import { prometheusMetrics as prometheus } from '../exporters/metrics/prometheus.ts';
import { responderMetrics as responder } from '../exporters/metrics/responder.ts';
import { platformNamespace } from '../manifests/catalogue/define.ts';

/** Something that happened, drawn over every panel of every board; it comes from the Prometheus that the board asks. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly text: string;
  readonly colour: 'red' | 'purple' | 'blue';
  /** The value is the time itself, in milliseconds. */
  readonly valueIsTime?: true;
}

/** How finely annotations are asked for, whatever the zoom. */
export const annotationStepMs = 60_000;

/** What people ask first: did something fire, did the responder act, was something rolled out? */
export const annotations: readonly Annotation[] = [
  {
    name: 'Alerts that page',
    expr: `max by (alertname, service) (${prometheus.alerts.name}{alertstate="firing", severity="critical"})`,
    title: '{{alertname}}',
    text: '{{service}}',
    colour: 'red',
  },
  {
    name: 'Actions',
    // Half a minute more than the step: what was counted between the last sample of one window and the first of the next is in neither.
    expr: `sum by (action, state) (increase(${responder.runs.name}{state!~"proposed|intended"}[90s])) > 0`,
    title: '{{action}} {{state}}',
    text: 'verifying: it was done; any other word is how it ended',
    colour: 'purple',
  },
  {
    name: 'Rollouts',
    expr: `max by (replicaset) (${kube.replicaSetCreated.name}{namespace="${platformNamespace}"}) * 1000`,
    title: 'Rollout of {{replicaset}}',
    text: 'a new ReplicaSet was made',
    colour: 'blue',
    valueIsTime: true,
  },
];
