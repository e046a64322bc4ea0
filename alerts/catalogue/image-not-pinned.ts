import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfPod } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const unpinned = serviceOfPod(
  `group by (pod, image_spec) (${kube.containerInfo.name}{${ofPlatform}, image_spec!~".+@sha256:.+|.+:v?[0-9][^/]+"})`,
);
const byService = `count by (service) (${unpinned}) > 0`;

/** A container runs an image by a name that may mean another image tomorrow. */
export const imageNotPinned = defineAlert({
  name: 'ImageNotPinned',
  expr: byService,
  for: duration('30m'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  summary: 'A service runs an image without a fixed version',
  description: '{{ $value }} pods of {{ $labels.service }} run an image without version or digest.',
  runbook: {
    meaning: 'The image is named without a tag, with `latest`, or with a tag that is no version.',
    impact: 'The next restart may bring another program; a rollback brings back nothing; nobody can say what runs.',
    diagnosis: [
      { say: 'Which images?', query: unpinned },
      {
        say: 'What was applied?',
        command: 'kubectl -n gomeet get deployment SERVICE -o jsonpath={.spec.template.spec.containers[*].image}',
        expect: 'A version or a digest.',
      },
      {
        say: 'Who applied it?',
        command: 'kubectl -n gomeet rollout history deployment/SERVICE',
        expect: 'The last revision is a release.',
      },
    ],
    mitigation: [declareIncident(4, 'somebody deploys past the release.', 'one'), callThePersonOnCall],
    person: 'Deploy it again with the tag of the release.',
    leave: 'A debug pod that somebody is using: it goes away by itself.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: `count by (service) (${unpinned})`,
      unit: 'count',
      threshold: 0,
      direction: 'above',
      legend: '{{service}}',
    },
  },
});
