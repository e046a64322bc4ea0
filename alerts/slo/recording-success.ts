import { egressMetrics as egress } from '../../exporters/metrics/egress.ts';
import type { Objective } from './define.ts';

const results = (more = '') => `sum(rate(${egress.results.name}${more}[5m]))`;

/** Recordings that were begun come to a good end. */
export const recordingSuccess: Objective = {
  name: 'RecordingSuccess',
  key: 'recording',
  promise: 'Recordings come to a good end',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-recorder',
  bad: results('{result!="success"}'),
  total: results(),
  leastAnHour: 3,
  impact: 'Recordings are lost, and nobody can make them again.',
  look: [
    { say: 'Do uploads fail?', query: `sum by (status) (rate(${egress.uploads.name}[5m]))` },
    { say: 'Is there room for recordings?', query: `sum(${egress.canAccept.name})` },
  ],
};
