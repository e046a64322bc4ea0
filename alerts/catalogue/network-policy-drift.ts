import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { networkPolicyNames } from '../../manifests/files/network-policies.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';
import { lockdownPolicy } from './emergency-lockdown-in-force.ts';

const declared = networkPolicyNames();
const policies = (more = '') => `${kube.policyCreated.name}{${ofPlatform}${more}}`;
const own = `=~"${declared.workloads.join('|')}"`;
const named = (metric: string, label: string) =>
  `label_replace(${metric}{${ofPlatform}, ${label}${own}}, "networkpolicy", "$1", "${label}", "(.+)")`;
const found = (drift: string, expr: string) => `label_replace(${expr}, "drift", "${drift}", "", "")`;
const running = `(${named(kube.wantedReplicas.name, 'deployment')} or ${named(kube.statefulWanted.name, 'statefulset')})`;
// Without kube-state-metrics nothing is known, and ClusterMetricsMissing speaks.
const always = declared.always.map(
  (name) => `(absent(${policies(`, networkpolicy="${name}"`)}) and on () count(${kube.wantedReplicas.name}))`,
);
const known = [...declared.always, ...declared.workloads, lockdownPolicy].join('|');
const drift = [
  found('missing', `(${running} unless on (networkpolicy) ${policies()})`),
  ...always.map((expr) => found('missing', expr)),
  found('unknown', policies(`, networkpolicy!~"${known}"`)),
].join('\n  or ');

/** The network policies in force are not those that are declared: one is missing, or one is there that nobody declared. */
export const networkPolicyDrift = defineAlert({
  name: 'NetworkPolicyDrift',
  expr: `group by (networkpolicy, drift) (\n  ${drift}\n)`,
  for: duration('15m'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'traefik' },
  summary: 'The network policies are not those that are declared',
  description: 'Policy {{ $labels.networkpolicy }} is {{ $labels.drift }}.',
  runbook: {
    meaning:
      'For a quarter of an hour a workload has run without the policy that bears its name, default-deny or allow-dns was missing, or a policy was there that nobody declared. Policies only ever add to what is allowed: one too many opens something.',
    impact: 'Whoever gets into one pod reaches more of the platform than is meant.',
    diagnosis: [
      {
        say: 'What is there?',
        command: 'kubectl -n gomeet get networkpolicies',
        expect: 'One for each workload, default-deny and allow-dns.',
      },
      { say: 'What differs from what is declared?', command: 'gomeet drift', expect: 'No network policy among it.' },
      { say: 'Since when?', query: `count(${policies()})` },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Apply the declared ones again, with `gomeet deploy`; delete what nobody claims.',
    leave: 'A deployment is under way.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: `count by (drift) (\n  ${drift}\n)`,
      unit: 'count',
      threshold: 0,
      direction: 'above',
      legend: '{{drift}}',
    },
  },
});
