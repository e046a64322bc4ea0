import { egressMetrics as egress } from '../../exporters/metrics/egress.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import type { Objective } from './define.ts';

const ended = (which: string) => `sum(rate(${exporter.recordings.name}{${which}}[5m]))`;

/** Recordings that were begun come to a good end; one that was called off before it began is neither. As LiveKit's webhooks have it: a file that could not be uploaded is a failed recording there. */
export const recordingSuccess: Objective = {
  name: 'RecordingSuccess',
  key: 'recording',
  promise: 'Recordings come to a good end',
  objective: 0.99,
  owner: 'media',
  service: 'livekit-recorder',
  bad: ended('result=~"failed|aborted"'),
  total: ended('result!="called_off"'),
  leastAnHour: 3,
  impact: 'Recordings are lost, and nobody can make them again.',
  look: [
    { say: 'How do they end?', query: `sum by (result) (increase(${exporter.recordings.name}[1h]))` },
    { say: 'Is there room for recordings?', query: `sum(${egress.canAccept.name})` },
  ],
};
