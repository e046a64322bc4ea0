import { apiServerMetrics as api } from '../../exporters/metrics/kube-apiserver.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Pods against the profile that are tolerated in a quarter of an hour. */
export const maxPodsAgainstPolicy = 0;
const denied = `sum by (mode) (increase(${api.podSecurity.name}{decision="deny", mode=~"audit|warn"}[15m]))`;

/** A pod was let in that breaks the restricted profile: privileged, as root, on the host's network. */
export const podAgainstPolicy = defineAlert({
  name: 'PodAgainstPolicy',
  expr: `${denied} > ${maxPodsAgainstPolicy}`,
  for: duration('0s'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'kube-state-metrics' },
  summary: 'A pod was let in that breaks the pod security profile',
  description: '{{ $value | printf "%.0f" }} pods broke the restricted profile (mode {{ $labels.mode }}).',
  runbook: {
    meaning:
      'The API server let in pods that the restricted profile forbids, in a namespace that only audits or warns.',
    impact: 'Whoever breaks into such a pod has the machine, and with it every meeting on it.',
    diagnosis: [
      { say: 'How many, in which mode?', query: denied },
      {
        say: 'Which pods?',
        command: 'kubectl -n gomeet get pods -o jsonpath={.items[*].spec.containers[*].securityContext.privileged}',
        expect: 'Nothing.',
      },
      {
        say: 'What does the namespace ask?',
        command: 'kubectl get namespace gomeet -o yaml',
        expect: 'pod-security.kubernetes.io/enforce: restricted.',
      },
      {
        say: 'Which are meant to be?',
        command: 'gomeet config',
        expect: 'Only what the catalogue names with a reason.',
      },
    ],
    mitigation: [declareIncident(3, 'find out who let it in.', 'one'), callThePersonOnCall],
    person: 'Take the pod away, or give it a reason in the catalogue; then set the namespace to enforce.',
    leave: 'It is node-exporter or fluent-bit, which need the host and say so in the catalogue.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: denied, unit: 'count', threshold: maxPodsAgainstPolicy, direction: 'above', legend: '{{mode}}' },
  },
});
