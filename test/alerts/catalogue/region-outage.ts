import { regionOutage } from '../../../alerts/catalogue/region-outage.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const ready = (node: string) =>
  `kube_node_status_condition{job="kube-state-metrics", instance="ksm:8080", node="${node}", condition="Ready", status="true"}`;
/** So many of a hundred machines are away from the second minute on. */
const away = (lost: number) =>
  Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [ready(`n${index}`), index < lost ? '1x8 0x60' : '1x68']),
  );

export const proof = proves(regionOutage, {
  'it fires a minute after more than half of the machines went': fires(
    away(55),
    ['3m', '3m30s'],
    [fired(regionOutage, 'critical platform kube-state-metrics', {}, '55% of the machines do not answer Kubernetes.')],
  ),
  'it stays silent for a machine, for many, and without data': [
    silent(away(1), '9m'),
    silent(away(45), '9m'),
    silent({}, '9m'),
  ],
});
