import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfPod } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds a pod of ours may run before its image is old: 90 days. */
export const maxPodAgeSeconds = 90 * 86_400;
const age = `max by (service) (${serviceOfPod(`time() - ${kube.podCreated.name}{${ofPlatform}, pod=~"(auth|meeting|signaling|chat|turn)-service-.+|frontend-.+"}`)})`;

/** A service of ours has not been built for months: its base image has holes that are known by now. */
export const imageOld = defineAlert({
  name: 'ImageOld',
  expr: `${age} > ${maxPodAgeSeconds}`,
  for: duration('1h'),
  severity: 'info',
  owner: 'platform',
  group: 'security',
  summary: 'A service of ours has not been rebuilt for months',
  description: 'The oldest pod of {{ $labels.service }} was made {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning:
      'No release and no rebuild has replaced these pods for 90 days; pods of ours are made anew by every rebuild.',
    impact: 'Holes of the base image that were closed long ago are still open here.',
    diagnosis: [
      { say: 'How old?', query: age },
      {
        say: 'Which image?',
        command: 'kubectl -n gomeet get deployment SERVICE -o jsonpath={.spec.template.spec.containers[*].image}',
        expect: 'A tag of the last months.',
      },
      {
        say: 'When was it rolled out?',
        command: 'kubectl -n gomeet rollout history deployment/SERVICE',
        expect: 'A revision of the last weeks.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Rebuild it with `gomeet images build`, and roll it out.',
    leave: 'A freeze before a large event: note it for the day after.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: { query: age, unit: 'seconds', threshold: maxPodAgeSeconds, direction: 'above', legend: '{{service}}' },
  },
});
