import { responderMetrics } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineTunable } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds after which a secret is to be rotated: 90 days. */
export const maxSecretAgeSeconds = 90 * 86_400;
const age = `max by (secret, key) (time() - ${responderMetrics.secretWritten.name})`;

/** A secret is older than it may be. */
export const secretOld = defineTunable(
  { threshold: maxSecretAgeSeconds, range: [7 * 86_400, 365 * 86_400] },
  (limit) => ({
    name: 'SecretOld',
    expr: `${age} > ${limit}`,
    for: duration('1h'),
    severity: 'warning',
    owner: 'platform',
    group: 'security',
    labels: { service: 'traefik' },
    summary: 'A secret is older than its rotation allows',
    description: '{{ $labels.secret }}/{{ $labels.key }} was written {{ $value | humanizeDuration }} ago.',
    runbook: {
      meaning: `The key has not been written anew for ${limit / 86_400} days. Whoever writes one leaves the moment in an annotation; a rotation keeps the object.`,
      impact: 'Whoever got hold of it once can still use it.',
      diagnosis: [
        { say: 'Which, and how old?', query: age },
        {
          say: 'Who reads it?',
          command: 'gomeet secrets list',
          expect: 'The workloads that the catalogue names.',
        },
        {
          say: 'Was it annotated by a rotation?',
          command: 'kubectl -n gomeet get secret gomeet-secrets -o jsonpath={.metadata.annotations}',
          expect: 'The time of the last rotation.',
        },
      ],
      mitigation: [callThePersonOnCall],
      person:
        'Rotate it, with two people: `gomeet secrets rotate KEY` for what is made here, `gomeet secrets setup --overwrite-given` for what comes from outside.',
      leave: 'A freeze or a large event: a rotation restarts services.',
      answers: ['Security Incident Response'],
    },
    response: {
      mode: 'suggest',
      escalateAfter: duration('1d'),
      signal: {
        query: age,
        unit: 'seconds',
        threshold: limit,
        direction: 'above',
        legend: '{{secret}}/{{key}}',
      },
    },
  }),
);
