import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Name of the policy, as the operations runbook has it. */
export const lockdownPolicy = 'emergency-lockdown';
const inForce = `max(${kube.policyCreated.name}{${ofPlatform}, networkpolicy="${lockdownPolicy}"})`;

/** The emergency lockdown is in force: the product is cut off from everything but DNS and Prometheus. It must not be forgotten. */
export const emergencyLockdownInForce = defineAlert({
  name: 'EmergencyLockdownInForce',
  expr: `${inForce} > 0`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'platform',
  group: 'security',
  labels: { service: 'traefik' },
  summary: 'The emergency lockdown is in force',
  description: 'The product is cut off since {{ $value | humanizeTimestamp }}.',
  runbook: {
    meaning:
      'Somebody has locked the product down: the policy of each of its workloads is narrowed to DNS and to Prometheus, and a policy of this name says so.',
    impact:
      'Nobody can sign in, open a meeting or join one, on purpose. Meetings that run go on: SFUs have the network of their nodes, which policies do not reach.',
    diagnosis: [
      { say: 'Since when?', query: inForce },
      {
        say: 'Who put it there?',
        command: 'kubectl -n gomeet get networkpolicy emergency-lockdown -o yaml',
        expect: 'Not found.',
      },
      { say: 'Is the reason over?', command: 'gomeet incident list', expect: 'No open incident that names it.' },
      {
        say: 'What did the pods do before?',
        command: 'kubectl -n gomeet get events --sort-by=.lastTimestamp',
        expect: 'Nothing that nobody can explain.',
      },
    ],
    mitigation: [declareIncident(1, 'the product is cut off until somebody lifts it.'), callThePersonOnCall],
    person:
      'Lift it with `gomeet security lift`, which takes two people, once the cause is known and secrets are rotated.',
    leave: 'The incident is being worked on: whoever leads it lifts it.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: {
      query: `count(${kube.policyCreated.name}{${ofPlatform}, networkpolicy="${lockdownPolicy}"})`,
      unit: 'count',
      threshold: 0,
      direction: 'above',
      legend: 'policies',
    },
  },
});
