import { kubeletMetrics as kubelet } from '../../exporters/metrics/kubelet.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of a volume that must be used before a forecast counts. */
export const minUsedRatio = 0.6;
const left = `min by (persistentvolumeclaim) (${kubelet.volumeFree.name}{namespace="gomeet"})`;
const used = `1 - min by (persistentvolumeclaim) (${kubelet.volumeFree.name}{namespace="gomeet"} / ${kubelet.volumeSize.name}{namespace="gomeet"})`;
const inFourDays = `min by (persistentvolumeclaim) (predict_linear(${kubelet.volumeFree.name}{namespace="gomeet"}[6h], 4 * 86400))`;

/** A volume will be full within four days if it goes on as it did. */
export const volumeFillingUp = defineAlert({
  name: 'VolumeFillingUp',
  expr: `${inFourDays} < 0\nand on (persistentvolumeclaim) ${used} > ${minUsedRatio}`,
  for: duration('1h'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: 'prometheus' },
  summary: 'A volume will be full within days',
  description: 'Volume {{ $labels.persistentvolumeclaim }} will be full within four days.',
  runbook: {
    meaning: `The last six hours, drawn on as a line, reach the end of the volume within four days, and more than ${minUsedRatio * 100} % are used.`,
    impact: 'None yet. When it is full, what writes to it stops: Prometheus, Grafana, the store.',
    diagnosis: [
      { say: 'How much is left?', query: left },
      { say: 'How fast does it fill?', query: inFourDays },
      { say: 'Whose is it?', command: 'kubectl -n gomeet get pvc', expect: 'Every claim Bound.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Enlarge the volume (DigitalOcean allows it while in use), or keep less.',
    leave: 'A restore or an import writes once and then stops.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1d'),
    signal: {
      query: used,
      unit: 'ratio',
      threshold: minUsedRatio,
      direction: 'above',
      legend: '{{persistentvolumeclaim}}',
    },
  },
});
