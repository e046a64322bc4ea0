import { kubeletMetrics as kubelet } from '../../exporters/metrics/kubelet.ts';
import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Share of a volume that must stay free. */
export const minFreeRatio = 0.05;
const free = `min by (persistentvolumeclaim) (${kubelet.volumeFree.name}{namespace="gomeet"} / ${kubelet.volumeSize.name}{namespace="gomeet"})`;

/** A volume is almost full: what writes to it stops within hours. */
export const volumeAlmostFull = defineAlert({
  name: 'VolumeAlmostFull',
  expr: `${free} < ${minFreeRatio}`,
  for: duration('5m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  labels: { service: 'prometheus' },
  summary: 'A volume is almost full',
  description: 'Volume {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left.',
  runbook: {
    meaning: `Less than ${minFreeRatio * 100} % of the volume are free.`,
    impact: "What writes to it stops: alerts are blind without Prometheus' volume.",
    diagnosis: [
      { say: 'Which?', query: free },
      { say: 'Whose is it?', command: 'kubectl -n gomeet get pvc', expect: 'Every claim Bound.' },
      { say: 'What writes so much?', query: prom.headSeries.name },
    ],
    mitigation: [declareIncident(3, 'the volume has to be enlarged.'), callThePersonOnCall],
    person: 'Enlarge the claim now; it works while in use. Then find what grew.',
    leave: 'It was cleaned up minutes ago: the reading is a minute old.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: free,
      unit: 'ratio',
      threshold: minFreeRatio,
      direction: 'below',
      legend: '{{persistentvolumeclaim}}',
    },
  },
});
