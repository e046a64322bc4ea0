import { egressMetrics as egress } from '../../exporters/metrics/egress.ts';
import { duration } from '../../kernel/duration.ts';
import { livekitRecorder } from '../../manifests/catalogue/livekit-recorder.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

const room = `max(${egress.canAccept.name})`;

/** No recorder has CPU for another recording: the next one that is begun fails at once. */
export const recordersFull = defineAlert({
  name: 'RecordersFull',
  expr: `${room} == 0`,
  for: duration('2m'),
  severity: 'warning',
  owner: 'media',
  group: 'capacity',
  labels: { service: livekitRecorder.name },
  summary: 'No recorder has room for another recording',
  description: 'No recorder takes another recording; those that run go on.',
  runbook: {
    meaning:
      'For two minutes every recorder has said that its CPU is promised away. A recording of a room takes three to four cores.',
    impact: 'The next host who presses record is told that it failed.',
    diagnosis: [
      { say: 'How many can take one?', query: `sum(${egress.canAccept.name})` },
      { say: 'What runs?', query: `sum by (type) (${egress.requests.name})` },
      {
        say: 'Is another recorder on its way?',
        command: 'kubectl -n gomeet get hpa livekit-recorder-hpa',
        expect: 'REPLICAS below MAXPODS, or rising.',
      },
      {
        say: 'Do recorders wait for a machine?',
        command: 'kubectl -n gomeet get pods -l app=livekit-recorder',
        expect: 'All Running and READY.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Add recorders: `gomeet scale manual livekit-recorder 6`. Never restart one: that ends its recordings.',
    leave: 'A recording ends within minutes and nobody else waits for one.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('30m'),
    signal: {
      query: `sum(${egress.canAccept.name})`,
      unit: 'count',
      threshold: 1,
      direction: 'below',
      legend: 'recorders with room',
    },
  },
});
