import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceOfPod } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds after which a pod that was told to go should be gone. */
export const maxTerminatingSeconds = 900;
const told = `max by (pod) (time() - ${kube.podDeletion.name}{${ofPlatform}, pod!~"livekit-(sfu|recorder)-.+"})`;
// With its machine, so that a machine that is away mutes it.
const onNode = `${told} * on (pod) group_left (node) max by (pod, node) (${kube.podInfo.name}{${ofPlatform}}) or on (pod) ${told}`;
const age = `max by (service, node) (${serviceOfPod(`(${onNode})`)})`;

/** A pod was told to go and does not. SFUs and recorders are left out: they may drain for hours. */
export const podStuckTerminating = defineAlert({
  name: 'PodStuckTerminating',
  expr: `${age} > ${maxTerminatingSeconds}`,
  for: duration('1m'),
  severity: 'warning',
  owner: 'platform',
  group: 'warning',
  summary: 'A pod does not go away',
  description: 'A pod of {{ $labels.service }} was told to go {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning: `The pod has been terminating for longer than ${maxTerminatingSeconds / 60} minutes. Its machine is gone, or a finalizer or a volume holds it.`,
    impact: 'A StatefulSet does not replace it; its volume stays attached.',
    diagnosis: [
      { say: 'Whose pod?', query: age },
      {
        say: 'What holds it?',
        command: 'kubectl -n gomeet describe pods -l app=SERVICE',
        expect: 'No pod in Terminating.',
      },
      { say: 'Is its machine there?', command: 'kubectl get nodes', expect: 'All Ready.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Delete the node object of a machine that is gone; force the pod away only when its machine surely is.',
    leave: 'It drains on purpose and says so in its logs.',
    answers: ['Service Not Starting'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: age,
      unit: 'seconds',
      threshold: maxTerminatingSeconds,
      direction: 'above',
      legend: '{{service}}',
    },
  },
});
