import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { platformNamespace } from '../manifests/catalogue/define.ts';
import type { RuleGroup } from './render.ts';

/** The rules as an object for Prometheus Operator; throws when the operator's schema would refuse it. */
export function prometheusRule(groups: readonly RuleGroup[]): PrometheusRule {
  const object = new PrometheusRule({
    metadata: {
      name: 'gomeet-alerts',
      namespace: platformNamespace,
      labels: { 'app.kubernetes.io/part-of': 'gomeet-sre' },
    },
    spec: {
      groups: groups.map((group) => ({
        name: group.name,
        ...(group.interval === undefined ? {} : { interval: group.interval }),
        rules: group.rules.map((rule) => structuredClone(rule)),
      })),
    },
  });
  object.validate();
  return object;
}
