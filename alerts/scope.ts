import { platformNamespace } from '../manifests/catalogue/define.ts';
import { workloads } from '../manifests/catalogue/index.ts';
import { hpaName } from '../manifests/files/hpa.ts';
import { jobs } from './jobs.ts';

/** Selects what kube-state-metrics says of the platform's namespace. */
export const ofPlatform = `job="${jobs.kubeStateMetrics}", namespace="${platformNamespace}"`;

/** Gives series the `service` that a label of theirs names. */
export function serviceFrom(label: string, expr: string): string {
  return `label_replace(${expr}, "service", "$1", "${label}", "(.+)")`;
}

/** Gives series of autoscalers the `service` they scale. */
export function serviceOfAutoscaler(expr: string): string {
  return `label_replace(${expr}, "service", "$1", "horizontalpodautoscaler", "${hpaName('(.+)')}")`;
}

const names = workloads.filter(({ kind }) => kind !== 'managed').map(({ name }) => name);

/** Gives series of pods the `service` they belong to: its name and a dash begin the pod's. */
export function serviceOfPod(expr: string): string {
  return `label_replace(${expr}, "service", "$1", "pod", "(${names.join('|')})-.+")`;
}
