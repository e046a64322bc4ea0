import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds after which a secret is to be rotated: 90 days. */
export const maxSecretAgeSeconds = 90 * 86_400;
const age = `max by (secret) (time() - ${kube.secretCreated.name}{${ofPlatform}, secret=~"gomeet-secrets|digitalocean-credentials|registry-credentials"})`;

/** A secret is older than it may be. */
export const secretOld = defineAlert({
  name: 'SecretOld',
  expr: `${age} > ${maxSecretAgeSeconds}`,
  for: duration('1h'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  range: [7 * 86_400, 365 * 86_400],
  labels: { service: 'traefik' },
  summary: 'A secret is older than its rotation allows',
  description: 'Secret {{ $labels.secret }} was made {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning:
      'The secret has not been made anew for 90 days. A rotation replaces it, so that its age is that of the rotation.',
    impact: 'Whoever got hold of it once can still use it.',
    diagnosis: [
      { say: 'Which, and how old?', query: age },
      {
        say: 'Who reads it?',
        command: 'kubectl -n gomeet get pods -o jsonpath={.items[*].spec.containers[*].envFrom[*].secretRef.name}',
        expect: 'The workloads that the catalogue names.',
      },
      {
        say: 'Was it annotated by a rotation?',
        command: 'kubectl -n gomeet get secret gomeet-secrets -o jsonpath={.metadata.annotations}',
        expect: 'The time of the last rotation.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Rotate it, with two people: one at a time, and look at the services after each.',
    leave: 'A freeze or a large event: a rotation restarts services.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1d'),
    signal: { query: age, unit: 'seconds', threshold: maxSecretAgeSeconds, direction: 'above', legend: '{{secret}}' },
  },
});
